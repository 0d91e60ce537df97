"""Letters, e-mails, calls and meetings: log one, show it, record the reply to it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commitments import actions
from commitments.actions.core import require
from commitments.forms.base import fresh_key
from commitments.forms.fields import by_name
from commitments.forms.letters import FollowUpForm, ReplyForm
from commitments.models import Commitment, FollowUp, FollowUpItem, Party
from commitments.views.handling import not_allowed, see_other
from commitments.views.related import seen_by
from commitments.views.request import office_today, reader_of
from documents.models import Document
from tracker import wording
from tracker.ledger.writing import ReusedKey
from tracker.refusals import NotAllowed, Refusal
from tracker.users.models import User

WORK = "commitments.work_commitment"
LISTED = 60
ASKED = 40


def _may_write(reader: User) -> None:
    require(reader, WORK, sentence="Writing to the other side is for oversight staff.")


def _retry(form: Any, refused: Exception) -> None:
    """Put what was refused beside its field; a used key is replaced by a fresh one."""
    if isinstance(refused, Refusal):
        form.refuse(refused.errors)
        return
    form.data = form.data.copy()
    form.data["key"] = fresh_key()
    form.add_error(None, str(refused))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Log a letter; `?c=REF&c=REF` names commitments, `?party=ID` the party."""
    reader = reader_of(request)
    try:
        _may_write(reader)
    except NotAllowed as refused:
        return not_allowed(request, refused)
    named, party = _asked(request, reader)
    listed = _listed(reader, named, party)
    if request.method == "POST":
        return _logged(request, FollowUpForm(request.POST, user=reader, listed=listed))
    initial = {"party": party, "commitments": [row.pk for row in named], "happened_on": None}
    return _new_page(request, FollowUpForm(user=reader, listed=listed, initial=initial))


def _asked(request: HttpRequest, reader: User) -> tuple[list[Commitment], Party | None]:
    """The commitments and the party in the address, as far as the reader may know of them."""
    seen = Commitment.objects.visible_to(reader).opened().select_related("obligor")
    named = []
    for name in request.GET.getlist("c")[:ASKED]:
        named += list(seen.filter(by_name(name)))
    number = request.GET.get("party", "")
    party = None
    if number.isdecimal() and len(number) < 19:
        party = Party.objects.current().filter(pk=int(number)).first()
    return named, party or (named[0].obligor if named else None)


def _listed(reader: User, named: list[Commitment], party: Party | None) -> list[Commitment]:
    """What can be ticked: the commitments named, then the party's other live ones."""
    if party is None:
        return named
    known = [row.pk for row in named]
    owed = Commitment.objects.visible_to(reader).live().filter(obligor=party).exclude(pk__in=known)
    return [*named, *owed.in_order_of_due()[:LISTED]]


def _new_page(request: HttpRequest, form: FollowUpForm, status: int = 200) -> HttpResponse:
    context = {"section": "register", "form": form, "action": request.get_full_path()}
    return render(request, "commitments/letter_new.html", context, status=status)


def _logged(request: HttpRequest, form: FollowUpForm) -> HttpResponse:
    if not form.is_valid():
        return _new_page(request, form, 422)
    given = form.cleaned_data
    about = form.about()
    try:
        letter = actions.log_follow_up(
            actor=reader_of(request),
            party=given["party"],
            channel=given["channel"],
            direction=given["direction"],
            happened_on=given["happened_on"],
            title=given["title"],
            words=given["words"],
            commitments=about,
            reply_due_on=given["reply_due_on"],
            documents=given["documents"],
            key=given["key"],
        )
    except (Refusal, ReusedKey) as refused:
        _retry(form, refused)
        return _new_page(request, form, 422)
    covers = wording.plural(len(about), "commitment")
    messages.success(request, f"{letter.get_channel_display()} logged for {covers}.")
    only = about[0] if len(about) == 1 else letter
    return see_other(request, only.get_absolute_url())


def _letter(request: HttpRequest, pk: int) -> FollowUp:
    """The letter of that number; 404 where it covers nothing that this reader may see."""
    letters = FollowUp.objects.visible_to(reader_of(request))
    row: FollowUp = get_object_or_404(
        letters.select_related("party", "answers", "logged_by"), pk=pk
    )
    return row


def _items(letter: FollowUp, reader: User) -> QuerySet[Any]:
    """What the letter covers, as far as this reader may see it."""
    return (
        FollowUpItem.objects.filter(seen_by(reader), follow_up=letter)
        .select_related("commitment__obligor", "answered_by__follow_up")
        .order_by("commitment_id")
    )


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: what it covers, what was answered, what is awaited."""
    reader, today = reader_of(request), office_today()
    found = _letter(request, pk)
    items = list(_items(found, reader))
    unanswered = [item for item in items if item.answered_by_id is None]
    awaited = bool(found.reply_due_on and unanswered)
    context = {
        "section": "register",
        "letter": found,
        "items": items,
        "documents": Document.objects.visible_to(reader).filter(follow_ups=found),
        "replies": found.replies.visible_to(reader).order_by("happened_on", "id"),
        "withheld": found.items.exclude(pk__in=[item.pk for item in items]).exists(),
        "awaited": awaited,
        "late": bool(awaited and found.reply_due_on and found.reply_due_on < today),
        "may_answer": found.direction == "sent" and reader.has_perm(WORK),
        "today": today,
    }
    return render(request, "commitments/letter.html", context)


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the other side answered, commitment by commitment."""
    reader = reader_of(request)
    found = _letter(request, pk)
    try:
        _may_write(reader)
        if found.direction != "sent":
            raise NotAllowed("Only what we sent can be answered.")
    except NotAllowed as refused:
        return not_allowed(request, refused)
    # What is still unanswered comes first; an answer that came later can be added too.
    items = sorted(_items(found, reader), key=lambda item: item.answered_by_id is not None)
    if request.method == "POST":
        return _replied(request, found, ReplyForm(request.POST, user=reader, items=items))
    initial = {"title": f"Re: {found.title}"[:200], "channel": found.channel}
    return _reply_page(request, found, ReplyForm(user=reader, items=items, initial=initial))


def _reply_page(
    request: HttpRequest, found: FollowUp, form: ReplyForm, status: int = 200
) -> HttpResponse:
    context = {"section": "register", "letter": found, "form": form, "action": request.path}
    return render(request, "commitments/letter_reply.html", context, status=status)


def _replied(request: HttpRequest, found: FollowUp, form: ReplyForm) -> HttpResponse:
    if not form.is_valid():
        return _reply_page(request, found, form, 422)
    given = form.cleaned_data
    try:
        answer = actions.record_reply(
            found,
            actor=reader_of(request),
            channel=given["channel"],
            happened_on=given["happened_on"],
            title=given["title"],
            words=given["words"],
            answers=form.answers(),
            documents=given["documents"],
            key=given["key"],
        )
    except (Refusal, ReusedKey) as refused:
        _retry(form, refused)
        return _reply_page(request, found, form, 422)
    messages.success(request, f"The reply of {answer.party} is recorded.")
    return see_other(request, reverse("follow-up", args=[found.pk]))
