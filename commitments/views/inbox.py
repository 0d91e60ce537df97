"""My follow-ups: everything that waits for this person, worst first, each with its next action."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from commitments import actions
from commitments.actions.noticing import see_notices
from commitments.models import Commitment
from commitments.views.handling import found, see_other
from commitments.views.inbox_groups import (
    Entry,
    Group,
    candidate_entries,
    entries_of,
    groups,
    in_a_sentence,
    letter_entries,
)
from commitments.views.inbox_lists import (
    CONFIRM,
    WORK,
    Around,
    Asked,
    around,
    awaiting,
    candidates,
    letters,
    lists_of,
)
from commitments.views.inbox_rows import first_rows
from commitments.views.request import office_today, reader_of
from tracker.ledger.models import Event


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The inbox; an auditor's begins with what there is to judge."""
    asked = Asked(reader_of(request), office_today())
    shown, beside = inbox_of(asked)
    return render(
        request,
        "commitments/inbox.html",
        {
            "section": "inbox",
            "today": asked.today,
            "groups": shown,
            "waiting": sum(group.length for group in shown),
            "overdue": next((group.length for group in shown if group.slug == "overdue"), 0),
            "sentence": in_a_sentence(shown),
            "primary": next((group.slug for group in shown if group.entries), ""),
            "beside": beside,
        },
    )


def inbox_of(asked: Asked) -> tuple[list[Group], Around | None]:
    """The groups of one person, and what stands beside them; nothing without a role."""
    lists = lists_of(asked)
    if not lists:
        return [], None
    counted: dict[str, QuerySet[Any]] = {**lists}
    if asked.may(WORK):
        counted["reply"] = awaiting(asked)
    if asked.may(CONFIRM):
        counted["intake"] = Commitment.objects.visible_to(asked.reader).candidates()
    beside = around(asked, counted)
    # Only what has rows is read; an empty inbox costs a handful of queries.
    filled = {name: rows for name, rows in lists.items() if beside.lengths[name]}
    rows = first_rows(asked, filled)
    numbers = [row["event"] for row in rows if row["event"]]
    events = Event.objects.select_related("actor", "body").in_bulk(numbers) if numbers else {}
    entries: dict[str, list[Entry]] = entries_of(rows, events, asked)
    if beside.lengths.get("reply"):
        entries["reply"] = letter_entries(letters(asked), asked.today)
    if beside.lengths.get("intake"):
        entries["intake"] = candidate_entries(candidates(asked.reader), asked.today)
    return groups(asked, beside.lengths, entries), beside


@require_POST
def seen(request: HttpRequest, name: str) -> HttpResponse:
    """Say that what is new on one commitment was seen."""
    commitment, reader = found(request, name), reader_of(request)
    actions.mark_seen(commitment, actor=reader)
    see_notices(commitment, actor=reader)
    messages.success(request, f"{commitment.name}: seen so far.")
    return see_other(request, reverse("inbox"))
