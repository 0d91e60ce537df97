"""Words looked for in a text, as people type them: case, accents and spacing do not matter. Pure.

Unlike `anchoring`, which finds the one place of a quote again, this finds every place of a few
words, for a reader to look at.
"""

import unicodedata

Span = tuple[int, int]


def find_words(text: str, words: str, most: int = 200) -> list[Span]:
    """The places of the words, in order, as (start, end) in code points; at most `most`."""
    wanted = fold(words)[0].strip()
    if not wanted:
        return []
    folded, places = fold(text)
    found: list[Span] = []
    at = folded.find(wanted)
    while at >= 0 and len(found) < most:
        last = at + len(wanted) - 1
        found.append((places[at], places[last] + 1))
        at = folded.find(wanted, last + 1)
    return found


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without blanks at its ends; None where it is no span of the text, or blank."""
    words = text[start:end] if 0 <= start < end <= len(text) else ""
    if not words.strip():
        return None
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def fold(text: str) -> tuple[str, list[int]]:
    """The text without case and accents, runs of space as one, and where each character stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for letter in _folded(sign):
            if letter == " " and letters and letters[-1] == " ":
                continue
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _folded(sign: str) -> str:
    if sign.isascii():
        return " " if sign.isspace() else sign.lower()
    plain = unicodedata.normalize("NFKD", sign.casefold())
    return "".join(" " if c.isspace() else c for c in plain if not unicodedata.combining(c))
