"""What a language table holds, and the symbols every language is put into.

Each language has a table from symbols to the phrases that say them; the grammar knows only the
symbols, so a form added to the grammar works in four languages, and a word added to a table needs
no code. Phrases are plain: small letters, no accents, words parted by spaces, phrases by ";".

Where it lies      in, on, at, during, by, until, before, after, from, within, till (by a date, or
                   within a count), latest, earliest, about
Which part         early, start, mid, late, end
Which one          this, next, coming, few, later, today, tomorrow
Joining            to, or, and, between, of
Units              day, week, month, quarter, year; an s at the end marks the plural; semester
                   (half a year), fortnight (half a month), half (of either)
With a number      m3 March, n12 twelve, c1 a (no day: "a March" is not 1 March), o1 first,
                   q3 third quarter, h1 first half, w0 Monday (y2022, a year, is only ever
                   written in figures)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.fuzzy import month_numbers


@dataclass(frozen=True)
class Vocabulary:
    """One language, as the grammar needs it.

    `phrases` maps a plain phrase to the symbols it stands for. `fillers` are passed over,
    `inner_fillers` only after the first word. The letters of `quarter_codes` and `half_codes`
    begin codes such as Q3, T3, H1 or S1. `month_first`: "May 12" is a day; `dotted_days`: "12.5."
    is one. The other sets are whole wordings, but `before`, `after` and `condition` the first
    words of one.
    """

    phrases: Mapping[str, str]
    fillers: frozenset[str]
    quarter_codes: str
    half_codes: str
    month_first: bool
    dotted_days: bool
    vague: frozenset[str]
    repeated: frozenset[str]
    recurring: frozenset[str]
    unstated: frozenset[str]
    seasons: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]
    condition: tuple[str, ...]
    inner_fillers: frozenset[str] = frozenset()


def listed(text: str) -> tuple[str, ...]:
    """The phrases of a table cell."""
    return tuple(phrase.strip() for phrase in text.split(";") if phrase.strip())


def wordings(text: str) -> frozenset[str]:
    """The whole wordings of a table cell, in any order."""
    return frozenset(listed(text))


def phrase_table(language: str, symbols: Mapping[str, str]) -> dict[str, str]:
    """Phrase → symbols, from a table of symbols → phrases and the language's names of months.

    A phrase of the table goes before the name of a month spelled like it; one phrase with two
    meanings is a mistake in the table and raises ValueError.
    """
    table: dict[str, str] = {}
    for symbol, cell in symbols.items():
        for phrase in listed(cell):
            if table.setdefault(phrase, symbol) != symbol:
                raise ValueError(f"“{phrase}” stands for both “{table[phrase]}” and “{symbol}”.")
    months = {name: f"m{number}" for name, number in month_numbers(language).items()}
    return {**months, **table}
