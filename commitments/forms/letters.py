"""Forms for letters, e-mails, calls and meetings, and for the replies to them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.actions import Answer
from commitments.forms.base import ActionForm
from commitments.forms.fields import (
    CommitmentField,
    DayField,
    DocumentField,
    PartyField,
    SeveralField,
    WordsField,
)
from commitments.forms.moves import BLANK
from commitments.models import Channel, Commitment, Direction, FollowUpItem, Position
from documents.models import Document
from tracker.users.models import User


def commitment_words(row: Commitment) -> SafeString:
    """A commitment as it stands in a list of choices."""
    return format_html('<span>{} <span class="ref">{}</span></span>', row.title, row.name)


class SaidForm(ActionForm):
    """What every letter, call or meeting has."""

    channel = forms.ChoiceField(
        label="What it was",
        choices=[BLANK, *Channel.choices],
        error_messages={"required": "Say whether it was a letter, an e-mail, a call or a meeting."},
    )
    happened_on = DayField(
        label="Date",
        help_text="The day it was sent, came in or took place.",
        error_messages={"required": "Give the day on which it happened."},
    )
    title = forms.CharField(
        label="Subject", max_length=200, error_messages={"required": "Give it a subject."}
    )
    words = WordsField(rows=5, label="What was said", required=False, max_length=20_000)
    documents = SeveralField(
        DocumentField(),
        label="Documents",
        required=False,
        help_text="The letter itself, or the minutes, if they are on file.",
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.user = user
        self.own("documents").one.among = Document.objects.visible_to(user).in_force()


class FollowUpForm(SaidForm):
    """A letter or the like, about one commitment or many.

    `listed` are offered to tick; others can be named by reference.
    """

    party = PartyField(
        label="With whom",
        help_text="The party it was sent to, came from or was held with.",
        error_messages={"required": "Say with which party."},
    )
    direction = forms.ChoiceField(
        label="Direction",
        choices=Direction.choices,
        initial=Direction.SENT,
        widget=forms.RadioSelect,
        help_text="A call or meeting is sent if we asked, received if they answered or told.",
    )
    reply_due_on = DayField(
        label="Reply due on",
        required=False,
        help_text="Only for what we sent. It awaits a reply until each commitment is answered.",
    )
    commitments = forms.ModelMultipleChoiceField(
        Commitment.objects.none(),
        label="About",
        required=False,
        help_text="At least one, here or below.",
        widget=forms.CheckboxSelectMultiple,
    )
    others = SeveralField(
        CommitmentField(),
        label="Also about",
        required=False,
        help_text="Other commitments, by reference.",
    )
    field_order = (
        "key",
        "party",
        "channel",
        "direction",
        "happened_on",
        "title",
        "words",
        "commitments",
        "others",
        "reply_due_on",
        "documents",
    )

    def __init__(
        self, data: Any = None, *, user: User, listed: Sequence[Commitment], **options: Any
    ) -> None:
        super().__init__(data, user=user, **options)
        seen = Commitment.objects.visible_to(user).opened()
        about = self.own("commitments")
        about.queryset = seen.filter(pk__in=[row.pk for row in listed])
        about.choices = [(row.pk, commitment_words(row)) for row in listed]
        self.own("others").one.among = seen
        if not listed:
            del self.fields["commitments"]

    def clean(self) -> dict[str, Any]:
        if not self.about() and "others" not in self.errors:
            first = "commitments" if "commitments" in self.fields else "others"
            self.add_error(first, "Say which commitments it is about.")
        return self.cleaned_data

    def about(self) -> list[Commitment]:
        """The commitments ticked and named, each once."""
        rows = [*self.cleaned_data.get("commitments", ()), *self.cleaned_data.get("others", ())]
        return list({row.pk: row for row in rows}.values())


class ReplyForm(SaidForm):
    """The other side's reply, with its position and answer on each commitment of the letter."""

    def __init__(
        self, data: Any = None, *, user: User, items: Sequence[FollowUpItem], **options: Any
    ) -> None:
        super().__init__(data, user=user, **options)
        self.items = items
        for item in items:
            self.fields[f"position_{item.pk}"] = forms.ChoiceField(
                label="Position", required=False, choices=[("", "None taken"), *Position.choices]
            )
            self.fields[f"answer_{item.pk}"] = WordsField(rows=2, label="Answer", required=False)

    def rows(self) -> list[tuple[FollowUpItem, Any, Any]]:
        """Each commitment of the letter with its two fields, for the page."""
        return [
            (item, self[f"position_{item.pk}"], self[f"answer_{item.pk}"]) for item in self.items
        ]

    def common(self) -> list[Any]:
        """The fields that do not belong to one commitment."""
        return [self[name] for name in SaidForm.base_fields]

    def clean(self) -> dict[str, Any]:
        if self.items and not self.answers():
            first = f"answer_{self.items[0].pk}"
            self.add_error(first, "Say what the reply says of at least one commitment.")
        return self.cleaned_data

    def answers(self) -> list[Answer]:
        """What the reply says, for each commitment that it speaks of."""
        said = [
            Answer(
                item.commitment,
                self.cleaned_data.get(f"position_{item.pk}", ""),
                self.cleaned_data.get(f"answer_{item.pk}", ""),
            )
            for item in self.items
        ]
        return [answer for answer in said if answer.position or answer.answer]
