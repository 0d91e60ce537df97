"""What the words of a deadline say, given when the commitment was made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from commitments.deadlines import spans
from commitments.deadlines.english import ENGLISH
from commitments.deadlines.french import FRENCH
from commitments.deadlines.german import GERMAN
from commitments.deadlines.grammar import is_vague, understood
from commitments.deadlines.periods import Period
from commitments.deadlines.spanish import SPANISH
from commitments.deadlines.spans import Made, NotPreciseError, Span, TwoMeaningsError
from commitments.deadlines.tokens import QUOTES, pieces, tokens
from tracker.fuzzy import Precision, of_ends, parse, plain

Status = Literal["read", "vague", "unread", "none"]

LANGUAGES = (ENGLISH, FRENCH, GERMAN, SPANISH)

NO_DATE = "these words name no date"
NOT_PRECISE = "the record’s date is not precise enough"
NOT_IN_CALENDAR = "the calendar has no such date"
TWO_MEANINGS = "the words can mean two different dates"
WRONG_WEEKDAY = "the weekday and the date do not agree"
RECURRING = "this repeats: it is not one date"
SEASON = "a season has no agreed first and last day"


@dataclass(frozen=True)
class Reading:
    """What the grammar makes of a wording.

    `status` is "read" (then `edtf` holds the date, `due_from` and `due_on` its first and last day,
    None where it is open, and `precision` that of tracker/fuzzy.py), "vague" (known words that
    name no date), "unread" (ask a person) or "none" (no deadline was stated). `note` says in a few
    words what the reading rests on, or why there is none; it may be empty.
    """

    status: Status
    edtf: str = ""
    due_from: date | None = None
    due_on: date | None = None
    precision: Precision = ""
    note: str = ""


def read(words: str, made_on: str) -> Reading:
    """Read the words of a deadline in English, French, German or Spanish.

    `made_on` is the EDTF date of the commitment, "" if unknown: a year the words leave out, and
    anything counted ("within two weeks"), is taken from there. Never raises for any words; raises
    ValueError when `made_on` is not an EDTF date of tracker/fuzzy.py.
    """
    made = Made.on(made_on)
    wording = whole_wording(words)
    if not wording or _is_among(wording, "unstated"):
        return Reading("none")
    cut = [] if words.strip() in _BARE_VERBS else pieces(words) or []
    if _is_among(wording, "vague") or _is_among(wording, "repeated") or _is_vague(cut):
        return Reading("vague", note=NO_DATE)
    understandings = list(_understandings(cut))
    if understandings:
        return _settled(understandings, made)
    return Reading("unread", note=_why_unread(wording))


# In small letters and alone, these English words are more likely the verbs.
_BARE_VERBS = ("may", "march")


def whole_wording(words: str) -> str:
    """The words plain, without quotation marks and closing stops, for comparing as a whole."""
    return plain(words).strip(QUOTES + "()[] .,;:–—-").replace("’", "'").replace("'", " ")


def _is_among(wording: str, kind: Literal["vague", "repeated", "recurring", "unstated"]) -> bool:
    unhyphened = wording.replace("-", " ")
    return any({wording, unhyphened} & getattr(language, kind) for language in LANGUAGES)


def _why_unread(wording: str) -> str:
    if _is_among(wording, "recurring"):
        return RECURRING
    words = set(re.findall(r"[^\W\d_]+", wording))
    return SEASON if any(words & language.seasons for language in LANGUAGES) else ""


def _is_vague(cut: list[tuple[str, str]]) -> bool:
    return any(is_vague(tokens(cut, language) or []) for language in LANGUAGES)


def _understandings(cut: list[tuple[str, str]]) -> Iterator[Period]:
    for language in LANGUAGES:
        symbols = tokens(cut, language)
        period = understood(symbols, month_first=language.month_first) if symbols else None
        if period:
            yield period


def _settled(understandings: list[Period], made: Made) -> Reading:
    """One reading of what each language understood; none where they differ."""
    readings = [_reading(period, made) for period in understandings]
    if any(reading.edtf != readings[0].edtf for reading in readings):
        return Reading("unread", note=TWO_MEANINGS)
    return readings[0]


def _reading(period: Period, made: Made) -> Reading:
    try:
        span = _placed(period, made)
    except NotPreciseError:
        return Reading("unread", note=NOT_PRECISE)
    except TwoMeaningsError:
        return Reading("unread", note=TWO_MEANINGS)
    except (ValueError, OverflowError):
        return Reading("unread", note=NOT_IN_CALENDAR)
    if period.weekday not in (None, span.named_until.weekday()):
        return Reading("unread", note=WRONG_WEEKDAY)
    if made.approximate and period.rule.note:
        # A date reckoned from "about March" is itself only about right.
        span = spans.about(span)
    fuzzy = parse(of_ends(span.first, span.last))
    return Reading(
        "read", fuzzy.edtf, fuzzy.earliest, fuzzy.latest, fuzzy.precision, period.rule.note
    )


def _placed(period: Period, made: Made) -> Span:
    """The form's span in its year; where the words give none, in the first year in which it has
    not ended before the commitment was made."""
    for year in period.rule.years(made):
        try:
            span = period.build(made, year)
        except ValueError:
            if not period.rule.missing:
                raise
            continue
        if not (period.rule.missing and span.ended_before(made.month())):
            return span
    raise ValueError("There is no year with such a date.")
