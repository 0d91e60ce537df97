"""The closed list of forms a deadline may have, over the symbols of vocabulary.py.

A wording is read only if one form takes all of it: dates are never searched for inside prose.
"""

from collections.abc import Sequence
from dataclasses import replace

from commitments.deadlines import spans
from commitments.deadlines.periods import (
    PERIOD_FORMS,
    RELATIVE_UNITS,
    TIMELESS,
    Cursor,
    Form,
    Period,
    a_day_near,
    bare_unit,
    bare_year,
    day_of,
    first_of,
    named_day,
    named_day_month_first,
    named_stretch,
    part_of,
    unit_of,
    year_rule,
)
from commitments.deadlines.spans import Made, Shape, Span
from commitments.deadlines.tokens import PARTS, Token
from tracker.fuzzy import Point

SHAPES: dict[str, Shape] = {
    "in": spans.as_it_is,
    "on": spans.as_it_is,
    "at": spans.as_it_is,
    "during": spans.as_it_is,
    "within": spans.as_it_is,
    "by": spans.until_end,
    "until": spans.until_end,
    "till": spans.until_end,
    "before": spans.before_start,
    "after": spans.after_end,
    "from": spans.from_start,
}
# "At the latest" and "at the earliest", and the words in front they go with
_BOUNDS = {
    "latest": ("", "in", "on", "at", "during", "by", "until", "till", "before"),
    "earliest": ("", "in", "on", "at", "during", "from"),
}


# One stretch


def on_one_stretch(cursor: Cursor) -> Period | None:
    """in March, by the end of September, no later than Friday 12 May 2019, after about May"""
    bound = cursor.take(*_BOUNDS)
    near = cursor.take("about")
    word = cursor.take(*SHAPES)
    bound = bound or cursor.take(*_BOUNDS)
    near = near or cursor.take("about")
    weekday = cursor.take("w")
    part = cursor.take(*PARTS)
    kind = word.kind if word else ""
    period = first_of(cursor, (*PERIOD_FORMS, *_bare_forms(kind, part)))
    bound = bound or cursor.take(*_BOUNDS)
    if kind == "from":
        cursor.take("on")
    shape = _shape(kind, bound, part)
    if not (period and shape and _agree(kind, part, weekday, period)):
        return None
    return _put_together(period, shape, part, near=near, weekday=weekday)


def _agree(kind: str, part: Token | None, weekday: Token | None, period: Period) -> bool:
    """A weekday needs a day; and four figures after "at" or "on" may be a time, not a year."""
    if weekday:
        return period.unit == "day" and not part
    return part is not None or period.unit != "year" or kind not in ("at", "on")


def _bare_forms(kind: str, part: Token | None) -> tuple[Form, ...]:
    if part:
        return (bare_unit,)
    return (bare_year,) if kind == "during" else ()


def _shape(kind: str, bound: Token | None, part: Token | None) -> Shape | None:
    """What the word in front and "at the latest" make together; None when they contradict."""
    if bound and kind not in _BOUNDS[bound.kind]:
        return None
    if bound == Token("earliest"):
        return spans.from_start
    if kind == "before":
        # Before the end of May the last day of May is not too late.
        return spans.until_end if part == Token("end") else spans.before_start
    return spans.until_end if bound else SHAPES[kind or "in"]


def _put_together(
    period: Period, shape: Shape, part: Token | None, *, near: Token | None, weekday: Token | None
) -> Period | None:
    parted = part_of(part.kind, period) if part else period
    if part and part.kind == "end" and period.unit == "week":
        # A week has no agreed thirds, but it has an end to be done by.
        parted = period if shape in (spans.as_it_is, spans.until_end) else None
        shape = spans.until_end
    if not parted:
        return None
    placed = (parted.shaped(spans.about) if near else parted).shaped(shape)
    return replace(placed, weekday=weekday.number if weekday else None)


# From one to another


def within_one_month(cursor: Cursor) -> Period | None:
    """4 to 6 March 2019, between the 4th and the 6th of March; in English also March 4-6, 2019"""
    between = _range_opening(cursor)
    month = cursor.take("m") if cursor.month_first else None
    first = cursor.take_number("n", "o", most=31)
    last = cursor.take_number("n", "o", most=31) if _joined(cursor, between) else None
    month = month or cursor.take("m")
    if not (first and last and month):
        return None
    rule = year_rule(cursor)
    return _range(day_of(first, month.number, rule), day_of(last, month.number, rule))


def between_two(cursor: Cursor) -> Period | None:
    """from March to May, between 4 March and 26 May 2019, in April or May, Q1-Q2 2022"""
    between = _range_opening(cursor)
    first = named_stretch(cursor)
    if not (first and _joined(cursor, between)):
        return None
    last = named_stretch(cursor)
    return _range(first, last) if last else None


def between_parts(cursor: Cursor) -> Period | None:
    """early to mid-May, Anfang bis Mitte Mai"""
    between = _range_opening(cursor)
    first = cursor.take(*PARTS)
    last = cursor.take(*PARTS) if _joined(cursor, between) else None
    period = first_of(cursor, (*PERIOD_FORMS, bare_unit))
    if not (first and last and period):
        return None
    begin, end = part_of(first.kind, period), part_of(last.kind, period)
    return _range(begin, end) if begin and end else None


def _range_opening(cursor: Cursor) -> bool:
    opening = cursor.take("between", "from", "in", "on", "at", "during")
    return opening is not None and opening.kind == "between"


def _joined(cursor: Cursor, between: bool) -> bool:
    joined = cursor.take("and") if between else cursor.take("to", "at", "or", "until")
    cursor.take("in", "on", "at", "during")
    return joined is not None


def _range(first: Period, last: Period) -> Period:
    """From the beginning of one period to the end of another. A year given with only one of the
    two holds for the other as well, or the neighbouring year where the range would run backwards.
    """
    led_by_last = first.rule.missing or first.rule.timeless
    lead = last if led_by_last else first

    def build(made: Made, year: int) -> Span:
        ours = lead.rule.missing or last.rule.missing or led_by_last
        end = last.build(made, year if ours else last.rule.years(made)[0])
        begin = first.build(made, year)
        if begin.starts_after(end) and first.rule.missing and not last.rule.missing:
            begin = first.build(made, year - 1)
        elif begin.starts_after(end) and last.rule.missing:
            end = last.build(made, year + 1)
        return begin.up_to(end)

    notes = (last.rule.note, first.rule.note)
    return Period("range", build, replace(lead.rule, note=next(filter(None, notes), "")))


# Counted from the record's date, or from a day


def within_a_time(cursor: Cursor) -> Period | None:
    """within two weeks, in the next three months, within 30 days of 12 May 2019"""
    opening = cursor.take("within", "till", "in", "during", "at", "by", "latest")
    ahead = cursor.take("next", "coming")
    count = cursor.take_number("n", "c", most=999)
    ahead = ahead or cursor.take("next", "coming")
    unit = cursor.take(*spans.COUNTED_UNITS)
    if not unit:
        return None
    anchor = _anchor(cursor)
    cursor.take("latest")
    kind = opening.kind if opening else ""
    inside = kind in ("within", "till")
    if inside and (ahead, unit.number) == (Token("next"), 0):
        count = count or 1
    if not (count and (inside or ahead or _limits(kind, anchor))):
        return None
    return _from_then_on(count, unit.kind, anchor)


def _limits(kind: str, anchor: Period | None) -> bool:
    """ "By two weeks" alone says by how much, not by when."""
    return anchor is not None and kind in ("by", "latest")


def _anchor(cursor: Cursor) -> Period | None:
    """of 12 May, from today; the cursor stays where it is if there is none"""
    start = cursor.at
    if cursor.take("of", "from", "after"):
        day = first_of(cursor, (named_day, named_day_month_first, a_day_near))
        if day:
            return day
    cursor.at = start
    return None


def _from_then_on(count: int, unit: str, anchor: Period | None) -> Period:
    def build(made: Made, year: int) -> Span:
        begin = _counted_from(anchor, made, year)
        return spans.of_points(begin, spans.counted_on(begin, count, unit))

    return Period("count", build, anchor.rule if anchor else TIMELESS)


def _counted_from(anchor: Period | None, made: Made, year: int) -> Point:
    first = anchor.build(made, year).first if anchor else made.point()
    if first is None:
        raise ValueError("There is nothing to count from.")
    return first


def after_a_time(cursor: Cursor) -> Period | None:
    """in two weeks: that calendar week; in three months: that month; two weeks after 12 May"""
    latest = cursor.take("latest")
    opening = cursor.take("in")
    latest = latest or cursor.take("latest")
    count = cursor.take_number("n", "c", most=999)
    unit = cursor.take(*spans.COUNTED_UNITS)
    anchor = _anchor(cursor)
    latest = latest or cursor.take("latest")
    if not (count and unit and (opening or anchor)):
        return None
    if latest:
        return _from_then_on(count, unit.kind, anchor)
    return _that_unit(count, unit.kind, anchor)


def _that_unit(count: int, unit: str, anchor: Period | None) -> Period:
    def build(made: Made, year: int) -> Span:
        then = spans.counted_on(_counted_from(anchor, made, year), count, unit)
        if unit == "week":
            return spans.week_of(then.earliest)
        if unit == "day":
            return spans.one(then)
        return spans.one(Point(then.year, then.month if unit == "month" else None))

    return Period(unit, build, anchor.rule if anchor else TIMELESS)


def later_in_it(cursor: Cursor) -> Period | None:
    """later this year: from the record's date to the end of that year"""
    later = cursor.take("later")
    cursor.take("in")
    cursor.take("this")
    unit = cursor.take(*RELATIVE_UNITS)
    if not (later and unit) or unit.number:
        return None

    def build(made: Made, year: int) -> Span:
        return spans.one(made.point()).up_to(unit_of(unit.kind, 0, made))

    return Period("range", build, TIMELESS)


DEADLINE_FORMS: tuple[Form, ...] = (
    after_a_time,
    later_in_it,
    within_one_month,
    between_parts,
    between_two,
    on_one_stretch,
)


def understood(tokens: Sequence[Token], *, month_first: bool) -> Period | None:
    """The deadline these tokens say, or None when no form takes all of them."""
    # "of" matters only where a time is counted from a day: "within two weeks of 12 May".
    counted = first_of(Cursor(tokens, month_first=month_first), (within_a_time,), whole=True)
    rest = [token for token in tokens if token.kind != "of"]
    return counted or first_of(Cursor(rest, month_first=month_first), DEADLINE_FORMS, whole=True)


def is_vague(tokens: Sequence[Token]) -> bool:
    """in the coming months, within a few weeks, over the next years: a time without a number"""
    kinds = [token.kind for token in tokens]
    if kinds[:1] and kinds[0] in ("in", "within", "during", "at", "from", "till"):
        kinds = kinds[1:]
    units = [token for token in tokens if token.kind in (*spans.COUNTED_UNITS, "quarter")]
    words = [kind for kind in kinds if kind in ("next", "coming", "few")]
    if len(units) != 1 or len(words) + 1 != len(kinds):
        return False
    return "few" in words or "coming" in words or ("next" in words and units[0].number == 1)
