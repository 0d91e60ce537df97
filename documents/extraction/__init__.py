"""What a record says, as clean text: bytes in, text with its page and paragraph starts out.

Pure: no clock, no files, no database. The text is LF, NFC, without NUL, with plain single spaces;
paragraphs are parted by one empty line, and a single line end inside a paragraph is a line break
of the record itself (the lines of a mail header, or a line that stops where a name was blanked).

The way from bytes to text, one module each: `decoding` (bytes to characters), `pages` (page breaks,
running heads, page numbers, the portal's banner), `layout` (printed lines to paragraphs),
`markdown` (marks that are not words), `language` (a guess from the commonest words).
"""

from collections.abc import Callable
from dataclasses import dataclass

from documents.extraction.decoding import Unreadable, characters, media_type
from documents.extraction.language import language_of
from documents.extraction.layout import paragraphs_of
from documents.extraction.markdown import without_marks
from documents.extraction.pages import pages_of
from documents.extraction.settling import settle

__all__ = ["EXTRACTORS", "Extracted", "Unreadable", "extract", "media_type"]


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of one record and where its pages and paragraphs begin.

    Offsets are code points into `text`. `page_starts` begins with 0 and never falls (an empty page
    starts where the next one does); `paragraph_starts` begins with 0 and always rises.
    `extractor` is name/version; `language` is an ISO 639-1 code, or "" where the words do not tell.
    """

    text: str
    page_starts: tuple[int, ...]
    paragraph_starts: tuple[int, ...]
    extractor: str
    language: str


def extract(data: bytes, file_name: str = "") -> Extracted:
    """Read the text of a record. Raises Unreadable, with a sentence to show, and nothing else."""
    kind = media_type(data, file_name)
    if kind not in EXTRACTORS:
        name = _NAMES.get(kind, "a binary file")
        raise Unreadable(f"This is {name}. Only plain text and Markdown can be read.")
    return EXTRACTORS[kind](data)


def _plain_text(data: bytes) -> Extracted:
    pages = pages_of(characters(data))
    marked = [without_marks(paragraph) for paragraph in paragraphs_of(pages)]
    text, page_starts, paragraph_starts = settle(marked)
    if not text:
        raise Unreadable("There is no text in this file.")
    return Extracted(text, page_starts, paragraph_starts, "plain-text/1", language_of(text))


# The one place where a format meets its extractor: media type -> function.
EXTRACTORS: dict[str, Callable[[bytes], Extracted]] = {
    "text/plain": _plain_text,
}

_NAMES = {
    "application/pdf": "a PDF file",
    "application/zip": "a ZIP, Word or OpenDocument file",
    "application/rtf": "a rich text file",
    "application/x-ole-storage": "a Word, Excel or Outlook file",
    "text/html": "an HTML page",
}
