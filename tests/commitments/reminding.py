"""What the tests of reminders start from: rules, dated commitments, one sweep."""

from collections.abc import Sequence
from copy import copy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from commitments import actions
from commitments.models import Anchor, Audience, Commitment, Notice, ReminderRule
from commitments.reminding.planning import Look, Planned, plan
from tests.making import opened
from tracker.users.models import User

DAY = timedelta(days=1)
LONG_AGO = date(2020, 1, 1)
TODAY = date(2026, 11, 23)


def a_rule(**values: Any) -> ReminderRule:
    """An active rule, in force for years: due today, to the owner."""
    given: dict[str, Any] = {
        "code": f"rule-{ReminderRule.objects.count()}",
        "name": "A rule",
        "active": True,
        "active_from": LONG_AGO,
        "anchor": Anchor.DUE,
        "audience": Audience.OWNER,
    }
    return ReminderRule.objects.create(**(given | values))


def due(on: date, owner: User | None, **values: Any) -> Commitment:
    """A commitment whose deadline is that very day."""
    row = opened(
        owner or User.objects.get(username="tracker"), owner=owner, due_text="none stated", **values
    )
    stamps = {"due_on": on, "due_confirmed": True, "due_set_on": LONG_AGO}
    Commitment.objects.filter(pk=row.pk).update(**stamps, review_on=None)
    row.refresh_from_db()
    return row


def swept() -> Planned:
    planned = plan(Look.take())
    assert planned is not None
    assert planned.failed == []
    return planned


def told(user: User) -> list[tuple[str, int, date]]:
    """What this person was told of: kind, number and day, oldest first."""
    rows = Notice.objects.filter(recipient=user).order_by("id")
    return list(rows.values_list("subject_kind", "subject_id", "occurrence_on"))


def rescheduled(row: Commitment, actor: User, words: str) -> None:
    """Given another deadline."""
    row.refresh_from_db()
    actions.reschedule(
        row, actor=actor, expected_version=row.version, due_text=words, reason="They asked"
    )


def many(model: Commitment, dates: Sequence[tuple[date, date]]) -> list[Commitment]:
    """One commitment like this for each pair of a deadline and the day on which it was set."""
    rows = []
    for number, (due_on, set_on) in enumerate(dates, start=1):
        row = copy(model)
        row.pk, row.reference = None, f"C-2025-{number:04}"
        row.due_on, row.due_set_on = due_on, set_on
        row.schedule_changed_at = datetime.combine(set_on, time(12), tzinfo=UTC)
        rows.append(row)
    return Commitment.objects.bulk_create(rows)
