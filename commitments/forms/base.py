"""What every form that changes a commitment has: the version seen, a key, and how it is refused."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms


def fresh_key() -> str:
    """A random key: the same form sent twice is carried out once."""
    return secrets.token_urlsafe(16)


class ActionForm(forms.Form):
    """A form whose values go to one action."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        self.fields["key"].initial = fresh_key

    def own(self, name: str) -> Any:
        """A field of this form, as the sort it is."""
        return self.fields[name]

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Set what an action refused beside the fields it speaks of."""
        for name, sentence in errors.items():
            known = name in self.fields and not self.fields[name].widget.is_hidden
            self.add_error(name if known else None, sentence)

    def values(self) -> dict[str, Any]:
        """The cleaned values that belong to the action, without what carries the form."""
        return {name: self.cleaned_data.get(name) for name in self.fields if name not in CARRIERS}

    def given(self) -> Iterator[tuple[str, str]]:
        """Everything typed, as (name, words) pairs, so that it can be sent once more."""
        for name in self.fields:
            if name in CARRIERS:
                continue
            words = self[name].data
            for one in words if isinstance(words, list | tuple) else [words]:
                if one not in (None, ""):
                    yield self.add_prefix(name), str(one)


class VersionedForm(ActionForm):
    """A form that holds only for the version of the commitment that it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def full_clean(self) -> None:
        super().full_clean()
        # A hidden field has no place for a sentence of its own.
        if self.is_bound and "version" in self.errors:
            del self.errors["version"]
            self.add_error(None, "This page is incomplete. Load it again.")


CARRIERS = ("key", "version", "only")
