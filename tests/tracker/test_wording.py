"""Dates, spans and counts in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker import wording


def test_a_day_is_written_without_a_leading_nought() -> None:
    assert wording.day(date(2019, 3, 5)) == "5 March 2019"


def test_an_instant_is_told_in_the_zone_given_daylight_saving_included() -> None:
    brussels = ZoneInfo("Europe/Brussels")
    assert wording.moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), brussels) == (
        "2 July 2026, 01:30"
    )
    assert wording.moment(datetime(2026, 11, 23, 7, 0, tzinfo=UTC), brussels) == (
        "23 November 2026, 08:00"
    )


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2021, 9, 30), date(2026, 11, 23), "5 years 54 days"),
        (date(2019, 5, 26), date(2026, 11, 23), "7 years 181 days"),
        (date(2026, 11, 22), date(2026, 11, 23), "1 day"),
        (date(2025, 11, 23), date(2026, 11, 23), "1 year"),
        (date(2024, 2, 29), date(2025, 2, 28), "1 year"),
        (date(2024, 2, 29), date(2025, 3, 1), "1 year 1 day"),
        (date(2024, 12, 31), date(2025, 1, 1), "1 day"),
        (date(2026, 11, 23), date(2026, 11, 23), "0 days"),
        (date(2026, 11, 24), date(2026, 11, 23), "0 days"),
    ],
)
def test_a_span_counts_whole_years_and_the_days_after_them(
    start: date, end: date, words: str
) -> None:
    assert wording.span(start, end) == words


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 24), "tomorrow"),
        (date(2026, 11, 22), "yesterday"),
        (date(2026, 12, 8), "in 15 days"),
        (date(2026, 11, 20), "3 days ago"),
        (date(2028, 11, 24), "in 2 years 1 day"),
    ],
)
def test_a_day_is_near_or_far(on: date, words: str) -> None:
    assert wording.away(on, date(2026, 11, 23)) == words


def test_one_is_singular_and_noughts_and_thousands_are_plural() -> None:
    assert wording.plural(1, "passage") == "1 passage"
    assert wording.plural(0, "passage") == "0 passages"
    assert wording.plural(4309, "byte") == "4,309 bytes"
    assert wording.plural(2, "reply", "replies") == "2 replies"


def test_a_list_is_joined_with_and() -> None:
    assert wording.listed([]) == ""
    assert wording.listed(["TikTok"]) == "TikTok"
    assert wording.listed(["FB", "Google"]) == "FB and Google"
    assert wording.listed(["FB", "Google", "Snapchat"], "or") == "FB, Google or Snapchat"


def test_words_are_cut_at_their_end_and_never_inside_a_word() -> None:
    assert wording.cut("short enough", 12) == "short enough"
    assert wording.cut("final commitments are expected", 20) == "final commitments…"
    assert wording.cut("Donaudampfschifffahrt", 10) == "Donaudamp…"
    assert len(wording.cut("a b c d e f g h", 6)) <= 6
