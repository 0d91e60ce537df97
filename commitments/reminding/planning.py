"""Planning: every notice that is due becomes a row, once, in a few statements per rule.

Which days matter is decided by the pure functions of commitments/reminders.py; who is reminded of
what is one INSERT … SELECT per rule. The watermark only saves work: it tells how far back to look.
That nothing is doubled rests on the unique key, and that nothing is lost on looking back further
than needed.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import QuerySet

from commitments.models import Anchor, Audience, Notice, ReminderRule, Watermark
from commitments.reminders import anchors_due, last_occurrence
from commitments.reminding.sources import VISIBLE, Compiled, compiled, reached, shut, subjects
from tracker import clock
from tracker.ledger.writing import transaction as write
from tracker.users.models import Office

log = logging.getLogger(__name__)

LOCK = "plan"
OVERLAP = timedelta(days=3)
# Within a day the last sweep was moments ago; what a slow transaction hid from it is younger.
SHORT_OVERLAP = timedelta(hours=1)
CHUNK = 400


@dataclass(frozen=True)
class Look:
    """The moment at which a sweep looks: an instant, and the office's day and zone."""

    now: datetime
    today: date
    zone: ZoneInfo

    @classmethod
    def take(cls) -> "Look":
        """This moment."""
        now, zone = clock.now(), Office.current().zone
        return cls(now, now.astimezone(zone).date(), zone)

    @property
    def local(self) -> datetime:
        """The instant on the office's clock."""
        return self.now.astimezone(self.zone)

    def midnight(self, day: date) -> datetime:
        """When that day begins in the office."""
        return datetime.combine(day, time.min, tzinfo=self.zone)


@dataclass
class Planned:
    """What a sweep did: how many notices it wrote, and the codes of the rules that failed."""

    notices: int = 0
    failed: list[str] = field(default_factory=list)


def plan(look: Look) -> Planned | None:
    """Write every notice that is due; None when another tick is just doing it."""
    planned = Planned()
    with write():
        Watermark.objects.bulk_create([Watermark(name=LOCK)], ignore_conflicts=True)
        if not Watermark.objects.select_for_update(skip_locked=True).filter(name=LOCK).first():
            return None
        marks = Watermark.objects.filter(name__startswith="rule:").in_bulk()
        swept = []
        for rule in _rules():
            mark = marks.get(f"rule:{rule.pk}") or Watermark(name=f"rule:{rule.pk}")
            try:
                with transaction.atomic():
                    planned.notices += _plan_rule(rule, mark, look)
            except Exception:
                # One bad rule must not keep the others from reminding.
                log.exception("The rule “%s” could not be planned.", rule.code)
                planned.failed.append(rule.code)
                continue
            mark.swept_to, mark.swept_at = look.today, look.now
            swept.append(mark)
        Watermark.objects.bulk_create(
            swept,
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["swept_to", "swept_at"],
        )
    return planned


def _rules() -> QuerySet[ReminderRule]:
    """The rules that a sweep plans; direct requests are noticed by the actions themselves."""
    return (
        ReminderRule.objects.filter(active=True, active_from__isnull=False)
        .exclude(anchor=Anchor.AT_ONCE)
        .exclude(audience=Audience.NAMED)
        .order_by("id")
    )


def _plan_rule(rule: ReminderRule, mark: Watermark, look: Look) -> int:
    """One rule: what falls in the window for everything, and what changed from scratch."""
    rows = subjects(rule, look.zone)
    after = _active_from(rule, look) - timedelta(days=1)
    if mark.swept_to:
        after = max(after, mark.swept_to - OVERLAP)
    written = _write(rule, rows, anchors_due(rule, after, look.today), look)
    changed = rows.filter(changed_at__gt=_changed_since(rule, mark, look))
    anchors = {
        anchor: last
        for anchor in changed.values_list("anchor_on", flat=True).distinct()
        if (last := last_occurrence(rule, anchor, look.today))
    }
    return written + _write(rule, changed, anchors, look)


def _active_from(rule: ReminderRule, look: Look) -> date:
    return rule.active_from or look.today


def _changed_since(rule: ReminderRule, mark: Watermark, look: Look) -> datetime:
    """From when on changes are looked at: further back once a day, briefly at every tick."""
    if mark.swept_at is None:
        return look.midnight(_active_from(rule, look)) - timedelta(microseconds=1)
    return mark.swept_at - (SHORT_OVERLAP if mark.swept_to == look.today else OVERLAP)


def _write(
    rule: ReminderRule, rows: QuerySet[Any, Any], anchors: Mapping[date, date], look: Look
) -> int:
    """Insert a notice for each of the rows with one of these anchors; how many were new."""
    written = 0
    for chunk in _chunks(anchors):
        statement = _statement(rule, compiled(rows.filter(anchor_on__in=list(chunk))), chunk, look)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.params)
            written += cursor.rowcount
    return written


def _chunks(anchors: Mapping[date, date]) -> Iterator[dict[date, date]]:
    pairs = iter(sorted(anchors.items()))
    while chunk := dict(islice(pairs, CHUNK)):
        yield chunk


def _statement(
    rule: ReminderRule, rows: Compiled, anchors: Mapping[date, date], look: Look
) -> Compiled:
    """The INSERT … SELECT for one rule; `anchors` maps an anchor's day to its occurrence."""
    as_date = connection.ops.adapt_datefield_value
    days = [as_date(day) for pair in anchors.items() for day in pair]
    closed, who = shut(), reached(rule)
    everybody = rule.audience == Audience.AUDITORS
    occurs = "CASE WHEN s.set_on > a.occurs_on THEN s.set_on ELSE a.occurs_on END"
    sql = f"""
        INSERT INTO {Notice._meta.db_table} (rule_id, subject_kind, subject_id, schedule_no,
            occurrence_on, recipient_id, created_at, words)
        WITH a(anchor_on, occurs_on) AS (VALUES {", ".join(["(%s, %s)"] * len(anchors))}),
        shut(commitment_id, group_id) AS ({closed.sql})
        SELECT %s, s.subject_kind, s.subject_id, s.set_no, {occurs}, p.id, %s, ''
        FROM ({rows.sql}) s
        JOIN a ON a.anchor_on = s.anchor_on
        JOIN ({who.sql}) p ON {"TRUE" if everybody else "p.id = s.person_id"}
        WHERE {occurs} BETWEEN %s AND %s AND {VISIBLE.format("s.about_id")}
        ON CONFLICT DO NOTHING
    """  # noqa: S608  every value is a parameter
    now = connection.ops.adapt_datetimefield_value(look.now)
    window = [as_date(_active_from(rule, look)), as_date(look.today)]
    params = [*days, *closed.params, rule.pk, now, *rows.params, *who.params, *window]
    return Compiled(sql, params)
