"""What people type to find a document, or words in one."""

from django import forms

from documents.models import DocumentKind

SORTS = {
    "": ("Newest first", ("-dated_from", "title", "id")),
    "oldest": ("Oldest first", ("dated_from", "title", "id")),
    "title": ("By title", ("title", "id")),
    "added": ("Last added first", ("-added_at", "-id")),
}


class DocumentListForm(forms.Form):
    """The list's filters. An address with nonsense in it shows the whole list."""

    q = forms.CharField(
        label="Words in title, reference or participants",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All kinds"), *DocumentKind.choices]
    )
    sort = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[(value, label) for value, (label, _) in SORTS.items()],
    )

    def asked(self, name: str) -> str:
        """A valid value of one field, or ""."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class FindForm(forms.Form):
    """Words looked for in one document."""

    find = forms.CharField(
        label="Find in this document",
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Paste or type the words"}),
    )
