"""How dates, spans of time and counts are put into words for a page or a mail.

Pure: today and the zone are passed in.
"""

import calendar
from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from tracker import fuzzy


def day(on: date) -> str:
    """ "5 March 2019"."""
    return fuzzy.in_words(fuzzy.day_point(on))


def moment(at: datetime, zone: tzinfo) -> str:
    """An instant in the given zone: "23 November 2026, 08:00"."""
    local = at.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M}"


def weekday(on: date) -> str:
    """ "Monday", whatever the locale of the machine."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return names[on.weekday()]


def number(count: int) -> str:
    """ "4,309"."""
    return f"{count:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 passage", "2 passages"; `many` where an s at the end is not enough."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def span(start: date, end: date) -> str:
    """The time from one day to a later one: "54 days", "5 years 54 days"; "0 days" if it is not."""
    if end <= start:
        return "0 days"
    years = end.year - start.year - (_anniversary(start, end.year) > end)
    days = (end - _anniversary(start, start.year + years)).days
    parts = [plural(years, "year")] if years else []
    parts += [plural(days, "day")] if days or not years else []
    return " ".join(parts)


def _anniversary(start: date, year: int) -> date:
    # 29 February is kept on 28 February where there is none.
    return date(year, start.month, min(start.day, calendar.monthrange(year, start.month)[1]))


def away(on: date, today: date) -> str:
    """How far a day is: "today", "tomorrow", "in 2 days", "yesterday", "3 days ago"."""
    days = (on - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {span(today, on)}" if days > 0 else f"{span(on, today)} ago"


def listed(words: Sequence[str], last: str = "and") -> str:
    """ "TikTok", "FB and Google", "FB, Google and Snapchat"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def cut(words: str, length: int) -> str:
    """The words, shortened at their end between two words if they are longer than `length`."""
    if len(words) <= length:
        return words
    head = words[: length - 1]
    return f"{head.rpartition(' ')[0] or head}…"
