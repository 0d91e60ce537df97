"""Paragraphs cut into pieces, and the notes beside them. Nothing here touches the database."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from commitments.margins import Extras, Note, Shown, lay_out, notes_of
from commitments.models import Citation, Commitment
from commitments.workflow import State
from documents.models import Placement
from documents.paragraphs import paragraphs

TEXT = "The platforms agreed.\n\nCOM will send [REDACTED] the contacts soon.\n\nThe end came."
STARTS = [0, 23, 68]
numbers = count(1)


def a_note(start: int, end: int, *states: str, number: int = 1) -> Note:
    citations = [Citation(commitment=Commitment(state=state)) for state in states]
    return Note(number, next(numbers), start, end, citations)


def laid_out(*notes: Note, extras: Extras | None = None) -> list[Shown]:
    return lay_out(paragraphs(TEXT, STARTS), notes, extras or Extras(), [0])


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def test_notes_are_numbered_in_the_order_of_the_text() -> None:
    places = [
        Placement(passage_id=7, start=40, end=50),
        Placement(passage_id=3, start=10, end=20),
        Placement(passage_id=5, start=10, end=12),
    ]
    cited = Citation(passage_id=3, commitment=Commitment())
    notes = notes_of(places, [cited])
    assert [(note.number, note.passage_id) for note in notes] == [(1, 5), (2, 3), (3, 7)]
    assert [note.citations for note in notes] == [[], [cited], []]


def test_a_mark_begins_with_its_anchor_and_ends_with_its_number() -> None:
    note = a_note(*at("will send"), State.OPEN)
    pieces = laid_out(note)[1].pieces
    marked = [piece for piece in pieces if piece.style is not None]
    assert [piece.words for piece in marked] == ["will send"]
    assert marked[0].anchors == [f"m{note.passage_id}"]
    assert marked[0].ends == [note]
    assert marked[0].style == ""


def test_overlapping_marks_are_split_and_the_overlap_is_darker() -> None:
    first = a_note(*at("COM will send"), State.OPEN)
    second = a_note(*at("will send [REDACTED] the"), State.OPEN)
    pieces = [piece for piece in laid_out(first, second)[1].pieces if piece.style is not None]
    assert [(piece.words, piece.style) for piece in pieces] == [
        ("COM ", ""),
        ("will send", "both"),
        (" [REDACTED] the", ""),
    ]
    assert pieces[1].ends == [first]
    assert pieces[-1].ends == [second]


def test_what_is_not_confirmed_is_dotted() -> None:
    candidate = a_note(*at("COM will"), State.CANDIDATE)
    dismissed = a_note(*at("the contacts"), State.DISMISSED)
    bare = a_note(*at("soon"))
    mixed = a_note(*at("send"), State.CANDIDATE, State.OPEN)
    styles = {
        piece.words: piece.style for piece in laid_out(candidate, dismissed, bare, mixed)[1].pieces
    }
    assert styles["COM will"] == styles["the contacts"] == styles["soon"] == "maybe"
    assert styles["send"] == ""
    over = laid_out(candidate, a_note(*at("will"), State.OPEN))[1].pieces
    assert {piece.words: piece.style for piece in over}["will"] == "both maybe"


def test_a_mark_over_two_paragraphs_has_one_anchor_one_number_and_one_note() -> None:
    note = a_note(4, 30, State.OPEN)
    shown = laid_out(note)
    pieces = [piece for part in shown for piece in part.pieces if piece.style is not None]
    assert "".join(piece.words for piece in pieces) == "platforms agreed.COM wil"
    assert [piece.anchors for piece in pieces if piece.anchors] == [[f"m{note.passage_id}"]]
    assert [piece.ends for piece in pieces if piece.ends] == [[note]]
    assert [part.notes for part in shown] == [[note], [], []]


def test_redactions_found_words_and_chosen_words_are_told_apart() -> None:
    extras = Extras(found=[at("the")], chosen=at("contacts soon"), redactions=[at("[REDACTED]")])
    shown = laid_out(extras=extras)
    by_words = {piece.words: piece for piece in shown[1].pieces}
    assert by_words["[REDACTED]"].redacted
    assert not by_words["[REDACTED]"].found
    assert by_words["the"].found
    assert by_words["the"].anchors == ["f1"]
    assert by_words["contacts soon"].anchors == ["here"]
    assert [part.chosen for part in shown] == [False, True, False]


def test_a_page_is_announced_above_the_first_paragraph_that_begins_on_it() -> None:
    shown = lay_out(paragraphs(TEXT, STARTS), [], Extras(), [0, 30, 50, 68])
    assert [part.page for part in shown] == [1, None, 4]
    assert [part.page for part in laid_out()] == [None, None, None]


spans = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 40)).map(
    lambda span: (span[0], min(span[0] + span[1], len(TEXT)))
)


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=3))
def test_the_pieces_always_make_up_the_paragraph_again(
    marks: list[tuple[int, int]], found: list[tuple[int, int]]
) -> None:
    notes = [a_note(*span, State.OPEN, number=n) for n, span in enumerate(marks, start=1)]
    for part in laid_out(*notes, extras=Extras(found=found)):
        assert "".join(piece.words for piece in part.pieces) == part.paragraph.text
        assert all(piece.words for piece in part.pieces)
