"""Dates as vague as the record that gives them: a small, strict subset of EDTF (ISO 8601-2).

A date is a year, a month or a day (`2024`, `2019-03`, `2019-03-04`), each with or without a mark
(`~` about, `?` uncertain, `%` both), an interval `A/B` of two such dates, an interval open on one
side (`../B`, `A/..`), or nothing at all (``""``).

The bounds are strict: the first and the last day the words allow. A mark never moves them.
Everything here is a pure function of its arguments; the clock is never read.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal

Precision = Literal["day", "month", "year", "interval", ""]

MARKS = "~?%"
OPEN = ".."

# Every name and abbreviation of a month that is read, January first. No name means two months
# in two languages; a test keeps it so.
MONTH_NAMES: dict[str, tuple[str, ...]] = {
    "en": (
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sept sep",
        "october oct",
        "november nov",
        "december dec",
    ),
    "fr": (
        "janvier janv",
        "fevrier fevr fev",
        "mars",
        "avril avr",
        "mai",
        "juin",
        "juillet juil",
        "aout",
        "septembre sept",
        "octobre oct",
        "novembre nov",
        "decembre dec",
    ),
    "de": (
        "januar jan janner jaenner",
        "februar feb feber",
        "marz maerz mar mrz",
        "april apr",
        "mai",
        "juni jun",
        "juli jul",
        "august aug",
        "september sept sep",
        "oktober okt",
        "november nov",
        "dezember dez",
    ),
    "es": (
        "enero ene",
        "febrero feb",
        "marzo mar",
        "abril abr",
        "mayo may",
        "junio jun",
        "julio jul",
        "agosto ago",
        "septiembre setiembre sept sep",
        "octubre oct",
        "noviembre nov",
        "diciembre dic",
    ),
}


def plain(text: str) -> str:
    """The text in small letters without accents, each run of white space as one space."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def month_numbers(language: str) -> dict[str, int]:
    """Every name of a month in one language ("en", "fr", "de", "es"), plain, with its number."""
    return {
        name: number
        for number, names in enumerate(MONTH_NAMES[language], start=1)
        for name in names.split()
    }


MONTHS = {
    name: number for language in MONTH_NAMES for name, number in month_numbers(language).items()
}


@dataclass(frozen=True)
class Point:
    """One date, as precise as it is: a year, a month of it, or a day of that; with its mark.

    Raises ValueError when the calendar has no such year (0001 to 9999), month or day.
    """

    year: int
    month: int | None = None
    day: int | None = None
    mark: str = ""

    def __post_init__(self) -> None:
        if not MINYEAR <= self.year <= MAXYEAR:
            raise ValueError(f"“{self.year:04}” is not a year: give 0001 to 9999.")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(f"“{self.year:04}-{self.month:02}” is not a month: give 01 to 12.")
        if self.month is not None and self.day is not None:
            days = calendar.monthrange(self.year, self.month)[1]
            if not 1 <= self.day <= days:
                raise ValueError(
                    f"“{self.day} {_month_of(self)}” is not a day: that month has {days} days."
                )

    @property
    def precision(self) -> Literal["day", "month", "year"]:
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def earliest(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def edtf(self) -> str:
        given = [f"{self.year:04}"]
        given += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(given) + self.mark

    def about(self) -> "Point":
        """The same date marked as approximate."""
        return replace(self, mark="~")

    def moved(self, steps: int) -> "Point":
        """So many days, months or years on (back when negative), in its own precision.

        Raises ValueError when that leaves the years 0001 to 9999.
        """
        if self.month is None:
            return replace(self, year=self.year + steps)
        if self.day is None:
            years, month = divmod(self.year * 12 + self.month - 1 + steps, 12)
            return replace(self, year=years, month=month + 1)
        try:
            return day_point(self.earliest + timedelta(days=steps), self.mark)
        except OverflowError:
            raise ValueError("That leaves the years 0001 to 9999.") from None


def day_point(day: date, mark: str = "") -> Point:
    """A calendar day as a point."""
    return Point(day.year, day.month, day.day, mark)


@dataclass(frozen=True)
class Fuzzy:
    """A date as it was read: its EDTF and the first and last day it allows (None: open).

    `precision` is "" only for the empty date.
    """

    edtf: str
    earliest: date | None
    latest: date | None
    precision: Precision
    approximate: bool


def parse(edtf: str) -> Fuzzy:
    """Read an EDTF string of the subset above; raises ValueError with a sentence for people."""
    first, last = ends(edtf)
    precision: Precision = "interval"
    if "/" not in edtf:
        precision = first.precision if first else ""
    return Fuzzy(
        edtf=edtf,
        earliest=first.earliest if first else None,
        latest=last.latest if last else None,
        precision=precision,
        approximate=any(mark in edtf for mark in MARKS),
    )


def ends(edtf: str) -> tuple[Point | None, Point | None]:
    """The two ends of an EDTF string; one date is both its ends, None is an open end.

    Raises ValueError as `parse` does.
    """
    if not edtf:
        return None, None
    first_text, slash, last_text = edtf.partition("/")
    if not slash:
        point = _point(edtf)
        return point, point
    first = None if first_text == OPEN else _point(first_text)
    last = None if last_text == OPEN else _point(last_text)
    if first is None and last is None:
        raise ValueError(f"“{edtf}” says nothing: give at least one of the two dates.")
    if first and last and first.earliest > last.latest:
        raise ValueError(f"“{edtf}” ends before it begins.")
    return first, last


_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%]?)")


def _point(text: str) -> Point:
    if not text:
        raise ValueError("One side of the interval is empty: write “..” for an open end.")
    found = _POINT.fullmatch(text)
    if not found:
        raise ValueError(
            f"“{text}” is not a date: write it like 2019, 2019-03 or 2019-03-04, with ~ for about."
        )
    year, month, day, mark = found.groups()
    return Point(int(year), int(month) if month else None, int(day) if day else None, mark)


def of_ends(first: Point | None, last: Point | None) -> str:
    """The EDTF string of two ends: one date when they are the same, else an interval."""
    if first == last:
        return first.edtf if first else ""
    return f"{first.edtf if first else OPEN}/{last.edtf if last else OPEN}"


# How it is shown


def wording(edtf: str) -> str:
    """The date in English: "5 March 2019", "about 2024", "from 1 June 2019 on", "by the end of
    March 2022"; "" for none.

    `as_entered` reads every wording back to the same EDTF, but that "?" and "%" come back as "~".
    Raises ValueError as `parse` does.
    """
    first, last = ends(edtf)
    if first is None:
        return f"by {_as_limit(last)}" if last else ""
    if last is None:
        return f"from {in_words(first)} on"
    if "/" not in edtf:
        return in_words(first)
    return f"{in_words(first)} to {in_words(last)}"


def in_words(point: Point) -> str:
    """One date in English, no sharper than it is: "5 March 2019", "March 2019", "about 2024"."""
    return ("about " if point.mark else "") + _unmarked(point)


def _as_limit(point: Point) -> str:
    """ "By March" alone would leave open whether March still counts."""
    whole = point.precision != "day" and not point.mark
    return f"the end of {in_words(point)}" if whole else in_words(point)


def until(point: Point) -> str:
    """A date as an end: its last day, or its own vague words when it is marked."""
    return in_words(point if point.mark else day_point(point.latest))


def since(point: Point) -> str:
    """A date as a beginning: its first day, or its own vague words when it is marked."""
    return in_words(point if point.mark else day_point(point.earliest))


def _unmarked(point: Point) -> str:
    if point.month is None:
        return f"{point.year:04}"
    return _month_of(point) if point.day is None else f"{point.day} {_month_of(point)}"


def _month_of(point: Point) -> str:
    # Not calendar.month_name: that follows the locale of the machine.
    name = MONTH_NAMES["en"][(point.month or 1) - 1].split()[0]
    return f"{name.capitalize()} {point.year:04}"


# How people type it


def as_entered(text: str) -> str:
    """What a person types in a date field, as EDTF; "" stays "".

    Read are a day, month or year in words (month names in four languages) or figures (day first,
    or ISO), each also after "about", the wordings shown on our own pages, and EDTF itself.
    Raises ValueError with a sentence when nothing of this fits.
    """
    typed = " ".join(text.split())
    if not typed or _LIKE_EDTF.fullmatch(typed):
        return parse(typed).edtf
    return parse(_typed_edtf(plain(typed), typed)).edtf


def _typed_edtf(words: str, typed: str) -> str:
    if found := re.fullmatch(r"by (?:the end of )?(.+)", words):
        return f"{OPEN}/{_typed_point(found[1], typed).edtf}"
    if found := re.fullmatch(r"from (.+) on", words):
        return f"{_typed_point(found[1], typed).edtf}/{OPEN}"
    if found := re.fullmatch(r"(?:from )?(.+) to (.+)", words):
        return f"{_typed_point(found[1], typed).edtf}/{_typed_point(found[2], typed).edtf}"
    return _typed_point(words, typed).edtf


_SIDE = r"(?:\.\.|[0-9]{4}(?:-[0-9]{2}){0,2}[~?%]?)"
_LIKE_EDTF = re.compile(rf"{_SIDE}(?:/{_SIDE})?")
_FIGURES = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?P<mark>[./-]))?(?P<month>[0-9]{1,2})(?(mark)(?P=mark)|[./-])"
    r"(?P<year>[0-9]{4})"
)
_NAMED = re.compile(
    r"(?:(?:le |el |am )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|\.)? (?:of |de )?)?"
    r"(?P<month>[a-z]+)\.?,?(?: of| de| del)? (?P<year>[0-9]{4})"
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[a-z]+)\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})"
)
_ABOUT = re.compile(r"(?:about|around|circa|ca\.?|c\.|approximately) (.+)")


def _typed_point(words: str, typed: str) -> Point:
    if found := _ABOUT.fullmatch(words):
        return _typed_date(found[1], typed).about()
    return _typed_date(words, typed)


def _typed_date(words: str, typed: str) -> Point:
    if _POINT.fullmatch(words):
        return _point(words)
    for form in (_FIGURES, _NAMED, _MONTH_FIRST):
        found = form.fullmatch(words)
        month = found and _month_number(found["month"])
        if found and month:
            return Point(int(found["year"]), month, int(found["day"]) if found["day"] else None)
    raise ValueError(f"“{typed}” is not read as a date. Give a day, month or year.")


def _month_number(month: str) -> int | None:
    return int(month) if month.isdigit() else MONTHS.get(month)
