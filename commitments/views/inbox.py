"""My follow-ups: everything that waits for this person, worst first, each with its next action."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from commitments import actions
from commitments.standing import JUDGE
from commitments.views import inbox_groups
from commitments.views.handling import found, see_other
from commitments.views.inbox_groups import Entry, Group
from commitments.views.request import office_today, reader_of
from tracker import wording
from tracker.users.models import User

WORK = "commitments.work_commitment"


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The inbox; an auditor's begins with what there is to judge."""
    reader, today = reader_of(request), office_today()
    groups = groups_of(reader, today)
    return render(
        request,
        "commitments/inbox.html",
        {
            "section": "inbox",
            "today": today,
            "groups": groups,
            "waiting": sum(len(group.entries) for group in groups),
            "sentence": in_a_sentence(groups),
            "primary": next((group.slug for group in groups if group.entries), ""),
        },
    )


def groups_of(reader: User, today: date) -> list[Group]:
    """The groups this person has a use for, in their order."""
    groups: list[Group] = []
    if reader.has_perm(JUDGE):
        groups.append(inbox_groups.to_judge(reader, today))
    if reader.has_perm(WORK):
        groups += inbox_groups.pressing(reader, today)
        groups.append(inbox_groups.awaiting(reader, today))
        groups.append(_for_staff(reader, today))
    if reader.has_perm("commitments.view_commitment"):
        groups.append(inbox_groups.changed(reader))
    return groups


def _for_staff(reader: User, today: date) -> Group:
    entries: list[Entry] = inbox_groups.sent_back(reader, today)
    if reader.has_perm("commitments.confirm_commitment"):
        entries += inbox_groups.candidates(reader)
    return Group(
        "sent-back",
        "For my attention",
        "for your attention",
        "sent back to you, or waiting to be confirmed",
        "Nothing was sent back, and no candidate waits.",
        entries,
    )


def in_a_sentence(groups: list[Group]) -> str:
    """What stands out, as the page's first line says it."""
    counts = [
        f"{len(group.entries)}{'+' if group.cut else ''} {group.short}"
        for group in groups
        if group.entries
    ]
    return f"{wording.listed(counts)}." if counts else "Nothing waits for you."


@require_POST
def seen(request: HttpRequest, name: str) -> HttpResponse:
    """Say that the changes on one commitment were seen."""
    commitment = found(request, name)
    actions.mark_seen(commitment, actor=reader_of(request))
    messages.success(request, f"{commitment.name}: seen so far.")
    return see_other(request, reverse("inbox"))
