"""The one set of filters for commitments: page, export, saved view and feed all read it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from commitments.filters.fields import AnyOf, DayField, NamedField, Several, WordsField
from commitments.filters.named import Catalogue, Named, tokens_of
from commitments.models import Citation, Commitment, Priority, Strength
from commitments.querysets import STALE_DAYS, CommitmentQuerySet
from commitments.workflow import ASKED, LIVE, PROMISED, Kind, State, Verdict
from documents.querysets import open_to
from tracker.users.models import User

LIVE_STATES = ("live", "Live")
NOT_ASSESSED = ("none", "Not assessed")
KINDS = [("promised", "Promised"), ("asked", "Asked"), *Kind.choices]
UNSAID = ("none", "Not said")
NO_OWNER = "none"
DUE = [
    ("overdue", "Overdue"),
    ("soon", "Due or to review in 7 days"),
    ("window", "In its window now"),
    ("undated", "No latest day"),
]
STALE = [("yes", f"Untouched for {STALE_DAYS} days")]
# What a choice stands for that is more than its own value.
MEANS: dict[str, tuple[str, ...]] = {"live": LIVE, "promised": PROMISED, "asked": ASKED}
NAMED = ("obligor", "beneficiary", "owner", "topic", "document")


class FilterForm(forms.Form):
    """What looks at more than one filter."""

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("due_from"), self.cleaned_data.get("due_to")
        if first and last and first > last:
            self.add_error("due_to", "This lies before the first day.")
        return self.cleaned_data


class Chosen(django_filters.Filter):
    """A filter over a few fixed choices."""

    field_class = AnyOf


class NamedFilter(django_filters.Filter):
    """A filter over things that are named."""

    field_class = NamedField


class DayFilter(django_filters.Filter):
    """A filter on a bound."""

    field_class = DayField


class WordsFilter(django_filters.Filter):
    """A filter on words."""

    field_class = WordsField


class CommitmentFilter(django_filters.FilterSet):
    """Commitments as a reader asks for them.

    Without a chosen state it answers what was ever opened; candidates come on demand. With a
    mistake in it (`errors`) it answers nothing, so that nobody takes the wrong list for the right
    one. `queryset` is already cut down to what the reader may see.
    """

    q = WordsFilter(label="Words", method="narrow_words")
    state = Chosen(
        label="State",
        choices=[LIVE_STATES, *State.choices],
        noun="a state",
        method="narrow_state",
    )
    verdict = Chosen(
        label="Verdict",
        choices=[NOT_ASSESSED, *Verdict.choices],
        noun="a verdict",
        method="narrow_blank",
    )
    kind = Chosen(label="Kind", choices=KINDS, noun="a kind", method="narrow_state")
    strength = Chosen(
        label="Strength",
        choices=[*Strength.choices, UNSAID],
        noun="a strength",
        method="narrow_blank",
    )
    priority = Chosen(
        label="Priority", choices=Priority.choices, noun="a priority", method="narrow_state"
    )
    due = Chosen(label="Due", choices=DUE, noun="a way to be due", method="narrow_due")
    stale = Chosen(label="Activity", choices=STALE, noun="a choice here", method="narrow_stale")
    due_from = DayFilter(label="Due from", last=False, method="narrow_due_from")
    due_to = DayFilter(label="Due until", last=True, method="narrow_due_to")
    obligor = NamedFilter(label="Obligor", noun="obligor", method="narrow_obligor")
    beneficiary = NamedFilter(label="Beneficiary", noun="beneficiary", method="narrow_beneficiary")
    owner = NamedFilter(label="Owner", noun="owner", method="narrow_owner")
    topic = NamedFilter(label="Topic", noun="topic", method="narrow_topic")
    document = NamedFilter(label="Document", noun="document", method="narrow_document")

    class Meta:
        model = Commitment
        fields: ClassVar[list[str]] = []
        form = FilterForm

    def __init__(
        self,
        data: Any,
        queryset: CommitmentQuerySet,
        *,
        reader: User,
        today: date,
        choices: bool = False,
    ) -> None:
        super().__init__(data, queryset)
        self.reader = reader
        self.today = today
        self.given = {name: tokens_of(self._list(name)) for name in NAMED}
        special = {"me": f"Me ({reader})", NO_OWNER: "No owner"}
        self.filters["owner"].extra["special"] = special
        wanted = self.given | {"owner": [o for o in self.given["owner"] if o not in special]}
        self.catalogue = Catalogue.load(reader, wanted, choices=choices)
        for name in NAMED:
            self.filters[name].extra["meant"] = self._meaning(name)

    def _list(self, name: str) -> list[str]:
        """All values of one filter, from an address or from a plain mapping."""
        return Several().value_from_datadict(self.data, {}, name)

    def _meaning(self, name: str) -> Callable[[str], list[Named]]:
        return lambda token: self.catalogue.meant.get((name, token), [])

    def list_choices(self) -> None:
        """Look up what there is to choose from, where that was not done at once."""
        found = Catalogue.load(self.reader, {}, choices=True)
        self.catalogue = Catalogue(self.catalogue.meant, found.listed)

    def chosen(self, name: str) -> list[str]:
        """The values chosen in one filter, right or wrong, as they stand in an address."""
        if name in NAMED:
            named, typed = self.resolved(name)
            return [*(thing.value for thing in named), *typed]
        return tokens_of(self._list(name))

    def special(self, name: str) -> list[Named]:
        """The choices of one filter that are no rows."""
        return [Named(*pair) for pair in self.filters[name].extra.get("special", {}).items()]

    def resolved(self, name: str) -> tuple[list[Named], list[str]]:
        """What is named in one filter, and the words that name nothing or too much."""
        known = {thing.value: [thing] for thing in self.special(name)}
        meaning = self._meaning(name)
        named: dict[str, Named] = {}
        typed = []
        for token in self.given[name]:
            things = known.get(token) or meaning(token)
            if len(things) == 1:
                named[things[0].value] = things[0]
            else:
                typed.append(token)
        return [*named.values()], typed

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The commitments asked for; none while something is asked wrongly."""
        return self.narrowed()

    def narrowed(self, without: Sequence[str] = ()) -> QuerySet[Any]:
        """The commitments asked for, with some filters left out: what their choices count in."""
        if self.errors:
            return self.queryset.none()
        queryset = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name not in without:
                queryset = self.filters[name].filter(queryset, value)
        if "state" in without or self.form.cleaned_data["state"]:
            return queryset
        return queryset.opened()

    def narrow_words(self, queryset: QuerySet[Any], name: str, words: list[str]) -> QuerySet[Any]:
        """Each word stands in the title, reference, success criteria or a quote in reach."""
        quotes = Citation.objects.filter(
            open_to(self.reader, "document__restricted_to"), withdrawn_at=None
        )
        for word in words:
            quoted = quotes.filter(passage__quote__icontains=word)
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(reference__icontains=word)
                | Q(success_criteria__icontains=word)
                | Q(pk__in=quoted.values("commitment"))
            )
        return queryset

    def narrow_state(self, queryset: QuerySet[Any], name: str, chosen: list[str]) -> QuerySet[Any]:
        """Any of the values, where a choice can stand for several."""
        values = [value for choice in chosen for value in MEANS.get(choice, (choice,))]
        return queryset.filter(**{f"{name}__in": values})

    def narrow_blank(self, queryset: QuerySet[Any], name: str, chosen: list[str]) -> QuerySet[Any]:
        """Any of the values, where "none" stands for a blank."""
        return queryset.filter(**{f"{name}__in": ["" if c == "none" else c for c in chosen]})

    def narrow_due(self, queryset: QuerySet[Any], name: str, chosen: list[str]) -> QuerySet[Any]:
        """Due in any of the ways chosen."""
        return queryset & reduce(or_, [self.due_in(way) for way in chosen])

    def due_in(self, way: str) -> QuerySet[Any]:
        """All commitments that are due in one of the ways."""
        every: CommitmentQuerySet = Commitment.objects.all()
        ways: dict[str, Callable[[], QuerySet[Any]]] = {
            "overdue": lambda: every.overdue(self.today),
            "soon": lambda: every.due_soon(self.today),
            "window": lambda: every.in_window(self.today),
            "undated": every.undated,
        }
        return ways[way]()

    def narrow_stale(
        self, queryset: CommitmentQuerySet, name: str, chosen: list[str]
    ) -> QuerySet[Any]:
        """Live and untouched for long."""
        return queryset.stale(self.today)

    def narrow_due_from(self, queryset: QuerySet[Any], name: str, first: date) -> QuerySet[Any]:
        """The latest day is this one or later."""
        return queryset.filter(due_on__gte=first)

    def narrow_due_to(self, queryset: QuerySet[Any], name: str, last: date) -> QuerySet[Any]:
        """The latest day is this one or earlier."""
        return queryset.filter(due_on__lte=last)

    def narrow_obligor(
        self, queryset: QuerySet[Any], name: str, parties: list[Named]
    ) -> QuerySet[Any]:
        """Owed by any of these."""
        return queryset.filter(obligor__in=_ids(parties))

    def narrow_beneficiary(
        self, queryset: QuerySet[Any], name: str, parties: list[Named]
    ) -> QuerySet[Any]:
        """Owed to any of these."""
        owed = Commitment.beneficiaries.through.objects.filter(party__in=_ids(parties))
        return queryset.filter(pk__in=owed.values("commitment"))

    def narrow_owner(
        self, queryset: QuerySet[Any], name: str, owners: list[Named]
    ) -> QuerySet[Any]:
        """Followed up by any of these people, by the reader, or by nobody."""
        ids = _ids(owners)
        if any(owner.value == "me" for owner in owners):
            ids.append(self.reader.pk)
        wanted = Q(owner__in=ids)
        if any(owner.value == NO_OWNER for owner in owners):
            wanted |= self.ownerless()
        return queryset.filter(wanted)

    def ownerless(self) -> Q:
        """Without an owner, or with one who has left; as the querysets' `unowned`."""
        return Q(owner=None) | Q(owner__in=User.objects.filter(is_active=False))

    def narrow_topic(
        self, queryset: QuerySet[Any], name: str, topics: list[Named]
    ) -> QuerySet[Any]:
        """About any of these."""
        about = Commitment.topics.through.objects.filter(topic__in=_ids(topics))
        return queryset.filter(pk__in=about.values("commitment"))

    def narrow_document(
        self, queryset: QuerySet[Any], name: str, documents: list[Named]
    ) -> QuerySet[Any]:
        """Cited from any of these; the reader may see them, or they could not be named."""
        cited = Citation.objects.filter(document__in=_ids(documents), withdrawn_at=None)
        return queryset.filter(pk__in=cited.values("commitment"))


def _ids(things: Iterable[Named]) -> list[int]:
    return [int(thing.value) for thing in things if thing.value.isdecimal()]
