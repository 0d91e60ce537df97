"""The tick plans, makes mail, hands it on and reopens, ten at once too; the watchdog watches."""

import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail as outgoing
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from time_machine import Traveller

from commitments.models import Commitment, Mail, MailState, Notice, Watermark
from commitments.reminding import planning, sending, sweep, watchdog
from commitments.workflow import State
from tests.commitments.reminding import DAY, TODAY, a_rule, due
from tests.conftest import person
from tests.making import moved, opened
from tracker import clock
from tracker.celery import app
from tracker.ledger.models import Event
from tracker.ledger.snapshots import stream_of
from tracker.management.commands import tick as command
from tracker.tasks import tick as tick_task
from tracker.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "without_rules")]


def test_a_tick_without_celery_does_everything(olga: User) -> None:
    a_rule()
    due(TODAY, olga)
    out = StringIO()
    call_command("tick", stdout=out)
    assert "Everything that was due is done." in out.getvalue()
    assert len(outgoing.outbox) == 1
    assert Mail.objects.get().state == MailState.SENT


def test_a_tick_inside_celery_leaves_the_sending_to_the_queue(
    olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(
        type(app), "send_task", lambda self, name, args, **options: told.extend(args)
    )
    a_rule()
    due(TODAY, olga)
    tick_task.apply()
    assert outgoing.outbox == []
    assert told == [Mail.objects.get().pk]


def test_a_part_that_fails_keeps_no_other_from_being_done(
    olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(look: planning.Look) -> int:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(sweep, "reopen_due", broken)
    a_rule()
    due(TODAY, olga)
    with pytest.raises(RuntimeError, match="a bug of ours"):
        sweep.tick()
    assert len(outgoing.outbox) == 1
    assert not Watermark.objects.filter(name="tick").exists()


def test_the_command_says_what_failed_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run_steps", lambda: ["a.step"])
    with pytest.raises(CommandError, match=r"Not everything could be done: a\.step"):
        call_command("tick")


def not_pursued(olga: User, amir: User) -> Commitment:
    """Closed as not pursued until ten days from now."""
    row = opened(olga, owner=olga)
    return moved(
        row,
        "close_without_delivery",
        amir,
        verdict="not_pursued",
        reason="After the elections",
        reopens_on=TODAY + 10 * DAY,
    )


def test_what_was_closed_until_a_day_reopens_on_it(
    olga: User, amir: User, frozen: Traveller
) -> None:
    row = not_pursued(olga, amir)
    frozen.shift(9 * DAY)
    sweep.tick()
    row.refresh_from_db()
    assert row.state == State.CLOSED
    frozen.shift(DAY)
    sweep.tick()
    row.refresh_from_db()
    assert (row.state, row.verdict, row.reopens_on) == (State.OPEN, "", None)
    assert row.review_on == TODAY + 10 * DAY
    event = Event.objects.filter(stream=stream_of(row)).latest("seq")
    assert (event.action, event.actor.username) == ("reopen", "tracker")
    sweep.tick()
    assert Event.objects.filter(stream=stream_of(row)).latest("seq") == event


def test_a_restricted_commitment_reopens_too(
    olga: User, amir: User, frozen: Traveller, cabinet: Any
) -> None:
    row = not_pursued(olga, amir)
    Commitment.objects.filter(pk=row.pk).update(restricted_to=cabinet)
    frozen.shift(10 * DAY)
    sweep.tick()
    row.refresh_from_db()
    assert row.state == State.OPEN


def test_what_cannot_be_reopened_keeps_nothing_else_and_is_told_of(
    olga: User, amir: User, frozen: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: object, **options: object) -> None:
        raise RuntimeError("not now")

    not_pursued(olga, amir)
    monkeypatch.setattr(sweep, "transition", refused)
    frozen.shift(10 * DAY)
    sweep.tick()
    assert watchdog.findings(clock.now()) == []
    frozen.shift(DAY)
    sweep.tick()
    assert watchdog.findings(clock.now()) == ["1 commitment should have been reopened by now."]


def test_ten_ticks_at_once_tell_everybody_once(
    committed: None, without_rules: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_rule()
    a_rule(offset_days=0, repeat_every=7, repeat_times=2)
    for number in range(4):
        due(TODAY, person(f"reader{number}", "Reader", "staff"), title=f"Number {number}")
    errors: list[Exception] = []

    def beat() -> None:
        try:
            for _ in range(3):
                sweep.tick()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Notice.objects.count() == 8
    assert sorted(message.to[0] for message in outgoing.outbox) == [
        f"Reader <reader{number}@office.example>" for number in range(4)
    ]
    assert not Notice.objects.filter(mail=None).exists()


def test_while_another_tick_plans_no_mail_is_made(
    olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_rule()
    due(TODAY, olga)
    sweep.tick()
    Notice.objects.update(mail=None)
    Mail.objects.all().delete()
    monkeypatch.setattr(sweep, "plan", lambda look: None)
    sweep.tick()
    assert not Mail.objects.exists()


def test_the_watchdog_has_nothing_to_say_when_all_is_well(olga: User) -> None:
    a_rule()
    due(TODAY, olga)
    sweep.tick()
    out = StringIO()
    call_command("watchdog", stdout=out)
    assert "Reminders run" in out.getvalue()
    assert watchdog.reminders() == ("ok", "Reminders run.")


def test_the_watchdog_tells_of_silence_and_ends_with_1(frozen: Traveller) -> None:
    assert "No tick has run yet" in watchdog.findings(clock.now())[0]
    sweep.tick()
    frozen.shift(timedelta(minutes=6))
    err = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("watchdog", stderr=err)
    assert ended.value.code == 1
    assert "The last tick that went through was at 23 November 2026, 10:00" in err.getvalue()


def test_the_watchdog_tells_of_mail_that_is_stuck_or_given_up(
    olga: User, frozen: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(sending, "compose", fails)
    a_rule()
    due(TODAY, olga)
    sweep.tick()
    frozen.shift(timedelta(minutes=31))
    sweep.tick()
    assert watchdog.findings(clock.now()) == [
        "1 mail could not be sent yet, the oldest since 23 November 2026, 10:00."
    ]
    Mail.objects.update(state=MailState.DEAD)
    assert watchdog.findings(clock.now()) == ["1 mail could not be sent and was given up."]


def test_the_watchdog_tells_of_a_rule_that_cannot_be_planned(frozen: Traveller) -> None:
    a_rule(audience="nobody")
    a_rule()
    sweep.tick()
    assert watchdog.findings(clock.now()) == ["1 reminder rule cannot be planned."]


def test_ready_shows_how_reminders_stand_and_never_takes_the_site_out(client: Client) -> None:
    answer = client.get("/readyz")
    checks = {check["check"]: check for check in answer.json()["checks"]}
    assert answer.status_code == 200
    assert checks["reminders"]["standing"] == "warn"
    assert "No tick has run yet" in checks["reminders"]["says"]
