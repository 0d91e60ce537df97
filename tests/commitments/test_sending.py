"""Sending: claimed by one, tried again after failures, given up for good, the same Message-ID."""

import smtplib
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core import mail as outgoing
from django.db import connection
from time_machine import Traveller

from commitments import tasks
from commitments.models import Mail, MailKind, MailState, Notice
from commitments.reminding import sending
from commitments.reminding.digests import make_mails
from commitments.reminding.planning import Look
from tests.commitments.reminding import TODAY, a_rule, due, swept
from tests.conftest import person
from tests.smtp import Post, post_office
from tracker import clock
from tracker.users.models import User

MINUTE = timedelta(minutes=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "without_rules")]


@pytest.fixture
def waiting(olga: User) -> Mail:
    """A digest for Olga that is due, with one notice to carry."""
    a_rule()
    due(TODAY, olga)
    swept()
    make_mails(Look.take())
    return Mail.objects.get()


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server on the loopback, and the product set up to use it."""
    with post_office() as (post, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        yield post


def now_of(mail: Mail) -> Mail:
    mail.refresh_from_db()
    return mail


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """From now on composing a mail ends in this error."""

    def compose(*args: object) -> None:
        raise error

    monkeypatch.setattr(sending, "compose", compose)


def test_a_mail_is_sent_and_says_so(waiting: Mail) -> None:
    assert sending.deliver(waiting.pk) == "sent"
    mail = now_of(waiting)
    assert (mail.state, mail.attempts, mail.lease, mail.error) == (MailState.SENT, 1, "", "")
    assert mail.sent_at == clock.now()
    assert mail.subject == outgoing.outbox[0].subject == "1 due by 30 November"
    assert mail.notices.count() == 1


def test_what_is_sent_is_not_sent_again(waiting: Mail) -> None:
    sending.deliver(waiting.pk)
    assert sending.deliver(waiting.pk) == ""
    assert sending.deliver(12345) == ""
    assert len(outgoing.outbox) == 1


def test_a_claimed_mail_is_nobody_elses_for_a_minute(waiting: Mail, frozen: Traveller) -> None:
    assert sending.claim(waiting.pk, clock.now())
    assert sending.claim(waiting.pk, clock.now()) is None
    frozen.shift(timedelta(seconds=59))
    assert sending.claim(waiting.pk, clock.now()) is None
    frozen.shift(timedelta(seconds=1))
    again = sending.claim(waiting.pk, clock.now())
    assert again is not None
    assert (again.attempts, again.interrupted) == (2, 1)


def test_whoever_lost_the_claim_no_longer_says_what_came_of_it(
    waiting: Mail, frozen: Traveller
) -> None:
    slow = sending.claim(waiting.pk, clock.now())
    frozen.shift(MINUTE)
    quick = sending.claim(waiting.pk, clock.now())
    assert slow is not None
    assert quick is not None
    sending._failed(slow, OSError("too late"))
    assert now_of(waiting).lease == quick.lease
    sending._end(quick, state=MailState.SENT)
    sending._failed(slow, OSError("too late"))
    assert now_of(waiting).state == MailState.SENT


def test_failures_wait_longer_each_time_and_end_after_three_days(
    waiting: Mail, frozen: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, OSError("no route to host"))
    waits = []
    while sending.deliver(waiting.pk) == "failed":
        wait = now_of(waiting).not_before - clock.now()
        assert sending.deliver(waiting.pk) == ""
        waits.append(wait)
        frozen.shift(wait)
    assert waits[:7] == [minutes * MINUTE for minutes in (1, 2, 4, 8, 15, 30, 60)]
    assert sum(waits, timedelta()) == timedelta(hours=72)
    mail = now_of(waiting)
    assert (mail.state, mail.error) == (MailState.DEAD, "OSError: no route to host")


def test_a_mail_that_kills_its_sender_is_given_up(waiting: Mail, frozen: Traveller) -> None:
    for _ in range(sending.MOST_INTERRUPTED):
        assert sending.claim(waiting.pk, clock.now())
        frozen.shift(MINUTE)
    assert sending.claim(waiting.pk, clock.now()) is None
    mail = now_of(waiting)
    assert (mail.state, mail.lease) == (MailState.DEAD, "")
    assert mail.error == "5 processes ended while they were sending it."


def test_an_interruption_is_no_failure_that_lengthens_the_wait(
    waiting: Mail, frozen: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending.claim(waiting.pk, clock.now())
    frozen.shift(MINUTE)
    fails(monkeypatch, OSError("no route to host"))
    sending.deliver(waiting.pk)
    assert now_of(waiting).not_before == clock.now() + MINUTE


def test_every_attempt_collects_what_has_come_since(waiting: Mail, olga: User, post: Post) -> None:
    post.data = "451 Try again later"
    assert sending.deliver(waiting.pk) == "failed"
    due(TODAY, olga, title="Another")
    swept()
    Mail.objects.update(not_before=clock.now())
    post.data = ""
    assert sending.deliver(waiting.pk) == "sent"
    assert "2 due by" in post.taken[0]["Subject"]
    assert not Notice.objects.filter(mail=None).exists()


def test_a_day_without_a_mail_server_ends_in_one_digest_not_two(
    waiting: Mail, olga: User, frozen: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, OSError("no route to host"))
    sending.deliver(waiting.pk)
    frozen.shift(timedelta(days=1))
    due(TODAY + timedelta(days=1), olga, title="Another")
    swept()
    assert make_mails(Look.take()) == 0
    monkeypatch.undo()
    assert sending.deliver(waiting.pk) == "sent"
    assert now_of(waiting).notices.count() == 2


def test_the_message_id_is_the_same_when_a_mail_repeats(waiting: Mail, post: Post) -> None:
    post.drop = True
    assert sending.deliver(waiting.pk) == "failed"
    post.drop = False
    Mail.objects.update(not_before=clock.now())
    assert sending.deliver(waiting.pk) == "sent"
    first, second = post.taken
    assert first["Message-ID"] == second["Message-ID"] == waiting.message_id


@pytest.mark.parametrize(
    ("answer", "end"),
    [("550 No such user", "dead"), ("450 Mailbox busy", "failed")],
)
def test_a_reader_refused_for_good_is_given_up_and_one_refused_for_now_is_not(
    waiting: Mail, post: Post, answer: str, end: str
) -> None:
    post.rcpt = answer
    assert sending.deliver(waiting.pk) == end
    mail = now_of(waiting)
    assert mail.state == (MailState.DEAD if end == "dead" else MailState.PENDING)
    assert answer[4:] in mail.error


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no"), "b": (450, b"later")}), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPSenderRefused(550, b"who are you", "tracker"), False),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), False),
        (ConnectionRefusedError(), False),
        (ValueError("a bug of ours"), False),
    ],
)
def test_only_what_the_server_says_of_this_mail_is_final(error: Exception, final: bool) -> None:
    assert sending.is_final(error) is final


def test_a_server_that_hangs_is_cut_off(
    waiting: Mail, post: Post, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 30
    monkeypatch.setattr(sending, "LONGEST", 0.5)
    post.delay = 3
    assert sending.deliver(waiting.pk) == "failed"
    assert "SMTPServerDisconnected" in now_of(waiting).error


def test_an_error_after_the_server_took_it_does_not_repeat_it(
    waiting: Mail, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quit(self: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "quit", quit)
    assert sending.deliver(waiting.pk) == "sent"
    assert len(post.taken) == 1


def test_after_three_failures_in_a_row_the_rest_waits(
    olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_rule()
    for number in range(5):
        due(TODAY, person(f"reader{number}", "Reader", "staff"), title=f"Number {number}")
    swept()
    assert make_mails(Look.take()) == 5
    fails(monkeypatch, ConnectionRefusedError("nobody listens"))
    assert sending.send_due() == {"failed": 3}
    monkeypatch.undo()
    assert sending.send_due() == {"sent": 2}


class Queue:
    """Stands in for Celery: keeps what it is told, or refuses it."""

    def __init__(self, takes: int = 1000) -> None:
        self.told: list[int] = []
        self.takes = takes

    def send_task(self, name: str, args: list[int], **options: object) -> None:
        assert (name, options) == ("commitments.send_mail", {"retry": False})
        if len(self.told) >= self.takes:
            raise ConnectionRefusedError("no broker")
        self.told += args


def several(count: int) -> list[int]:
    """So many digests that are due."""
    users = [person(f"reader{number}", "Reader", "staff") for number in range(count)]
    Mail.objects.bulk_create(
        Mail(
            recipient=user,
            kind=MailKind.DIGEST,
            day=TODAY,
            key=f"digest:{user.pk}",
            created_at=clock.now(),
            not_before=clock.now(),
        )
        for user in users
    )
    return list(Mail.objects.order_by("id").values_list("id", flat=True))


def test_the_queue_is_told_once_and_again_when_it_seems_to_have_lost_it(
    frozen: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, queue = several(2), Queue()
    monkeypatch.setattr(sending, "current_app", queue)
    assert sending.announce_due(clock.now()) == 2
    assert sending.announce_due(clock.now()) == 0
    assert queue.told == ids
    frozen.shift(sending.ANNOUNCED_FOR)
    assert sending.announce_due(clock.now()) == 2


def test_a_dead_queue_is_logged_never_raised_and_told_at_the_next_tick(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ids, queue = several(3), Queue(takes=1)
    monkeypatch.setattr(sending, "current_app", queue)
    assert sending.announce_due(clock.now()) == 1
    assert "could not be announced" in caplog.text
    queue.takes = 1000
    assert sending.announce_due(clock.now()) == 2
    assert queue.told == ids


def test_the_task_sends_one_mail_and_does_not_mind_one_that_is_gone(waiting: Mail) -> None:
    assert current_app.tasks["commitments.send_mail"].name == tasks.send_mail.name
    tasks.send_mail(waiting.pk)
    tasks.send_mail(999)
    assert now_of(waiting).state == MailState.SENT


def test_of_many_claims_at_once_one_wins(
    committed: None, without_rules: None, waiting: Mail
) -> None:
    won: list[Mail] = []

    def race() -> None:
        mail = sending.claim(waiting.pk, clock.now())
        won.extend([mail] if mail else [])
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert now_of(waiting).attempts == 1
