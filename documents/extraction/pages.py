"""Splits a text into pages and takes off what belongs to the page and not to the record.

Pages end at form feeds. Where a file has none, a page begins at a block of two lines that stands
off from the text and comes again and again, if a sentence runs on over it or page numbers precede
it: so a signature or a form's labels are not taken for a page's head.

Taken off: running heads and feet (known by coming again, not by their words; the first page keeps
its head and the last its foot, as the record would otherwise lose them), page numbers that count
with the pages, and the line with which a freedom-of-information portal introduces a converted file.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise

from documents.extraction.settling import PAGE

Page = list[str]

# How the portals of the records introduce the HTML version of a file they were sent.
_BANNER = re.compile(
    r"(?:This is an HTML version of an attachment to the Freedom of Information request"
    r"|Esta es la versión HTML de un fichero adjunto a una solicitud de acceso a la información)",
    re.IGNORECASE,
)
_PAGE_WORD = r"(?:pages?|p\.|pag\.?|pág\.?|página|pagina|seite|s\.|blz\.?|strona)"
_OF = r"(?:\s*(?:/|of|de|von|sur|di|van|z)\s*\d+)?"
_PAGE_PHRASE = re.compile(rf"\b{_PAGE_WORD}\s*\d+{_OF}", re.IGNORECASE)
_PAGE_NUMBER = re.compile(rf"[-–—\s]*(?:{_PAGE_WORD}\s*)?(\d{{1,4}}){_OF}[-–—\s]*", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_BLANKED = "[REDACTED]"  # pages that show nothing else are alike, and none of them may go
_EDGE = 5  # lines of a page that may be its head or foot
_LONG = 40  # characters from which a line without a stop is taken to run on
_HEADS_TRIED = 5


def pages_of(text: str) -> list[Page]:
    """The pages, each a list of lines (blank ones included), free of banner and running lines."""
    text = _without_banner(text)
    if PAGE in text:
        pages = [page.split("\n") for page in text.split(PAGE)]
        if len(pages) > 1 and not any(line.strip() for line in pages[-1]):
            pages.pop()
    else:
        pages = _split_at_heads(text.split("\n"))
    return _without_running_lines(pages) if len(pages) > 1 else pages


def _without_banner(text: str) -> str:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip():
            return "\n".join(lines[number + 1 :]) if _BANNER.match(line.strip()) else text
    return text


def _split_at_heads(lines: list[str]) -> list[Page]:
    """Pages of a file without form feeds: they begin where a block that stands off comes again."""
    for starts in _repeated_blocks(lines):
        pages = [lines[start:end] for start, end in pairwise([0, *starts, len(lines)])]
        if _runs_on(pages) or _numbers(pages, bottom=True):
            return pages
    return [lines]


def _repeated_blocks(lines: list[str]) -> Iterator[list[int]]:
    """Where the same two lines stand behind at least two blank ones, the commonest block first."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    block = {at: (squeezed(lines[at]), squeezed(lines[after])) for at, after in pairwise(filled)}
    apart = [at for before, at in pairwise(filled) if at - before > 2 and at in block]
    everywhere = Counter(block.values())
    for head, times in Counter(block[at] for at in apart).most_common(_HEADS_TRIED):
        if times >= 2 and everywhere[head] >= 3:
            yield [at for at in apart if block[at] == head]


def _runs_on(pages: list[Page]) -> bool:
    """Whether a long line without a stop ends one of the pages before the last."""
    ends = (next(_edge(page, bottom=True), (0, ""))[1] for page in pages[:-1])
    return any(len(end) >= _LONG and not SENTENCE_END.search(end) for end in ends)


def _edge(page: Page, bottom: bool) -> Iterator[tuple[int, str]]:
    """The first (or last) filled lines of a page, with their place, from the outside in."""
    places = range(len(page) - 1, -1, -1) if bottom else range(len(page))
    return islice(((at, squeezed(page[at])) for at in places if page[at].strip()), _EDGE)


def _numbers(pages: list[Page], bottom: bool) -> set[int]:
    """Page number minus page, for every such difference found on at least two pages."""
    found: Counter[int] = Counter()
    for index, page in enumerate(pages):
        lines = (_PAGE_NUMBER.fullmatch(line) for _, line in _edge(page, bottom))
        found.update({int(number.group(1)) - index for number in lines if number})
    return {difference for difference, times in found.items() if times >= 2}


def _without_running_lines(pages: list[Page]) -> list[Page]:
    for bottom in (False, True):
        numbers = _numbers(pages, bottom)
        seen: Counter[str] = Counter()
        for page in pages:
            seen.update({_PAGE_PHRASE.sub("#", line) for _, line in _edge(page, bottom)})
        running = {line for line, times in seen.items() if times >= max(2, len(pages) / 2)}
        running.discard(_BLANKED)
        kept = len(pages) - 1 if bottom else 0
        pages = [
            _trimmed(
                page, bottom, running if index != kept else set(), {index + n for n in numbers}
            )
            for index, page in enumerate(pages)
        ]
    return pages


def _trimmed(page: Page, bottom: bool, running: set[str], numbers: set[int]) -> Page:
    """The page without the running lines at one of its edges; blank lines stand in for them."""
    trimmed = list(page)
    for at, line in _edge(page, bottom):
        number = _PAGE_NUMBER.fullmatch(line)
        counts = number is not None and int(number.group(1)) in numbers
        if not counts and _PAGE_PHRASE.sub("#", line) not in running:
            break
        trimmed[at] = ""
    return trimmed


def squeezed(line: str) -> str:
    """The line with single spaces and none around."""
    return " ".join(line.split())
