"""A record's text as its readers meet it: paragraphs, pages, sentences, marks and redactions.

Pure functions of the extracted text. Every offset is a code point of that text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from documents.extraction.layout import LIST_SIGN, SHY_SIGN

Kind = Literal["text", "bullet", "head"]
Bounds = tuple[int, int]

_LIST_SIGN = re.compile(rf"(?:{LIST_SIGN}|o|{SHY_SIGN}) ")
_HEAD_LENGTH = 100
_STOPPED = re.compile(r"[.,;:!?…][\"'”’»)\]]*$")

# A sentence ends at a stop before a capital letter, or at a line break.
_STOP = re.compile(r"[.!?…][\"'”’»)\]]*(?= +[\"'“‘«(\[]*[^\W\d_a-zà-öø-ÿ])|\n")
# Shortened words that stand before a capital letter; "etc." is none, as it often ends a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘«\[/-])(?:(?:[^\W\d_]\.)*[^\W\d_]|cf|vs|incl|esp|mr|mrs|ms|mme|dr|prof|st|jr|sr"
    r"|sra|hr|bzw|ref|resp|approx)\.$",
    re.IGNORECASE,
)
_ABBREVIATION_REACH = 12  # characters before a stop that can belong to one

_REDACTED = "[REDACTED]"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its number from 1, its span, its words, and how it is set."""

    number: int
    start: int
    end: int
    text: str
    kind: Kind

    @property
    def words_start(self) -> int:
        """Where its words begin: after the sign, if it is an item of a list."""
        sign = _LIST_SIGN.match(self.text) if self.kind == "bullet" else None
        return self.start + sign.end() if sign else self.start


@dataclass(frozen=True, slots=True)
class Context:
    """A quote among its sentences. The five parts in this order are one stretch of the text.

    `before` and `after` complete the sentences the quote stands in; `earlier` and `later` are the
    sentences on either side, shown dimmed. Each may be empty and keeps its own spaces.
    """

    earlier: str
    before: str
    quote: str
    after: str
    later: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a paragraph and the ids of the marks that cover all of it."""

    start: int
    end: int
    covering: tuple[int | str, ...]


def paragraphs(text: str, paragraph_starts: Sequence[int]) -> list[Paragraph]:
    """The paragraphs of a text, in order."""
    ends = [*paragraph_starts[1:], len(text)]
    spans = [
        (start, start + len(text[start:end].rstrip()))
        for start, end in zip(paragraph_starts, ends, strict=True)
    ]
    found: list[Paragraph] = []
    following: Paragraph | None = None
    for number in range(len(spans), 0, -1):
        start, end = spans[number - 1]
        previous = text[slice(*spans[number - 2])] if number > 1 else ""
        words = text[start:end]
        following = Paragraph(number, start, end, words, _kind(previous, words, following))
        found.append(following)
    return found[::-1]


def _kind(previous: str, words: str, following: Paragraph | None) -> Kind:
    sign = _LIST_SIGN.match(words)
    title = words[sign.end() :] if sign else words
    if _is_title(title) and not previous.endswith(","):
        beside = sign is not None and _sign(previous) == _sign(words)
        if _leads_on(words, following) and not beside:
            return "head"
    return "bullet" if sign else "text"


def _leads_on(title: str, following: Paragraph | None) -> bool:
    """A head leads to something: a list, a text, or another head. Capitals are one by themselves.

    "2. Data protection" is a heading with text under it; amid its like it is an item of a list.
    """
    led = following.kind if following else None
    if title.isupper() and len(title.split()) > 1:
        return led != "bullet" or not _LIST_SIGN.match(title)
    text = following is not None and led == "text" and _stops(following.text)
    if _LIST_SIGN.match(title):
        return text and title[0].isdigit()
    return text or led in ("bullet", "head")


def _is_title(words: str) -> bool:
    short = "\n" not in words and len(words) <= _HEAD_LENGTH
    # A line of mostly figures is a reference or a date.
    figures = 4 * sum(map(str.isdigit, words)) > len(words)
    return short and words[:1].isupper() and not figures and not _stops(words)


def _stops(words: str) -> bool:
    return _STOPPED.search(words) is not None


def paragraph_at(found: Sequence[Paragraph], offset: int) -> Paragraph:
    """The paragraph an offset stands in; the gap after a paragraph counts as its end.

    Raises ValueError before the first paragraph.
    """
    place = bisect_right(found, offset, key=lambda paragraph: paragraph.start)
    if not place:
        raise ValueError("No paragraph begins at or before this offset.")
    return found[place - 1]


def lead_in(found: Sequence[Paragraph], number: int) -> Paragraph | None:
    """What leads in a paragraph: for an item the line ending with ":" above its list, or else the
    heading; for any other paragraph the heading directly above it. None where there is none.

    An item that ends with ":" leads in the items of another sign under it; of the same sign, only
    the very next, as nothing tells where its own list ends.
    """
    at = number - 2
    sign = _item_sign(found[number - 1])
    if sign and at >= 0 and not _leads(found[at]):
        while at >= 0 and _item_sign(found[at]) == sign:
            at -= 1
        # What stands above the list leads it in, if anything does; other lists on the way do not.
        while at >= 0 and found[at].kind == "bullet" and not _leads_items(found, at, sign):
            at -= 1
    return found[at] if at >= 0 and (found[at].kind == "head" or _leads(found[at])) else None


def _item_sign(paragraph: Paragraph) -> str:
    return _sign(paragraph.text) if paragraph.kind == "bullet" else ""


def _leads_items(found: Sequence[Paragraph], at: int, sign: str) -> bool:
    return _leads(found[at]) and _item_sign(found[at + 1]) == sign


def _sign(words: str) -> str:
    """The list sign words open with, or nothing; all numbers and letters are one sign."""
    sign = _LIST_SIGN.match(words)
    if sign is None:
        return ""
    return sign.group()[:-1] if len(sign.group()) == 2 else "1"


def _leads(paragraph: Paragraph) -> bool:
    return paragraph.text.endswith(":")


def page_of(page_starts: Sequence[int], offset: int) -> int:
    """The page, from 1, an offset stands on."""
    return max(1, bisect_right(page_starts, offset))


def sentences(text: str, start: int, end: int) -> list[Bounds]:
    """The sentences between two offsets; spaces between them belong to none."""
    cuts = [start]
    for stop in _STOP.finditer(text, start, end):
        if stop.group() == "\n" or not _is_abbreviation(text, start, stop.end()):
            cuts.append(stop.end())
    if cuts[-1] < end:
        cuts.append(end)
    found = []
    for left, right in pairwise(cuts):
        words = text[left:right]
        if words.strip():
            lead = len(words) - len(words.lstrip())
            found.append((left + lead, left + len(words.rstrip())))
    return found


def _is_abbreviation(text: str, start: int, stop: int) -> bool:
    """Whether the stop before this offset belongs to a shortened word, or numbers the paragraph."""
    words = text[max(start, stop - _ABBREVIATION_REACH) : stop]
    numbers = stop - start <= 4 and text[start : stop - 1].isdigit()
    return numbers or _ABBREVIATION.search(words) is not None


def sentences_around(text: str, start: int, end: int, bounds: Bounds) -> Context:
    """The quote text[start:end] in its sentence, with one sentence on either side.

    Does not leave `bounds`, the paragraph (or the first and last of several) the quote stands in.
    """
    first, last = min(bounds[0], start), max(bounds[1], end)
    spans = sentences(text, first, last)
    left = bisect_right([span[1] for span in spans], start)
    right = bisect_left([span[0] for span in spans], end) - 1
    own_start = min(spans[left][0], start) if left < len(spans) else start
    own_end = max(spans[right][1], end) if right >= 0 else end
    early = spans[left - 1][0] if left > 0 else own_start
    late = spans[right + 1][1] if right + 1 < len(spans) else own_end
    return Context(
        earlier=text[early:own_start],
        before=text[own_start:start],
        quote=text[start:end],
        after=text[end:own_end],
        later=text[own_end:late],
    )


def segments(start: int, end: int, spans: Iterable[tuple[int | str, int, int]]) -> list[Segment]:
    """Cut text[start:end] where marks (id, start, end) begin or end, so that none overlap.

    The segments follow one another without a gap; ids come in the order the marks begin. Marks
    may reach beyond the piece; one that does not touch it, or is empty, leaves no trace.
    """
    marks = sorted(
        (
            (max(start, begins), min(end, ends), number, mark)
            for number, (mark, begins, ends) in enumerate(spans)
            if max(start, begins) < min(end, ends)
        ),
        key=lambda mark: mark[:3],
    )
    cuts = sorted({start, end, *(mark[0] for mark in marks), *(mark[1] for mark in marks)})
    return [
        Segment(
            left, right, tuple(mark for begins, ends, _, mark in marks if begins <= left < ends)
        )
        for left, right in pairwise(cuts)
    ]


def redactions(text: str) -> list[Bounds]:
    """Where the record says "[REDACTED]"."""
    return [found.span() for found in re.finditer(re.escape(_REDACTED), text)]
