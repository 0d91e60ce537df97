"""Digests: one mail a person and day, made at the hour, told from what is true when it is sent."""

from datetime import date, timedelta
from typing import cast

import pytest
from django.contrib.auth.models import Group
from django.core import mail as outgoing
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from commitments import actions
from commitments.models import (
    Anchor,
    Audience,
    Commitment,
    Mail,
    MailKind,
    MailState,
    Notice,
    ReminderRule,
)
from commitments.reminding import sweep
from commitments.reminding.digests import make_mails
from commitments.reminding.planning import Look
from tests.commitments.reminding import DAY, TODAY, a_rule, due, many, rescheduled, told
from tests.making import a_letter, moved, opened, reported
from tracker.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "without_rules")]


def tick() -> list[EmailMultiAlternatives]:
    """One tick without Celery; the mails it sent."""
    outgoing.outbox.clear()
    sweep.tick()
    return cast(list[EmailMultiAlternatives], list(outgoing.outbox))


def only(sent: list[EmailMultiAlternatives]) -> EmailMultiAlternatives:
    assert len(sent) == 1
    return sent[0]


def at_once(code: str, *, immediate: bool = True) -> None:
    """Switch on one of the rules for direct requests."""
    ReminderRule.objects.filter(code=code).update(active=True, immediate=immediate)


def test_a_person_gets_one_mail_a_day_with_everything_worst_first(
    olga: User, frozen: Traveller
) -> None:
    for offset in (-30, -7, 7):
        a_rule(offset_days=offset)
    a_rule(anchor=Anchor.REPLY_DUE)
    due(TODAY + 30 * DAY, olga, title="Later")
    due(TODAY + 7 * DAY, olga, title="Soon")
    late = due(TODAY - 7 * DAY, olga, title="Late")
    asked = due(TODAY + 300 * DAY, olga, title="Asked")
    a_letter(olga, asked, reply_due_on=TODAY)
    message = only(tick())
    assert message.to == ["Olga <olga@office.example>"]
    assert message.subject == "1 overdue, 1 due by 30 November, 1 reply due, 1 coming up"
    body = str(message.body)
    assert body.startswith("Olga, 1 is overdue and 1 comes up by 30 November.")
    places = [body.index(words) for words in ("Late", "Soon", "Asked", "Later")]
    assert places == sorted(places)
    assert f"https://tracker.test{late.get_absolute_url()}" in body
    assert tick() == []
    frozen.shift(timedelta(hours=3))
    assert tick() == []


def test_the_mail_has_both_parts_and_says_what_it_is(olga: User) -> None:
    a_rule()
    due(TODAY, olga, title="Run a <public> repository & more")
    message = only(tick())
    parsed = message.message()
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["List-Unsubscribe"] == "<https://tracker.test/account/>"
    assert parsed["Message-ID"] == Mail.objects.get().message_id
    assert parsed["From"] == "Tracker <tracker@localhost>"
    html = str(message.alternatives[0][0])
    assert "Run a &lt;public&gt; repository &amp; more" in html
    assert "Run a <public> repository & more" in str(message.body)


def test_the_mail_goes_at_the_readers_hour_in_the_offices_zone(
    olga: User, frozen: Traveller
) -> None:
    User.objects.filter(pk=olga.pk).update(digest_hour=12)
    a_rule()
    due(TODAY, olga)
    assert tick() == []
    frozen.shift(timedelta(hours=1, minutes=59))
    assert tick() == []
    frozen.shift(timedelta(minutes=1))
    assert len(tick()) == 1


@pytest.mark.parametrize(("days", "mails"), [("weekdays", 0), ("daily", 1), ("never", 0)])
def test_on_a_saturday_only_those_who_want_it_get_mail(
    olga: User, frozen: Traveller, days: str, mails: int
) -> None:
    User.objects.filter(pk=olga.pk).update(digest_days=days)
    a_rule()
    due(TODAY + 5 * DAY, olga)
    frozen.shift(5 * DAY)
    assert len(tick()) == mails
    frozen.shift(2 * DAY)
    assert len(tick()) == (1 if days == "weekdays" else 0)


def test_nothing_is_sent_when_there_is_nothing_to_say(olga: User) -> None:
    a_rule()
    due(TODAY + DAY, olga)
    assert tick() == []
    assert not Mail.objects.exists()


def planned_for_noon(olga: User) -> Commitment:
    """A commitment due today, planned in the morning, for a reader of noon."""
    User.objects.filter(pk=olga.pk).update(digest_hour=12)
    a_rule()
    row = due(TODAY, olga)
    assert tick() == []
    assert len(told(olga)) == 1
    return row


def test_what_was_closed_since_is_left_out_and_an_empty_mail_is_dropped(
    olga: User, amir: User, frozen: Traveller
) -> None:
    row = planned_for_noon(olga)
    moved(row, "close_without_delivery", amir, verdict="withdrawn", reason="They said so")
    frozen.shift(timedelta(hours=2))
    assert tick() == []
    assert Mail.objects.get().state == MailState.DROPPED


def test_what_was_reassigned_since_goes_to_the_new_owner_only(
    olga: User, otto: User, frozen: Traveller
) -> None:
    row = planned_for_noon(olga)
    actions.assign(row, actor=olga, expected_version=row.version, owner=otto)
    frozen.shift(timedelta(hours=2))
    assert only(tick()).to == ["Otto <otto@office.example>"]


def test_what_was_put_off_since_is_left_out(olga: User, frozen: Traveller) -> None:
    rescheduled(planned_for_noon(olga), olga, "by 30 June 2027")
    frozen.shift(timedelta(hours=2))
    assert tick() == []


def test_what_may_no_longer_be_seen_is_left_out(olga: User, frozen: Traveller) -> None:
    row = planned_for_noon(olga)
    group = Group.objects.create(name="cabinet")
    Commitment.objects.filter(pk=row.pk).update(restricted_to=group)
    frozen.shift(timedelta(hours=2))
    assert tick() == []


def test_a_rule_switched_off_since_says_nothing(olga: User, frozen: Traveller) -> None:
    planned_for_noon(olga)
    ReminderRule.objects.update(active=False)
    frozen.shift(timedelta(hours=2))
    assert tick() == []


def test_a_person_deactivated_since_gets_no_mail(olga: User, frozen: Traveller) -> None:
    planned_for_noon(olga)
    User.objects.filter(pk=olga.pk).update(is_active=False)
    frozen.shift(timedelta(hours=2))
    assert tick() == []


def test_who_reads_in_the_app_only_by_now_gets_no_mail(olga: User, frozen: Traveller) -> None:
    planned_for_noon(olga)
    frozen.shift(timedelta(hours=2))
    make_mails(Look.take())
    User.objects.filter(pk=olga.pk).update(digest_days="never")
    assert tick() == []
    assert Mail.objects.get().state == MailState.DROPPED


def test_an_answered_letter_is_left_out(olga: User, frozen: Traveller) -> None:
    User.objects.filter(pk=olga.pk).update(digest_hour=12)
    a_rule(anchor=Anchor.REPLY_DUE)
    row = opened(olga, owner=olga)
    letter = a_letter(olga, row, reply_due_on=TODAY)
    tick()
    actions.record_reply(
        letter,
        actor=olga,
        channel="letter",
        happened_on=TODAY,
        title="Our answer",
        answers=[actions.Answer(row, "agrees", "Yes")],
    )
    frozen.shift(timedelta(hours=2))
    assert tick() == []


def test_what_has_become_overdue_since_it_was_planned_is_told_as_overdue(
    olga: User, frozen: Traveller
) -> None:
    a_rule()
    due(TODAY + 5 * DAY, olga)  # a Saturday; the mail comes on Monday
    frozen.shift(5 * DAY)
    assert tick() == []
    frozen.shift(2 * DAY)
    message = only(tick())
    assert message.subject == "1 overdue"
    assert "2 days late" in str(message.body)


def test_direct_requests_go_at_once_and_many_in_one_mail(olga: User, otto: User) -> None:
    User.objects.filter(pk=otto.pk).update(digest_hour=23)
    at_once("assigned")
    for title in ("One", "Two", "Three"):
        row = opened(olga, title=title)
        actions.assign(row, actor=olga, expected_version=row.version, owner=otto)
    message = only(tick())
    assert message.subject == "3 new for you"
    assert "Olga assigned it to you." in str(message.body)
    mail = Mail.objects.get()
    assert (mail.kind, mail.notices.count()) == (MailKind.IMMEDIATE, 3)
    assert tick() == []


def test_one_direct_request_is_called_by_its_name(olga: User, amir: User) -> None:
    User.objects.filter(pk=olga.pk).update(digest_hour=23)
    at_once("sent-back")
    row = reported(opened(olga, owner=olga, title="Run a repository"), olga)
    moved(row, "send_back", amir, reason="No date on it")
    message = only(tick())
    assert message.subject == "Sent back to you: Run a repository"
    assert "Amir sent it back: No date on it" in str(message.body)


def test_a_request_that_need_not_go_at_once_waits_for_the_digest(
    olga: User, otto: User, frozen: Traveller
) -> None:
    User.objects.filter(pk=otto.pk).update(digest_hour=12)
    at_once("assigned", immediate=False)
    row = opened(olga)
    actions.assign(row, actor=olga, expected_version=row.version, owner=otto)
    assert tick() == []
    frozen.shift(timedelta(hours=2))
    assert only(tick()).subject == "1 new for you"


def test_auditors_are_not_asked_to_judge_what_they_are_barred_from(olga: User, amir: User) -> None:
    a_rule(anchor=Anchor.REPORTED, audience=Audience.AUDITORS)
    row = reported(opened(olga, owner=olga), olga)
    Commitment.objects.filter(pk=row.pk).update(owner=amir)
    assert tick() == []
    assert len(told(amir)) == 1


def test_the_mail_of_somebody_absent_reaches_the_deputy_too(olga: User, otto: User) -> None:
    olga.deputy, olga.absent_from, olga.absent_until = otto, TODAY - DAY, TODAY + DAY
    olga.save()
    a_rule()
    due(TODAY, olga, title="Hers")
    due(TODAY + 8 * DAY, olga, title="Not yet")
    sent = {message.to[0]: message for message in tick()}
    assert set(sent) == {"Olga <olga@office.example>", "Otto <otto@office.example>"}
    assert "owned by Olga" in str(sent["Otto <otto@office.example>"].body)


@pytest.mark.parametrize(
    ("first", "last", "active"),
    [(TODAY + DAY, None, True), (TODAY - 2 * DAY, TODAY - DAY, True), (TODAY, None, False)],
)
def test_a_deputy_is_left_alone_before_and_after_an_absence(
    olga: User, otto: User, first: date, last: date | None, active: bool
) -> None:
    olga.deputy, olga.absent_from, olga.absent_until = otto, first, last
    olga.save()
    User.objects.filter(pk=otto.pk).update(is_active=active)
    a_rule()
    due(TODAY, olga)
    assert [message.to for message in tick()] == [["Olga <olga@office.example>"]]


def test_a_deputy_is_not_told_of_what_the_deputy_may_not_see(olga: User, otto: User) -> None:
    olga.deputy, olga.absent_from = otto, TODAY
    olga.save()
    a_rule()
    row = due(TODAY, olga)
    group = Group.objects.create(name="cabinet")
    olga.groups.add(group)
    Commitment.objects.filter(pk=row.pk).update(restricted_to=group)
    tick()
    assert len(told(olga)) == 1
    assert told(otto) == []


def test_days_without_a_tick_end_in_one_mail_that_names_everything(
    olga: User, frozen: Traveller
) -> None:
    a_rule()
    for number in range(4):
        due(TODAY + number * DAY, olga, title=f"Number {number}")
    frozen.shift(3 * DAY)
    body = str(only(tick()).body)
    assert all(f"Number {number}" in body for number in range(4))
    assert Notice.objects.filter(recipient=olga).count() == 4


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_composing_a_mail_takes_the_same_queries_whatever_its_length(olga: User, rows: int) -> None:
    a_rule()
    model = due(TODAY + 90 * DAY, olga)
    many(model, [(TODAY, TODAY)] * rows)
    with CaptureQueriesContext(connection) as captured:
        message = only(tick())
    assert str(message.body).count("https://tracker.test/c/") == rows
    assert len(captured) == 58
