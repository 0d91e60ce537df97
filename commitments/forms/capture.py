"""Forms that begin with words chosen in a document: a new commitment, or a citation for one."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from commitments.forms.base import ActionForm
from commitments.forms.citing import ROLE_HINTS, role_words
from commitments.forms.editing import FIELDS as OWN_FIELDS
from commitments.forms.fields import (
    CommitmentField,
    FuzzyDateField,
    PartyField,
    SeveralField,
    parties_called,
)
from commitments.forms.moves import FIELDS as MOVE_FIELDS
from commitments.models import CitationRole, Commitment, Party, PartyKind
from commitments.models.party import fold
from commitments.workflow import MOVES, Asked, missing
from documents.anchoring import Ambiguous, NotFound, locate, normalise
from documents.finding import trimmed
from documents.models import Document, Text
from tracker.users.models import User

Span = tuple[int, int]
CAPTURE, CONFIRM = "capture", "confirm"
NOT_THERE = (
    "These words do not stand in the document. Copy them as they are there; "
    "spaces and line breaks do not matter, every other sign does."
)


class PlaceForm(ActionForm):
    """Words of one document, and the place where they stand: `span`, once the form is clean.

    `start` and `end` say which of several like places is meant; they yield to other words.
    """

    # Said by us, in one place and at once; a browser would stop at the first empty field.
    use_required_attribute = False

    quote = forms.CharField(
        label="The words of the record",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "source"}),
        help_text="Letter by letter as they stand in the document.",
        error_messages={"required": "Give the words of the record."},
    )
    start = forms.IntegerField(widget=forms.HiddenInput, required=False)
    end = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, text: Text, **options: Any) -> None:
        super().__init__(data, **options)
        self.text = text.text
        self.span: Span = (0, 0)

    def clean(self) -> dict[str, Any]:
        quote = self.cleaned_data.get("quote")
        if quote:
            try:
                self.span = self._place(quote)
            except NotFound:
                self.add_error("quote", NOT_THERE)
            except Ambiguous as error:
                self.add_error("quote", str(error))
        return self.cleaned_data

    def _place(self, quote: str) -> Span:
        start, end = self.cleaned_data.get("start") or 0, self.cleaned_data.get("end") or 0
        span = trimmed(self.text, start, end)
        if span and normalise(self.text[slice(*span)]) == normalise(quote):
            return span
        match = locate(self.text, quote)
        return match.start, match.end


@dataclass(frozen=True)
class Unknown:
    """A party that is not entered yet, by the words typed for it; `kind` once somebody chose it."""

    words: str
    kind: str = ""

    @property
    def field_name(self) -> str:
        """The field that asks what it is; the same for the same words."""
        return f"party_{hashlib.sha256(fold(self.words).encode()).hexdigest()[:8]}"


class AnyPartyField(PartyField):
    """As PartyField, but words that stand for nobody yet clean to Unknown."""

    def found(self, words: str) -> Party:
        if not parties_called(words, self.documents):
            return Unknown(words)  # type: ignore[return-value]
        return super().found(words)


class NewCommitmentForm(PlaceForm):
    """A commitment for each obligor named, on words of one document."""

    title = OWN_FIELDS["title"]()
    obligors = SeveralField(
        AnyPartyField(),
        label="Who owes it",
        help_text="By name or as the record calls them. Each gets a commitment of its own.",
        error_messages={"required": "Say which party owes it; a vague one is better than none."},
    )
    beneficiaries = SeveralField(AnyPartyField(), label="Owed to", required=False)
    kind = OWN_FIELDS["kind"]()
    strength = OWN_FIELDS["strength"]()
    strength_words = OWN_FIELDS["strength_words"]()
    made_on = OWN_FIELDS["made_on"]()
    due_text = MOVE_FIELDS["due_text"]()
    due_edtf = MOVE_FIELDS["due_edtf"]()
    condition = OWN_FIELDS["condition"]()
    success_criteria = OWN_FIELDS["success_criteria"]()
    topics = OWN_FIELDS["topics"]()
    owner = MOVE_FIELDS["owner"]()
    review_on = MOVE_FIELDS["review_on"]()

    OPTIONAL = (
        "kind",
        "strength",
        "strength_words",
        "made_on",
        "due_text",
        "due_edtf",
        "condition",
        "success_criteria",
        "topics",
        "owner",
        "review_on",
    )

    def __init__(self, data: Any = None, *, document: Document, **options: Any) -> None:
        super().__init__(data, **options)
        for name in self.OPTIONAL:
            self.fields[name].required = False
        for name in ("obligors", "beneficiaries"):
            self.own(name).one.documents = [document]
        self.own("due_text").widget.made_on = self.initial.get("made_on", "")
        self.unknown: list[str] = []

    @property
    def confirming(self) -> bool:
        """Whether it is to be opened at once and not kept as a candidate."""
        return bool(self.data.get("then") == CONFIRM)

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        self.own("due_text").widget.made_on = given.get("made_on", "")
        for name in ("obligors", "beneficiaries"):
            if name in given:
                given[name] = [self._known(name, party) for party in given[name]]
        if self.confirming:
            self._check_complete(given)
        return given

    def _known(self, name: str, party: Party | Unknown) -> Party | Unknown:
        """An unknown party with the kind chosen for it; without one the form asks for it."""
        if isinstance(party, Party):
            return party
        field = party.field_name
        if field not in self.unknown:
            self.unknown.append(field)
            self.fields[field] = forms.ChoiceField(
                label=f"“{party.words}” is",
                choices=[("", "Choose, to enter it …"), *PartyKind.choices],
            )
        kind = str(self.data.get(self.add_prefix(field)) or "")
        if kind not in PartyKind.values:
            self.add_error(
                name,
                f"No party is called “{party.words}”. Say below what it is to enter it, "
                "or give the name it goes by.",
            )
        return Unknown(party.words, kind)

    def unknown_fields(self) -> Iterable[forms.BoundField]:
        """The fields that ask what kind of party the unknown ones are."""
        return [self[name] for name in self.unknown]

    def _check_complete(self, given: dict[str, Any]) -> None:
        """What confirming needs, said beside each field at once."""
        data = {**given, "obligor": given.get("obligors")}
        for name, sentence in missing(Asked(MOVES[CONFIRM], data)).items():
            field = "obligors" if name == "obligor" else name
            if field not in self.errors:
                self.add_error(field, sentence)

    def own_values(self) -> dict[str, Any]:
        """What capturing takes, but for the parties."""
        names = [name for name in self.OPTIONAL if self.cleaned_data.get(name)]
        return {name: self.cleaned_data[name] for name in names}


class CiteForForm(PlaceForm):
    """Words of one document as a citation for a commitment that is there already."""

    commitment = CommitmentField(
        label="For which commitment",
        help_text="Its reference, such as C-2026-0004, or words of its title to choose from.",
        error_messages={"required": "Name the commitment."},
    )
    role = forms.ChoiceField(
        label="Cite as",
        widget=forms.RadioSelect,
        choices=[(role.value, role_words(role)) for role in ROLE_HINTS],
        error_messages={"required": "Say what it is cited as."},
    )
    effective = FuzzyDateField(
        label="Effective on",
        required=False,
        help_text="As the document dates it: 30 September 2021, March 2022. Needed for evidence.",
    )
    note = forms.CharField(
        label="Note", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        self.own("commitment").among = Commitment.objects.visible_to(user)

    def clean(self) -> dict[str, Any]:
        super().clean()
        evidence = self.cleaned_data.get("role") == CitationRole.EVIDENCE
        if evidence and not self.cleaned_data.get("effective") and "effective" not in self.errors:
            self.add_error("effective", "Evidence needs its date: when it took effect.")
        return self.cleaned_data
