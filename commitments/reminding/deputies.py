"""Deputies: what an absent person is told of also reaches who stands in for them."""

from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from commitments.models import Audience, FollowUpItem, Notice, Subject
from commitments.reminding.planning import OVERLAP, Look
from commitments.reminding.sources import VISIBLE, compiled, people, shut
from commitments.reminding.truth import absent
from tracker.ledger.writing import transaction
from tracker.users.models import User

# What comes to somebody in their own name or line; auditors and watchers have each other.
PERSONAL = (Audience.OWNER, Audience.NAMED, Audience.SUPERVISOR, Audience.HEADS)


def tell_deputies(look: Look) -> int:
    """Give deputies the notices of those they stand in for, once each; how many were new.

    These are the notices of the absence, and those of the days before it that no mail had carried
    when it began.
    """
    away = list(absent(look).filter(deputy__is_active=True))
    if not away:
        return 0
    with transaction():
        return sum(_copy(_missed(away, look), kind, look) for kind in Subject.values)


def _missed(away: list[User], look: Look) -> QuerySet[Any, Any]:
    wanted = Q(pk=None)
    for user in away:
        first = user.absent_from or look.today
        before = look.midnight(first - OVERLAP)
        unread = Q(mail=None) | Q(mail__day__gte=first)
        wanted |= Q(unread, recipient=user, created_at__gte=before)
    return (
        Notice.objects.filter(wanted, rule__audience__in=PERSONAL)
        .order_by()
        .values(
            "rule_id",
            "subject_kind",
            "subject_id",
            "schedule_no",
            "occurrence_on",
            "words",
            person_id=F("recipient__deputy_id"),
        )
    )


def _copy(missed: QuerySet[Any, Any], kind: str, look: Look) -> int:
    """Insert the notices about one kind of thing for those deputies who may see it."""
    rows, who, closed = compiled(missed.filter(subject_kind=kind)), people(), shut()
    about, join = "n.subject_id", ""
    if kind == Subject.FOLLOW_UP:
        items = FollowUpItem._meta.db_table
        about, join = "i.commitment_id", f"JOIN {items} i ON i.follow_up_id = n.subject_id"
    sql = f"""
        INSERT INTO {Notice._meta.db_table} (rule_id, subject_kind, subject_id, schedule_no,
            occurrence_on, recipient_id, created_at, words)
        WITH shut(commitment_id, group_id) AS ({closed.sql})
        SELECT n.rule_id, n.subject_kind, n.subject_id, n.schedule_no, n.occurrence_on, p.id,
            %s, n.words
        FROM ({rows.sql}) n {join} JOIN ({who.sql}) p ON p.id = n.person_id
        WHERE {VISIBLE.format(about)}
        ON CONFLICT DO NOTHING
    """  # noqa: S608  every value is a parameter
    now = connection.ops.adapt_datetimefield_value(look.now)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*closed.params, now, *rows.params, *who.params])
        return int(cursor.rowcount)
