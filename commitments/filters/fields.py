"""The form fields of the register's filters: lenient about blanks, plain about mistakes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from commitments.filters.named import Named, tokens_of, too_many
from tracker import fuzzy, wording

MOST_SEARCHED = 8
LONGEST_SEARCH = 200


class Several(forms.Widget):
    """Several values under one name, as checkboxes and a text field send them together."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The values in the order given; a plain mapping may hold one value or a list."""
        if hasattr(data, "getlist"):
            return list(data.getlist(name))
        value = data.get(name) or []
        return [value] if isinstance(value, str) else list(value)


class AnyOf(forms.Field):
    """Any of a few fixed choices; `noun` names one in the sentence about a mistake."""

    widget = Several

    def __init__(self, *, choices: Sequence[tuple[str, str]], noun: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = dict(choices)
        self.noun = noun

    def clean(self, value: Sequence[str]) -> list[str]:
        """The choices that were made, each once."""
        chosen = tokens_of(value)
        for word in chosen:
            if word not in self.choices:
                raise ValidationError(f"“{wording.cut(word, 60)}” is not {self.noun}.")
        return chosen


class NamedField(forms.Field):
    """Parties, people, topics or documents, by id or in words.

    `meant` maps each token to what it can mean; `special` holds words with a meaning of their own.
    """

    widget = Several

    def __init__(
        self,
        *,
        noun: str,
        meant: Callable[[str], list[Named]] = lambda token: [],
        special: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.noun = noun
        self.meant = meant
        self.special = dict(special or {})

    def clean(self, value: Sequence[str]) -> list[Named]:
        """What is named, each thing once; raises ValidationError for what is unknown or unclear."""
        tokens = tokens_of(value)
        if too_many(tokens):
            raise ValidationError(f"That is too much at once: name fewer {self.noun}s.")
        found = {thing.value: thing for thing in map(self._one, tokens)}
        return list(found.values())

    def _one(self, token: str) -> Named:
        if token in self.special:
            return Named(token, self.special[token])
        things = self.meant(token)
        if not things:
            raise ValidationError(
                f"There is no {self.noun} “{wording.cut(token, 60)}” in what you can see."
            )
        if len(things) > 1:
            names = wording.listed([thing.label for thing in things], "or")
            raise ValidationError(f"“{token}” can be {names}: name one of them.")
        return things[0]


class DayField(forms.CharField):
    """A day, month or year as a bound: the first day it can mean, or the last."""

    def __init__(self, *, last: bool, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)
        self.last = last

    def clean(self, value: Any) -> date | None:
        """The bound as a date; None for nothing."""
        typed = super().clean(value)
        try:
            read = fuzzy.parse(fuzzy.as_entered(typed))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        bound = read.latest if self.last else read.earliest
        if typed and bound is None:
            raise ValidationError(f"“{typed}” is open on this side. Give a day, month or year.")
        return bound


class WordsField(forms.CharField):
    """Words to look for, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_SEARCH, **kwargs)

    def clean(self, value: Any) -> list[str]:
        """Each word once, as typed; too many are refused rather than dropped."""
        words = list(dict.fromkeys(super().clean(value).split()))
        if len(words) > MOST_SEARCHED:
            raise ValidationError(f"Give at most {MOST_SEARCHED} words.")
        return words
