"""How a document and a place in it are named when they are cited elsewhere. Pure."""

from collections.abc import Sequence

from documents.models import Document
from documents.paragraphs import page_of
from tracker import fuzzy, wording


def named(document: Document) -> str:
    """Title, date and reference, as far as known: "Flash 04/03, 5 March 2019, Ares(2022)51"."""
    parts = [document.title, fuzzy.wording(document.dated), document.reference]
    return ", ".join(part for part in parts if part)


def place(page_starts: Sequence[int], start: int, end: int) -> str:
    """ "page 6, characters 9,933–9,987": counted from 0, the end not included, as in addresses."""
    page = f"page {page_of(page_starts, start)}, " if len(page_starts) > 1 else ""
    return f"{page}characters {wording.number(start)}–{wording.number(end)}"


def citation(
    document: Document, page_starts: Sequence[int], quote: str, start: int, end: int, url: str
) -> str:
    """The words with their source and a permanent address, to be pasted into a letter."""
    words = " ".join(quote.split())
    return f"“{words}” ({named(document)}, {place(page_starts, start, end)}) {url}"
