"""The arithmetic of reminders against an oracle that walks the calendar day by day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments import reminders

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)
BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class Rule:
    """The timing of a rule without its row."""

    offset_days: int = 0
    repeat_every: int = 0
    repeat_times: int = 0
    active_from: date | None = date(2020, 1, 1)


def near(days: int = 120) -> st.SearchStrategy[date]:
    """Days around two leap years' ends of February."""
    middle = st.sampled_from([date(2024, 2, 29), date(2026, 11, 23), date(2028, 2, 29)])
    return st.builds(lambda on, by: on + by * DAY, middle, st.integers(-days, days))


def at(day: int, hour: int, minute: int) -> datetime:
    """A moment in November 2026 on the office's wall clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BRUSSELS)


REPEATS = st.one_of(st.just((0, 0)), st.tuples(st.integers(1, 40), st.integers(1, 13)))
RULES = st.builds(
    lambda offset, repeat, active: Rule(offset, repeat[0], repeat[1], active),
    st.integers(-60, 60),
    REPEATS,
    st.one_of(st.none(), near(400)),
)


def reminds(rule: Rule, anchor: date, on: date) -> bool:
    """The oracle: whether the rule names this very day."""
    away = (on - anchor).days - rule.offset_days
    if rule.repeat_every == 0:
        return away == 0
    return away % rule.repeat_every == 0 and 0 <= away // rule.repeat_every <= rule.repeat_times


def walk(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def day_by_day(
    rule: Rule, anchor: date, set_on: date | None, after: date | None, today: date
) -> date | None:
    """The oracle: walk through every day from long before and keep the last thing said."""
    said = None
    for on in walk(anchor - 100 * DAY, today):
        if not reminds(rule, anchor, on):
            continue
        said = set_on if set_on and on < set_on else on
    if said is None or said > today:
        return None
    if rule.active_from is None or said < rule.active_from:
        return None
    return None if after and said <= after else said


@given(RULES, near(), near(), st.integers(0, 200))
def test_occurrences_are_the_days_the_calendar_gives(
    rule: Rule, anchor: date, first: date, length: int
) -> None:
    last = first + length * DAY
    expected = [on for on in walk(first, last) if reminds(rule, anchor, on)]
    assert reminders.occurrences(rule, anchor, first, last) == expected


@given(RULES, near(), st.none() | near(), st.none() | near(), near())
def test_the_latest_occurrence_is_what_a_walk_through_the_days_says_last(
    rule: Rule, anchor: date, set_on: date | None, after: date | None, today: date
) -> None:
    found = reminders.latest_occurrence(rule, anchor, set_on=set_on, after=after, today=today)
    assert found == day_by_day(rule, anchor, set_on, after, today)


@given(RULES, near(), st.integers(0, 30))
def test_the_anchors_due_are_those_whose_latest_occurrence_falls_in_the_window(
    rule: Rule, today: date, length: int
) -> None:
    after = today - length * DAY
    found = reminders.anchors_due(rule, after, today)
    for anchor in walk(today - 700 * DAY, today + 100 * DAY):
        days = [on for on in walk(after + DAY, today) if reminds(rule, anchor, on)]
        assert found.get(anchor) == (days[-1] if days else None)


def test_several_missed_reminders_collapse_into_the_latest() -> None:
    rule = Rule(7, 30, 12)
    due = date(2026, 6, 1)
    assert reminders.latest_occurrence(rule, due, today=TODAY) == date(2026, 11, 5)


def test_what_was_past_when_the_deadline_was_set_counts_as_one_on_that_day() -> None:
    rule = Rule(7, 30, 12)
    due = date(2021, 9, 30)
    found = reminders.latest_occurrence(rule, due, set_on=TODAY - DAY, today=TODAY)
    assert found == TODAY - DAY


def test_a_rule_never_reaches_back_before_it_was_active() -> None:
    rule = Rule(7, active_from=TODAY)
    assert reminders.latest_occurrence(rule, TODAY - 8 * DAY, today=TODAY) is None
    assert reminders.latest_occurrence(rule, TODAY - 7 * DAY, today=TODAY) == TODAY
    assert reminders.latest_occurrence(Rule(active_from=None), TODAY, today=TODAY) is None


def test_repeats_come_to_an_end() -> None:
    rule = Rule(7, 30, 2)
    due = date(2026, 1, 1)
    assert reminders.occurrences(rule, due, due, TODAY) == [
        date(2026, 1, 8),
        date(2026, 2, 7),
        date(2026, 3, 9),
    ]


@pytest.mark.parametrize("anchor", [date.min, date.max])
def test_the_ends_of_the_calendar_are_no_stumbling_block(anchor: date) -> None:
    rule = Rule(-30, 30, 100)
    reminders.latest_occurrence(rule, anchor, today=TODAY)
    assert reminders.occurrences(Rule(30), date.max, date.min, date.max) == []
    assert reminders.anchors_due(Rule(-30), date.max - 5 * DAY, date.max) == {}
    assert reminders.anchors_due(Rule(30), date.min, date.min + 5 * DAY) == {}


def test_attempts_back_off_and_end_after_three_days() -> None:
    waits: list[timedelta] = []
    while wait := reminders.wait_after(len(waits) + 1):
        waits.append(wait)
    minutes = [int(wait.total_seconds()) // 60 for wait in waits]
    assert minutes[:8] == [1, 2, 4, 8, 15, 30, 60, 60]
    assert set(minutes[6:]) == {60}
    assert sum(waits, timedelta()) == timedelta(hours=72)


@pytest.mark.parametrize(
    ("days", "hour", "local", "due"),
    [
        ("weekdays", 7, at(23, 6, 59), False),
        ("weekdays", 7, at(23, 7, 0), True),
        ("weekdays", 7, at(23, 23, 59), True),
        ("weekdays", 7, at(28, 9, 0), False),
        ("daily", 7, at(28, 9, 0), True),
        ("never", 7, at(23, 9, 0), False),
        ("daily", 0, at(23, 0, 0), True),
    ],
)
def test_the_digest_goes_at_the_readers_hour_on_the_readers_days(
    days: str, hour: int, local: datetime, due: bool
) -> None:
    assert reminders.digest_due(days, hour, local) is due


@pytest.mark.parametrize(
    ("first", "last", "away"),
    [
        (None, None, False),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY - DAY, TODAY, True),
        (TODAY - 2 * DAY, TODAY - DAY, False),
    ],
)
def test_absence_includes_its_first_and_last_day(
    first: date | None, last: date | None, away: bool
) -> None:
    assert reminders.is_absent(first, last, TODAY) is away


def test_a_message_id_is_the_same_for_the_same_key() -> None:
    one = reminders.message_id("digest:7:2026-11-23", "office.example")
    assert one == reminders.message_id("digest:7:2026-11-23", "office.example")
    assert one != reminders.message_id("digest:8:2026-11-23", "office.example")
    assert one.startswith("<")
    assert one.endswith("@office.example>")
    assert len(one) == len("<@office.example>") + 32
