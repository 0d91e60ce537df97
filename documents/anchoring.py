"""Finds the words of a passage in a text again: exactly, or as the eye would read them the same.

A passage is held as a W3C text-quote selector: the quote with 32 characters before and after.
Offsets are code points (indices of a Python string); browsers count UTF-16 units, see
`utf16_to_code_points`. Pure functions; letter case always counts.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CONTEXT = 32

# Signs that editors and converters swap for one another, each for one character.
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
# What does not fold one character to one: runs of white space (with unseen characters among them),
# three dots, unseen characters, and letters with the accents that follow them.
_UNITS = re.compile(
    rf"(?P<white>[{_UNSEEN}]*\s[\s{_UNSEEN}]*)|(?P<dots>…)|(?P<unseen>[{_UNSEEN}]+)"
    r"|(?P<accented>[^\s\u0300-\u036f][\u0300-\u036f]+)"
)


@dataclass(frozen=True, slots=True)
class Selector:
    """A W3C text-quote selector: the exact words and up to 32 characters on either side."""

    quote: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Match:
    """A place where the quote stands. `score` is 1.0 when its surroundings agree fully, or when
    none were asked for, and falls to 0.0."""

    start: int
    end: int
    exact: bool
    method: Literal["exact", "normalised"]
    score: float


class NotFound(LookupError):
    """The quote does not stand in the text. The message is a sentence for the reader."""


class Ambiguous(LookupError):
    """The quote stands in several places that its surroundings do not tell apart."""

    def __init__(self, matches: list[Match]) -> None:
        super().__init__(
            f"These words stand in {len(matches)} places of the text. "
            "Give more of the words around them."
        )
        self.matches = matches


def selector(text: str, start: int, end: int) -> Selector:
    """The selector of text[start:end]. Raises ValueError for an empty span or one outside."""
    if not 0 <= start < end <= len(text):
        raise ValueError(
            "A passage must begin and end inside the text and hold at least a character."
        )
    return Selector(
        text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    )


def find(text: str, quote: str, prefix: str = "", suffix: str = "") -> list[Match]:
    """Every place of the quote, best first: exact ones, then those that only read the same; among
    each, the better the surroundings agree the earlier, then in the order of the text."""
    exact = [
        Match(start, end, True, "exact", _agreement(text, start, end, prefix, suffix))
        for start, end in _exact(text, quote)
    ]
    known = {(match.start, match.end) for match in exact}
    alike = [
        Match(start, end, False, "normalised", _agreement(text, start, end, prefix, suffix))
        for start, end in _alike(text, quote)
        if (start, end) not in known
    ]
    return sorted(exact + alike, key=lambda match: (not match.exact, -match.score, match.start))


def locate(text: str, quote: str, prefix: str = "", suffix: str = "") -> Match:
    """The one place meant. Surroundings decide before exactness, exactness before nothing.

    Raises NotFound, or Ambiguous with the matches that remain.
    """
    matches = find(text, quote, prefix, suffix)
    if not matches:
        raise NotFound("These words do not stand in the text.")
    best = max(match.score for match in matches)
    near = [match for match in matches if match.score == best]
    near = [match for match in near if match.exact == near[0].exact]
    if len(near) > 1:
        raise Ambiguous(near)
    return near[0]


def normalise(words: str) -> str:
    """Words as the eye reads them: single plain spaces, straight quotes, one dash, "..." for "…",
    no unseen characters, accents joined to their letters, no space at either end."""
    # Folded twice: an unseen character may part a letter from its accent.
    return _fold(_fold(words)[0])[0].strip(" ")


def utf16_to_code_points(text: str, offset: int) -> int:
    """A browser's offset (UTF-16 units) as a code point offset.

    An offset inside a pair of surrogates stands for the character it cuts. Raises ValueError
    outside the text.
    """
    units = text.encode("utf-16-le", errors="surrogatepass")
    if not 0 <= offset * 2 <= len(units):
        raise ValueError("The offset lies outside the text.")
    return len(units[: offset * 2].decode("utf-16-le", errors="ignore"))


def _exact(text: str, quote: str) -> Iterator[tuple[int, int]]:
    start = text.find(quote) if quote else -1
    while start >= 0:
        yield start, start + len(quote)
        start = text.find(quote, start + 1)


def _alike(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Spans whose folded words are the quote's, mapped back to the text."""
    wanted = normalise(quote)
    folded, starts, ends = _fold(text)
    for start, end in _exact(folded, wanted):
        # A match must not begin or end inside a unit ("..": half of "…").
        whole = starts[start] >= 0 and ends[end - 1] >= 0
        if whole:
            yield starts[start], ends[end - 1]


def _fold(text: str) -> tuple[str, list[int], list[int]]:
    """The folded text, and for each of its characters where its unit starts and ends in the text:
    the start at the unit's first character, the end at its last, -1 in between."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    plain = text.translate(_TYPOGRAPHY)
    for unit in _UNITS.finditer(plain):
        start, end = unit.span()
        pieces.append(plain[last:start])
        starts.extend(range(last, start))
        ends.extend(range(last + 1, start + 1))
        words = _folded_unit(unit)
        pieces.append(words)
        inner = [-1] * (len(words) - 1)
        if words:
            starts.extend([start, *inner])
            ends.extend([*inner, end])
        last = end
    pieces.append(plain[last:])
    starts.extend(range(last, len(text)))
    ends.extend(range(last + 1, len(text) + 1))
    return "".join(pieces), starts, ends


def _folded_unit(unit: re.Match[str]) -> str:
    if unit.lastgroup == "white":
        return " "
    if unit.lastgroup == "dots":
        return "..."
    if unit.lastgroup == "unseen":
        return ""
    return unicodedata.normalize("NFC", unit.group())


def _agreement(text: str, start: int, end: int, prefix: str, suffix: str) -> float:
    """How much of the surroundings agree, 0 to 1: the mean of the letter and of the reading."""
    before = text[max(0, start - len(prefix)) : start]
    after = text[end : end + len(suffix)]
    letter = _share(before, after, prefix, suffix)
    if letter == 1.0:
        return letter
    # Folding may lengthen or shorten the surroundings, so it looks a little further.
    before = text[max(0, start - 2 * len(prefix)) : start]
    after = text[end : end + 2 * len(suffix)]
    reading = _share(*(_fold(words)[0] for words in (before, after, prefix, suffix)))
    return (letter + reading) / 2


def _share(before: str, after: str, prefix: str, suffix: str) -> float:
    asked = len(prefix) + len(suffix)
    if not asked:
        return 1.0
    return (_common(before[::-1], prefix[::-1]) + _common(after, suffix)) / asked


def _common(left: str, right: str) -> int:
    """How many characters two strings share from their start."""
    for place, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return place
    return min(len(left), len(right))
