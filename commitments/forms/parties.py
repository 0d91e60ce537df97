"""The form of a party: its name, what it is, and the words by which records call it."""

from typing import Any

from django import forms

from commitments.forms.base import ActionForm
from commitments.forms.fields import PartyField, SeveralField, WordsField
from commitments.forms.moves import BLANK
from commitments.models import Party, PartyKind
from documents.models import Document

# The fields that go to the action under their own names; aliases go apart.
OWN = ("name", "kind", "parent", "members", "members_complete", "holder", "contact_email", "note")


class PartyForm(ActionForm):
    """A party, new or known. Aliases that hold in one document only stay as they are."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="As it calls itself; a vague one may say so: “Most platforms at the meeting”.",
        error_messages={"required": "Give the party a name."},
    )
    kind = forms.ChoiceField(
        label="What it is",
        choices=[BLANK, *PartyKind.choices],
        error_messages={"required": "Say what kind of party it is."},
    )
    aliases = WordsField(
        label="Also called",
        required=False,
        help_text="What records call it, one name a line.",
    )
    parent = PartyField(label="Part of", required=False)
    members = SeveralField(PartyField(), label="Members", required=False)
    members_complete = forms.BooleanField(label="These are all its members", required=False)
    holder = forms.CharField(
        label="Held by",
        required=False,
        max_length=200,
        help_text="For an office: who held it when the record was made.",
    )
    contact_email = forms.EmailField(label="E-mail", required=False)
    note = WordsField(rows=2, label="Note", required=False)

    def __init__(self, data: Any = None, *, party: Party | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.party = party
        if party is not None:
            known = {name: getattr(party, name) for name in OWN if name != "members"}
            everywhere = party.aliases.filter(document=None).order_by("words")
            self.initial = {
                **known,
                "members": list(party.members.all()),
                "aliases": "\n".join(everywhere.values_list("words", flat=True)),
                **self.initial,
            }

    def own_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OWN}

    def all_aliases(self) -> list[tuple[str, Document | None]]:
        """The lines typed, and those that hold in one document only."""
        typed: list[tuple[str, Document | None]] = [
            (line.strip(), None) for line in self.cleaned_data["aliases"].splitlines()
        ]
        if self.party is None:
            return [alias for alias in typed if alias[0]]
        kept = self.party.aliases.exclude(document=None).select_related("document")
        return [alias for alias in typed if alias[0]] + [
            (alias.words, alias.document) for alias in kept
        ]
