"""The watchdog: whether reminders still come, in sentences for whoever looks after the office."""

from datetime import datetime, timedelta
from typing import Literal

from commitments.models import Anchor, Audience, Mail, MailState, ReminderRule, Watermark
from commitments.reminding.planning import Look
from commitments.reminding.sweep import TICK, to_reopen
from tracker import clock, wording
from tracker.users.models import Office

SILENT = timedelta(minutes=5)
WAITING = timedelta(minutes=30)


def findings(now: datetime) -> list[str]:
    """What is not as it should be, one sentence each; nothing where all is well.

    The sentences hold figures and times, and no names.
    """
    zone = Office.current().zone
    look = Look(now, now.astimezone(zone).date(), zone)
    found = (_silence(look), _rules(look), _waiting(look), _dead(), _still_closed(look))
    return [sentence for sentence in found if sentence]


def reminders() -> tuple[Literal["ok", "warn"], str]:
    """How reminders stand, for the page that watchers ask; never a reason to take the site out."""
    found = findings(clock.now())
    return ("warn", " ".join(found)) if found else ("ok", "Reminders run.")


def _silence(look: Look) -> str:
    mark = Watermark.objects.filter(name=TICK).first()
    if mark is None or mark.swept_at is None:
        return "No tick has run yet, so nobody is reminded; start the worker and the beat."
    if look.now - mark.swept_at <= SILENT:
        return ""
    last = wording.moment(mark.swept_at, look.zone)
    return f"The last tick that went through was at {last}; look at the worker and the beat."


def _rules(look: Look) -> str:
    """Rules that fail while others are planned."""
    planned = Watermark.objects.filter(name=TICK, swept_at__gte=look.now - SILENT)
    if not planned.exists():
        return ""
    fresh = Watermark.objects.filter(name__startswith="rule:", swept_at__gt=look.now - SILENT)
    names = set(fresh.values_list("name", flat=True))
    rules = ReminderRule.objects.filter(active=True, active_from__isnull=False)
    ids = (
        rules.exclude(anchor=Anchor.AT_ONCE)
        .exclude(audience=Audience.NAMED)
        .values_list("id", flat=True)
    )
    failing = sum(f"rule:{pk}" not in names for pk in ids)
    return f"{wording.plural(failing, 'reminder rule')} cannot be planned." if failing else ""


def _waiting(look: Look) -> str:
    late = Mail.objects.filter(
        state=MailState.PENDING, created_at__lte=look.now - WAITING
    ).order_by("created_at")
    oldest = late.first()
    if oldest is None:
        return ""
    since = wording.moment(oldest.created_at, look.zone)
    return (
        f"{wording.plural(late.count(), 'mail')} could not be sent yet, the oldest since {since}."
    )


def _dead() -> str:
    dead = Mail.objects.filter(state=MailState.DEAD).count()
    return f"{wording.plural(dead, 'mail')} could not be sent and was given up." if dead else ""


def _still_closed(look: Look) -> str:
    stuck = to_reopen(look.today - timedelta(days=1)).count()
    if not stuck:
        return ""
    return f"{wording.plural(stuck, 'commitment')} should have been reopened by now."
