"""`{% load facts %}`: what follows from a commitment's facts, in templates."""

from datetime import date

from django import template

from commitments.deadlines import describe
from commitments.models import Commitment

register = template.Library()


@register.filter
def overdue(commitment: Commitment, today: date) -> bool:
    """Whether its deadline is past, as the register has it."""
    return commitment.overdue(today)


@register.filter
def reading(commitment: Commitment) -> str:
    """The reading of the deadline beside the record's words; "" where there is none."""
    return describe(commitment.due_text, commitment.due_edtf)
