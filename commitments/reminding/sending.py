"""Sending: claim a mail, render it, hand it over, say so. At least once, and seldom more.

A claim is a lease of a minute that is committed before anything is sent; whoever still holds it
afterwards says what came of it. Should a process die in between, the lease runs out and somebody
else sends the mail, under the same Message-ID.
"""

import logging
import secrets
import smtplib
import socket
import threading
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Q, QuerySet

from commitments.mail import compose
from commitments.models import Mail, MailKind, MailState, Notice
from commitments.reminders import wait_after
from commitments.reminding.planning import Look
from commitments.reminding.truth import still_true
from tracker import clock
from tracker.ledger.writing import transaction

log = logging.getLogger(__name__)

TASK = "commitments.send_mail"
LEASE = timedelta(seconds=60)
LONGEST = 45.0  # seconds for rendering and sending together
# What the queue was told and has not done by now, it has lost.
ANNOUNCED_FOR = timedelta(seconds=55)
AT_A_TIME = 1000
# A mail in whose hands so many processes died is not tried again.
MOST_INTERRUPTED = 5
# So many mails in a row that nobody took: the server is down, and the rest can wait.
FAILURES_IN_A_ROW = 3
ERROR_LIMIT = 1000


def due(now: datetime) -> QuerySet[Mail]:
    """Mails that may be claimed now, the oldest first."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    rows = Mail.objects.filter(free, state=MailState.PENDING, not_before__lte=now)
    return rows.order_by("not_before", "id")


def claim(mail_id: int, now: datetime) -> Mail | None:
    """Take the mail for a minute and all notices it is to carry; None if it is not to be had."""
    with transaction():
        mail = due(now).filter(pk=mail_id).select_for_update(skip_locked=True).first()
        if mail is None:
            return None
        # A lease that nobody ended: the process that held it died.
        mail.interrupted += bool(mail.lease)
        if mail.interrupted >= MOST_INTERRUPTED:
            _give_up(mail, f"{mail.interrupted} processes ended while they were sending it.")
            return None
        free = due(now).order_by().filter(pk=mail.pk, lease=mail.lease)
        mail.lease, mail.lease_until = secrets.token_hex(16), now + LEASE
        mail.attempts += 1
        taken = free.update(
            lease=mail.lease,
            lease_until=mail.lease_until,
            attempts=mail.attempts,
            interrupted=mail.interrupted,
        )
        if not taken:
            return None
        _load(mail)
    return mail


def _give_up(mail: Mail, error: str) -> None:
    log.error("Mail %s is given up: %s", mail.pk, error)
    Mail.objects.filter(pk=mail.pk).update(
        state=MailState.DEAD,
        lease="",
        lease_until=None,
        interrupted=mail.interrupted,
        error=error[:ERROR_LIMIT],
    )


def _load(mail: Mail) -> None:
    """Put into the mail whatever its reader was told of since the last one."""
    waiting = Notice.objects.filter(recipient_id=mail.recipient_id, mail=None)
    if mail.kind == MailKind.IMMEDIATE:
        waiting = waiting.filter(rule__immediate=True)
    waiting.update(mail=mail)


def deliver(mail_id: int) -> str:
    """Send one mail if it is due: "sent", "dropped", "failed", "dead", or "" if it is not due.

    Whatever goes wrong ends up in the mail's row and in the log.
    """
    mail = claim(mail_id, clock.now())
    if mail is None:
        return ""
    try:
        with _Patience(LONGEST) as patience:
            look = Look.take()
            notices = list(mail.notices.select_related("rule").order_by("id"))
            message = compose(mail, still_true(mail.recipient, notices, look), look.local)
            if message is not None:
                patience.send(message)
    except Exception as error:
        return _failed(mail, error)
    if message is None:
        _end(mail, state=MailState.DROPPED, error="")
        return "dropped"
    _end(mail, state=MailState.SENT, sent_at=clock.now(), subject=message.subject, error="")
    return "sent"


class _Patience:
    """Time for one mail. When it is up, the connection is cut, and the sender hears of it."""

    def __init__(self, seconds: float) -> None:
        self.timer = threading.Timer(seconds, self._cut)
        self.timer.daemon = True
        self.backend: Any = None
        self.over = False

    def __enter__(self) -> "_Patience":
        self.timer.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.timer.cancel()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand the message over. An error after it was accepted counts for nothing."""
        self.backend = get_connection()
        try:
            self.backend.open()
            if self.over:
                raise TimeoutError("the mail server took too long to answer")
            if not self.backend.send_messages([message]):
                raise smtplib.SMTPException("the mail server did not take it")
        finally:
            with suppress(Exception):
                self.backend.close()

    def _cut(self) -> None:
        self.over = True
        sock = getattr(getattr(self.backend, "connection", None), "sock", None)
        with suppress(OSError):
            if sock is not None:
                sock.shutdown(socket.SHUT_RDWR)


def _end(mail: Mail, **values: Any) -> None:
    """Say what came of it, if the claim is still ours."""
    mine = Mail.objects.filter(pk=mail.pk, lease=mail.lease, state=MailState.PENDING)
    with transaction():
        kept = mine.update(lease="", lease_until=None, announced_at=None, **values)
    if not kept:
        log.warning("Mail %s took so long that somebody else took it over.", mail.pk)


def _failed(mail: Mail, error: Exception) -> str:
    """Note the failure: try again later, or give up what can never arrive."""
    words = f"{type(error).__name__}: {error}"[:ERROR_LIMIT]
    wait = None if is_final(error) else wait_after(mail.attempts - mail.interrupted)
    if wait is None:
        log.error("Mail %s is given up: %s", mail.pk, words)
        _end(mail, state=MailState.DEAD, error=words)
        return "dead"
    log.warning("Mail %s could not be sent and waits %s: %s", mail.pk, wait, words)
    _end(mail, not_before=clock.now() + wait, error=words)
    return "failed"


def is_final(error: Exception) -> bool:
    """Whether the server refused this mail for good: its reader, or its content."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def announce_due(now: datetime) -> int:
    """Tell the queue of every mail that is due and that it does not know of; how many it took.

    A queue that does not answer is told no more this time; the next tick tries again.
    """
    unknown = Q(announced_at=None) | Q(announced_at__lte=now - ANNOUNCED_FOR)
    rows = due(now).filter(unknown)
    if not rows.exists():
        return 0
    with transaction():
        # Each of several ticks gets mails of its own.
        locked = rows.select_for_update(skip_locked=True)
        ids = list(locked.values_list("id", flat=True)[:AT_A_TIME])
        Mail.objects.filter(pk__in=ids).update(announced_at=now)
    for number, pk in enumerate(ids):
        try:
            current_app.send_task(TASK, args=[pk], retry=False)
        except Exception:
            log.exception("Mail could not be announced; the next tick tries again.")
            with transaction():
                Mail.objects.filter(pk__in=ids[number:]).update(announced_at=None)
            return number
    return len(ids)


def send_due() -> Counter[str]:
    """Send every mail that is due, here and now; how many came to which end.

    Stops early where one mail after the other could not be handed over.
    """
    ends: Counter[str] = Counter()
    in_a_row = 0
    while ids := list(due(clock.now()).values_list("id", flat=True)[:AT_A_TIME]):
        before = ends.total()
        for pk in ids:
            if end := deliver(pk):
                ends[end] += 1
                in_a_row = in_a_row + 1 if end == "failed" else 0
            if in_a_row >= FAILURES_IN_A_ROW:
                return ends
        if ends.total() == before:
            break  # somebody else is sending them
    return ends
