"""Making mail of notices: one digest a person and day, and one mail at once for what cannot wait.

Here a mail only comes into being. Which notices it carries is settled when it is claimed for
sending, so that nothing which comes in between is left behind.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from commitments.models import Mail, MailKind, MailState, Notice
from commitments.reminders import digest_due, message_id
from commitments.reminding.planning import Look
from tracker.ledger.writing import transaction
from tracker.users.models import DigestDays, Office, User


def readers() -> QuerySet[User]:
    """Everybody who is sent mail: active, with an address, and not in the app only."""
    return (
        User.objects.filter(is_active=True).exclude(email="").exclude(digest_days=DigestDays.NEVER)
    )


def unmailed() -> QuerySet[Notice]:
    """The notices of one reader that no mail carries yet, for use inside a query on people."""
    return Notice.objects.filter(recipient=OuterRef("pk"), mail=None)


def make_mails(look: Look) -> int:
    """Make the mails that are due; how many. Any number of ticks make each of them once."""
    drafts = [*_at_once(look), *_digests(look)]
    if not drafts:
        return 0
    with transaction():
        keys = [mail.key for mail in drafts]
        known = Mail.objects.filter(key__in=keys).count()
        Mail.objects.bulk_create(drafts, ignore_conflicts=True, batch_size=500)
        return Mail.objects.filter(key__in=keys).count() - known


def _at_once(look: Look) -> list[Mail]:
    """One mail for each person with something urgent, named after the first of it."""
    urgent = unmailed().filter(rule__immediate=True).order_by("id").values("id")
    pending = Mail.objects.filter(
        recipient=OuterRef("pk"), kind=MailKind.IMMEDIATE, state=MailState.PENDING
    )
    rows = readers().annotate(first=Subquery(urgent[:1])).filter(first__isnull=False)
    pairs = rows.exclude(Exists(pending)).order_by().values_list("id", "first")
    domain = _domain() if pairs else ""
    return [_mail(pk, MailKind.IMMEDIATE, f"notice:{first}", look, domain) for pk, first in pairs]


def _digests(look: Look) -> list[Mail]:
    """The daily mail of everybody with something to read whose hour has come.

    One that could not be sent yet takes up what has come since: no second one is made beside it.
    """
    there = Mail.objects.filter(
        Q(state=MailState.PENDING) | Q(day=look.today),
        recipient=OuterRef("pk"),
        kind=MailKind.DIGEST,
    )
    rows = readers().filter(Exists(unmailed())).exclude(Exists(there)).order_by()
    due = [
        pk
        for pk, days, hour in rows.values_list("id", "digest_days", "digest_hour")
        if digest_due(days, hour, look.local)
    ]
    domain = _domain() if due else ""
    return [
        _mail(pk, MailKind.DIGEST, f"digest:{pk}:{look.today.isoformat()}", look, domain)
        for pk in due
    ]


def _domain() -> str:
    """The part of the sender's address behind the @, which also ends a Message-ID."""
    return Office.current().sender.rpartition("@")[2]


def _mail(recipient: int, kind: str, key: str, look: Look, domain: str) -> Mail:
    return Mail(
        recipient_id=recipient,
        kind=kind,
        day=look.today,
        key=key,
        created_at=look.now,
        not_before=look.now,
        message_id=message_id(key, domain),
    )
