"""Deadlines in the record's words: every form in the table, the seeds, and what must never happen.

The table is deadline_forms.tsv: language, words, made_on, status, and for what is read the EDTF and
its first and last day. The `edtf` library is the oracle for every bound.
"""

import csv
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from commitments.deadlines import Reading, describe, read
from commitments.deadlines.reading import LANGUAGES
from commitments.deadlines.vocabulary import phrase_table
from tests.tracker.test_fuzzy import oracle, unhurried
from tracker.fuzzy import as_entered, parse, wording

FORMS = Path(__file__).with_name("deadline_forms.tsv")
SEEDS = Path(__file__).parents[2] / "seeds" / "commitments.json"
OUR_TIMES = st.dates(date(1950, 1, 1), date(2199, 12, 31))


def forms() -> list[dict[str, str]]:
    with FORMS.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def shown(reading: Reading) -> tuple[str, str, str, str]:
    """A reading as a row of the table holds it."""
    due_from, due_on = (
        day.isoformat() if day else "" for day in (reading.due_from, reading.due_on)
    )
    return reading.status, reading.edtf, due_from, due_on


# The table


def test_every_form_in_the_table_is_read_as_it_says() -> None:
    wrong = []
    for row in forms():
        got = shown(read(row["words"], row["made_on"]))
        if got != (row["status"], row["edtf"], row["due_from"], row["due_on"]):
            wrong.append(f"{row['language']} “{row['words']}” said {row['made_on']}: {got}")
    assert not wrong, "\n".join(wrong)


def test_the_table_covers_four_languages_and_names_no_form_twice() -> None:
    rows = forms()
    by_language = Counter(row["language"] for row in rows)
    print(f"{len(rows)} forms: {dict(by_language)}, {dict(Counter(r['status'] for r in rows))}")
    assert set(by_language) == {"en", "fr", "de", "es"}
    assert min(by_language.values()) >= 75
    keys = [(row["language"], row["words"], row["made_on"]) for row in rows]
    assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_the_oracle_agrees_on_every_reading_in_the_table() -> None:
    for row in forms():
        if row["status"] == "read":
            reading = read(row["words"], row["made_on"])
            assert oracle(reading.edtf) == (reading.due_from, reading.due_on), row["words"]


@pytest.mark.parametrize(
    "change",
    [str.upper, str.title, lambda w: f"  {w}. ", lambda w: f"“{w}”", lambda w: f"({w})"],
    ids=["capitals", "title case", "spaces and a stop", "quotation marks", "brackets"],
)
def test_capitals_quotation_marks_and_closing_stops_change_nothing(change: object) -> None:
    assert callable(change)
    for row in forms():
        if row["status"] == "read" and not row["words"].endswith("."):
            reading = read(change(row["words"]), row["made_on"])
            assert reading.edtf == row["edtf"], row["words"]


# The seeds


def seeds() -> list[dict[str, str | None]]:
    return list(json.loads(SEEDS.read_text(encoding="utf-8"))["commitments"])


def test_the_grammar_reproduces_every_reading_the_seeds_credit_it_with() -> None:
    credited = [entry for entry in seeds() if entry["due_read_by"] == "grammar"]
    for entry in credited:
        reading = read(entry["due_text"] or "", entry["made_on"] or "")
        assert (reading.status, reading.edtf) == ("read", entry["due_edtf"]), entry["id"]
    assert [entry["id"] for entry in credited] == ["G02", "G09", "G28"]


def test_no_other_wording_of_the_seeds_is_misread() -> None:
    counts: Counter[str] = Counter()
    statuses = {}
    for entry in seeds():
        reading = read(entry["due_text"] or "", entry["made_on"] or "")
        counts[reading.status] += 1
        if entry["due_read_by"] != "grammar" and entry["due_text"]:
            statuses[entry["due_text"]] = reading.status
            assert reading.edtf == ""
    print(f"{sum(counts.values())} entries of the seeds: {dict(counts)}")
    assert statuses == {
        "soon": "vague",
        "now": "vague",
        "regularly": "vague",
        "as soon as possible": "vague",
        "in the coming months": "vague",
        "once the infrastructure is ready": "unread",
        "before we publicly communicate on our dialogue": "unread",
        "not just during elections, but also before and after elections": "unread",
        "Short-term actions with the focus on European elections": "unread",
        "Longer-term, after European elections": "unread",
    }


# The year, and what a reading rests on


@unhurried
@given(OUR_TIMES, st.integers(1, 12))
def test_a_month_without_a_year_is_the_first_not_yet_over(made: date, month: int) -> None:
    name = wording(f"2019-{month:02}").split()[0]
    reading = read(f"in {name}", made.isoformat())
    assert reading.due_from is not None
    assert reading.due_on is not None
    assert reading.due_from.month == month
    assert reading.due_on >= made
    assert reading.due_on - made <= timedelta(days=366 + 31)
    year_before = reading.due_on.replace(year=reading.due_on.year - 1, day=28)
    assert (year_before.year, month) < (made.year, made.month)


@unhurried
@given(OUR_TIMES, OUR_TIMES)
def test_a_day_without_a_year_is_the_first_from_the_record_on(made: date, day: date) -> None:
    assume((day.month, day.day) != (2, 29))
    words = f"by {day.day} {wording(f'2019-{day.month:02}').split()[0]}"
    reading = read(words, made.isoformat())
    assert reading.due_on is not None
    assert (reading.due_on.month, reading.due_on.day) == (day.month, day.day)
    assert made <= reading.due_on < made.replace(year=made.year + 2, day=1)
    assert reading.due_on.year == made.year + ((day.month, day.day) < (made.month, made.day))


@pytest.mark.parametrize(
    ("words", "made_on", "note"),
    [
        ("in March", "2019-03-04", "the year taken from the record’s date"),
        ("in March 2019", "2019-03-04", ""),
        ("in March next year", "2019-03-04", "the year taken from the record’s date"),
        ("within two weeks", "2019-03-04", "counted from the record’s date"),
        ("next month", "2019-03-04", "counted from the record’s date"),
        ("in March", "2019", "the record’s date is not precise enough"),
        ("in March", "", "the record’s date is not precise enough"),
        ("in March", "../2019-03-04", "the record’s date is not precise enough"),
        ("within two weeks", "2019-03", "the record’s date is not precise enough"),
        ("on 31 April 2019", "", "the calendar has no such date"),
        ("Monday 12 May 2019", "", "the weekday and the date do not agree"),
        ("by Mar 22", "2021-09-20", "the words can mean two different dates"),
        ("next March", "2022-01-10", "the words can mean two different dates"),
        ("before summer 2024", "", "a season has no agreed first and last day"),
        ("avant l’été", "", "a season has no agreed first and last day"),
        ("every year", "", "this repeats: it is not one date"),
        ("soon", "", "these words name no date"),
        ("in the coming months", "", "these words name no date"),
        ("once it is ready", "", ""),
        ("none stated", "", ""),
    ],
)
def test_a_note_says_what_the_reading_rests_on_or_why_there_is_none(
    words: str, made_on: str, note: str
) -> None:
    assert read(words, made_on).note == note


def test_counting_past_the_last_year_of_the_calendar_is_not_read() -> None:
    for words in ("within two weeks", "in three months", "next year", "next week", "tomorrow"):
        reading = read(words, "9999-12-31")
        assert (reading.status, reading.note) == ("unread", "the calendar has no such date")


def test_a_record_whose_own_date_is_unreadable_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="is not a month"):
        read("in March", "2019-13")


def test_the_precision_of_a_reading_is_that_of_its_date() -> None:
    precisions = {
        words: read(words, "2019-03-04").precision
        for words in ("12 May", "in May", "in 2020", "by May", "Q3 2020", "soon")
    }
    assert precisions == {
        "12 May": "day",
        "in May": "month",
        "in 2020": "year",
        "by May": "interval",
        "Q3 2020": "interval",
        "soon": "",
    }


# What must never happen

SNIPPETS = sorted(
    {phrase for language in LANGUAGES for phrase in language.phrases}
    | {filler for language in LANGUAGES for filler in language.fillers}
    | {"2019", "2022", "12", "31", "12.", "3rd", "Q3", "-", "/", ",", "30.09.", "30/09/2021", "'"}
)
RECORD_DATES = st.one_of(
    st.just(""),
    st.dates().map(date.isoformat),
    OUR_TIMES.map(date.isoformat),
    OUR_TIMES.map(lambda day: day.isoformat()[:7]),
    OUR_TIMES.map(lambda day: day.isoformat() + "~"),
    st.sampled_from(["2019", "2019-03-04/2019-03-05", "2019-03/..", "../2019", "9999-12-31"]),
)


@unhurried
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.sampled_from(SNIPPETS), max_size=7).map(" ".join),
    ),
    RECORD_DATES,
)
@example("in March²", "2019-03-04")
@example("the " * 5000, "2019-03-04")
def test_no_words_whatever_make_reading_fail_and_no_bound_is_wrong(
    words: str, made_on: str
) -> None:
    reading = read(words, made_on)
    if reading.status != "read":
        assert shown(reading)[1:] == ("", "", "")
        assert reading.precision == ""
        return
    assert oracle(reading.edtf) == (reading.due_from, reading.due_on)
    assert parse(reading.edtf).precision == reading.precision
    assert describe(words, reading.edtf)


READABLE = ["in March", "by 12 May 2019", "bis Ende September", "avant mai", "hasta mayo de 2022"]


@unhurried
@given(st.sampled_from(READABLE), st.sampled_from(["infrastructure", "elections", "unless", "no"]))
def test_a_date_among_other_words_is_not_picked_out(form: str, word: str) -> None:
    assert read(f"{form} {word}", "2019-03-04").status == "unread"
    assert read(f"{word} {form}", "2019-03-04").status == "unread"


@pytest.mark.parametrize(
    "words",
    [
        "may be delivered",
        "we may",
        "it may, in due course",
        "I may",
        "may",
        "march",
        "march on",
        "a March",
        "the second",
        "sept jours",
        "in the first half of the match",
        "Article 12 May",
        "room 2022 in May",
        "at 2030",
        "by 1900",
        "May?",
    ],
)
def test_a_word_that_only_looks_like_a_date_is_not_read(words: str) -> None:
    assert read(words, "2019-03-04").status == "unread"


def test_no_phrase_stands_for_two_meanings_in_one_language() -> None:
    with pytest.raises(ValueError, match="stands for both"):
        phrase_table("en", {"by": "by", "before": "before; by"})


def test_no_wording_is_both_vague_and_a_date() -> None:
    for language in LANGUAGES:
        for words in language.vague | language.repeated | language.recurring | language.unstated:
            assert read(words, "2021-09-20").status != "read", words


# A date said in full is that date, in every language

FULL_DATES = {
    "en": ["on {day} {month} {year}", "{month} {day}, {year}", "the {day}th of {month} {year}"],
    "fr": ["le {day} {month} {year}", "{day} {month} {year}"],
    "de": ["am {day}. {month} {year}", "{day}. {month} {year}"],
    "es": ["el {day} de {month} de {year}", "{day} {month} {year}"],
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}


@unhurried
@given(OUR_TIMES, st.sampled_from(sorted(FULL_DATES)), st.data())
def test_a_full_date_in_any_language_is_that_day(
    day: date, language: str, data: st.DataObject
) -> None:
    form = data.draw(st.sampled_from(FULL_DATES[language]))
    month = MONTHS[language].split()[day.month - 1]
    words = form.format(day=day.day, month=month, year=day.year)
    reading = read(words, "")
    assert (reading.status, reading.due_from, reading.due_on) == ("read", day, day)


@unhurried
@given(OUR_TIMES)
def test_a_full_date_in_figures_is_that_day(day: date) -> None:
    for words in (f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}", day.isoformat()):
        assert read(words, "").edtf == day.isoformat()


LIMITS = {
    "by": ["by {}", "bis {}", "d’ici {}", "hasta {}", "no later than {}", "spätestens {}"],
    "before": ["before {}", "vor {}", "avant {}", "antes de {}"],
    "after": ["after {}", "nach {}", "après {}", "tras {}"],
    "from": ["from {}", "ab {}", "à partir de {}", "desde {}"],
}


@unhurried
@given(OUR_TIMES.filter(lambda day: day < date(2199, 12, 31)))
def test_the_words_in_front_of_a_day_set_its_bounds_in_every_language(day: date) -> None:
    one = timedelta(days=1)
    bounds = {
        "by": (None, day),
        "before": (None, day - one),
        "after": (day + one, None),
        "from": (day, None),
    }
    for meaning, in_front in LIMITS.items():
        for words in in_front:
            reading = read(words.format(day.isoformat()), "")
            assert (reading.due_from, reading.due_on) == bounds[meaning], words


@unhurried
@given(OUR_TIMES, st.integers(1, 999))
def test_days_and_weeks_are_counted_from_the_day_of_the_record(made: date, count: int) -> None:
    in_days = read(f"within {count} days", made.isoformat())
    assert (in_days.due_from, in_days.due_on) == (made, made + timedelta(days=count))
    in_weeks = read(f"innerhalb von {count} Wochen", made.isoformat())
    assert in_weeks.due_on == made + timedelta(weeks=count)


@unhurried
@given(OUR_TIMES, st.integers(1, 120))
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(made: date, count: int) -> None:
    due = read(f"within {count} months", made.isoformat()).due_on
    assert due is not None
    assert (due.year - made.year) * 12 + due.month - made.month == count
    assert due.day == made.day or (due + timedelta(days=1)).day == 1


def test_a_reading_shown_in_words_can_be_typed_back() -> None:
    for row in forms():
        if row["status"] == "read":
            assert as_entered(wording(row["edtf"])) == row["edtf"]
