"""The form that ties words, or a whole document, to a commitment."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.forms.base import ActionForm
from commitments.forms.fields import DocumentField, FuzzyDateField, WordsField
from commitments.models import CitationRole, Commitment
from documents.models import Document
from tracker.users.models import User

ROLE_HINTS = {
    CitationRole.EVIDENCE: "shows delivery; needs its date",
    CitationRole.PROGRESS: "something was done, not all",
    CitationRole.CONTRADICTION: "speaks against delivery",
    CitationRole.RESTATEMENT: "says it again and adds nothing",
    CitationRole.ORIGIN: "where it was said first, or also",
}


def role_words(role: CitationRole) -> SafeString:
    """A role with a word on when to choose it."""
    return format_html('{} <span class="hint">{}</span>', role.label, ROLE_HINTS[role])


class CiteForm(ActionForm):
    """Which document, which words in it, as what, and as of when."""

    document = DocumentField(
        label="Document",
        help_text="Its title or reference.",
        error_messages={"required": "Name the document."},
    )
    quote = WordsField(
        rows=4,
        label="The words",
        required=False,
        max_length=8000,
        help_text="Copied from the document; left empty, the whole document is cited.",
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
    note = WordsField(rows=2, label="Note", required=False)

    def __init__(
        self, data: Any = None, *, commitment: Commitment, user: User, **options: Any
    ) -> None:
        super().__init__(data, **options)
        known = Document.objects.visible_to(user).in_force()
        self.own("document").among = known

    def clean(self) -> dict[str, Any]:
        evidence = self.cleaned_data.get("role") == CitationRole.EVIDENCE
        if evidence and not self.cleaned_data.get("effective") and "effective" not in self.errors:
            self.add_error("effective", "Evidence needs its date: when it took effect.")
        return self.cleaned_data


class WithdrawForm(ActionForm):
    """Why a citation is taken back."""

    reason = WordsField(
        rows=2,
        label="Reason",
        help_text="It stays in the history, and the citation stays, marked as withdrawn.",
        error_messages={"required": "Say why it is withdrawn."},
    )

    def __init__(
        self, data: Any = None, *, commitment: Commitment, user: User, **options: Any
    ) -> None:
        super().__init__(data, **options)
