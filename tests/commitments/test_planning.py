"""Planning: who is noticed of what, once, however often and however late a tick comes."""

import random
from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from commitments import actions
from commitments.models import (
    Anchor,
    Audience,
    Commitment,
    Notice,
    ReminderRule,
    Subject,
    Watermark,
)
from commitments.reminders import latest_occurrence
from commitments.reminding.planning import Look, Planned, plan
from commitments.reminding.rules import DEFAULTS, PURSUED, install_default_rules
from commitments.workflow import State
from tests.commitments.reminding import (
    DAY,
    TODAY,
    a_rule,
    due,
    many,
    rescheduled,
    swept,
    told,
)
from tests.making import moved, opened, reported
from tracker import clock
from tracker.ledger.models import Event
from tracker.ledger.snapshots import stream_of
from tracker.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "without_rules")]


def test_the_owner_is_told_on_the_day_and_once(olga: User) -> None:
    a_rule()
    row = due(TODAY, olga)
    assert swept().notices == 1
    assert swept().notices == 0
    assert told(olga) == [(Subject.COMMITMENT, row.pk, TODAY)]


@pytest.mark.parametrize(
    ("offset", "on", "notices"),
    [(-7, TODAY + 7 * DAY, 1), (-7, TODAY + 8 * DAY, 0), (7, TODAY - 7 * DAY, 1), (0, TODAY, 1)],
)
def test_the_offset_moves_the_day(olga: User, offset: int, on: date, notices: int) -> None:
    a_rule(offset_days=offset)
    due(on, olga)
    assert swept().notices == notices


def test_a_reading_nobody_stands_by_reminds_nobody(olga: User) -> None:
    a_rule()
    row = due(TODAY, olga)
    Commitment.objects.filter(pk=row.pk).update(due_confirmed=False)
    assert swept().notices == 0


def test_after_days_without_a_tick_the_latest_of_each_rule_is_caught_up(
    olga: User, frozen: Traveller
) -> None:
    a_rule(repeat_every=2, repeat_times=5)
    row = due(TODAY + 2 * DAY, olga)
    assert swept().notices == 0
    frozen.shift(timedelta(days=9))
    assert swept().notices == 1
    assert told(olga) == [(Subject.COMMITMENT, row.pk, TODAY + 8 * DAY)]


def test_repeats_are_told_one_by_one_while_ticks_come(olga: User, frozen: Traveller) -> None:
    a_rule(repeat_every=2, repeat_times=2)
    due(TODAY, olga)
    for _ in range(10):
        swept()
        frozen.shift(DAY)
    assert [on for *_, on in told(olga)] == [TODAY, TODAY + 2 * DAY, TODAY + 4 * DAY]


def test_a_rule_switched_on_late_does_not_dump_the_past(olga: User, frozen: Traveller) -> None:
    due(TODAY - DAY, olga, title="Yesterday")
    row = due(TODAY, olga, title="Today")
    a_rule(active_from=TODAY)
    swept()
    assert told(olga) == [(Subject.COMMITMENT, row.pk, TODAY)]


def test_a_deadline_long_past_when_it_is_set_reminds_once_on_that_day(
    olga: User, frozen: Traveller
) -> None:
    a_rule(offset_days=7, repeat_every=30, repeat_times=12, active_from=TODAY - DAY)
    swept()
    frozen.shift(timedelta(hours=1))
    row = opened(olga, owner=olga, due_text="by 30 September 2021")
    assert swept().notices == 1
    frozen.shift(timedelta(hours=1))
    assert swept().notices == 0
    frozen.shift(DAY)
    assert swept().notices == 0
    assert told(olga) == [(Subject.COMMITMENT, row.pk, TODAY)]


def test_what_is_confirmed_behind_the_watermark_is_told_once(olga: User, frozen: Traveller) -> None:
    a_rule(offset_days=-7)
    swept()
    frozen.shift(timedelta(hours=1))
    row = opened(olga, owner=olga, due_text="by 25 November 2026")
    assert swept().notices == 1
    assert swept().notices == 0
    assert told(olga) == [(Subject.COMMITMENT, row.pk, TODAY)]


def test_what_is_rescheduled_behind_the_watermark_is_told_once(
    olga: User, frozen: Traveller
) -> None:
    a_rule(offset_days=-7)
    row = opened(olga, owner=olga, due_text="by 30 June 2027")
    assert swept().notices == 0
    frozen.shift(timedelta(hours=5))
    rescheduled(row, olga, "by 25 November 2026")
    assert swept().notices == 1
    assert swept().notices == 0


def test_a_new_owner_behind_the_watermark_is_told_once_and_the_old_one_not_again(
    olga: User, otto: User, frozen: Traveller
) -> None:
    a_rule(offset_days=-7)
    row = opened(olga, owner=olga, due_text="by 25 November 2026")
    swept()
    frozen.shift(DAY)
    swept()
    actions.assign(row, actor=olga, expected_version=row.version, owner=otto)
    assert swept().notices == 1
    row.refresh_from_db()
    actions.assign(row, actor=olga, expected_version=row.version, owner=olga)
    assert swept().notices == 0
    assert len(told(olga)) == len(told(otto)) == 1


def test_a_deadline_moved_there_and_back_reminds_again(olga: User, frozen: Traveller) -> None:
    a_rule(offset_days=-7)
    row = opened(olga, owner=olga, due_text="by 28 November 2026")
    swept()
    frozen.shift(2 * DAY)
    rescheduled(row, olga, "by 30 June 2027")
    assert swept().notices == 0
    rescheduled(row, olga, "by 28 November 2026")
    assert swept().notices == 1
    assert [on for *_, on in told(olga)] == [TODAY, TODAY + 2 * DAY]


def test_moving_the_review_date_does_not_nag_about_the_deadline_again(
    olga: User, frozen: Traveller
) -> None:
    a_rule(offset_days=-7)
    row = opened(olga, owner=olga, due_text="by 28 November 2026")
    assert swept().notices == 1
    frozen.shift(2 * DAY)
    row.refresh_from_db()
    moved(row, "wait", olga, condition="An answer", review_on=TODAY + 40 * DAY)
    assert swept().notices == 0


def test_what_is_reopened_reminds_again(olga: User, amir: User, frozen: Traveller) -> None:
    a_rule(offset_days=7)
    row = opened(olga, owner=olga, due_text="by 30 September 2026")
    swept()
    moved(row, "close_without_delivery", amir, verdict="withdrawn", reason="They said so")
    frozen.shift(10 * DAY)
    moved(row, "reopen", amir, reason="They took it up again")
    assert swept().notices == 1
    assert [on for *_, on in told(olga)] == [TODAY, TODAY + 10 * DAY]


@pytest.mark.parametrize("state", [State.REPORTED, State.CLOSED, State.DISMISSED])
def test_a_rule_for_what_is_pursued_leaves_the_rest_alone(
    olga: User, amir: User, state: str
) -> None:
    a_rule(states=PURSUED)
    row = due(TODAY, olga)
    if state == State.DISMISSED:
        moved(row, "dismiss", olga, dismissed_as="out_of_remit", reason="Not ours")
    else:
        reported(row, olga)
    if state == State.CLOSED:
        moved(row, "close", amir, verdict="delivered", note="Seen")
    assert swept().notices == 0


def test_kinds_and_priorities_narrow_a_rule(olga: User) -> None:
    a_rule(kinds=["request"])
    a_rule(priorities=["high"])
    due(TODAY, olga, title="A pledge")
    assert swept().notices == 0
    due(TODAY, olga, title="A request", kind="request")
    due(TODAY, olga, title="A high one", priority="high")
    assert swept().notices == 2


def test_a_rule_that_fails_does_not_keep_the_others_and_is_caught_up_later(
    olga: User, frozen: Traveller
) -> None:
    broken = a_rule(code="broken", audience="nobody")
    a_rule(code="sound")
    due(TODAY, olga)
    planned = plan(Look.take())
    assert planned == Planned(notices=1, failed=["broken"])
    frozen.shift(20 * DAY)
    assert plan(Look.take()) == Planned(notices=0, failed=["broken"])
    broken.audience = Audience.OWNER
    broken.save()
    assert swept().notices == 1


def test_the_watermark_moves_with_each_rule(olga: User) -> None:
    rule = a_rule()
    swept()
    mark = Watermark.objects.get(name=f"rule:{rule.pk}")
    assert (mark.swept_to, mark.swept_at) == (TODAY, clock.now())


def test_what_a_slow_transaction_committed_late_is_still_found(
    olga: User, frozen: Traveller
) -> None:
    a_rule(offset_days=-7)
    row = opened(olga, owner=olga, due_text="by 25 November 2026")
    Commitment.objects.filter(pk=row.pk).update(
        schedule_changed_at=clock.now() - timedelta(minutes=50)
    )
    Commitment.objects.filter(pk=row.pk).update(state=State.DISMISSED)
    swept()
    Commitment.objects.filter(pk=row.pk).update(state=State.OPEN)
    assert swept().notices == 1


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_the_number_of_queries_does_not_grow_with_the_rows(olga: User, rows: int) -> None:
    a_rule(audience=Audience.OWNER, repeat_every=30, repeat_times=12)
    a_rule(audience=Audience.AUDITORS, anchor=Anchor.REVIEW)
    swept()
    model = due(TODAY, olga)
    model.review_on = TODAY
    many(model, [(TODAY - number % 40 * DAY, TODAY) for number in range(rows)])
    with CaptureQueriesContext(
        connection,
    ) as captured:
        swept()
    assert Notice.objects.count() >= rows
    assert len(captured) == 18


@pytest.mark.parametrize("seed", range(3))
def test_at_random_every_sweep_plans_what_the_pure_rule_says(
    olga: User, frozen: Traveller, seed: int
) -> None:
    dice = random.Random(seed)
    named = [
        a_rule(
            offset_days=dice.randint(-20, 20),
            repeat_every=every,
            repeat_times=dice.randint(1, 5) if every else 0,
            active_from=TODAY + dice.randint(-30, 10) * DAY,
        )
        for every in (0, 3, dice.randint(1, 30))
    ]
    # Set within the last days before the first sweep, or long before it.
    pairs = [
        (TODAY + dice.randint(-60, 60) * DAY, TODAY - dice.choice((0, 1, 5, 40)) * DAY)
        for _ in range(80)
    ]
    rows = many(due(TODAY - 3000 * DAY, olga), pairs)
    expected = set()
    for _ in range(12):
        today = Look.take().today
        for rule, row in product(named, rows):
            assert row.due_on is not None
            day = latest_occurrence(rule, row.due_on, set_on=row.due_set_on, today=today)
            expected |= {(rule.pk, row.pk, day)} if day else set()
        swept()
        swept()
        planned = Notice.objects.filter(subject_id__in=[row.pk for row in rows])
        assert set(planned.values_list("rule_id", "subject_id", "occurrence_on")) == expected
        frozen.shift(dice.randint(1, 6) * DAY)


def test_a_new_installation_has_its_rules_and_a_second_run_adds_none() -> None:
    assert set(ReminderRule.objects.values_list("code", flat=True)) >= {
        values["code"] for values in DEFAULTS
    }
    before = Event.objects.count()
    assert install_default_rules() == 0
    assert Event.objects.count() == before


def test_default_rules_are_entered_with_their_history_and_switched_on() -> None:
    ReminderRule.objects.filter(code="due-today").delete()
    assert install_default_rules() == 1
    rule = ReminderRule.objects.get(code="due-today")
    assert (rule.active, rule.active_from) == (True, TODAY)
    event = Event.objects.get(stream=stream_of(rule))
    assert (event.actor.username, event.action) == ("tracker", "enter")


def test_without_the_account_that_acts_for_the_system_no_rule_is_entered() -> None:
    ReminderRule.objects.filter(code="due-today").delete()
    User.objects.filter(username="tracker").update(username="somebody")
    assert install_default_rules() == 0
