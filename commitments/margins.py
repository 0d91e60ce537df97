"""A document with its marks: paragraphs cut into pieces, and the notes that stand beside them.

All but `passages_shown_to` is pure, and asks nothing but the rows it is given. Offsets are code
points of the text.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from commitments.models import Citation, Commitment
from commitments.workflow import State
from documents.models import Passage, Placement
from documents.paragraphs import Paragraph, Segment, segments
from documents.querysets import PassageQuerySet

TENTATIVE = (State.CANDIDATE, State.DISMISSED)
Span = tuple[int, int]


@dataclass(frozen=True)
class Note:
    """One marked passage: its number in the document, its span and what cites it."""

    number: int
    passage_id: int
    start: int
    end: int
    citations: list[Citation]

    @property
    def tentative(self) -> bool:
        """Whether nothing that was confirmed rests on it."""
        return all(citation.commitment.state in TENTATIVE for citation in self.citations)


@dataclass(frozen=True)
class Piece:
    """A stretch of words that are set alike. `anchors` are ids that begin here."""

    words: str
    start: int
    style: str | None = None
    anchors: list[str] = field(default_factory=list)
    ends: list[Note] = field(default_factory=list)
    redacted: bool = False
    found: bool = False


@dataclass(frozen=True)
class Shown:
    """A paragraph as it is shown: its pieces, its notes, and the page that begins with it."""

    paragraph: Paragraph
    pieces: list[Piece]
    notes: list[Note]
    page: int | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Extras:
    """What else is shown in the text: found words, the words chosen by address, redactions."""

    found: Sequence[Span] = ()
    chosen: Span | None = None
    redactions: Sequence[Span] = ()

    def spans(self) -> list[tuple[str, int, int]]:
        named = [(f"f{number}", *span) for number, span in enumerate(self.found, start=1)]
        named += [(f"r{number}", *span) for number, span in enumerate(self.redactions)]
        return named + ([("here", *self.chosen)] if self.chosen else [])


def passages_shown_to(user: Any) -> PassageQuerySet:
    """Passages whose document the reader may see, but for those only hidden commitments cite."""
    live = Citation.objects.filter(passage=OuterRef("pk"), withdrawn_at=None)
    seen = live.filter(commitment__in=Commitment.objects.visible_to(user))
    shown: PassageQuerySet = Passage.objects.visible_to(user).filter(~Exists(live) | Exists(seen))
    return shown


def notes_of(placements: Iterable[Placement], citations: Iterable[Citation]) -> list[Note]:
    """The notes, numbered in the order in which their passages begin."""
    cited: Mapping[int | None, list[Citation]] = defaultdict(list)
    for citation in citations:
        cited[citation.passage_id].append(citation)
    in_order = sorted(placements, key=lambda place: (place.start, place.end, place.passage_id))
    return [
        Note(number, place.passage_id, place.start, place.end, cited[place.passage_id])
        for number, place in enumerate(in_order, start=1)
    ]


def lay_out(
    found: Sequence[Paragraph], notes: Sequence[Note], extras: Extras, page_starts: Sequence[int]
) -> list[Shown]:
    """Every paragraph with its pieces; a note stands where its passage begins."""
    by_id = {note.passage_id: note for note in notes}
    spans = [(note.passage_id, note.start, note.end) for note in notes] + extras.spans()
    pages = _pages(found, page_starts)
    shown = []
    for paragraph in found:
        near = [span for span in spans if span[1] < paragraph.end and span[2] > paragraph.start]
        cut = segments(paragraph.start, paragraph.end, near)
        shown.append(
            Shown(
                paragraph,
                _named([_piece(paragraph, segment, by_id) for segment in cut], extras),
                [note for note in notes if _begins_in(note.start, paragraph)],
                pages.get(paragraph.number),
                extras.chosen is not None and _begins_in(extras.chosen[1] - 1, paragraph),
            )
        )
    return shown


def _begins_in(offset: int, paragraph: Paragraph) -> bool:
    return paragraph.start <= offset < paragraph.end


def _pages(found: Sequence[Paragraph], page_starts: Sequence[int]) -> dict[int, int]:
    """The page to announce above a paragraph, by its number; none where there is one page only."""
    if len(page_starts) < 2:
        return {}
    announced: dict[int, int] = {}
    for page, start in enumerate(page_starts, start=1):
        first = next((one for one in found if one.start >= start), None)
        if first:
            announced[first.number] = page
    return announced


def _piece(paragraph: Paragraph, segment: Segment, by_id: Mapping[int, Note]) -> Piece:
    notes = [by_id[number] for number in segment.covering if isinstance(number, int)]
    extras = [name for name in segment.covering if isinstance(name, str)]
    redacted = [name for name in extras if name.startswith("r")]
    return Piece(
        words=paragraph.text[segment.start - paragraph.start : segment.end - paragraph.start],
        start=segment.start,
        style=_style(notes),
        anchors=[f"m{note.passage_id}" for note in notes if note.start == segment.start],
        ends=[note for note in notes if note.end == segment.end],
        redacted=bool(redacted),
        found=len(extras) > len(redacted),
    )


def _named(pieces: list[Piece], extras: Extras) -> list[Piece]:
    """Give the pieces where found or chosen words begin an anchor to jump to."""
    at = {piece.start: piece for piece in pieces}
    for name, start, _ in extras.spans():
        if start in at and not name.startswith("r"):
            at[start].anchors.append(name)
    return pieces


def _style(notes: Sequence[Note]) -> str | None:
    """The class of a mark: None for no mark, "maybe" where nothing confirmed rests on the words."""
    if not notes:
        return None
    tentative = sum(note.tentative for note in notes)
    if tentative == len(notes):
        return "maybe"
    if len(notes) == 1:
        return ""
    return "both maybe" if tentative else "both"
