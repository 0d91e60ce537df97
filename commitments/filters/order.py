"""The orders of the register, and how a page of one is read without sorting the whole table.

An order is a row of segments: the overdue and dated ones first, then those to be reviewed, then
the settled ones. Each segment can be read along an index. As long as everything that is asked for
fits under the count's cap, one sorted query serves; beyond it the segments are counted, and only
those are read that the page lies in. Both ways give the same rows in the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateField, F, IntegerField, OrderBy, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf

from commitments.workflow import LIVE, State, Verdict

MOST_QUERIES = 4
DEFAULT = "next"


@dataclass(frozen=True)
class Key:
    """One sort key: an expression, and whether it can be missing (missing ones come last)."""

    by: Any
    nullable: bool = False

    def ordered(self, reverse: bool) -> OrderBy:
        """The key as Django takes it; `nulls last` only where it is needed, for no index has it."""
        by = F(self.by) if isinstance(self.by, str) else self.by
        nulls = {"nulls_last": True} if self.nullable else {}
        return by.desc(**nulls) if reverse else by.asc(**nulls)


@dataclass(frozen=True)
class Segment:
    """A part of the list and the keys that order it; `last` stays behind when turned round."""

    where: Q
    keys: tuple[Key, ...]
    last: bool = False


@dataclass(frozen=True)
class Order:
    """A way to sort: `keys` order each segment just as its own shorter keys do."""

    segments: tuple[Segment, ...]
    keys: tuple[Key, ...]
    reverse: bool = False

    def turned(self) -> "Order":
        """The same the other way round; what has no value stays last."""
        kept = [segment for segment in self.segments if not segment.last]
        last = [segment for segment in self.segments if segment.last]
        return Order((*reversed(kept), *last), self.keys, reverse=True)

    def part(self, queryset: QuerySet[Any], number: int) -> QuerySet[Any]:
        """One segment in its order."""
        segment = self.segments[number]
        return queryset.filter(segment.where).order_by(*self._ordered(segment.keys))

    def whole(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Everything in one sorted query: right for any size, quick for a small one."""
        keys = self._ordered(self.keys)
        if len(self.segments) == 1:
            return queryset.order_by(*keys)
        cases = [When(segment.where, then=Value(n)) for n, segment in enumerate(self.segments)]
        rank = Case(*cases, default=Value(len(cases)), output_field=IntegerField())
        return queryset.order_by(rank.asc(), *keys)

    def _ordered(self, keys: Sequence[Key]) -> list[OrderBy]:
        return [key.ordered(self.reverse) for key in keys]


# In these words an embedded database, too, sees that its index on live ones will do.
PURSUED = Q(state__in=LIVE) & ~Q(state=State.REPORTED)
ID = Key("id")
DUE, REVIEW = Key("due_on"), Key("review_on", nullable=True)
DATED, UNDATED = Q(due_on__isnull=False), Q(due_on__isnull=True)
# A reading nobody stands by is no date to go by yet: its review date is.
FIRM, VAGUE = DATED & Q(due_confirmed=True), UNDATED | Q(due_confirmed=False)
FIRM_DUE = Case(When(FIRM, then=F("due_on")), output_field=DateField())
VAGUE_REVIEW = Case(When(VAGUE, then=F("review_on")), output_field=DateField())
BY_DATE = (Key(FIRM_DUE, nullable=True), Key(VAGUE_REVIEW, nullable=True), ID)
UNDATED_REVIEW = Case(When(UNDATED, then=F("review_on")), output_field=DateField())
OWNER = Coalesce(NullIf("owner__first_name", Value("")), "owner__username")


def _firm_then_vague(where: Q) -> tuple[Segment, Segment]:
    """By latest day, then what has none to go by in the order of its review date."""
    return Segment(where & FIRM, (DUE, ID)), Segment(where & VAGUE, (REVIEW, ID))


def _known_first(field: str, by: Any) -> Order:
    """By one column; what has none comes last, whichever way round."""
    keys = (Key(by), ID)
    known, missing = Q(**{f"{field}__isnull": False}), Q(**{f"{field}__isnull": True})
    order = (Segment(known, keys), Segment(missing, (ID,), last=True))
    return Order(order, (Key(by, nullable=True), ID))


def _by_state(states: Sequence[str]) -> Order:
    """By state; candidates, which have not entered the register, come last."""
    parts = [part for state in states for part in _firm_then_vague(Q(state=state))]
    return Order((*parts, *_firm_then_vague(Q(state=State.CANDIDATE))), BY_DATE)


def _by_verdict(verdicts: Sequence[str]) -> Order:
    """By verdict; what has none comes last. Only what is closed has one, and that is indexed."""
    closed = Q(state=State.CLOSED)
    parts = [part for one in verdicts for part in _firm_then_vague(closed & Q(verdict=one))]
    return Order((*parts, *_firm_then_vague(Q(verdict=""))), BY_DATE)


def _by_obligor() -> Order:
    """By the obligor's name; the first segment can be read along the index on current names."""
    keys = (Key("obligor__name"), ID)
    current = Q(obligor__name__gt="", obligor__merged_into=None)
    merged = Q(obligor__name__gt="", obligor__merged_into__isnull=False)
    nobody = Segment(Q(obligor=None), (ID,), last=True)
    segments = (Segment(current, keys), Segment(merged, keys, last=True), nobody)
    return Order(segments, (Key("obligor__name", nullable=True), ID))


STATES = [state for state in State.values if state != State.CANDIDATE]
FORWARD: dict[str, Order] = {
    # Overdue first, then by latest day, then by review date; what is reported, then settled, last.
    DEFAULT: Order(
        (
            *_firm_then_vague(PURSUED),
            *_firm_then_vague(Q(state=State.REPORTED)),
            *_firm_then_vague(Q(state=State.CANDIDATE)),
            *_firm_then_vague(Q(state=State.CLOSED)),
            *_firm_then_vague(Q(state=State.DISMISSED)),
        ),
        BY_DATE,
    ),
    "reference": _known_first("reference", "reference"),
    "title": Order((Segment(Q(), (Key("title"), ID)),), (Key("title"), ID)),
    "obligor": _by_obligor(),
    "due": Order(
        (Segment(DATED, (DUE, ID)), Segment(UNDATED, (REVIEW, ID), last=True)),
        (Key("due_on", nullable=True), Key(UNDATED_REVIEW, nullable=True), ID),
    ),
    "state": _by_state(STATES),
    "verdict": _by_verdict(Verdict.values),
    "owner": _known_first("owner", OWNER),
}
BACKWARD: dict[str, Order] = {
    "-reference": FORWARD["reference"].turned(),
    "-title": FORWARD["title"].turned(),
    "-obligor": FORWARD["obligor"].turned(),
    "-due": FORWARD["due"].turned(),
    "-state": _by_state(STATES[::-1]),
    "-verdict": _by_verdict(Verdict.values[::-1]),
    "-owner": FORWARD["owner"].turned(),
}
ORDERS = FORWARD | BACKWARD


def page_of(
    queryset: QuerySet[Any], order: Order, *, start: int, length: int, most: int = MOST_QUERIES
) -> list[Any]:
    """The rows `start` to `start + length`.

    Most pages of a long list lie in its first segment, so that is read at once; where it ends
    before the page does, the next one is. After `most` queries the list is sorted after all; 0
    for a list so short that sorting it costs nothing.
    """
    begin, asked = start, 0
    found: list[Any] = []
    segments = iter(range(len(order.segments) if len(order.segments) > 1 else 0))
    while asked < most and (number := next(segments, None)) is not None:
        part = order.part(queryset, number)
        rows = list(part[start : start + length - len(found)])
        found += rows
        asked += 1
        if len(found) == length:
            return found
        if rows:
            start = 0
        elif start and asked < most:
            start -= part.order_by()[:start].count()
            asked += 1
    return list(order.whole(queryset)[begin : begin + length])
