"""Words looked for in a text, as people type them."""

import pytest

from documents.finding import find_words, trimmed

TEXT = "Věra Jourová met FB.\nThe  Commission (COM) met FB again; die Straße, ﬁnal 👍 words."


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jourova", ["Jourová"]),
        ("JOUROVÁ MET", ["Jourová met"]),
        ("fb. the commission", ["FB.\nThe  Commission"]),
        ("  met   fb ", ["met FB", "met FB"]),
        ("strasse", ["Straße"]),
        ("final", ["ﬁnal"]),
        ("👍 words", ["👍 words"]),
        ("never said", []),
        ("", []),
        ("   ", []),
    ],
)
def test_case_accents_and_spacing_do_not_matter(typed: str, found: list[str]) -> None:
    places = find_words(TEXT, typed)
    assert [TEXT[start:end] for start, end in places] == found


def test_the_places_are_in_order_and_end_at_a_limit() -> None:
    places = find_words("a b " * 500, "a", most=7)
    assert places == [(4 * n, 4 * n + 1) for n in range(7)]


def test_signs_of_patterns_are_plain_words() -> None:
    assert find_words("Is it (self)regulatory? [x]*", "(self)") == [(6, 12)]
    assert find_words("Is it (self)regulatory? [x]*", ".*") == []


@pytest.mark.parametrize(
    ("span", "left"),
    [
        ((0, 4), "One."),
        ((0, 7), "One."),
        ((4, 11), "Two."),
        ((4, 6), None),
        ((5, 5), None),
        ((7, 5), None),
        ((-1, 3), None),
        ((0, 12), None),
    ],
)
def test_a_span_is_trimmed_to_its_words(span: tuple[int, int], left: str | None) -> None:
    text = "One.\n\n Two."
    found = trimmed(text, *span)
    assert (text[slice(*found)] if found else None) == left
