"""Anchoring: the words of a passage are found again, where they stood and nowhere else."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from documents.anchoring import (
    CONTEXT,
    Ambiguous,
    Match,
    NotFound,
    find,
    locate,
    normalise,
    selector,
    utf16_to_code_points,
)
from documents.extraction import extract

SEEDS = Path(__file__).parents[2] / "seeds"
COMMITMENTS = json.loads((SEEDS / "commitments.json").read_text("utf-8"))["commitments"]

TEXT = "COM will write. FB will write. “Soon” – says FB – it’s done… COM will write."


@pytest.mark.parametrize("entry", COMMITMENTS, ids=lambda entry: entry["id"])
def test_every_seed_quote_is_located_exactly_and_its_selector_finds_it_again(
    entry: dict[str, str],
) -> None:
    text = extract((SEEDS / entry["document"]).read_bytes()).text
    match = locate(text, entry["quote"])
    assert match == Match(match.start, match.end, True, "exact", 1.0)
    held = selector(text, match.start, match.end)
    assert held.quote == entry["quote"]
    assert locate(text, held.quote, held.prefix, held.suffix) == match


def test_a_selector_holds_32_characters_on_either_side() -> None:
    text = "a" * 50 + "quote" + "b" * 50
    held = selector(text, 50, 55)
    assert (held.prefix, held.quote, held.suffix) == ("a" * 32, "quote", "b" * 32)


def test_a_selector_at_the_edges_of_a_text_holds_what_there_is() -> None:
    held = selector("ab quote", 3, 8)
    assert (held.prefix, held.quote, held.suffix) == ("ab ", "quote", "")


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3), (0, 99)])
def test_a_span_that_is_empty_or_outside_has_no_selector(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="inside the text"):
        selector("a quote", start, end)


def test_words_that_stand_twice_are_told_apart_by_what_surrounds_them() -> None:
    first, second = find(TEXT, "COM will write.")
    assert (first.start, second.start) == (0, TEXT.rindex("COM"))
    assert locate(TEXT, "COM will write.", prefix="it’s done… ").start == second.start
    assert locate(TEXT, "COM will write.", suffix=" FB will").start == first.start


def test_words_that_nothing_tells_apart_are_ambiguous_and_the_places_named() -> None:
    with pytest.raises(Ambiguous) as refused:
        locate(TEXT, "will write.")
    assert [match.start for match in refused.value.matches] == [4, 19, TEXT.rindex("will")]
    assert str(refused.value) == (
        "These words stand in 3 places of the text. Give more of the words around them."
    )


@pytest.mark.parametrize("quote", ["", "  ", "never said", "com will write", "\u00ad"])
def test_words_that_do_not_stand_in_the_text_are_not_found(quote: str) -> None:
    assert find(TEXT, quote) == []
    with pytest.raises(NotFound, match="do not stand in the text"):
        locate(TEXT, quote)


def test_overlapping_places_are_all_found() -> None:
    assert [match.start for match in find("aaaa", "aa")] == [0, 1, 2]


@pytest.mark.parametrize(
    "quote",
    [
        '"Soon" - says FB - it\'s done...',
        " “Soon”\n–   says\u00a0FB – it’s done… ",
        "“So\u00adon” – says\u200b FB ― it´s done…",
        "„Soon“ — says FB – it`s done…",
    ],
)
def test_words_typed_or_pasted_otherwise_are_found_and_mapped_back(quote: str) -> None:
    match = locate(TEXT, quote)
    assert (match.exact, match.method) == (False, "normalised")
    assert TEXT[match.start : match.end] == "“Soon” – says FB – it’s done…"


def test_half_of_three_dots_is_no_match_for_fewer_dots() -> None:
    assert find("and so on…", "on..") == []
    assert [match.exact for match in find("and so on…", "on...")] == [False]


def test_accents_written_apart_are_found_in_either_form() -> None:
    text = "Résumé of Jourová"
    match = locate(text, unicodedata.normalize("NFD", "Jourová"))
    assert text[match.start : match.end] == "Jourová"
    apart = unicodedata.normalize("NFD", text)
    match = locate(apart, "Jourová")
    assert apart[match.start : match.end] == unicodedata.normalize("NFD", "Jourová")
    assert [found.exact for found in find(apart, "Re\u0301sume")] == [True]


def test_the_exact_words_are_preferred_to_words_that_read_the_same() -> None:
    text = "it's done. it’s done."
    assert [match.exact for match in find(text, "it’s done.")] == [True, False]
    assert locate(text, "it’s done.").start == 11


def test_surroundings_outweigh_exactness() -> None:
    text = "Here FB says: it's done now. There X says: it’s done soon."
    assert locate(text, "it's done", "There X says: ", " soon.").start == text.index("it’s")


def test_surroundings_may_be_typed_otherwise_too() -> None:
    text = "He says “a”: yes. She says “b”: yes."
    assert locate(text, "yes.", 'She says "b":  ').start == text.rindex("yes.")


def test_characters_beyond_the_first_plane_count_as_one() -> None:
    text = "😀 Ω 𝔘 the promise 😀"
    match = locate(text, "the promise")
    assert (match.start, match.end) == (6, 17)
    assert utf16_to_code_points(text, 8) == 6


@pytest.mark.parametrize(("offset", "expected"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 3)])
def test_a_browsers_offset_becomes_a_code_point_offset(offset: int, expected: int) -> None:
    assert utf16_to_code_points("a😀b", offset) == expected


@pytest.mark.parametrize("offset", [-1, 5])
def test_a_browsers_offset_outside_the_text_is_refused(offset: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        utf16_to_code_points("a😀b", offset)


# What holds for any text

LETTERS = st.sampled_from([*"aab  \n.'’\"“-–…", "\u0301", "é", "\u00a0", "\u00ad", "😀", "𝔘"])
TEXTS = st.lists(LETTERS, min_size=1, max_size=120).map("".join) | st.text(min_size=1, max_size=80)


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@settings(deadline=None, max_examples=300)
@given(spans())
def test_a_selector_finds_exactly_its_span_unless_its_words_stand_twice(
    span: tuple[str, int, int],
) -> None:
    text, start, end = span
    held = selector(text, start, end)
    assert max(len(held.prefix), len(held.suffix)) <= CONTEXT
    whole = held.prefix + held.quote + held.suffix
    assume(text.find(whole) == text.rfind(whole))
    match = locate(text, held.quote, held.prefix, held.suffix)
    assert match == Match(start, end, True, "exact", 1.0)


@settings(deadline=None, max_examples=300)
@given(spans())
def test_every_match_reads_as_the_quote_and_the_exact_ones_are_it(
    span: tuple[str, int, int],
) -> None:
    text, start, end = span
    quote = text[start:end].translate(str.maketrans("’“–\u00a0", "'\"- "))
    for match in find(text, quote):
        words = text[match.start : match.end]
        assert match.exact == (match.method == "exact") == (words == quote)
        assert normalise(words) == normalise(quote)
        assert match.score == 1.0


@settings(deadline=None)
@given(spans(), st.sampled_from(["“%s”", "  %s\n", "%s"]))
def test_matches_come_best_first_and_no_place_twice(span: tuple[str, int, int], form: str) -> None:
    text, start, end = span
    held = selector(text, start, end)
    found = find(text, form % held.quote, held.prefix, held.suffix)
    ranks = [(not match.exact, -match.score, match.start) for match in found]
    assert ranks == sorted(ranks)
    assert len({(match.start, match.end) for match in found}) == len(found)
    assert all(0.0 <= match.score <= 1.0 for match in found)


def test_an_unseen_character_does_not_part_a_letter_from_its_accent() -> None:
    assert normalise("a\xad\u0301") == "\xe1"


@given(TEXTS)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(TEXTS)
def test_utf16_offsets_of_whole_characters_map_one_to_one(text: str) -> None:
    for offset in range(len(text) + 1):
        units = len(text[:offset].encode("utf-16-le")) // 2
        assert utf16_to_code_points(text, units) == offset
