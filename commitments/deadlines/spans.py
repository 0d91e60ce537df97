"""Stretches of the calendar: what a form means once its year is known, and what the words around
it ("by", "before", "early") make of that.

ISO 8601-2 counts a year as two halves, three thirds or four quarters; "early", "mid" and "late"
are read as such thirds: of a year (four months each), a half (two), a quarter (one), and of a
month the days 1–10, 11–20 and from 21 on. The side of a third that the calendar does not fix is
marked as approximate. The thirds lie on the generous side on purpose: nobody is called late while
the words still allow it.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.fuzzy import Point, day_point, parse


class NotPreciseError(Exception):
    """The form needs a sharper date of the record than there is."""


class TwoMeaningsError(Exception):
    """The words mean two different dates, and nothing tells which."""


@dataclass(frozen=True)
class Span:
    """From `first` to `last` (None: open). `named_until` is the last day of what was named:
    in "after May" the 31st of May, though the span itself is open."""

    first: Point | None
    last: Point | None
    named_until: date

    def starts_after(self, other: "Span") -> bool:
        """Whether it begins only when the other is over."""
        return bool(self.first and other.last and self.first.earliest > other.last.latest)

    def up_to(self, other: "Span") -> "Span":
        """From its own beginning to the end of the other; raises ValueError if that runs back."""
        if self.starts_after(other):
            raise ValueError("It ends before it begins.")
        return Span(self.first, other.last, other.named_until)

    def ended_before(self, day: date) -> bool:
        """Whether all of it, or of what it was told from, had passed by then."""
        passed = self.named_until < day
        return passed or (self.last is not None and self.last.latest < day)


@dataclass(frozen=True)
class Made:
    """When the commitment was made, as far as known."""

    earliest: date | None
    latest: date | None
    approximate: bool

    @classmethod
    def on(cls, edtf: str) -> "Made":
        """Raises ValueError when it is not an EDTF date of tracker/fuzzy.py."""
        fuzzy = parse(edtf)
        return cls(fuzzy.earliest, fuzzy.latest, fuzzy.approximate)

    def day(self) -> date:
        """Raises NotPreciseError unless the day is known."""
        if self.earliest is None or self.earliest != self.latest:
            raise NotPreciseError
        return self.earliest

    def month(self) -> date:
        """The first day it may have been, if the month is known; else raises NotPreciseError."""
        first, last = self.earliest, self.latest
        if first is None or last is None or (first.year, first.month) != (last.year, last.month):
            raise NotPreciseError
        return first

    def point(self) -> Point:
        """The day if it is known, else the month; raises NotPreciseError when neither is."""
        month = self.month()
        return day_point(month) if self.earliest == self.latest else month_point(month, 0)


def month_point(day: date, later: int) -> Point:
    """The month of a day, or so many months later."""
    return Point(day.year, day.month).moved(later)


# Stretches by name


def of_points(first: Point, last: Point) -> Span:
    """From one point to another, both included."""
    return Span(first, last, last.latest)


def one(point: Point) -> Span:
    """A year, a month or a day by itself."""
    return of_points(point, point)


def months(first: Point, count: int) -> Span:
    """So many whole months from a month on."""
    return of_points(first, first.moved(count - 1))


def week_of(day: date) -> Span:
    """The ISO week of a day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return of_points(day_point(monday), day_point(monday + timedelta(days=6)))


def half_of_month(year: int, month: int, number: int) -> Span:
    """Days 1 to 15, or 16 to the end."""
    last = 15 if number == 1 else calendar.monthrange(year, month)[1]
    return of_points(Point(year, month, 1 if number == 1 else 16), Point(year, month, last))


# What "within" and "in" count from

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
COUNTED_UNITS = (*_DAYS, *_MONTHS)


def counted_on(start: Point, count: int, unit: str) -> Point:
    """So many units after a day or a month. The 31st becomes the last day of a shorter month.

    Raises NotPreciseError when days or weeks are counted from a whole month, ValueError beyond
    the year 9999.
    """
    if unit in _DAYS:
        if start.day is None:
            raise NotPreciseError
        return start.moved(count * _DAYS[unit])
    month = Point(start.year, start.month).moved(count * _MONTHS[unit])
    if start.day is None:
        return month
    return day_point(date(month.year, month.month or 1, min(start.day, month.latest.day)))


# What the words in front make of a stretch

Shape = Callable[[Span], Span]


def as_it_is(span: Span) -> Span:
    """in May, on 12 May, during 2022"""
    return span


def until_end(span: Span) -> Span:
    """by May, until May"""
    return Span(None, span.last, span.named_until)


def before_start(span: Span) -> Span:
    """before May: until the day, month or year before it, whichever it was told in"""
    return Span(None, span.first.moved(-1) if span.first else None, span.named_until)


def after_end(span: Span) -> Span:
    """after May: from the next one on"""
    return Span(span.last.moved(1) if span.last else None, None, span.named_until)


def from_start(span: Span) -> Span:
    """from May"""
    return Span(span.first, None, span.named_until)


def about(span: Span) -> Span:
    """about May: the same bounds, marked"""
    return Span(
        span.first.about() if span.first else None,
        span.last.about() if span.last else None,
        span.named_until,
    )


# Parts of a stretch

_THIRD = {"early": 0, "start": 0, "mid": 1, "late": 2, "end": 2}
PARTED_UNITS = ("month", "quarter", "semester", "year")


def part_of(part: str, span: Span) -> Span:
    """The early, middle or late third of whole months; "end" has the last day for its last."""
    first, count = _whole_months(span)
    third = _THIRD[part]
    if count == 1:
        begin, end = _ten_days(first, third)
    else:
        begin = first.moved(third * count // 3)
        end = begin.moved(count // 3 - 1)
    if part == "end":
        end = day_point(end.latest)
    return _blurred(begin, end, third)


def _whole_months(span: Span) -> tuple[Point, int]:
    if span.first is None or span.last is None:
        raise ValueError("An open stretch has no parts.")
    first, last = span.first.earliest, span.last.latest
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return Point(first.year, first.month), count


def _ten_days(month: Point, third: int) -> tuple[Point, Point]:
    first = day_point(month.earliest).moved(10 * third)
    return first, first.moved(9) if third < 2 else day_point(month.latest)


def _blurred(begin: Point, end: Point, third: int) -> Span:
    """Only the outer sides of the first and the last third are sharp."""
    if begin == end:
        return one(begin.about())
    return of_points(
        begin.about() if third > 0 else begin,
        end.about() if third < 2 else end,
    )
