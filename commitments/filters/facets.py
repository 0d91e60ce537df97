"""The filter column: what there is to choose, what is chosen, and how many there are of each.

The counts of a filter are taken with every other filter applied and itself left out: a number is
what one would see by choosing it alone. They come as a second fragment, for they read the whole
list.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast

from commitments.filters.commitment import DUE, MEANS, NO_OWNER, NOT_ASSESSED, CommitmentFilter
from commitments.filters.counting import tally
from commitments.filters.fields import AnyOf
from commitments.filters.named import LISTED, Named
from commitments.models import Citation

MOST_OBLIGORS = 6


@dataclass(frozen=True)
class Option:
    """One thing to tick; `count` is None as long as nobody counted."""

    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Facet:
    """One filter of the column.

    `typed` are the words given that name nothing or too much; `asks` says whether there is more
    than is listed, to be given in words.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    errors: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    asks: bool = False

    @property
    def id(self) -> str:
        """The id under which the summary of errors finds it."""
        return f"id_{self.name}"

    @property
    def used(self) -> bool:
        """Whether something is chosen in it, or wrong."""
        return bool(self.errors or any(option.chosen for option in self.options))


@dataclass(frozen=True)
class Numbers:
    """How many commitments each choice would show, and who owes most of them."""

    of: dict[tuple[str, str], int] = field(default_factory=dict)
    obligors: list[Named] = field(default_factory=list)
    lists: dict[str, int] = field(default_factory=dict)
    counted: bool = False

    def count(self, name: str, value: str) -> int | None:
        """The number for one choice; None for what nobody counted."""
        return self.of.get((name, value), 0) if self.counted and name in COUNTED else None


CUBE = ("state", "verdict", "kind", "owner")
COUNTED = ("state", "verdict", "due", "owner", "kind", "obligor", "document")
NOT_COUNTED = Numbers()


def facet(filters: CommitmentFilter, name: str, numbers: Numbers = NOT_COUNTED) -> Facet:
    """One filter as it is shown."""
    form_field = filters.form.fields[name]
    errors = [str(error) for error in filters.errors.get(name, [])]
    if isinstance(form_field, AnyOf):
        chosen = set(filters.chosen(name))
        things = [Named(value, label) for value, label in form_field.choices.items()]
        typed: list[str] = []
        asks = False
    else:
        named, typed = filters.resolved(name)
        chosen = {thing.value for thing in named}
        things = _listed(filters, name, named, numbers)
        asks = filters.catalogue.has_more(name)
    options = tuple(
        Option(thing.value, thing.label, thing.value in chosen, numbers.count(name, thing.value))
        for thing in things
    )
    return Facet(name, str(form_field.label), options, errors, typed, asks)


def _listed(
    filters: CommitmentFilter, name: str, chosen: list[Named], numbers: Numbers
) -> list[Named]:
    """What is chosen, and the first of what could be."""
    shown = [*filters.special(name), *chosen, *filters.catalogue.listed.get(name, [])[:LISTED]]
    if name == "obligor":
        shown += numbers.obligors
    myself = str(filters.reader.pk) if name == "owner" else ""
    return [*{thing.value: thing for thing in shown if thing.value != myself}.values()]


def count(filters: CommitmentFilter, also: Mapping[str, QuerySet[Any]]) -> Numbers:
    """Count every choice of the small filters and the lists given, in three queries.

    The ways to be due overlap; they are counted along their indexes and up to the cap, as the
    lists are.
    """
    due = filters.narrowed(without=("due",))
    ways = {way: due & filters.due_in(way) for way, _ in DUE}
    lengths = tally(filters.reader, {**ways, **also})
    of = _cubed(filters)
    of |= {("due", way): lengths[way] for way in ways}
    obligors, named = _owing_and_cited(filters)
    return Numbers(of | named, obligors, {name: lengths[name] for name in also}, counted=True)


def _cubed(filters: CommitmentFilter) -> dict[tuple[str, str], int]:
    """The counts of the filters over the commitment's own columns, from one grouped query.

    It is grouped by all of them and cut down by none; what is chosen in the others is applied to
    the groups here, so that one reading of the list serves every filter.
    """
    groups = (
        filters.narrowed(without=CUBE)
        .order_by()
        .values_list("state", "verdict", "kind", "owner_id", "owner__is_active")
        .annotate(opened=Count("reference"), number=Count("pk"))
    )
    of: Counter[tuple[str, str]] = Counter()
    chosen = {name: set(filters.chosen(name)) for name in CUBE}
    for state, verdict, kind, owner, active, opened, number in groups:
        values = {
            "state": _with_parents(state),
            "verdict": {verdict or NOT_ASSESSED[0]},
            "kind": _with_parents(kind),
            "owner": _owner_values(owner, active, filters.reader.pk),
        }
        missed = [name for name in CUBE if chosen[name] and not chosen[name] & values[name]]
        for name in CUBE:
            if missed in ([], [name]):
                everything = name == "state" or chosen["state"]
                for value in values[name]:
                    of[name, value] += number if everything else opened
    return dict(of)


def _with_parents(value: str) -> set[str]:
    """A value and the wider choices it falls under."""
    return {value, *(wider for wider, values in MEANS.items() if value in values)}


def _owner_values(owner: int | None, active: bool | None, reader: int) -> set[str]:
    """The choices of the owner filter that a row falls under."""
    values = {NO_OWNER} if owner is None or not active else set()
    values |= {"me"} if owner == reader else set()
    return values | ({str(owner)} if owner else set())


def _owing_and_cited(
    filters: CommitmentFilter,
) -> tuple[list[Named], dict[tuple[str, str], int]]:
    """The obligors who owe most, and the numbers of each obligor and of each document shown."""
    documents, _ = filters.resolved("document")
    documents = [*documents, *filters.catalogue.listed.get("document", [])]
    owed = filters.narrowed(without=("obligor",)).exclude(obligor=None)
    listed = filters.narrowed(without=("document",)).order_by()
    cited = Citation.objects.filter(
        Exists(listed.filter(pk=OuterRef("commitment"))),
        document__in=[int(document.value) for document in documents],
        withdrawn_at=None,
    )
    name = Cast("obligor__name", CharField())
    groups = _grouped(owed, "obligor_id", name, Count("pk")).union(
        _grouped(cited, "document_id", Value(""), Count("commitment", distinct=True)), all=True
    )
    ranked = sorted(groups, key=lambda group: (-group[2], group[1]))
    most = [Named(str(pk), label) for pk, label, _ in ranked if label][:MOST_OBLIGORS]
    return most, {
        ("obligor" if label else "document", str(pk)): number for pk, label, number in ranked
    }


def _grouped(rows: QuerySet[Any], by: str, label: Any, number: Count) -> QuerySet[Any]:
    """So many for each: (id, label, number)."""
    keys = rows.order_by().annotate(key=F(by), label=Cast(label, CharField()))
    return keys.values("key", "label").annotate(number=number).values_list("key", "label", "number")
