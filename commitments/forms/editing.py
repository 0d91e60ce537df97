"""Forms for what is said of a commitment: edit, correct, assign, reschedule, link, split, note."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import Group

from commitments.forms.base import ActionForm, VersionedForm
from commitments.forms.fields import (
    PARTY_HINT,
    CommitmentField,
    DayField,
    FuzzyDateField,
    PartyField,
    ReadInput,
    SeveralField,
    UserField,
    WordsField,
)
from commitments.forms.moves import BLANK
from commitments.models import Commitment, DueBasis, LinkKind, Priority, Strength, Topic
from commitments.workflow import Kind
from documents.querysets import SEE_RESTRICTED
from tracker.users.models import User

ASSIGNED_TO = "commitments.work_commitment"

# The table: each field of its own that can be edited, in the order in which it is asked.
FIELDS: dict[str, Callable[[], forms.Field]] = {
    "title": lambda: forms.CharField(
        label="Commitment", max_length=300, help_text="One sentence, as an order: verb first."
    ),
    "obligor": lambda: PartyField(
        label="Who owes it", help_text=PARTY_HINT("By name, or as the record calls it.")
    ),
    "on_behalf_of": lambda: PartyField(label="On behalf of"),
    "beneficiaries": lambda: SeveralField(PartyField(), label="Owed to"),
    "requested_by": lambda: PartyField(label="Asked for by"),
    "kind": lambda: forms.ChoiceField(label="Kind", choices=[BLANK, *Kind.choices]),
    "strength": lambda: forms.ChoiceField(
        label="Strength", choices=[("", "Not judged"), *Strength.choices]
    ),
    "strength_words": lambda: forms.CharField(
        label="Strength, in the record’s words", max_length=100, help_text="Such as “agreed to”."
    ),
    "success_criteria": lambda: WordsField(
        label="Evidence needed", help_text="What would count as evidence."
    ),
    "condition": lambda: forms.CharField(
        label="Condition", max_length=300, help_text="What has to happen first."
    ),
    "made_on": lambda: FuzzyDateField(label="Made on"),
    "topics": lambda: forms.ModelMultipleChoiceField(
        Topic.objects.all(), label="Topics", widget=forms.CheckboxSelectMultiple
    ),
    "priority": lambda: forms.ChoiceField(label="Priority", choices=Priority.choices),
    "priority_reason": lambda: forms.CharField(label="Why this priority", max_length=300),
    "note": lambda: WordsField(label="Note"),
    "restricted_to": lambda: forms.ModelChoiceField(
        Group.objects.none(),
        label="Restricted to",
        empty_label="Nobody: everybody may see it",
        help_text="Only people of this group will see it.",
    ),
}
NEEDED = {
    "title": "Say in one sentence what is to be done.",
    "priority": "Choose a priority.",
}
NEEDED_ONCE_OPEN = {"obligor": "Say which party owes it.", "kind": "Say what kind it is."}


class EditForm(VersionedForm):
    """Fields of its own: all of them, or those named in `only`."""

    only = forms.MultipleChoiceField(
        choices=[(name, name) for name in FIELDS],
        widget=forms.MultipleHiddenInput,
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        commitment: Commitment,
        user: User,
        only: Iterable[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.commitment = commitment
        asked = [name for name in FIELDS if name in set(only)]
        needed = NEEDED | (NEEDED_ONCE_OPEN if commitment.reference else {})
        for name in asked or FIELDS:
            field = FIELDS[name]()
            field.required = name in needed
            field.error_messages["required"] = needed.get(name, "")
            self.fields[name] = field
        self.initial = {**stated(commitment, self.asked), "only": asked, **self.initial}
        self.fields["version"].initial = commitment.version
        self._offer_groups(user)

    def _offer_groups(self, user: User) -> None:
        """Only groups through which the person keeps sight of it; no field where there are none."""
        if "restricted_to" not in self.fields:
            return
        groups = Group.objects.order_by("name")
        if not user.has_perm(SEE_RESTRICTED):
            groups = groups.filter(user=user)
        self.own("restricted_to").queryset = groups

    @property
    def asked(self) -> list[str]:
        """The names of the commitment's own fields on this form."""
        return [name for name in self.fields if name in FIELDS]

    def changes(self, since: dict[str, Any]) -> dict[str, Any]:
        """What differs from `since` (see `stated`): the rest was not touched."""
        values = {name: self.cleaned_data.get(name) for name in self.asked}
        return {
            name: value
            for name, value in values.items()
            if _comparable(value) != _comparable(since.get(name))
        }


class CorrectForm(EditForm):
    """The same after closing, with a reason."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["reason"] = WordsField(
            label="Reason",
            help_text="It stays in the history.",
            error_messages={"required": "Say why it is corrected."},
        )


def stated(commitment: Commitment, names: Iterable[str]) -> dict[str, Any]:
    """What the commitment says in these fields, as a form holds it: rows, lists of rows, words."""
    many = ("beneficiaries", "topics")
    return {
        name: list(getattr(commitment, name).all()) if name in many else getattr(commitment, name)
        for name in names
    }


def _comparable(value: Any) -> Any:
    """Lists without their order, and typed words without carriage returns and outer spaces."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if value is None or isinstance(value, int):
        return value
    if hasattr(value, "pk"):
        return value.pk
    return sorted(one.pk for one in value)


class AssignForm(VersionedForm):
    """Who follows it up."""

    owner = UserField(
        ASSIGNED_TO,
        label="Owner",
        required=False,
        empty_label="Nobody",
        help_text="Who follows it up, and is reminded.",
    )

    def __init__(
        self, data: Any = None, *, commitment: Commitment, user: User, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["version"].initial = commitment.version
        self.initial = {"owner": commitment.owner_id, **self.initial}


class RescheduleForm(VersionedForm):
    """A new deadline, or a new day to look again, with its reason and its source."""

    due_text = forms.CharField(
        label="Deadline, in the words of its source",
        max_length=300,
        widget=ReadInput,
        help_text="Or “none stated”.",
        error_messages={"required": "Give the deadline's words, or “none stated”."},
    )
    due_edtf = FuzzyDateField(
        label="Read it differently",
        required=False,
        help_text="Only where you read another date: 31 March 2019, March 2019, by 30 May 2019."
        " It waits to be confirmed.",
    )
    basis = forms.ChoiceField(
        label="The date rests on", choices=DueBasis.choices[:2], initial=DueBasis.SENTENCE
    )
    review_on = DayField(
        label="Review on", required=False, help_text="The day on which we look again."
    )
    reason = WordsField(
        rows=2,
        label="Reason",
        max_length=2000,
        error_messages={"required": "Say why it is rescheduled."},
    )
    source = forms.CharField(
        label="Source",
        max_length=300,
        help_text="What says so: a letter, a call, a decision, with its date.",
        error_messages={"required": "Say what the new deadline rests on."},
    )

    def __init__(
        self, data: Any = None, *, commitment: Commitment, user: User, **options: Any
    ) -> None:
        super().__init__(data, **options)
        by_person = commitment.due_read_by == "reader"
        self.fields["version"].initial = commitment.version
        self.own("due_text").widget.made_on = commitment.made_on
        self.initial = {
            "due_text": commitment.due_text or "none stated",
            "due_edtf": commitment.due_edtf if by_person else "",
            "basis": commitment.due_basis if commitment.due_text else DueBasis.SENTENCE,
            "review_on": commitment.review_on,
            **self.initial,
        }

    def reason_with_source(self) -> str:
        """One note for the history: why, and what it rests on."""
        reason = self.cleaned_data["reason"].strip().rstrip(".")
        return f"{reason}. Source: {self.cleaned_data['source'].strip()}"


class NoteForm(ActionForm):
    """A few words for the history."""

    words = WordsField(
        rows=2,
        label="Note",
        max_length=4000,
        help_text="It stays in the history. @name tells a colleague.",
        error_messages={"required": "Write something first."},
    )

    def __init__(
        self, data: Any = None, *, commitment: Commitment, user: User, **options: Any
    ) -> None:
        super().__init__(data, auto_id="note-%s", **options)


# How a link reads from its other end.
REVERSED = {
    LinkKind.RESTATES: "is restated by",
    LinkKind.PART_OF: "has as a part",
    LinkKind.DEPENDS_ON: "is needed by",
    LinkKind.FOLLOWS_FROM: "leads to",
    LinkKind.SUPERSEDES: "is superseded by",
    LinkKind.DUPLICATES: "is duplicated by",
}


class LinkForm(ActionForm):
    """What this commitment has to do with another, seen from either end."""

    kind = forms.ChoiceField(
        label="This commitment",
        choices=[
            BLANK,
            *((kind.value, f"{kind.label} …") for kind in LinkKind),
            *((f"reversed {kind.value}", f"{words} …") for kind, words in REVERSED.items()),
        ],
        error_messages={"required": "Choose what one has to do with the other."},
    )
    target = CommitmentField(
        label="Other commitment",
        help_text="Its reference, such as C-2026-0004.",
        error_messages={"required": "Name the other commitment."},
    )

    def __init__(
        self, data: Any = None, *, commitment: Commitment, user: User, **options: Any
    ) -> None:
        super().__init__(data, **options)
        others = Commitment.objects.visible_to(user).exclude(pk=commitment.pk)
        self.own("target").among = others

    def ends(self, this: Commitment) -> tuple[Commitment, Commitment, str]:
        """Source, target and kind of the link meant."""
        kind, other = self.cleaned_data["kind"], self.cleaned_data["target"]
        if kind.startswith("reversed "):
            return other, this, kind.removeprefix("reversed ")
        return this, other, kind


class SplitForm(VersionedForm):
    """One commitment for each of several obligors."""

    obligors = SeveralField(
        PartyField(),
        label="Who owes it",
        help_text="The first keeps this reference; each other gets a commitment of its own,"
        " with the same words, deadline and citations.",
        error_messages={"required": "Name at least two different parties."},
    )

    def __init__(
        self, data: Any = None, *, commitment: Commitment, user: User, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["version"].initial = commitment.version
        obligors = [commitment.obligor] if commitment.obligor else []
        self.initial = {"obligors": obligors, **self.initial}


class ConfirmForm(VersionedForm):
    """Nothing but a yes."""

    def __init__(
        self, data: Any = None, *, commitment: Commitment, user: User, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["version"].initial = commitment.version
