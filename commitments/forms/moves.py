"""The form of a move: just the fields that the workflow's table says it needs or takes."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.forms.base import VersionedForm
from commitments.forms.fields import (
    PARTY_HINT,
    CommitmentField,
    DayField,
    FuzzyDateField,
    PartyField,
    ReadInput,
    UserField,
    WordsField,
)
from commitments.models import Citation, CitationRole, Commitment, FollowUpItem
from commitments.workflow import MISSING, Asked, DismissedAs, Kind, Move, Period, Verdict, missing
from tracker import fuzzy, wording
from tracker.users.models import User

Choice = tuple[str, Any]
BLANK: Choice = ("", "Choose …")
BASIS_LENGTH = 70
WORK = "commitments.work_commitment"

VERDICT_HINTS = {
    Verdict.DELIVERED: "as stated, in time or later",
    Verdict.LARGELY_DELIVERED: "small parts missing",
    Verdict.PARTLY_DELIVERED: "substantial parts missing",
    Verdict.NOT_DELIVERED: "nothing of substance",
    Verdict.SUPERSEDED: "replaced by a later one",
    Verdict.WITHDRAWN: "taken back by the obligor",
    Verdict.NOT_PURSUED: "we stop; needs a date to reopen",
    Verdict.CANNOT_BE_DETERMINED: "the evidence does not tell",
}
DISMISSALS = (DismissedAs.NOT_A_COMMITMENT, DismissedAs.DUPLICATE, DismissedAs.OUT_OF_REMIT)


def verdict_words(verdict: str) -> SafeString:
    """A verdict as it is drawn everywhere, with a word on what it means."""
    known = Verdict(verdict)
    return format_html(
        '<span class="verdict" data-verdict="{}">{}</span> <span class="hint">{}</span>',
        known.value,
        known.label,
        VERDICT_HINTS[known],
    )


def _words(**options: Any) -> Callable[[], forms.Field]:
    """A field for a few sentences."""
    return lambda: WordsField(**options)


def _choice(choices: Iterable[Choice], **options: Any) -> Callable[[], forms.Field]:
    return lambda: forms.ChoiceField(choices=list(choices), **options)


def _radio(choices: Iterable[Choice], **options: Any) -> Callable[[], forms.Field]:
    return _choice(choices, widget=forms.RadioSelect, **options)


# The table: how each field that a move can have is asked for.
FIELDS: dict[str, Callable[[], forms.Field]] = {
    "obligor": lambda: PartyField(
        label="Who owes it", help_text=PARTY_HINT("By name, or as the record calls it.")
    ),
    "kind": _choice([BLANK, *Kind.choices], label="Kind"),
    "due_text": lambda: forms.CharField(
        label="Deadline, in the record’s words",
        max_length=300,
        widget=ReadInput,
        help_text="Or “none stated”.",
    ),
    "due_edtf": lambda: FuzzyDateField(
        label="Read it differently",
        help_text="Only where you read another date: 31 March 2019, March 2019, by 30 May 2019."
        " It waits to be confirmed.",
    ),
    "success_criteria": _words(label="Evidence needed", help_text="What would count as evidence."),
    "review_on": lambda: DayField(label="Review on", help_text="The day on which we look again."),
    "owner": lambda: UserField(WORK, label="Owner", empty_label="Nobody yet"),
    "condition": lambda: forms.CharField(label="What it waits for", max_length=300),
    "reason": _words(label="Reason", help_text="It stays in the history."),
    "note": _words(label="Note", help_text="What you looked at, and what you found."),
    "evidence": _choice([BLANK], label="Evidence"),
    "effective": lambda: FuzzyDateField(
        label="Effective on", help_text="As the evidence dates it, not today: 30 September 2021."
    ),
    "verdict": _radio([], label="Verdict"),
    "successor": lambda: CommitmentField(
        label="Superseded by", help_text="A reference; needed for “Superseded”."
    ),
    "reopens_on": lambda: DayField(label="Reopens on", help_text="Needed for “Not pursued”."),
    "dismissed_as": _radio([(one.value, one.label) for one in DISMISSALS], label="What it is"),
    "survivor": lambda: CommitmentField(
        label="The one that stays", help_text="A reference, such as C-2026-0004."
    ),
    "outcome": _radio(Period.choices, label="In the period it was"),
    "period_until": lambda: DayField(
        label="Period until", help_text="The last day of the period you judged."
    ),
}
HINTS = {
    ("dismiss", "survivor"): "A reference; needed for a duplicate.",
    ("confirm", "review_on"): "The day on which we look again; needed where no date was read.",
}
# A reading stands right below the words that it reads.
ORDER = ("key", "version", "obligor", "kind", "due_text", "due_edtf", "review_on")
FROM_ROW = ("obligor", "kind", "success_criteria", "owner", "condition", "review_on", "due_edtf")


def bases(citations: Iterable[Citation], items: Iterable[FollowUpItem]) -> list[Choice]:
    """What a report can rest on: live citations but for contradictions, and answers received."""
    cited = [
        (f"citation:{one.pk}", _basis_of_citation(one))
        for one in citations
        if one.withdrawn_at is None and one.role != CitationRole.CONTRADICTION
    ]
    # Evidence first: it is what a report should rest on.
    cited.sort(key=lambda choice: not choice[1].startswith(CitationRole.EVIDENCE.label))
    answers = [
        (f"item:{item.pk}", _basis_of_answer(item))
        for item in items
        if item.follow_up.direction == "received"
    ]
    return cited + answers


def _basis_of_citation(citation: Citation) -> str:
    words = citation.passage.quote if citation.passage else citation.document.title
    when = fuzzy.wording(citation.effective)
    head = f"{citation.get_role_display()}{f', {when}' if when else ''}"
    return f"{head}: {wording.cut(words, BASIS_LENGTH)}"


def _basis_of_answer(item: FollowUpItem) -> str:
    letter = item.follow_up
    words = item.answer or letter.title
    return f"Statement, {wording.day(letter.happened_on)}: {wording.cut(words, BASIS_LENGTH)}"


class MoveForm(VersionedForm):
    """What has to be said to make one move.

    `offered` are the choices for the evidence (see `bases`).
    """

    def __init__(
        self,
        data: Any = None,
        *,
        move: Move,
        commitment: Commitment,
        user: User,
        offered: Iterable[Choice] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, auto_id=f"{move.name}-%s", **options)
        self.move, self.commitment = move, commitment
        for name in move.fields:
            self.fields[name] = self._field(name)
        if "due_text" in move.fields:
            self.order_fields(ORDER)
        self.fields["version"].initial = commitment.version
        self._offer(user, list(offered))
        self.initial = {**_initial(move, commitment), **self.initial}

    def _field(self, name: str) -> forms.Field:
        field = FIELDS[name]()
        field.required = name in self.move.needs
        field.error_messages["required"] = MISSING.get(name, field.error_messages["required"])
        field.help_text = HINTS.get((self.move.name, name), field.help_text)
        return field

    def _offer(self, user: User, offered: list[Choice]) -> None:
        """Fill in the choices that depend on the move, the commitment and the person."""
        for name, field in self.fields.items():
            if isinstance(field, CommitmentField):
                others = Commitment.objects.visible_to(user).exclude(pk=self.commitment.pk)
                field.among = others
            if name == "verdict":
                field.choices = [  # type: ignore[attr-defined]
                    (verdict.value, verdict_words(verdict)) for verdict in self.move.verdicts
                ]
            if name == "evidence":
                field.choices = [BLANK, *offered]  # type: ignore[attr-defined]
            if isinstance(field.widget, ReadInput):
                field.widget.made_on = self.commitment.made_on

    def clean(self) -> dict[str, Any]:
        """Say everything that is missing at once, beside the field it belongs to."""
        values = self.values()
        for name, sentence in missing(Asked(self.move, values)).items():
            if name not in self.errors:
                self.add_error(name, sentence)
        return self.cleaned_data

    def data_for_move(self) -> dict[str, Any]:
        """What was given, by the names of the workflow's table; nothing for what was left empty."""
        return {name: value for name, value in self.values().items() if value not in (None, "", [])}


def _initial(move: Move, commitment: Commitment) -> dict[str, Any]:
    """What the commitment already says of the fields asked for."""
    initial = {name: getattr(commitment, name) for name in FROM_ROW if name in move.fields}
    if "due_text" in move.fields:
        initial["due_text"] = commitment.due_text or "none stated"
        by_person = commitment.due_edtf and commitment.due_read_by != "grammar"
        initial["due_edtf"] = commitment.due_edtf if by_person else ""
    if move.name in ("confirm_period", "reopen", "restore"):
        initial.pop("review_on", None)
    return initial
