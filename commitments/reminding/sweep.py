"""One tick: reopen what has come due, plan, make mail, hand it on. Any number may run at once."""

import logging
from datetime import date

from celery import current_task
from django.db.models import QuerySet

from commitments.actions import transition
from commitments.models import Commitment, Watermark
from commitments.reminding.deputies import tell_deputies
from commitments.reminding.digests import make_mails
from commitments.reminding.planning import Look, plan
from commitments.reminding.rules import tracker_account
from commitments.reminding.sending import announce_due, send_due
from commitments.workflow import State
from tracker.ledger.writing import transaction

log = logging.getLogger(__name__)

TICK = "tick"
REOPENED_AT_A_TIME = 100


def tick() -> None:
    """Do what is due. Inside Celery mail is handed to the queue, elsewhere it is sent at once.

    A part that fails is logged and does not keep the others from being done; the first failure is
    raised at the end. The tick counts as done when all of them went through.
    """
    look = Look.take()
    failures = []
    for part in (reopen_due, remind, hand_on):
        try:
            part(look)
        except Exception as error:
            log.exception("A part of the tick failed: %s", part.__name__)
            failures.append(error)
    if failures:
        raise failures[0]
    with transaction():
        Watermark.objects.update_or_create(
            name=TICK, defaults={"swept_to": look.today, "swept_at": look.now}
        )


def remind(look: Look) -> int:
    """Plan, tell deputies, make mails; how many notices are new.

    Where another tick is just planning nothing is done: a mail must not miss half of its notices.
    """
    planned = plan(look)
    if planned is None:
        return 0
    told = tell_deputies(look)
    made = make_mails(look)
    if planned.notices or told or made:
        log.info("Notices: %s new, %s to deputies. Mails: %s.", planned.notices, told, made)
    return planned.notices + told


def hand_on(look: Look) -> None:
    """Inside Celery announce the mails that are due, elsewhere send them."""
    if current_task:
        announce_due(look.now)
    elif ends := send_due():
        log.info("Mails: %s.", ", ".join(f"{count} {end}" for end, count in sorted(ends.items())))


def reopen_due(look: Look) -> int:
    """Reopen what was closed until a day that has come; how many."""
    actor = tracker_account()
    if actor is None:
        return 0
    reopened = 0
    for row in to_reopen(look.today)[:REOPENED_AT_A_TIME]:
        try:
            transition(
                row,
                "reopen",
                actor=actor,
                expected_version=row.version,
                data={
                    "reason": "The day on which it was to be looked at again has come.",
                    "review_on": look.today,
                },
            )
            reopened += 1
        except Exception:
            # Somebody changed it this moment, or it needs a person: the watchdog tells.
            log.exception("%s could not be reopened.", row.name)
    return reopened


def to_reopen(today: date) -> QuerySet[Commitment]:
    """Closed until a day that has come."""
    return Commitment.objects.filter(state=State.CLOSED, reopens_on__lte=today).order_by("id")
