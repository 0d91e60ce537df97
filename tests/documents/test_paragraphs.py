"""Paragraphs, pages, sentences, marks and redactions of a record's text."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.extraction import Extracted, extract
from documents.paragraphs import (
    Paragraph,
    lead_in,
    page_of,
    paragraph_at,
    paragraphs,
    redactions,
    segments,
    sentences,
    sentences_around,
)

ROOT = Path(__file__).parents[2]
FLASH, LETTER, BRIEFING = "000_98ec104879ebc721", "001_bd1b3637a248ec2f", "003_39bdd27ab4e7b4c0"
COMMITMENTS = json.loads((ROOT / "seeds/commitments.json").read_text("utf-8"))["commitments"]


def record(name: str) -> Extracted:
    return extract((ROOT / "seeds" / f"{name}.txt").read_bytes())


def of(*words: str) -> list[Paragraph]:
    starts, length = [], 0
    for paragraph in words:
        starts.append(length)
        length += len(paragraph) + 2
    return paragraphs("\n\n".join(words), starts)


def kinds(*words: str) -> list[str]:
    return [paragraph.kind for paragraph in of(*words)]


def test_extraction_paragraphs_and_anchoring_run_without_django() -> None:
    names = "documents.extraction, documents.paragraphs, documents.anchoring"
    program = (
        f"import sys, {names}; sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


# Paragraphs


@pytest.mark.parametrize("name", [FLASH, LETTER, BRIEFING])
def test_paragraphs_are_numbered_from_1_and_hold_the_text_at_their_span(name: str) -> None:
    found = record(name)
    listed = paragraphs(found.text, found.paragraph_starts)
    assert [paragraph.number for paragraph in listed] == list(range(1, len(listed) + 1))
    assert all(found.text[p.start : p.end] == p.text for p in listed)
    assert "\n\n".join(paragraph.text for paragraph in listed) == found.text


def test_the_flash_report_is_set_as_on_its_page() -> None:
    found = record(FLASH)
    listed = paragraphs(found.text, found.paragraph_starts)
    assert [p.number for p in listed if p.kind == "head"] == [6, 15]
    assert [p.number for p in listed if p.kind == "text"] == [1, 2]


def test_the_letter_has_no_headings_and_no_lists() -> None:
    found = record(LETTER)
    assert {p.kind for p in paragraphs(found.text, found.paragraph_starts)} == {"text"}


def test_the_headings_of_the_briefing_are_found() -> None:
    found = record(BRIEFING)
    heads = [p.text for p in paragraphs(found.text, found.paragraph_starts) if p.kind == "head"]
    assert heads == [
        "MEETING WITH , at ByteDance/TikTok",
        "Scene setter",
        "Lines to take",
        "Data Protection",
        "Data flows (general)",
        "Standard contractual clauses",
        "Negotiations on a successor arrangement to the Privacy Shield",
        "Consumer protection - CPC action on TikTok",
        "1. FLASH REPORT MEETING WITH",
        "- TIKTOK - 20 SEPTEMBER 2021 - FLASH REPORT",
        "CPC Coordinated Action",
        "Hate Speech",
        "Data Protection",
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Next steps", "COM will write."], ["head", "text"]),
        (["Next steps", "- COM will write"], ["head", "bullet"]),
        (["Yours sincerely,", "Anna Smith", "She wrote this."], ["text", "text", "text"]),
        (["Anna Smith"], ["text"]),
        (["Ares(2022)5123950", "It is so."], ["text", "text"]),
        (["2. Data protection", "COM asked for it."], ["head", "text"]),
        (["1. Facebook", "2. Google", "They agree."], ["bullet", "bullet", "text"]),
        (["- EU DSA", "- EU GDPR", "They agree."], ["bullet", "bullet", "text"]),
        (["CONCLUSIONS AND NEXT STEPS"], ["head"]),
        (["o We welcome it", "o I say no"], ["bullet", "bullet"]),
        (["(a) one", "(b) two", "iv) four", "– five"], ["bullet"] * 4),
    ],
)
def test_heads_items_and_text_are_told_apart(words: list[str], expected: list[str]) -> None:
    assert kinds(*words) == expected


def test_the_paragraph_at_an_offset_is_found_to_its_last_character() -> None:
    found = of("One.", "Two.")
    assert [paragraph_at(found, offset).number for offset in (0, 3, 5, 6, 9)] == [1, 1, 1, 2, 2]
    with pytest.raises(ValueError, match="No paragraph"):
        paragraph_at(found, -1)


def test_an_item_is_led_in_by_the_line_with_a_colon_or_else_by_the_heading() -> None:
    found = of("Next steps", "• First:", "o one", "o two", "• Second", "• Third:", "• Fourth")
    leads = [lead_in(found, paragraph.number) for paragraph in found]
    assert [lead.number if lead else None for lead in leads] == [None, 1, 2, 2, 1, 1, 6]


def test_text_is_led_in_by_what_stands_directly_above_it_alone() -> None:
    found = of("Next steps", "COM will write.", "It will do so:", "Soon.")
    leads = [lead_in(found, paragraph.number) for paragraph in found]
    assert [lead.number if lead else None for lead in leads] == [None, 1, None, 3]


# Pages


def test_an_offset_stands_on_the_last_page_that_begins_at_or_before_it() -> None:
    assert [page_of([0, 10, 10, 30], offset) for offset in (0, 9, 10, 29, 30, 99)] == [
        *(1, 1, 3, 3, 4, 4)
    ]


def test_a_quote_before_a_page_break_is_cited_with_its_own_page() -> None:
    found = record(BRIEFING)
    quote = "the U.S. commitments will be included in an"
    start = found.text.index(quote)
    assert page_of(found.page_starts, start) == 3
    assert page_of(found.page_starts, start + len(quote) + 1) == 4


# Sentences


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("They say “no.” We do not.", ["They say “no.”", "We do not."]),
        ("Older than 13. In this connection", ["Older than 13.", "In this connection"]),
        ("Clarifications etc. This will be", ["Clarifications etc.", "This will be"]),
        ("Age e.g. AI and the U.S. Senate, Mr. X", ["Age e.g. AI and the U.S. Senate, Mr. X"]),
        ("1. FLASH REPORT", ["1. FLASH REPORT"]),
        ("See p. 3 and no. 4 of it.", ["See p. 3 and no. 4 of it."]),
        ("From: A\nTo: B. C", ["From: A", "To: B. C"]),
        ("Ça va. Évidemment.", ["Ça va.", "Évidemment."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(words: str, expected: list[str]) -> None:
    assert [words[start:end] for start, end in sentences(words, 0, len(words))] == expected


def around(text: str, quote: str) -> tuple[str, str, str, str, str]:
    start = text.index(quote)
    found = sentences_around(text, start, start + len(quote), (0, len(text)))
    return found.earlier, found.before, found.quote, found.after, found.later


def test_a_quote_is_shown_in_its_sentence_with_one_on_either_side() -> None:
    text = "Far. Near. It recalled that it is due by May and so on. There is hope. Far."
    assert around(text, "it is due by May") == (
        "Near. ", "It recalled that ", "it is due by May", " and so on.", " There is hope.",
    )  # fmt: skip


def test_a_quote_of_whole_sentences_needs_nothing_to_complete_it() -> None:
    assert around("One. Two. Three. Four.", "Two. Three.") == (
        *("One. ", "", "Two. Three.", "", " Four."),
    )


def test_the_context_does_not_leave_the_paragraph() -> None:
    text = "Other.\n\nIn it. Quote here.\n\nOther."
    start = text.index("Quote")
    found = sentences_around(text, start, start + 5, (8, 26))
    assert (found.earlier, found.after, found.later) == ("In it. ", " here.", "")


@pytest.mark.parametrize("entry", COMMITMENTS, ids=lambda entry: entry["id"])
def test_every_quote_stands_in_a_context_cut_from_its_paragraph(entry: dict[str, str]) -> None:
    found = record(entry["document"].removesuffix(".txt"))
    start = found.text.index(entry["quote"])
    end = start + len(entry["quote"])
    holder = paragraph_at(paragraphs(found.text, found.paragraph_starts), start)
    shown = sentences_around(found.text, start, end, (holder.start, holder.end))
    assert shown.quote == entry["quote"]
    whole = shown.earlier + shown.before + shown.quote + shown.after + shown.later
    assert whole in holder.text
    assert (shown.before + shown.quote + shown.after).strip()[-1] in ".)"


PROSE = st.text("aB. \n!“”", min_size=1, max_size=60)


@given(PROSE, st.data())
def test_the_context_is_one_stretch_around_the_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = data.draw(st.integers(0, start)), data.draw(st.integers(end, len(text)))
    shown = sentences_around(text, start, end, (first, last))
    left = start - len(shown.earlier) - len(shown.before)
    right = end + len(shown.after) + len(shown.later)
    assert first <= left <= start < end <= right <= last
    whole = shown.earlier + shown.before + shown.quote + shown.after + shown.later
    assert whole == text[left:right]


@given(PROSE)
def test_sentences_hold_every_word_once_and_in_order(text: str) -> None:
    found = [text[start:end] for start, end in sentences(text, 0, len(text))]
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() for sentence in found)


# Marks and redactions


def test_overlapping_marks_are_cut_into_pieces_that_name_their_marks() -> None:
    found = segments(10, 50, [(1, 15, 30), (2, 25, 40), (3, 0, 12), (4, 60, 70), (5, 20, 20)])
    assert [(piece.start, piece.end, piece.covering) for piece in found] == [
        (10, 12, (3,)),
        (12, 15, ()),
        (15, 25, (1,)),
        (25, 30, (1, 2)),
        (30, 40, (2,)),
        (40, 50, ()),
    ]


def test_a_paragraph_without_marks_is_one_piece_and_an_empty_one_none() -> None:
    assert [piece.covering for piece in segments(3, 9, [])] == [()]
    assert segments(3, 3, [(1, 0, 9)]) == []


MARKS = st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=8).map(
    lambda spans: [(number, *sorted(span)) for number, span in enumerate(spans)]
)


@given(st.integers(0, 15), st.integers(16, 35), MARKS)
def test_pieces_follow_without_gap_and_name_exactly_what_covers_them(
    start: int, end: int, marks: list[tuple[int, int, int]]
) -> None:
    found = segments(start, end, marks)
    assert [piece.start for piece in found] == [start, *(piece.end for piece in found[:-1])]
    assert found[-1].end == end
    for piece in found:
        for place in range(piece.start, piece.end):
            assert set(piece.covering) == {n for n, begins, ends in marks if begins <= place < ends}


def test_redactions_are_found_as_the_record_writes_them() -> None:
    text = "[REDACTED] met [redacted] and [REDACTED]."
    assert redactions(text) == [(0, 10), (30, 40)]
    assert len(redactions(record(FLASH).text)) == 3


def test_the_words_of_an_item_begin_after_its_sign() -> None:
    extracted = record(FLASH)
    for part in paragraphs(extracted.text, extracted.paragraph_starts):
        words = extracted.text[part.words_start : part.end]
        assert words == (part.text[2:] if part.kind == "bullet" else part.text)
