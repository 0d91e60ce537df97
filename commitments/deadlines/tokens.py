"""From words to symbols: a wording as one language understands it, or not at all."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from commitments.deadlines.vocabulary import Vocabulary
from tracker.fuzzy import plain

LONGEST_PHRASE = 6
LONGEST_WORDING = 200
PARTS = ("early", "start", "mid", "late", "end")
QUOTES = "\"'“”„«»‘’‹›"


class Token(NamedTuple):
    """A symbol of vocabulary.py: its kind, and its number if it has one.

    A unit's number is 1 in the plural ("months"), else 0.
    """

    kind: str
    number: int = 0


_PIECE = re.compile(
    r"""
      (?P<iso>  [0-9]{4}(?P<sep>[./-])[0-9]{1,2}(?P=sep)[0-9]{1,2} | [0-9]{4}-[0-9]{2} )(?![\w/-])
    | (?P<dmy>  [0-9]{1,2}(?P<mark>[./-])[0-9]{1,2}(?P=mark)[0-9]{4} )(?![\w/-])
    | (?P<my>   [0-9]{1,2}[./-][0-9]{4} )(?![\w/-])
    | (?P<dm>   [0-9]{1,2}\.\ ?[0-9]{1,2}\. )(?!\ ?[\w/-])
    | (?P<ordinal> [0-9]{1,2}\.?(?:st|nd|rd|th|er|re|eme|ere|e|o|a) )(?!\w)
    | (?P<ordered> [0-9]{1,2}\. )(?=[ -]|[^\W\d_]|$)
    | (?P<code> [a-z][1-4] | [1-4][a-z] )(?!\w)
    | (?P<number> [0-9]{1,4} )(?!\w|\.\w)
    | (?P<word> [^\W\d_]++ )\.?(?![0-9])
    | (?P<spaced> (?<=\ )[–—-]{1,2}(?=\ ) )
    | (?P<tight> [–—/-] )
    | (?P<comma> , )(?=\ )
    | (?P<apostrophe> ['’] )
    | (?P<space> \ )
    | (?P<closing> [])"'“”»«’‘‹›\ .,;:]+$ )
    """,
    re.VERBOSE,
)


def pieces(words: str) -> list[tuple[str, str]] | None:
    """The wording cut into (kind, text); None when a character belongs to no kind.

    Not cut are wordings longer than any form, with raised or circled figures (a footnote sign
    must not become a date) or with dots of omission (what is left out might change the meaning).
    """
    text = plain(words).lstrip(QUOTES + "([ ")
    if len(text) > LONGEST_WORDING or ".." in text:
        return None
    if any(c.isnumeric() and not c.isdecimal() for c in words):
        return None
    cut: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if not found:
            return None
        kind = next(name for name, value in found.groupdict().items() if value is not None)
        if kind not in ("space", "apostrophe", "closing"):
            cut.append((kind, found[kind]))
        at = found.end()
    return cut


def tokens(cut: list[tuple[str, str]], vocabulary: Vocabulary) -> list[Token] | None:
    """The symbols of a cut wording in one language; None when a word is not in its table."""
    symbols: list[Token] = []
    rest = _undashed(cut, vocabulary)
    while rest:
        phrase = _longest_phrase(rest, vocabulary)
        if phrase:
            length, meaning = phrase
            symbols += [_symbol(word) for word in meaning.split()]
            rest = rest[length:]
            continue
        (kind, text), *rest = rest
        if kind == "word" and _passed_over(text, symbols, vocabulary):
            continue
        figures = list(_figures(kind, text, vocabulary))
        if not figures:
            return None
        symbols += figures
    return symbols


def _passed_over(word: str, before: list[Token], vocabulary: Vocabulary) -> bool:
    return word in vocabulary.fillers or (bool(before) and word in vocabulary.inner_fillers)


def _longest_phrase(rest: list[tuple[str, str]], vocabulary: Vocabulary) -> tuple[int, str] | None:
    words: list[str] = []
    best: tuple[int, str] | None = None
    for kind, text in rest[:LONGEST_PHRASE]:
        if kind != "word":
            break
        words.append(text)
        meaning = vocabulary.phrases.get(" ".join(words))
        if meaning:
            best = len(words), meaning
    return best


_NUMBERED = re.compile(r"([cmnow])([0-9]+)")
UNITS = ("day", "week", "month", "quarter", "year")


def _symbol(word: str) -> Token:
    found = _NUMBERED.fullmatch(word)
    if found:
        return Token(found[1], int(found[2]))
    if word[:-1] in UNITS:
        return Token(word[:-1], 1)
    return Token(word)


def _figures(kind: str, text: str, vocabulary: Vocabulary) -> Iterator[Token]:
    """A piece written in figures as day, month and year, a code, an order or a number."""
    numbers = [int(figure) for figure in re.findall(r"[0-9]+", text)]
    if kind == "iso":
        year, *rest = numbers
        yield from _date([*reversed(rest), year])
    elif kind in ("dmy", "my"):
        yield from _date(numbers)
    elif kind == "dm" and vocabulary.dotted_days:
        yield from (Token("n", numbers[0]), Token("m", numbers[1]))
    elif kind == "code":
        yield from _code(numbers[0], text.strip("0123456789"), vocabulary)
    elif kind in ("ordinal", "ordered"):
        yield Token("o", numbers[0])
    elif kind == "number":
        yield _number(text)
    elif kind == "spaced":
        yield Token("to")


def _date(numbers: list[int]) -> Iterator[Token]:
    *day, month, year = numbers
    yield from (Token("n", number) for number in day)
    yield from (Token("m", month), _year(year))


def _code(number: int, letter: str, vocabulary: Vocabulary) -> Iterator[Token]:
    if letter in vocabulary.quarter_codes:
        yield Token("q", number)
    elif letter in vocabulary.half_codes and number <= 2:
        yield Token("h", number)


def _number(text: str) -> Token:
    return _year(int(text)) if len(text) == 4 else Token("n", int(text))


def _year(number: int) -> Token:
    """A year of our times, or nothing: four figures may also be a time or a reference."""
    return Token("y", number) if 1950 <= number <= 2199 else Token("unknown")


def _undashed(cut: list[tuple[str, str]], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Dashes and strokes settled: between two of a kind ("4-6", "April/May") they join the two as
    a range, elsewhere ("mid-March", "Q3/2022") they and the commas only part them."""
    kinds = [_likeness(piece, vocabulary) for piece in cut]
    settled: list[tuple[str, str]] = []
    for at, (kind, text) in enumerate(cut):
        if kind not in ("tight", "comma"):
            settled.append((kind, text))
        elif at == 0 or at == len(cut) - 1:
            settled.append(("unknown", text))
        elif kind == "tight" and _joins(kinds[at - 1], text, kinds[at + 1]):
            settled.append(("spaced", text))
    return settled


def _joins(left: str, dash: str, right: str) -> bool:
    """Whether a dash or stroke between two pieces makes a range of them: both are of one kind, or
    a stroke stands before the part of a month ("late May/early June")."""
    if right == "part":
        return dash == "/"
    return left != "" and left == right


def _likeness(piece: tuple[str, str], vocabulary: Vocabulary) -> str:
    kind, text = piece
    if kind == "word":
        meaning = vocabulary.phrases.get(text, "")
        if meaning in PARTS:
            return "part"
        return "month" if re.fullmatch("m[0-9]+", meaning) else ""
    if kind == "number":
        return "year" if len(text) == 4 else "number"
    return "number" if kind in ("ordinal", "ordered") else kind
