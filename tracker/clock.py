"""The only place that reads the clock.

Whole-process tests shift the time from outside; tests inside one process freeze it.
"""

from datetime import UTC, date, datetime

from tracker.users.models import Office


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in the office's zone, daylight saving included."""
    return now().astimezone(Office.current().zone).date()
