"""Printed lines back into paragraphs: joins what only the width of the page broke.

A line is broken by the page's width if the next word would not have fitted on it. Where a line
stops earlier inside a sentence, the break is the record's own (a line of a mail header; a name
blanked out of the middle) and stays as a single line end: nothing is glued over a gap.

List items begin paragraphs and keep a plain sign: "- ", "• ", "o ", "1. " and the like.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from documents.extraction.pages import SENTENCE_END, Page, squeezed
from documents.extraction.settling import PAGE

_APART, _BREAK, _ON = "\n\n", "\n", " "

LIST_SIGN = r"[-*•‣▪●◦∙■□➢►✓]"
# Signs that also open an ordinary line of running text: a dash, a number, a letter.
SHY_SIGN = r"[–—·]|\(?\d{1,2}[.)]|\(?[a-z]\)|\(?[ivx]{2,4}\)"
# Word's "o" is told from the word by the wide space after it.
_SIGN = re.compile(rf"({LIST_SIGN}|o(?=\s\s))\s+(?=\S)")
_SHY_SIGN = re.compile(rf"({SHY_SIGN})\s+(?=\S)")
_MAIL_FIELD = re.compile(
    r"(from|sent|to|cc|bcc|subject|date|attachments?|importance|reply-to"
    r"|de|envoyé|à|objet|pièces? jointes?|von|gesendet|an|betreff|datum|anlagen?"
    r"|para|enviado|fecha|asunto|da|inviato|a|oggetto|data|van|verzonden|aan|onderwerp) ?:",
    re.IGNORECASE,
)
_ADDRESSEE = re.compile(r"(?i:mr|mrs|ms|mme|m|dr|prof|herrn?|frau|sra?|sig|dhr)\.? [A-ZÀ-Þ]")
_HEADING = re.compile(r"#{1,6}\s+(?=\S)")
_RULE = re.compile(r"([-=*])(?:\s*\1){2,}")
_STEM = re.compile(r"([^\W_]+)[-\u2010]$")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# "short- and long-term": the hyphen hangs, and no word is broken.
_AFTER_HANGING = re.compile(r"and|or|to|et|ou|und|oder|bis|y|o|e|en|i")

_NARROW, _WIDE = 40, 120  # widths between which lines count as broken by the page
_FIELDS = 3  # fields on end that make a mail header
_LONGEST_STEM = 60  # characters of a word before its hyphen
_STUB = 25  # where the width is unknown, a line shorter than this was not broken by it
_SHORT = 80  # characters a heading or a line of an address rarely passes


@dataclass
class Line:
    """One filled line with what stood around it."""

    text: str
    gap: bool  # blank lines before it, on the same page
    opens: int  # pages that begin with it
    indented: bool
    sign: str = ""  # its list sign
    shy: bool = False  # the sign may be part of the sentence
    heading: bool = False  # marked as one
    field: bool = False  # of a mail header
    title: bool = False  # stops early and without a stop, and the next line starts afresh

    @cached_property
    def first_word(self) -> str:
        return self.text.split(" ", 1)[0]

    @cached_property
    def stops(self) -> bool:
        return SENTENCE_END.search(self.text) is not None

    @cached_property
    def names_field(self) -> bool:
        """Opens like a field of a mail header."""
        return _MAIL_FIELD.match(self.text) is not None

    @property
    def kept(self) -> bool:
        """A quoted line of a mail or a row of a table: never joined to another."""
        return self.text[0] in ">|"

    @property
    def goes_on(self) -> bool:
        """Starts as nothing but the middle of a sentence does."""
        return self.text[0].islower() or self.text[0] in ",;.)»”"


@dataclass(frozen=True)
class Shape:
    """How a document is set: the width of its lines and what parts its paragraphs."""

    width: int  # 0 where lines are not broken by a width
    item_width: int
    spaced: bool  # paragraphs are parted by blank lines
    words: frozenset[str]  # in small letters; hyphened words whole


def paragraphs_of(pages: Iterable[Page]) -> list[str]:
    """Paragraphs, a form feed standing where a page begins (none for the first)."""
    lines = _lines(pages)
    shape = _shape(lines)
    paragraphs: list[list[str]] = []
    item = ""
    previous = None
    for line in lines:
        joint = _joint(previous, line, item, shape) if previous else _APART
        words = PAGE * line.opens + line.text
        if joint == _APART:
            paragraphs.append([words])
            item = line.sign
        else:
            pieces = paragraphs[-1]
            pieces[-1:] = [*_joined(pieces[-1], joint, line, shape.words), words]
        previous = line
    return ["".join(pieces).replace("\u00ad", "") for pieces in paragraphs]


def _lines(pages: Iterable[Page]) -> list[Line]:
    lines: list[Line] = []
    opens = 0
    for index, page in enumerate(pages):
        opens += index > 0
        gap = False
        for raw in page:
            if not raw.strip() or _RULE.fullmatch(raw.strip()):
                gap = True
                continue
            lines.append(_line(raw, gap and not opens, opens))
            opens, gap = 0, False
    _mark_mail_headers(lines)
    return lines


def _line(raw: str, gap: bool, opens: int) -> Line:
    text = raw.strip()
    heading = _HEADING.match(text)
    sign = _SIGN.match(text)
    shy = None if sign else _SHY_SIGN.match(text)
    found = sign or shy
    label = "-" if sign and sign.group(1) == "*" else found.group(1) if found else ""
    words = squeezed(text[found.end() :] if found else text[heading.end() :] if heading else text)
    return Line(
        text=f"{label} {words}".lstrip(),
        gap=gap,
        opens=opens,
        indented=raw[0].isspace(),
        sign=label,
        shy=shy is not None,
        heading=heading is not None,
    )


def _mark_mail_headers(lines: list[Line]) -> None:
    for block in _field_blocks(lines):
        if sum(line.names_field for line in block) >= _FIELDS:
            for line in block:
                line.field = True


def _field_blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Fields of a mail header on end; an indented line belongs to the field above it."""
    block: list[Line] = []
    for line in lines:
        if block and not line.gap and (line.names_field or line.indented):
            block.append(line)
        else:
            yield block
            block = [line] if line.names_field else []
    yield block


def _shape(lines: list[Line]) -> Shape:
    afresh = sum(line.goes_on for line in lines) * 6 < len(lines)
    width = 0 if afresh else _width(line for line in lines if not line.sign)
    items = _width(line for line in lines if line.sign and not line.shy) or width
    _mark_titles(lines, width)
    words = _WORD.findall("\n".join(line.text for line in lines).lower())
    return Shape(width, items if width else 0, _spaced(lines, width), frozenset(words))


def _mark_titles(lines: list[Line], width: int) -> None:
    for line, after in pairwise(lines):
        line.title = not line.stops and not after.goes_on and _early(line, after, width)


def _spaced(lines: list[Line], width: int) -> bool:
    """Whether blank lines part the paragraphs: they far outnumber the lines that merely end."""
    gaps = sum(line.gap and not line.sign for line in lines)
    ends = sum(
        not (after.sign or after.field or after.gap or after.opens) and _early(line, after, width)
        for line, after in pairwise(lines)
    )
    return gaps > 0 and gaps >= 2 * ends


def _width(lines: Iterable[Line]) -> int:
    """The width that broke the lines: what 95 in 100 keep within; 0 if it is no width of a page."""
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[-(-95 * len(lengths) // 100) - 1] if lengths else 0
    return width if _NARROW <= width <= _WIDE else 0


def _early(line: Line, after: Line, width: int) -> bool:
    """Whether the line ended although the next word would have fitted.

    Without a stop it must end well before the width, as printed letters differ in theirs.
    """
    reach = len(line.text) + 1 + len(after.first_word)
    if width:
        return reach <= width * (1 if line.stops else 0.75)
    return line.stops or not after.goes_on or len(line.text) < _STUB


def _joint(previous: Line, line: Line, item: str, shape: Shape) -> str:
    """What stands between two lines: a new paragraph, a line break, or nothing but a space."""
    if _begins_item(previous, line, item) or line.gap or line.heading or previous.heading:
        return _APART
    if line.field and previous.field:
        return _BREAK if line.names_field else _ON
    if line.kept or previous.kept:
        return _BREAK if line.kept and previous.kept else _APART
    return _flow(previous, line, shape.item_width if item else shape.width, shape.spaced)


def _flow(previous: Line, line: Line, width: int, spaced: bool) -> str:
    """The same between two lines of running text."""
    if not _carried(previous, line, width):
        return _own_end(previous, line, spaced)
    return _APART if previous.stops and line.title else _ON


def _begins_item(previous: Line, line: Line, item: str) -> bool:
    if not line.shy:
        return bool(line.sign)
    same_list = item[-1:] == line.sign[-1:]
    return line.gap or previous.stops or same_list


def _carried(previous: Line, line: Line, width: int) -> bool:
    """Whether only the width, the end of the page or a broken word ended the line before."""
    if line.goes_on and (
        previous.text[-1] in "-\u00ad\u2010" or (line.opens and not previous.stops)
    ):
        return True
    return not _early(previous, line, width)


def _own_end(previous: Line, line: Line, spaced: bool) -> str:
    """What follows a line that ended of its own accord."""
    if line.goes_on:
        # A name was blanked out here, or the record breaks its line: words are not glued.
        words = any(map(str.isalnum, previous.text)) and line.text[0].isalnum()
        return _BREAK if words else _ON
    if line.opens:
        return _APART
    if _ADDRESSEE.match(previous.text) and not previous.stops and len(line.text) < _SHORT:
        return _BREAK
    heads_text = previous.title and len(previous.text) <= _SHORT < len(line.text)
    return _BREAK if spaced and not heads_text else _APART


def _joined(last: str, joint: str, line: Line, words: frozenset[str]) -> tuple[str, str]:
    """The words so far and what comes between them and the next: a hyphen at a line's end goes only
    where it is a soft one, or the unbroken word stands elsewhere in the record."""
    if joint == _BREAK:
        return last, _BREAK
    if last.endswith("\u00ad"):
        return last[:-1], ""
    stem = _STEM.search(last[-_LONGEST_STEM:])
    tail = _WORD.match(line.text)
    if not stem or not tail or _AFTER_HANGING.fullmatch(tail.group()):
        return last, _ON
    whole, hyphened = stem.group(1) + tail.group(), f"{stem.group()}{tail.group()}"
    sure = whole.lower() in words and hyphened.lower() not in words
    return (last[:-1] if sure else last), ""
