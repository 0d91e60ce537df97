"""The rows of the inbox: the first of every group in one query, each with what its line says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from commitments.filters.counting import Counted
from commitments.models import Commitment, Direction, FollowUpItem
from commitments.querysets import CommitmentQuerySet
from commitments.views.inbox_lists import CAP, Asked, news, notices_at_once, stream
from tracker.ledger.models import Event
from tracker.users.models import User

# The columns of a row, in the order in which every group selects them.
PLAIN = (
    "id",
    "reference",
    "title",
    "state",
    "condition",
    "obligor__name",
    "due_text",
    "due_edtf",
    "due_on",
    "due_confirmed",
    "review_on",
    "active_on",
)
DERIVED = (
    "group",
    "stands_in_for",
    "owed_to",
    "owed_many",
    "written_on",
    "awaited_id",
    "awaited_on",
    "awaited_since",
    "awaited_channel",
    "at",
    "words",
    "event",
)


def first_rows(asked: Asked, lists: Mapping[str, CommitmentQuerySet]) -> list[dict[str, Any]]:
    """The first rows of every group in one query, each marked with its group; not in order."""
    branches = [_branch(name, rows, asked) for name, rows in lists.items()]
    if not branches:
        return []
    first, *others = branches
    found = first.union(*others, all=True) if others else first
    return [dict(zip((*PLAIN, *DERIVED), row, strict=True)) for row in found]


def _branch(name: str, rows: CommitmentQuerySet, asked: Asked) -> QuerySet[Any]:
    extra = _extra(name, asked.reader)
    # A slice cannot stand in a union everywhere; a slice inside IN can.
    first = (
        rows.annotate(at=extra["at"]).order_by(_order(name, asked.today), "id")[:CAP].values("pk")
    )
    return (
        Commitment.objects.filter(pk__in=first)
        .order_by()
        .annotate(
            group=Value(name, CharField()),
            stands_in_for=_absent_owner(asked) if name in ("overdue", "soon") else _no_words(),
            **_owed(),
            **_written(),
            **extra,
        )
        .values_list(*PLAIN, *DERIVED)
    )


def _order(name: str, today: date) -> Any:
    """What comes first in a group: the most overdue, the nearest, the oldest report, the newest."""
    if name == "overdue":
        return "due_on"
    if name == "soon":
        ahead = Q(due_on__gte=today, due_confirmed=True)
        nearer = ahead & (Q(review_on=None) | Q(due_on__lt=F("review_on")))
        return Case(When(nearer, then=F("due_on")), default=F("review_on"))
    return "at" if name in ("review", "stuck") else "-at"


def _no_words() -> Cast:
    return Cast(Value(""), CharField())


def _extra(name: str, reader: User) -> dict[str, Any]:
    """When a row came to its group, in which words, and by which event."""
    at: Any = Cast(Value(None), DateTimeField())
    words: Any = _no_words()
    event: Any = Cast(Value(None), IntegerField())
    if name == "told":
        notices = notices_at_once(reader).filter(subject_id=OuterRef("pk")).order_by("-id")
        at = Subquery(notices.values("created_at")[:1])
        words = Cast(Subquery(notices.values("words")[:1]), CharField())
    if name in ("changed", "sent-back"):
        back = Event.objects.filter(stream=stream(), action="send_back").order_by("-seq")
        events = news(reader) if name == "changed" else back
        at = Subquery(events.values("at")[:1])
        event = Cast(Subquery(events.values("pk")[:1]), IntegerField())
    if name in ("review", "stuck"):
        at = F("reported_at")
        words = Cast(_name("reported_by"), CharField())
    return {"at": at, "words": words, "event": event}


def _name(person: str) -> Coalesce:
    """A person as people say it."""
    named = NullIf(f"{person}__first_name", Value(""))
    return Coalesce(named, f"{person}__username", Value(""))


def _absent_owner(asked: Asked) -> Cast:
    """The owner's name where it is somebody else."""
    others = User.objects.filter(pk=OuterRef("owner")).exclude(pk=asked.reader.pk)
    named = Coalesce(NullIf("first_name", Value("")), "username")
    return Cast(Coalesce(Subquery(others.values(name=named)[:1]), Value("")), CharField())


def _owed() -> dict[str, Any]:
    """The first of the beneficiaries, and how many there are."""
    owed = Commitment.beneficiaries.through.objects.filter(commitment=OuterRef("pk"))
    first = owed.order_by("party__name").values("party__name")[:1]
    return {
        "owed_to": Cast(Coalesce(Subquery(first), Value("")), CharField()),
        "owed_many": Counted(owed.values("pk")),
    }


def _written() -> dict[str, Any]:
    """When we last wrote, and the letter whose answer has been awaited longest."""
    sent = FollowUpItem.objects.filter(
        commitment=OuterRef("pk"), follow_up__direction=Direction.SENT
    ).order_by("-follow_up__happened_on", "-id")
    awaited = sent.filter(answered_by=None, follow_up__reply_due_on__isnull=False).order_by(
        "follow_up__reply_due_on", "id"
    )
    channel = Subquery(awaited.values("follow_up__channel")[:1])
    return {
        "written_on": Subquery(sent.values("follow_up__happened_on")[:1]),
        "awaited_id": Subquery(awaited.values("follow_up_id")[:1]),
        "awaited_on": Subquery(awaited.values("follow_up__reply_due_on")[:1]),
        "awaited_since": Subquery(awaited.values("follow_up__happened_on")[:1]),
        "awaited_channel": Cast(Coalesce(channel, Value("")), CharField()),
    }
