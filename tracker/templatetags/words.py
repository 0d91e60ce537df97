"""`{% load words %}`: dates, spans and counts in templates; the wording is tracker/wording.py."""

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker import fuzzy, wording

register = template.Library()


@register.filter
def day(on: date | None) -> SafeString | str:
    """A date as a <time> element, "" for none."""
    if on is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), wording.day(on))


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """An instant in the office's zone as a <time> element, "" for none."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    words = wording.moment(at, timezone.get_current_timezone())
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


@register.filter
def day_of(at: datetime | None) -> SafeString | str:
    """The day of an instant in the office's zone, as `day`."""
    return day(timezone.localtime(at).date()) if at else ""


@register.filter
def edtf(words: str | None) -> str:
    """A fuzzy date in English; what cannot be read stands as it is."""
    try:
        return fuzzy.wording(words or "")
    except ValueError:
        return words or ""


@register.filter
def late_by(on: date | None, today: date) -> str:
    """How long a day lies back: "5 years 54 days"."""
    return wording.span(on, today) if on else ""


@register.filter
def away(on: date | None, today: date) -> str:
    """How far a day is: "in 2 days", "3 days ago"."""
    return wording.away(on, today) if on else ""


@register.filter
def weekday(on: date) -> str:
    """ "Monday"."""
    return wording.weekday(on)


@register.filter
def number(count: int) -> str:
    """ "4,309"."""
    return wording.number(count)


@register.filter
def plural(count: int, forms: str) -> str:
    """`{{ 2|plural:"passage" }}`, `{{ 2|plural:"reply,replies" }}`: the number with its noun."""
    one, _, many = forms.partition(",")
    return wording.plural(count, one, many)


@register.filter
def cut(words: str, length: int) -> str:
    """Shortened at the end, between words, with "…"."""
    return wording.cut(words, length)


@register.filter
def listed(things: Any) -> str:
    """ "FB, Google and Snapchat"."""
    return wording.listed([str(thing) for thing in things])


@register.simple_tag
def in_demo() -> bool:
    """Whether this is the demonstration; `{% in_demo as demo %}`."""
    return bool(getattr(settings, "DEMO", False))


@register.simple_tag
def zone_name() -> str:
    """The zone in which times are shown, as a city: "Brussels"."""
    return timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")
