"""Forms that name a stretch of the calendar, over the symbols of vocabulary.py: "12 May 2019",
"the third quarter", "early March next year". What stands around them is in grammar.py.

A form is a function that takes tokens off a cursor and returns a `Period`, or None when the tokens
are something else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from commitments.deadlines import spans
from commitments.deadlines.spans import Made, Shape, Span, TwoMeaningsError
from commitments.deadlines.tokens import PARTS, Token
from tracker.fuzzy import Point, day_point

YEAR_TAKEN = "the year taken from the record’s date"
COUNTED = "counted from the record’s date"


@dataclass(frozen=True)
class YearRule:
    """Which years to try, given when the commitment was made; and the note to show for it.

    `missing`: the words give no year, so the first is meant in which the form has not ended
    before the commitment was made. `timeless`: the form has no year at all ("next month").
    """

    years: Callable[[Made], Sequence[int]]
    missing: bool = False
    timeless: bool = False
    note: str = ""


def stated(year: int) -> YearRule:
    """The year stands in the words."""
    return YearRule(lambda made: (year,))


def relative_year(later: int) -> YearRule:
    """This year, next year."""
    return YearRule(lambda made: (made.month().year + later,), note=YEAR_TAKEN)


# The year before counts too ("November to January", said in January), and after 29 February
# there may be none for eight years.
MISSING_YEAR = YearRule(
    lambda made: range(made.month().year - 1, made.month().year + 9), missing=True, note=YEAR_TAKEN
)
TIMELESS = YearRule(lambda made: (0,), timeless=True, note=COUNTED)


@dataclass(frozen=True)
class Period:
    """A form once read: `build` gives its span for a date of making and a year, or raises
    ValueError (the calendar has no such day) or NotPreciseError."""

    unit: str
    build: Callable[[Made, int], Span]
    rule: YearRule
    weekday: int | None = None

    def shaped(self, shape: Shape) -> "Period":
        """The same with words in front."""
        return replace(self, build=lambda made, year: shape(self.build(made, year)))


class Cursor:
    """Tokens taken from the left; a form that fails is put back by `first_of`."""

    def __init__(self, tokens: Sequence[Token], *, month_first: bool) -> None:
        self.tokens = tokens
        self.at = 0
        self.month_first = month_first

    def take(self, *kinds: str) -> Token | None:
        """The next token if it is one of these kinds."""
        if self.done or self.tokens[self.at].kind not in kinds:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def take_number(self, *kinds: str, most: int) -> int | None:
        """The number of the next token if it is of these kinds and within 1 to `most`."""
        if self.done or not 1 <= self.tokens[self.at].number <= most:
            return None
        token = self.take(*kinds)
        return token.number if token else None

    @property
    def done(self) -> bool:
        return self.at == len(self.tokens)


Form = Callable[[Cursor], Period | None]


def first_of(cursor: Cursor, forms: Iterable[Form], *, whole: bool = False) -> Period | None:
    """What the first fitting form makes of it; with `whole`, only a form that takes everything."""
    start = cursor.at
    for form in forms:
        cursor.at = start
        period = form(cursor)
        if period and (cursor.done or not whole):
            return period
    cursor.at = start
    return None


# Years


def year_rule(cursor: Cursor) -> YearRule:
    """[of] 2022, of the year 2022, of this year, of the year, next year; or no year."""
    start = cursor.at
    which = cursor.take("this", "next")
    word = cursor.take("year")
    which = which or (cursor.take("this", "next") if word else None)
    if not which and (year := cursor.take("y")):
        return stated(year.number)
    if word:
        return relative_year(1 if which and which.kind == "next" else 0)
    cursor.at = start
    return MISSING_YEAR


# Periods


def named_day(cursor: Cursor) -> Period | None:
    """12 May 2019, the 12th of May, le 12 mai prochain"""
    coming = cursor.take("next")
    day = cursor.take_number("n", "o", most=31)
    month = cursor.take("m")
    if not (day and month):
        return None
    rule = year_rule(cursor)
    if rule.missing and not coming:
        cursor.take("next")
    return day_of(day, month.number, rule) if rule.missing or not coming else None


def named_day_month_first(cursor: Cursor) -> Period | None:
    """May 12, May 12th, 2019; but "May 22" may well be May 2022, if that is near"""
    month = cursor.take("m") if cursor.month_first else None
    ordered = cursor.at < len(cursor.tokens) and cursor.tokens[cursor.at].kind == "o"
    day = cursor.take_number("n", "o", most=31)
    if not (day and month):
        return None
    rule = year_rule(cursor)
    period = day_of(day, month.number, rule)
    if ordered or not rule.missing:
        return period
    return replace(period, rule=replace(rule, years=lambda made: _unless_a_year(day, rule, made)))


def _unless_a_year(day: int, rule: YearRule, made: Made) -> Sequence[int]:
    if made.month().year - 1 <= 2000 + day <= made.month().year + 4:
        raise TwoMeaningsError
    return rule.years(made)


def day_of(day: int, month: int, rule: YearRule) -> Period:
    """A day of a month, in the year the rule gives."""
    return Period("day", lambda made, year: spans.one(Point(year, month, day)), rule)


def half_of_month(cursor: Cursor) -> Period | None:
    """the first half of March, première quinzaine de mars"""
    number = cursor.take_number("o", most=2)
    half = cursor.take("half", "fortnight")
    cursor.take("month")
    month = cursor.take("m")
    if not (number and half and month):
        return None
    rule = year_rule(cursor)
    return Period(
        "fortnight",
        lambda made, year: spans.half_of_month(year, month.number, number),
        rule,
    )


def named_month(cursor: Cursor) -> Period | None:
    """March, March 2019, the month of March next year, next March"""
    coming = cursor.take("next")
    cursor.take("month")
    month = cursor.take("m")
    if not month:
        return None
    rule = year_rule(cursor)
    if rule.missing and (coming or cursor.take("next")):
        rule = _next_named(month.number)
    elif coming:
        return None
    return Period("month", lambda made, year: spans.one(Point(year, month.number)), rule)


def _next_named(month: int) -> YearRule:
    """Next March, said in April or in March, is next year's; said before, people differ."""

    def years(made: Made) -> Sequence[int]:
        if month > made.month().month:
            raise TwoMeaningsError
        return (made.month().year + 1,)

    return YearRule(years, note=YEAR_TAKEN)


def week_of_day(cursor: Cursor) -> Period | None:
    """the week of 12 May, la semaine du 12 mai, die Woche vom 12. Mai"""
    week = cursor.take("week")
    cursor.take("from")
    day = first_of(cursor, (named_day, named_day_month_first)) if week else None
    return replace(day.shaped(_its_week), unit="week") if day else None


def _its_week(span: Span) -> Span:
    return spans.week_of(span.named_until)


def quarter(cursor: Cursor) -> Period | None:
    """Q3 2022, 2022 Q3, the third quarter of 2022, Quartal 3"""
    return _months(cursor, "q", "quarter", "quarter", 3)


def half_year(cursor: Cursor) -> Period | None:
    """H1 2022, the first half of 2022, premier semestre"""
    return _months(cursor, "h", "half", "semester", 6)


def _months(cursor: Cursor, code: str, name: str, unit: str, length: int) -> Period | None:
    before = cursor.take("y")
    number = _which_of_year(cursor, code, (name, unit), 12 // length)
    if not number:
        return None
    rule = stated(before.number) if before else year_rule(cursor)
    return Period(
        unit,
        lambda made, year: spans.months(Point(year, 1 + (number - 1) * length), length),
        rule,
    )


def _which_of_year(cursor: Cursor, code: str, names: Sequence[str], most: int) -> int | None:
    coded = cursor.take(code)
    if coded:
        return coded.number
    order = cursor.take_number("o", most=most)
    if not cursor.take(*names):
        return None
    return order or cursor.take_number("n", most=most)


def whole_year(cursor: Cursor) -> Period | None:
    """2022, the year 2022"""
    cursor.take("year")
    year = cursor.take("y")
    if not year:
        return None
    return Period("year", lambda made, number: spans.one(Point(number)), stated(year.number))


def this_or_next(cursor: Cursor) -> Period | None:
    """this month, next year, the current quarter, le mois prochain"""
    which = cursor.take("this", "next")
    unit = cursor.take(*RELATIVE_UNITS)
    which = which or cursor.take("this", "next")
    if not (which and unit) or (unit.number and which.kind == "next"):
        return None
    return _relative(unit.kind, 1 if which.kind == "next" else 0)


def a_day_near(cursor: Cursor) -> Period | None:
    """today, tomorrow"""
    word = cursor.take("today", "tomorrow")
    if not word:
        return None
    return _relative("day", 1 if word.kind == "tomorrow" else 0)


def bare_unit(cursor: Cursor) -> Period | None:
    """(the end of) the month, the year: the one the record was made in"""
    unit = cursor.take(*RELATIVE_UNITS)
    return _relative(unit.kind, 0) if unit and not unit.number else None


def bare_year(cursor: Cursor) -> Period | None:
    """(in the course of) the year"""
    return _relative("year", 0) if cursor.take("year") else None


RELATIVE_UNITS = ("week", "month", "quarter", "semester", "year")
_MONTHS_IN = {"quarter": 3, "semester": 6}


def _relative(unit: str, later: int) -> Period:
    return Period(unit, lambda made, year: unit_of(unit, later, made), TIMELESS)


def unit_of(unit: str, later: int, made: Made) -> Span:
    """The day, week, month, quarter, half or year of a date, or so many later."""
    if unit == "day":
        return spans.one(day_point(made.day()).moved(later))
    if unit == "week":
        return spans.week_of(made.day() + timedelta(weeks=later))
    month = made.month()
    if unit == "month":
        return spans.one(spans.month_point(month, later))
    if unit == "year":
        return spans.one(Point(month.year + later))
    length = _MONTHS_IN[unit]
    first = spans.month_point(month, -((month.month - 1) % length) + later * length)
    return spans.months(first, length)


PERIOD_FORMS: tuple[Form, ...] = (
    named_day,
    named_day_month_first,
    week_of_day,
    half_of_month,
    named_month,
    quarter,
    half_year,
    whole_year,
    this_or_next,
    a_day_near,
)


# Parts of periods


def part_of(part: str, period: Period) -> Period | None:
    """The early, middle or late part of a period; None when it has no such part."""
    if period.unit not in spans.PARTED_UNITS:
        return None
    return period.shaped(lambda span: spans.part_of(part, span))


def named_stretch(cursor: Cursor) -> Period | None:
    """A period, or a part of one: May, early May, the end of next year"""
    part = cursor.take(*PARTS)
    if not part:
        return first_of(cursor, PERIOD_FORMS)
    period = first_of(cursor, (*PERIOD_FORMS, bare_unit))
    return part_of(part.kind, period) if period else None
