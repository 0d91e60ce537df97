"""Dates as vague as their source: what is read, its strict bounds, and how it is shown.

The `edtf` library is the oracle: what we accept it accepts, with the same bounds.
"""

import calendar
import time
from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import fuzzy
from tracker.fuzzy import Fuzzy, Point, as_entered, parse, wording

# The oracle is slow, and slower on a busy machine.
unhurried = settings(deadline=None)

MARKS = ["", "", "~", "?", "%"]


@st.composite
def points(draw: st.DrawFn) -> str:
    """One date of our subset, as EDTF."""
    day = draw(st.dates())
    year, month, in_month = f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"
    precise = draw(st.sampled_from([year, f"{year}-{month}", f"{year}-{month}-{in_month}"]))
    return precise + draw(st.sampled_from(MARKS))


@st.composite
def edtf_dates(draw: st.DrawFn) -> str:
    """Any string of our subset but the empty one."""
    first, last = draw(points()), draw(points())
    if parse(first).earliest > parse(last).latest:  # type: ignore[operator]
        first, last = last, first
    return draw(st.sampled_from([first, f"../{last}", f"{first}/..", f"{first}/{last}"]))


def oracle(edtf: str) -> tuple[date | None, date | None]:
    """The strict bounds as the edtf library has them; None for an open end."""
    read = parse_edtf(edtf)
    lower, upper = read.lower_strict(), read.upper_strict()
    return _day(lower), _day(upper)


def _day(bound: time.struct_time | float) -> date | None:
    return None if isinstance(bound, float) else date(*bound[:3])


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest", "precision", "approximate"),
    [
        ("2024", "2024-01-01", "2024-12-31", "year", False),
        ("2024~", "2024-01-01", "2024-12-31", "year", True),
        ("2019-03", "2019-03-01", "2019-03-31", "month", False),
        ("2024-02", "2024-02-01", "2024-02-29", "month", False),
        ("2023-02", "2023-02-01", "2023-02-28", "month", False),
        ("1900-02?", "1900-02-01", "1900-02-28", "month", True),
        ("2000-02%", "2000-02-01", "2000-02-29", "month", True),
        ("2019-11", "2019-11-01", "2019-11-30", "month", False),
        ("2019-03-04", "2019-03-04", "2019-03-04", "day", False),
        ("2024-02-29~", "2024-02-29", "2024-02-29", "day", True),
        ("2019-03-04/2019-05-26", "2019-03-04", "2019-05-26", "interval", False),
        ("2021-09-20/2021-12~", "2021-09-20", "2021-12-31", "interval", True),
        ("2021-10~/2022-03~", "2021-10-01", "2022-03-31", "interval", True),
        ("2019-06/..", "2019-06-01", None, "interval", False),
        ("../2021-09-30", None, "2021-09-30", "interval", False),
        ("0001", "0001-01-01", "0001-12-31", "year", False),
        ("9999-12", "9999-12-01", "9999-12-31", "month", False),
        ("0001-01-01/9999-12-31", "0001-01-01", "9999-12-31", "interval", False),
    ],
)
def test_the_bounds_are_the_first_and_the_last_day_the_date_allows(
    edtf: str, earliest: str | None, latest: str | None, precision: str, approximate: bool
) -> None:
    read = parse(edtf)
    assert (read.edtf, read.precision, read.approximate) == (edtf, precision, approximate)
    assert read.earliest == (date.fromisoformat(earliest) if earliest else None)
    assert read.latest == (date.fromisoformat(latest) if latest else None)


def test_the_empty_date_has_no_bounds_and_no_precision() -> None:
    assert parse("") == Fuzzy("", None, None, "", False)


@pytest.mark.parametrize(
    ("edtf", "sentence"),
    [
        ("2019-13", "“2019-13” is not a month: give 01 to 12."),
        ("2019-00", "“2019-00” is not a month: give 01 to 12."),
        ("2019-02-29", "“29 February 2019” is not a day: that month has 28 days."),
        ("2019-04-31/..", "“31 April 2019” is not a day: that month has 30 days."),
        ("2019-04-00", "“0 April 2019” is not a day: that month has 30 days."),
        ("0000", "“0000” is not a year: give 0001 to 9999."),
        ("2019-05/2019-04", "“2019-05/2019-04” ends before it begins."),
        ("../..", "“../..” says nothing: give at least one of the two dates."),
        ("2019/", "One side of the interval is empty: write “..” for an open end."),
        ("/2019", "One side of the interval is empty: write “..” for an open end."),
        ("next week", "“next week” is not a date: write it like 2019, 2019-03 or 2019-03-04, "),
        ("2019-3", "“2019-3” is not a date"),
        ("2019-03-04T10:00", "“2019-03-04T10:00” is not a date"),
        ("2019~-03", "“2019~-03” is not a date"),
        ("2022-Q3", "“2022-Q3” is not a date"),
        ("19", "“19” is not a date"),
        ("2019/2020/2021", "“2020/2021” is not a date"),
        (" 2019", "“ 2019” is not a date"),
        ("..", "“..” is not a date"),
        ("٢٠١٩", "“٢٠١٩” is not a date"),
    ],
)
def test_what_is_not_a_date_is_refused_with_a_sentence(edtf: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse(edtf)
    assert str(refused.value).startswith(sentence)


@unhurried
@given(edtf_dates())
def test_the_oracle_agrees_on_every_bound(edtf: str) -> None:
    read = parse(edtf)
    assert (read.earliest, read.latest) == oracle(edtf)


@unhurried
@given(edtf_dates())
def test_bounds_are_in_order(edtf: str) -> None:
    read = parse(edtf)
    assert read.earliest is None or read.latest is None or read.earliest <= read.latest


@unhurried
@given(edtf_dates())
def test_a_mark_never_moves_a_bound(edtf: str) -> None:
    plain = edtf.translate({ord(mark): None for mark in "~?%"})
    marked, unmarked = parse(edtf), parse(plain)
    assert (marked.earliest, marked.latest) == (unmarked.earliest, unmarked.latest)
    assert not unmarked.approximate


@unhurried
@given(st.text(max_size=30))
def test_any_text_is_either_a_date_or_refused_as_a_value_error(text: str) -> None:
    try:
        read = parse(text)
    except ValueError:
        return
    assert read.edtf == text


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("", ""),
        ("2019-03-05", "5 March 2019"),
        ("2019-03", "March 2019"),
        ("2024", "2024"),
        ("2024~", "about 2024"),
        ("2021-12?", "about December 2021"),
        ("2019-03-04/2019-05-26", "4 March 2019 to 26 May 2019"),
        ("2021-09-20/2021-12~", "20 September 2021 to about December 2021"),
        ("2019-06-01/..", "from 1 June 2019 on"),
        ("2019-06/..", "from June 2019 on"),
        ("../2021-09-30", "by 30 September 2021"),
        ("../2021-09", "by the end of September 2021"),
        ("../2021", "by the end of 2021"),
        ("../2021-09~", "by about September 2021"),
        ("0045-03-05", "5 March 0045"),
    ],
)
def test_a_date_is_shown_in_words_no_sharper_than_it_is(edtf: str, words: str) -> None:
    assert wording(edtf) == words


@unhurried
@given(edtf_dates())
def test_a_wording_typed_back_is_the_same_date(edtf: str) -> None:
    as_about = edtf.replace("?", "~").replace("%", "~")
    assert as_entered(wording(edtf)) == as_about


@unhurried
@given(edtf_dates())
def test_an_edtf_string_typed_in_stays_as_it_is(edtf: str) -> None:
    assert as_entered(f"  {edtf} ") == edtf


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ("", ""),
        ("   ", ""),
        ("30 September 2021", "2021-09-30"),
        ("30 september 2021", "2021-09-30"),
        ("30th of September 2021", "2021-09-30"),
        ("September 30, 2021", "2021-09-30"),
        ("30 Sept. 2021", "2021-09-30"),
        ("30. September 2021", "2021-09-30"),
        ("le 1er août 2022", "2022-08-01"),
        ("30 septembre 2021", "2021-09-30"),
        ("30 de septiembre de 2021", "2021-09-30"),
        ("12. Mai 2022", "2022-05-12"),
        ("März 2022", "2022-03"),
        ("marzo de 2022", "2022-03"),
        ("March 2022", "2022-03"),
        ("2022", "2022"),
        ("30/09/2021", "2021-09-30"),
        ("3/9/2021", "2021-09-03"),
        ("30.09.2021", "2021-09-30"),
        ("30-09-2021", "2021-09-30"),
        ("09/2021", "2021-09"),
        ("2021-09-30", "2021-09-30"),
        ("about March 2022", "2022-03~"),
        ("About 2022", "2022~"),
        ("circa 2022", "2022~"),
        ("c. 12 May 2022", "2022-05-12~"),
        ("2021-12~", "2021-12~"),
        ("2019-06/..", "2019-06/.."),
        ("by 30 September 2021", "../2021-09-30"),
        ("by the end of March 2022", "../2022-03"),
        ("from June 2019 on", "2019-06/.."),
        ("from 4 March 2019 to 26 May 2019", "2019-03-04/2019-05-26"),
        ("29 February 2024", "2024-02-29"),
        ("３０ September ２０２１", "2021-09-30"),
    ],
)
def test_what_people_type_in_a_date_field_is_read(typed: str, edtf: str) -> None:
    assert as_entered(typed) == edtf


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "next Ember days",
            "“next Ember days” is not read as a date. Give a day, month or year.",
        ),
        ("30/09/21", "“30/09/21” is not read as a date. Give a day, month or year."),
        ("soon", "“soon” is not read as a date. Give a day, month or year."),
        ("12 May", "“12 May” is not read as a date. Give a day, month or year."),
        ("about", "“about” is not read as a date. Give a day, month or year."),
        ("about about 2022", "“about about 2022” is not read as a date."),
        ("00/2022", "“00/2022” is not read as a date."),
        ("13/13/2022", "“2022-13” is not a month: give 01 to 12."),
        ("30/02/2021", "“30 February 2021” is not a day: that month has 28 days."),
        ("31 April 2021", "“31 April 2021” is not a day: that month has 30 days."),
        ("2019-13", "“2019-13” is not a month: give 01 to 12."),
        ("2022-05/2022-04", "“2022-05/2022-04” ends before it begins."),
        ("May 2022 to March 2022", "“2022-05/2022-03” ends before it begins."),
    ],
)
def test_what_is_no_date_is_sent_back_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        as_entered(typed)
    assert str(refused.value).startswith(sentence)


@unhurried
@given(st.one_of(st.text(max_size=60), st.text("0123456789-/.~ abcdefmnorty", max_size=30)))
def test_anything_typed_is_either_read_or_refused(typed: str) -> None:
    try:
        edtf = as_entered(typed)
    except ValueError:
        return
    assert parse(edtf).edtf == edtf


@unhurried
@given(st.dates())
def test_a_day_typed_day_first_in_figures_is_that_day(day: date) -> None:
    iso = day.isoformat()
    assert as_entered(f"{day.day}/{day.month}/{day.year:04}") == iso
    assert as_entered(f"{day.day:02}.{day.month:02}.{day.year:04}") == iso


def test_no_name_of_a_month_means_two_months() -> None:
    seen: dict[str, int] = {}
    for language in fuzzy.MONTH_NAMES:
        for name, number in fuzzy.month_numbers(language).items():
            assert seen.setdefault(name, number) == number, name
    assert seen == fuzzy.MONTHS


def test_every_language_names_twelve_months() -> None:
    assert {language: len(names) for language, names in fuzzy.MONTH_NAMES.items()} == {
        "en": 12,
        "fr": 12,
        "de": 12,
        "es": 12,
    }
    assert [names.split()[0].capitalize() for names in fuzzy.MONTH_NAMES["en"]] == list(
        calendar.month_name
    )[1:]


@unhurried
@given(st.dates(date(1000, 1, 1), date(9000, 1, 1)), st.integers(-5000, 5000))
def test_a_point_moves_in_its_own_precision(day: date, steps: int) -> None:
    moved_day = fuzzy.day_point(day).moved(steps)
    assert moved_day.earliest == day + timedelta(days=steps)
    month = Point(day.year, day.month).moved(steps)
    assert (month.year - day.year) * 12 + (month.month or 0) - day.month == steps
    assert Point(day.year).moved(steps // 10).year == day.year + steps // 10


@pytest.mark.parametrize(
    "point", [Point(9999), Point(9999, 12), Point(9999, 12, 31)], ids=["year", "month", "day"]
)
def test_beyond_the_year_9999_there_is_no_date(point: Point) -> None:
    with pytest.raises(ValueError):
        point.moved(1)
    assert point.moved(0) == point


@pytest.mark.parametrize(
    "point", [Point(1), Point(1, 1), Point(1, 1, 1)], ids=["year", "month", "day"]
)
def test_before_the_year_1_there_is_no_date(point: Point) -> None:
    with pytest.raises(ValueError):
        point.moved(-1)
