"""The fields that several forms share: fuzzy dates, and rows named in the words people use.

Parties, documents and commitments are typed by name or reference. Scripts offer what is there as
one types (a datalist that the lookups fill); without scripts the words alone do.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.deadlines import describe, read
from commitments.models import Alias, Commitment, Party
from commitments.models.party import fold
from documents.models import Document
from tracker import fuzzy
from tracker.users.models import User

DAY_FORMATS = ["%Y-%m-%d", "%d %B %Y", "%d/%m/%Y", "%d.%m.%Y"]
FUZZY_HINT = "A day, a month or a year: 30 September 2021, March 2022, about 2024."
SHOWN = 5


class Typed(str):
    """Words as somebody typed them: shown again letter for letter."""


class FuzzyDateField(forms.CharField):
    """A date as vague as its source. Cleans to EDTF, or "" for none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", FUZZY_HINT)
        super().__init__(max_length=60, **options)

    def to_python(self, value: Any) -> str:
        try:
            return fuzzy.as_entered(super().to_python(value) or "")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        return Typed(data) if isinstance(data, str) else data

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Typed) or not isinstance(value, str):
            return value
        try:
            return fuzzy.wording(value)
        except ValueError:
            return value


class WordsField(forms.CharField):
    """A few sentences, with line ends as they are kept."""

    def __init__(self, rows: int = 3, **options: Any) -> None:
        options.setdefault("max_length", 4000)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class DayField(forms.DateField):
    """One day of the calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, **options)
        self.error_messages["invalid"] = "Give a day, such as 30 September 2026."


class OfferedInput(forms.TextInput):
    """A text field beside a datalist, which scripts fill from `lookup` as one types."""

    def __init__(self, lookup: str, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.lookup = lookup

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, value, attrs)
        return render_to_string(
            "commitments/widgets/offered.html", {**context, "lookup": reverse_lazy(self.lookup)}
        )


class OfferedInputs(OfferedInput):
    """One such field for each value, and two empty ones for more."""

    SPARE = 2
    label: Any = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(data.getlist(name) if hasattr(data, "getlist") else data.get(name, ()))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, None, attrs)
        values = [words for words in value or () if words] + [""] * self.SPARE
        return render_to_string(
            "commitments/widgets/offered_many.html",
            {
                **context,
                "values": values,
                "label": self.label,
                "lookup": reverse_lazy(self.lookup),
            },
        )

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_1"


class ReadInput(forms.TextInput):
    """The words of a deadline, with what the grammar makes of them below; live with scripts.

    `made_on` is the EDTF date from which the words are read.
    """

    made_on = ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        query = urlencode({"made_on": self.made_on})
        context = {
            **self.get_context(name, value, attrs),
            "lookup": f"{reverse('reading')}?{query}",
            "reading": reading_in_words(value or "", self.made_on),
        }
        return render_to_string("commitments/widgets/read.html", context)


def reading_in_words(words: str, made_on: str) -> str:
    """What the grammar makes of a deadline's words, as a sentence; "" for no words."""
    if not words.strip():
        return ""
    reading = read(words, made_on)
    if reading.status == "none":
        return "No deadline stated: give a review date."
    if reading.status == "read":
        note = f", {reading.note}" if reading.note else ""
        return f"Read as {describe(words, reading.edtf)}{note}."
    why = f": {reading.note}" if reading.note else ""
    return f"Not read as a date{why}. Give a review date, or read it yourself."


def parties_called(words: str, documents: Iterable[Document] = ()) -> list[Party]:
    """The parties these words stand for: by name, or by an alias that holds in the documents.

    Case, accents and doubled spaces do not matter. Parties merged into others answer to nothing.
    """
    wanted = fold(words)
    current = Party.objects.current()
    named = list(current.filter(name__iexact=words.strip())[:1])
    if named:
        return named
    here = Q(document=None) | Q(document__in=list(documents))
    aliased = Alias.objects.filter(here, folded=wanted).values("party")
    found = list(current.filter(pk__in=aliased)[: SHOWN + 1])
    # The database does not fold accents alike everywhere, and the names of parties are few.
    same = [party for party in current.only("name", "kind") if fold(party.name) == wanted]
    return found + [party for party in same if party not in found]


def _with_link(words: str) -> str:
    return format_html(
        '{} <a href="{}" target="_blank">Enter a new one<span class="vh"> in a new tab</span></a>',
        words,
        reverse("new-party"),
    )


# When it is shown, not when this is read: addresses are not known yet then.
PARTY_HINT = lazy(_with_link, str)


class PartyField(forms.CharField):
    """A party by its name or by what a record calls it. Cleans to a Party, or None for none.

    `documents` are those whose own aliases hold here as well.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", OfferedInput("party-names"))
        super().__init__(max_length=200, **options)
        self.documents: Sequence[Document] = ()

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        return self.found(words) if words else None

    def found(self, words: str) -> Party:
        """The one party meant; more than one is asked back, none is refused."""
        parties = parties_called(words, self.documents)
        if len(parties) == 1:
            return parties[0]
        if parties:
            names = ", ".join(f"“{party.name}”" for party in parties[:SHOWN])
            raise forms.ValidationError(f"“{words}” may be {names}. Give the full name.")
        raise forms.ValidationError(
            f"There is no party called “{words}”. Give the name it goes by, or enter it first."
        )

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Party) else value


class CommitmentField(forms.CharField):
    """A commitment by its reference, among those in `choices`. Cleans to it, or None for none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", OfferedInput("commitment-names"))
        super().__init__(max_length=60, **options)
        self.among: QuerySet[Any] = Commitment.objects.none()

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if not words:
            return None
        name = words.split()[0].strip(":,.").casefold()
        found = self.among.filter(by_name(name)).first()
        if found is None:
            raise forms.ValidationError(
                f"There is no commitment “{words}”. Give its reference, such as C-2026-0004."
            )
        return found

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Commitment) else value


def by_name(name: str) -> Q:
    """The condition for the commitment of that name: a reference, or "candidate-ID"."""
    if "\0" in name:
        # No database can be asked for that.
        return Q(pk__in=[])
    number = name.casefold().removeprefix("candidate-")
    if number != name.casefold() and number.isdecimal() and len(number) < 19:
        return Q(pk=int(number))
    return Q(reference=name.upper())


class DocumentField(forms.CharField):
    """A document by title, reference or "[number]", among `among`. Cleans to it, or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", OfferedInput("document-names"))
        super().__init__(max_length=400, **options)
        self.among: QuerySet[Any] = Document.objects.none()

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if not words:
            return None
        number = words.rpartition("[")[2].rstrip("]")
        exact = Q(title__iexact=words) | Q(reference__iexact=words)
        if words.endswith("]") and number.isdecimal() and len(number) < 19:
            exact = Q(pk=int(number))
        found = list(self.among.filter(exact)[: SHOWN + 1])
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(
            f"Several documents are called “{words}”. Choose one of the list."
            if found
            else f"There is no document called “{words}”. Give its title or reference."
        )

    def prepare_value(self, value: Any) -> Any:
        return document_words(value) if isinstance(value, Document) else value


def document_words(document: Document) -> str:
    """How a document is offered: its title, and the number that tells it from its like."""
    return f"{document.title} [{document.pk}]"


class SeveralField(forms.Field):
    """Several rows, each in a text field of its own as `one` reads it. Cleans to a list."""

    def __init__(self, one: forms.CharField, **options: Any) -> None:
        lookup = getattr(one.widget, "lookup", "")
        super().__init__(widget=OfferedInputs(lookup), **options)
        self.one = one
        self.widget.label = self.label

    def __deepcopy__(self, memo: dict[int, Any]) -> "SeveralField":
        # Each form has fields of its own; what one reader may name must not reach another.
        twin: SeveralField = super().__deepcopy__(memo)
        twin.one = copy.deepcopy(self.one, memo)
        return twin

    def clean(self, value: Any) -> list[Any]:
        found: list[Any] = []
        errors = []
        for words in filter(None, (words.strip() for words in value or ())):
            try:
                row = self.one.clean(words)
            except forms.ValidationError as error:
                errors.append(error)
            else:
                found += [row] if row not in found else []
        if errors:
            raise forms.ValidationError(errors)
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"])
        return found

    def prepare_value(self, value: Any) -> Any:
        return [self.one.prepare_value(one) for one in value or ()]


class UserField(forms.ModelChoiceField):
    """An active person who can sign in and holds `permission`."""

    def __init__(self, permission: str, **options: Any) -> None:
        holders = User.objects.with_perm(
            permission, backend="django.contrib.auth.backends.ModelBackend"
        )
        # The account that acts for the system has rights and no password; it owns nothing.
        people = holders.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        super().__init__(queryset=people.order_by("first_name", "username"), **options)
