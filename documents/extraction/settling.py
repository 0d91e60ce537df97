"""Settles paragraphs into one text: white space, NFC, and the offsets of pages and paragraphs.

Pages travel through the paragraphs as a form feed before their first word, and are taken out here.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import accumulate

PAGE = "\f"
_WHITE = re.compile(r"[ \n\f]+")


def settle(paragraphs: Iterable[str]) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """The text, the page starts and the paragraph starts (code points)."""
    done: list[str] = []
    page_starts, paragraph_starts = [0], []
    length = waiting = 0
    for paragraph in paragraphs:
        text, marks = _settled(paragraph)
        if not text:
            waiting += len(marks)
            continue
        start = length + 2 if done else 0
        page_starts += [start] * waiting + [start + mark for mark in marks]
        waiting = 0
        paragraph_starts.append(start)
        done.append(text)
        length = start + len(text)
    page_starts += [length] * waiting
    return "\n\n".join(done), tuple(page_starts), tuple(paragraph_starts)


def _tidy(run: re.Match[str]) -> str:
    white = run.group()
    pages = PAGE * white.count(PAGE)
    if "\n" in white:
        return "\n" + pages
    return (" " if " " in white else "") + pages


def _settled(paragraph: str) -> tuple[str, list[int]]:
    """One paragraph without its page marks, and where they stood."""
    pieces = _WHITE.sub(_tidy, paragraph).strip(" \n").split(PAGE)
    text = unicodedata.normalize("NFC", "".join(pieces)).rstrip(" \n")
    # A page that begins with a bare accent would shift by one; no record does.
    marks = accumulate(len(piece) for piece in pieces[:-1])
    return text, [min(mark, len(text)) for mark in marks]
