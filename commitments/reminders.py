"""When to remind, how long to wait before trying again, when a digest is due.

Pure: no rows, no settings, no clock. Every date is a day of the office, and whoever asks passes in
today and now.
"""

import hashlib
from datetime import date, datetime, timedelta
from typing import Protocol

# Minutes to wait after the first failures; then hourly, until three days have gone by in all.
BACK_OFF = (1, 2, 4, 8, 15, 30)
HOURLY = 60
GIVE_UP_AFTER = timedelta(hours=72)
SATURDAY = 5


class Timing(Protocol):
    """What of a rule says when: days from the anchor, and how often again."""

    @property
    def offset_days(self) -> int: ...
    @property
    def repeat_every(self) -> int: ...
    @property
    def repeat_times(self) -> int: ...
    @property
    def active_from(self) -> date | None: ...


def _ordinals(rule: Timing, anchor: date) -> range:
    """Every occurrence as a day number, earliest first; the calendar's ends are not minded."""
    first = anchor.toordinal() + rule.offset_days
    step = rule.repeat_every or 1
    times = rule.repeat_times if rule.repeat_every else 0
    return range(first, first + step * times + 1, step)


def occurrences(rule: Timing, anchor: date, first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included, on which the rule reminds of the anchor."""
    days = _ordinals(rule, anchor)
    skipped = max(0, -((days.start - first.toordinal()) // days.step))
    found = []
    for day in days[skipped:]:
        if day > last.toordinal():
            break
        found.append(date.fromordinal(day))
    return found


def last_occurrence(rule: Timing, anchor: date, today: date) -> date | None:
    """The last day until today that the rule names, whenever it was switched on; None if none."""
    days = _ordinals(rule, anchor)
    if days.start > today.toordinal():
        return None
    past = min((today.toordinal() - days.start) // days.step, len(days) - 1)
    return date.fromordinal(max(days[past], date.min.toordinal()))


def latest_occurrence(
    rule: Timing,
    anchor: date,
    *,
    today: date,
    set_on: date | None = None,
    after: date | None = None,
) -> date | None:
    """The one day for which to remind now, or None.

    Of several missed occurrences the latest counts. Those already past when the anchor was set
    (`set_on`) count as one, on that day. Nothing lies before the rule was active. With `after`
    only what falls later than that day is answered.
    """
    last = last_occurrence(rule, anchor, today)
    if last is None or rule.active_from is None:
        return None
    day = max(last, set_on) if set_on else last
    if day > today or day < rule.active_from or (after and day <= after):
        return None
    return day


def anchors_due(rule: Timing, after: date, today: date) -> dict[date, date]:
    """Every anchor with an occurrence later than `after` and not later than today.

    The answer gives the latest such occurrence of each. Its size follows the days asked about and
    the number of repeats, whatever the number of commitments.
    """
    shifts = _ordinals(rule, date.fromordinal(1))
    found = {}
    for day in range(after.toordinal() + 1, today.toordinal() + 1):
        for shift in shifts:
            anchor = day - shift + 1
            if date.min.toordinal() <= anchor <= date.max.toordinal():
                found[date.fromordinal(anchor)] = date.fromordinal(day)
    return found


def wait_after(failures: int) -> timedelta | None:
    """How long to wait after this many failures, counted from 1; None when it is time to give up.

    1, 2, 4, 8, 15 and 30 minutes, then hourly: 72 hours in all.
    """
    if failures <= len(BACK_OFF):
        return timedelta(minutes=BACK_OFF[failures - 1])
    waited = timedelta(minutes=sum(BACK_OFF) + HOURLY * (failures - len(BACK_OFF)))
    return timedelta(minutes=HOURLY) if waited <= GIVE_UP_AFTER else None


def digest_due(days: str, hour: int, local_now: datetime) -> bool:
    """Whether the daily mail may go: from the reader's hour on, on the reader's days.

    `days` is "weekdays", "daily" or "never"; `local_now` is the office's wall clock. An hour that
    the change to summer time leaves out is made up for by the next one.
    """
    if days == "never" or (days == "weekdays" and local_now.weekday() >= SATURDAY):
        return False
    return local_now.hour >= hour


def is_absent(absent_from: date | None, absent_until: date | None, today: date) -> bool:
    """Whether somebody is away; without a last day, until further notice."""
    if absent_from is None or today < absent_from:
        return False
    return absent_until is None or today <= absent_until


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the mail with this key: the same at every attempt to send it."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{domain}>"
