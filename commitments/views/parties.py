"""A party: what it owes, promised and asked apart, how records call it, and what was said.

Parties arise while staff work; they are entered and changed here. Merging is for the admin site.
"""

from typing import Any

from django.contrib import messages
from django.db.models import F, Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commitments import actions
from commitments.actions.curating import may_curate
from commitments.forms.parties import PartyForm
from commitments.models import Alias, Commitment, FollowUp, FollowUpItem, Party
from commitments.views.handling import not_allowed, see_other
from commitments.views.related import seen_by
from commitments.views.request import office_today, reader_of
from commitments.workflow import LIVE, PROMISED, State
from documents.models import Document
from tracker.refusals import NotAllowed, Refusal
from tracker.users.models import User

CHANGERS = ("commitments.curate", "commitments.capture_commitment")
SHOWN = 200
LETTERS = 50
ORDER = (F("due_on").asc(nulls_last=True), "id")


@require_safe
def party(request: HttpRequest, pk: int) -> HttpResponse:
    """One party; a merged one leads to the one that stays."""
    reader, today = reader_of(request), office_today()
    found = get_object_or_404(Party.objects.select_related("parent", "merged_into"), pk=pk)
    if found.merged_into is not None:
        return HttpResponseRedirect(reverse("party", args=[found.merged_into.pk]))
    owed = list(_owed(found, reader))
    context = {
        "section": "register",
        "party": found,
        "today": today,
        "lists": [_counted("Promised", owed, True, today), _counted("Asked", owed, False, today)],
        "more": len(owed) == SHOWN,
        "positions": _positions(found, reader),
        "letters": _letters(found, reader, today),
        "may_change": any(reader.has_perm(name) for name in CHANGERS),
        **_ties(found, reader),
    }
    return render(request, "commitments/party.html", context)


def _owed(found: Party, reader: User) -> Any:
    seen = Commitment.objects.visible_to(reader).filter(obligor=found)
    return seen.select_related("owner").order_by(*ORDER)[:SHOWN]


def _counted(title: str, owed: list[Commitment], promised: bool, today: Any) -> dict[str, Any]:
    """One of the two lists with its figures; asked and never accepted is not "broken"."""
    rows = [row for row in owed if (row.kind in PROMISED) == promised]
    opened = [row for row in rows if row.reference]
    return {
        "title": title,
        "rows": rows,
        "live": sum(row.state in LIVE for row in opened),
        "overdue": sum(row.overdue(today) for row in opened),
        "closed": sum(row.state == State.CLOSED for row in opened),
    }


def _ties(found: Party, reader: User) -> dict[str, Any]:
    """Aliases, and the parties above, below and beside it."""
    here = Q(document=None) | Q(document__in=Document.objects.visible_to(reader))
    aliases = Alias.objects.filter(here, party=found).select_related("document").order_by("words")
    return {
        "aliases": aliases,
        "children": found.children.current(),
        "members": found.members.current(),
        "groups": found.member_of.current(),
    }


def _positions(found: Party, reader: User) -> list[FollowUpItem]:
    """What its latest reply said of each commitment that is not settled."""
    items = (
        FollowUpItem.objects.filter(
            seen_by(reader),
            follow_up__party=found,
            follow_up__direction="received",
            commitment__state__in=LIVE,
        )
        .exclude(position="")
        .select_related("commitment", "follow_up")
        .order_by("-follow_up__happened_on", "-id")[:SHOWN]
    )
    latest: dict[int, FollowUpItem] = {}
    for item in items:
        latest.setdefault(item.commitment_id, item)
    return list(latest.values())


def _letters(found: Party, reader: User, today: Any) -> list[dict[str, Any]]:
    """What was said to and by it, the newest first."""
    seen = FollowUpItem.objects.filter(seen_by(reader))
    letters = (
        FollowUp.objects.visible_to(reader)
        .filter(party=found)
        .prefetch_related(Prefetch("items", queryset=seen, to_attr="seen_items"))
        .order_by("-happened_on", "-id")[:LETTERS]
    )
    return [_letter(one, today) for one in letters]


def _letter(one: Any, today: Any) -> dict[str, Any]:
    awaited = one.reply_due_on and any(item.answered_by_id is None for item in one.seen_items)
    return {
        "letter": one,
        "covers": len(one.seen_items),
        "awaited": awaited,
        "late": awaited and one.reply_due_on < today,
    }


@require_http_methods(["GET", "POST"])
def new_party(request: HttpRequest) -> HttpResponse:
    """Enter a party; `?name=` says how it is called."""
    return _changed(request, None)


@require_http_methods(["GET", "POST"])
def edit_party(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a party that is not merged into another."""
    return _changed(request, get_object_or_404(Party.objects.current(), pk=pk))


def _changed(request: HttpRequest, known: Party | None) -> HttpResponse:
    try:
        may_curate(reader_of(request))
    except NotAllowed as refused:
        return not_allowed(request, refused)
    if request.method != "POST":
        initial = {"name": request.GET.get("name", "")[:200]} if known is None else {}
        return _form_page(request, PartyForm(party=known, initial=initial))
    form = PartyForm(request.POST, party=known)
    if not form.is_valid():
        return _form_page(request, form, 422)
    try:
        saved = actions.save_party(
            known, actor=reader_of(request), values=form.own_values(), aliases=form.all_aliases()
        )
    except Refusal as refusal:
        form.refuse(refusal.errors)
        return _form_page(request, form, 422)
    messages.success(request, f"{saved.name} is saved.")
    return see_other(request, reverse("party", args=[saved.pk]))


def _form_page(request: HttpRequest, form: PartyForm, status: int = 200) -> HttpResponse:
    context = {"section": "register", "form": form, "party": form.party, "action": request.path}
    return render(request, "commitments/party_form.html", context, status=status)
