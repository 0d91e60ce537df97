"""`{% load facts %}`: what follows from a commitment's facts, and what the watchdog found."""

from datetime import date

from django import template
from django.core.cache import cache
from django.template import Context

from commitments.deadlines import describe
from commitments.models import Commitment
from commitments.reminding.watchdog import findings
from tracker import clock

register = template.Library()

# The banner stands on every page of an administrator; it need not be asked for on each.
KEY, SECONDS = "watchdog", 30


@register.filter
def overdue(commitment: Commitment, today: date) -> bool:
    """Whether its deadline is past, as the register has it."""
    return commitment.overdue(today)


@register.filter
def reading(commitment: Commitment) -> str:
    """The reading of the deadline beside the record's words; "" where there is none."""
    return describe(commitment.due_text, commitment.due_edtf)


@register.simple_tag(takes_context=True)
def watchdog(context: Context) -> str:
    """What is wrong with the reminders, for who may open the admin site; "" for all others."""
    if not getattr(context.get("user"), "is_staff", False):
        return ""
    said: str | None = cache.get(KEY)
    if said is None:
        said = " ".join(findings(clock.now()))
        cache.set(KEY, said, SECONDS)
    return said
