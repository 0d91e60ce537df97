"""Extraction: the three seed records read cleanly and whole, and no bytes can break it."""

import json
import re
import textwrap
import unicodedata
from itertools import count, islice, pairwise
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from documents.extraction import EXTRACTORS, Extracted, Unreadable, extract

SEEDS = Path(__file__).parents[2] / "seeds"
FLASH, LETTER, BRIEFING = "000_98ec104879ebc721", "001_bd1b3637a248ec2f", "003_39bdd27ab4e7b4c0"
COMMITMENTS = json.loads((SEEDS / "commitments.json").read_text("utf-8"))["commitments"]


def record(name: str) -> Extracted:
    path = SEEDS / f"{name}.txt"
    return extract(path.read_bytes(), path.name)


def read(text: str) -> list[str]:
    return paragraphs_in(extract(text.encode()))


def paragraphs_in(extracted: Extracted) -> list[str]:
    return extracted.text.split("\n\n")


# The three records


@pytest.mark.parametrize("entry", COMMITMENTS, ids=lambda entry: entry["id"])
def test_every_quote_stands_verbatim_in_the_text_of_its_record(entry: dict[str, str]) -> None:
    assert len(COMMITMENTS) == 35
    text = record(entry["document"].removesuffix(".txt")).text
    assert " ".join(entry["quote"].split()) in text


def words_of_source(name: str) -> list[str]:
    """The words of a source, less what the tests name one by one as not being the record's."""
    source = (SEEDS / f"{name}.txt").read_text("utf-8")
    banner = "Esta es la versión HTML de un fichero adjunto a una solicitud de acceso a la"
    source = re.sub(rf"^{banner} información 'Meetings with TikTok'\.", "", source)
    head = re.compile(r"Meeting with\s+CAB\s+Room,\s+29 March 2022, 15:00")
    first = head.search(source)
    if first:
        source = source[: first.end()] + head.sub("", source[first.end() :])
    source = re.sub(r"^1[12]\s*$", "", source, flags=re.MULTILINE)
    source = source.replace("**", "").replace("\\", "").replace("](#)", "").replace("[M", "M")
    return source.replace("[JUST", "JUST").replace("Co-\nregulation", "Co-regulation").split()


@pytest.mark.parametrize("name", [FLASH, LETTER, BRIEFING])
def test_no_word_of_a_record_is_lost_added_or_moved(name: str) -> None:
    assert record(name).text.split() == words_of_source(name)


@pytest.mark.parametrize("name", [FLASH, LETTER, BRIEFING])
def test_extracting_what_was_extracted_changes_nothing(name: str) -> None:
    once = record(name)
    again = extract(once.text.encode())
    assert (again.text, again.paragraph_starts) == (once.text, once.paragraph_starts)


def test_the_flash_report_opens_with_its_mail_header_as_one_paragraph() -> None:
    assert paragraphs_in(record(FLASH))[:2] == [
        "From: [REDACTED]\nTo: MOOZOVA Irena (JUST);\nCc: [REDACTED] JUST D3\n"
        "Subject: Flash 04/03 - Meeting Commissioner Jourova with IT Platforms\n"
        "Date: mardi 5 mars 2019 11:19:14",
        "Flash 04/03 - Meeting with IT Platforms (Facebook, Google, Snapchat, Microsoft, "
        "Twitter):\nCommissioner Jourova, Daniel Braun, Monika Ladmanova, [REDACTED]",
    ]


def test_the_flash_report_has_the_18_paragraphs_of_the_page_and_its_3_redactions() -> None:
    found = record(FLASH)
    assert len(found.paragraph_starts) == 18
    assert found.text.count("[REDACTED]") == 3


def test_the_letter_keeps_one_paragraph_a_line_and_its_address_together() -> None:
    found = paragraphs_in(record(LETTER))
    assert len(found) == 24
    assert found[:2] == ["Brussels,", "Dear Minister,"]
    assert found[6] == "Mr Madis Timpson\nMinister of Justice of Estonia"
    assert found[-2:-1] == ["Věra Jourová"]


def test_the_briefing_has_7_pages_each_starting_with_its_own_words() -> None:
    found = record(BRIEFING)
    assert [found.text[start:].split()[:3] for start in found.page_starts] == [
        ["Ref.", "Ares(2022)5123950", "-"],
        ["Lines", "to", "take"],
        ["•", "These", "have"],
        ["Executive", "Order", "that"],
        ["•", "DG", "JUST"],
        ["1.", "FLASH", "REPORT"],
        ["COM", "stressed", "that"],
    ]


def test_a_sentence_over_a_page_break_is_one_and_the_page_starts_inside_it() -> None:
    found = record(BRIEFING)
    start = found.page_starts[3]
    assert start not in found.paragraph_starts
    assert found.text[:start].endswith("the U.S. commitments will be included in an ")
    assert found.text[start:].startswith("Executive Order that will form the basis")


def test_the_pages_of_the_briefing_are_known_without_page_numbers_too() -> None:
    source = (SEEDS / f"{BRIEFING}.txt").read_bytes()
    assert (
        extract(source.replace("\n11\u00a0".encode(), b"")).page_starts
        == record(BRIEFING).page_starts
    )


def test_the_briefing_shows_neither_banner_nor_page_numbers_and_its_running_head_once() -> None:
    found = paragraphs_in(record(BRIEFING))
    assert not any("versión HTML" in paragraph for paragraph in found)
    assert not {"11", "12"} & set(found)
    assert found.count("CAB Room, 29 March 2022, 15:00") == found.count("Meeting with") == 1


def test_blanked_names_leave_their_gaps_and_glue_nothing() -> None:
    found = paragraphs_in(record(BRIEFING))
    assert "MEETING WITH , at ByteDance/TikTok" in found
    assert any(p.startswith("The company\nexplained that TikTok’s Chinese parent") for p in found)
    at = found.index("1. FLASH REPORT MEETING WITH")
    assert found[at + 1 : at + 4] == [
        "- TIKTOK - 20 SEPTEMBER 2021 - FLASH REPORT",
        "COM: Isabelle Perignon, Lucrezia Busa,",
        "TikTok",
    ]


def test_headings_items_and_broken_words_of_the_briefing_read_as_printed() -> None:
    found = paragraphs_in(record(BRIEFING))
    for heading in ("Data flows (general)", "Hate Speech", "CPC Coordinated Action"):
        assert heading in found
    assert "TikTok. Co-regulation could be a possible model" in record(BRIEFING).text
    signs = [paragraph[0] for paragraph in found if paragraph[:2] in ("• ", "o ", "- ")]
    assert (signs.count("•"), signs.count("o"), signs.count("-")) == (31, 2, 4)


# Bytes


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_is_read_in_the_encodings_records_come_in(encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    data = marks.get(encoding, b"") + "“Naïve” – déjà vu".encode(encoding)
    assert extract(data).text == "“Naïve” – déjà vu"


def test_line_ends_odd_spaces_unseen_characters_and_nul_leave_plain_text() -> None:
    text = "One\u00a0two\u2009three\r\n\r\nFour\u200b \t five\x00 six\r\rRe\u0301sume\u0301\u00ad"
    assert read(text) == ["One two three", "Four five six", "Résumé"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b" \n\t\x00\n", "There is no text in this file."),
        (bytes(range(256)) * 4, "This file holds binary data, not text."),
        ("No mark, two bytes each".encode("utf-16-le"), "This file holds binary data, not text."),
        (b"%PDF-1.7\n...", "This is a PDF file. Only plain text and Markdown can be read."),
        (b"<!DOCTYPE html><p>", "This is an HTML page. Only plain text and Markdown can be read."),
        (b"\x89PNG\r\n\x1a\n", "This is a binary file. Only plain text and Markdown can be read."),
    ],
)
def test_a_file_without_readable_text_is_refused_with_a_sentence(
    data: bytes, sentence: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        extract(data)
    assert str(refused.value) == sentence


def test_only_plain_text_has_an_extractor_and_it_names_itself() -> None:
    assert list(EXTRACTORS) == ["text/plain"]
    assert extract(b"Hello").extractor == "plain-text/1"


# Lines and paragraphs

WRAPPED = """\
The platforms reported to be already engaging with authorities,
but were supportive of reaching out to the national networks in
particular, as was said, and will ask them for their contacts.
Short-term actions
COM said that these points could be explored in the next months
and found the idea of the repository interesting.
• An item that runs over the end of its line and so goes on in
the next one.
• Another item.
"""


def test_lines_broken_by_the_width_are_joined_and_paragraphs_headings_and_items_kept() -> None:
    assert read(WRAPPED) == [
        "The platforms reported to be already engaging with authorities, but were supportive of "
        "reaching out to the national networks in particular, as was said, and will ask them for "
        "their contacts.",
        "Short-term actions",
        "COM said that these points could be explored in the next months and found the idea of the "
        "repository interesting.",
        "• An item that runs over the end of its line and so goes on in the next one.",
        "• Another item.",
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("The code of Co-\nregulation of it", "The code of Co-regulation of it"),
        ("All informa-\ntion. More information", "All information. More information"),
        ("All infor\u00ad\nmation is shared by them", "All information is shared by them"),
        ("The short-\nand long-term measures", "The short- and long-term measures"),
        ("# A heading\nText under it.", "A heading\n\nText under it."),
        ("One.\n\n---\n\nTwo.", "One.\n\nTwo."),
        ("* one\n* two", "- one\n\n- two"),
        ("\uf0b7\tone\n\uf0b7\ttwo", "• one\n\n• two"),
        ("List:\no  We welcome\no  We regret", "List:\n\no We welcome\n\no We regret"),
        ("A.\n\nB.\n\nC.\n1. One\n2. Two", "A.\n\nB.\n\nC.\n\n1. One\n\n2. Two"),
        ("A.\n\nB.\n\nTitle\n" + "So. " * 30, "A.\n\nB.\n\nTitle\n\n" + "So. " * 29 + "So."),
        ("> quoted\n> again", "> quoted\n> again"),
        ("| a | b |\n| c | d |", "| a | b |\n| c | d |"),
        ("Von: A\nAn: B\nBetreff: C\n\nText.", "Von: A\nAn: B\nBetreff: C\n\nText."),
        ("Subject: a thing\n\nText.", "Subject: a thing\n\nText."),
        ("**Bold** and *soft* and **half**s", "Bold and soft and halfs"),
        ("[MOOZOVA Irena \\(JUST\\)](#);", "MOOZOVA Irena (JUST);"),
        ('[the **page**](https://example.org/a_(b) "Title") says', "the page says"),
        ("[REDACTED] and [REDACTED](#)", "[REDACTED] and [REDACTED]"),
        ("\\*not soft\\* and \\[not a link\\](#)", "*not soft* and [not a link](#)"),
    ],
)
def test_small_layouts_read_as_printed_and_marks_of_markdown_are_not_shown(
    source: str, expected: str
) -> None:
    assert extract(source.encode()).text == expected


@pytest.mark.parametrize(
    "words",
    [
        "Article 12[1](b) applies",
        "2**3 and 4**5 and 2*3*4",
        "A value* and another*",
        "sign here: ____ in file_name_one.txt",
        "the share C:\\\\server\\data",
        "see [1] and [the page]",
        "**An opening without an end",
    ],
)
def test_words_that_only_look_like_marks_stay(words: str) -> None:
    assert extract(words.encode()).text == words


# Pages


def test_form_feeds_begin_pages_and_running_lines_and_numbers_go() -> None:
    pages = [
        f"DG JUST - Page {number}\n\n{words}\n\nConfidential\n{number} / 3"
        for number, words in enumerate(["First words", "go on here.\n\nThen", "Last."], 1)
    ]
    found = extract("\f".join(pages).encode())
    assert found.text.replace("\n\n", "|") == (
        "DG JUST - Page 1|First words go on here.|Then|Last.|Confidential"
    )
    assert [found.text[start:][:5] for start in found.page_starts] == ["DG JU", "go on", "Last."]


def test_empty_pages_are_counted_and_start_where_the_next_words_do() -> None:
    for empty in (b"", b" \n", b"[](#)"):
        found = extract(b"One.\f" + empty + b"\fThree.\f")
        assert (found.text, found.page_starts) == ("One.\n\nThree.", (0, 6, 6))


def test_pages_blanked_as_a_whole_are_all_kept() -> None:
    assert extract(b"[REDACTED]\f[REDACTED]\f[REDACTED]").text.count("[REDACTED]") == 3


def test_labels_and_signatures_that_come_again_are_not_taken_for_running_heads() -> None:
    form = "\n\n\n".join(f"Country:\nAnswer:\nNumber {n}." for n in "abcd")
    assert extract(form.encode()).text.count("Country:") == 4
    mails = "\n\n\n".join(f"We agree on {n}.\n\n\nKind regards,\nAnna Smith" for n in "abcd")
    assert extract(mails.encode()).text.count("Anna Smith") == 4


def test_a_number_that_does_not_count_with_the_pages_stays() -> None:
    found = extract(b"In all:\n\n2021\fOf these:\n\n17")
    assert paragraphs_in(found) == ["In all:", "2021", "Of these:", "17"]


# What holds for any bytes

SIGNS = "aAzÉ.,:;!?-–•o*[]()#>|\\\"'1 \n\n\n\f\u00a0\u00ad\u0301\u200b\x00\ud55c\U0001f600"
CLUSTERS = ["**", "](#)", "- ", "o  ", "word ", "Co-\n", "Page 1", "From: ", "\n \n\n"]
PIECES = st.sampled_from([*SIGNS, *CLUSTERS, "[REDACTED]"])
FILES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: text.encode()),
    st.text(max_size=100).map(lambda text: text.encode("utf-16")),
    st.lists(PIECES, max_size=120).map(lambda pieces: "".join(pieces).encode()),
)


@settings(deadline=None, max_examples=400)
@given(FILES, st.sampled_from(["", "a.txt", "b.html", "c.md"]))
def test_any_bytes_give_clean_text_or_are_refused(data: bytes, file_name: str) -> None:
    try:
        found = extract(data, file_name)
    except Unreadable as refused:
        event(str(refused))
        return
    text = found.text
    assert not set(text) & set("\0\r\f\t\u00a0\u00ad\u200b")
    assert unicodedata.is_normalized("NFC", text)
    assert "  " not in text
    assert "\n\n\n" not in text
    assert all(line == line.strip() for line in text.split("\n"))
    starts = [0, *(at.end() for at in re.finditer("\n\n", text))]
    assert list(found.paragraph_starts) == starts
    assert found.page_starts[0] == 0
    assert all(left <= right for left, right in pairwise([*found.page_starts, len(text)]))


def prose_of(shape: list[list[int]]) -> list[str]:
    """Paragraphs of sentences of so many words; no word comes twice, no sentence fits on a line."""
    digits = str.maketrans("0123456789", "aeioulnrst")
    words = (str(number**3 + 7).translate(digits) for number in count())
    return [
        " ".join(" ".join(islice(words, size)).capitalize() + "." for size in sizes)
        for sizes in shape
    ]


PROSE = st.lists(st.lists(st.integers(60, 90), min_size=1, max_size=4), min_size=1, max_size=5).map(
    prose_of
)


@settings(deadline=None)
@given(PROSE, st.integers(60, 110))
def test_prose_broken_at_any_width_comes_back_as_it_was(prose: list[str], width: int) -> None:
    assert read("\n\n".join(textwrap.fill(p, width) for p in prose)) == prose


@settings(deadline=None)
@given(PROSE, st.integers(60, 110), st.integers(6, 20))
def test_page_breaks_and_running_heads_leave_no_trace_in_prose(
    prose: list[str], width: int, length: int
) -> None:
    lines = "\n\n".join(textwrap.fill(p, width) for p in prose).split("\n")
    pages = [lines[at : at + length] for at in range(0, len(lines), length)]
    printed = ["\n".join(["The Record", *page, str(n)]) for n, page in enumerate(pages, 7)]
    found = extract("\f".join(printed).encode())
    if len(pages) > 1:
        assert found.text.split()[2:] == " ".join(prose).split()
    assert len(found.page_starts) == len(pages)
    for start, page in zip(found.page_starts[1:], pages[1:], strict=True):
        assert " ".join(found.text[start:].split()).startswith(
            " ".join(" ".join(page).split())[:40]
        )


@settings(deadline=None)
@given(PROSE)
def test_extracting_prose_twice_is_extracting_it_once(prose: list[str]) -> None:
    once = extract("\n".join(prose).encode()).text
    assert extract(once.encode()).text == once


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Die Kommission wird den Bericht und die Studie mit der Antwort nicht vorlegen", "de"),
        ("La Commission présentera le rapport avec les résultats de l'étude dans les mois", "fr"),
        ("La Comisión presentará el informe con los resultados del estudio en los meses", "es"),
        ((SEEDS / f"{LETTER}.txt").read_text("utf-8"), "en"),
        ("Ares(2022)5123950", ""),
    ],
    ids=["de", "fr", "es", "en", "unknown"],
)
def test_the_language_is_told_by_small_words_or_not_at_all(words: str, language: str) -> None:
    assert extract(words.encode()).language == language
