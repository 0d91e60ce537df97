"""What waits for a person, asked of the database in few queries however much it is.

Each group is a list of commitments in the words of the querysets; all of them are counted in one
query and their first rows read in another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from commitments.filters.counting import Counted
from commitments.models import (
    Anchor,
    Citation,
    CitationRole,
    Commitment,
    FollowUp,
    FollowUpItem,
    Mail,
    MailState,
    Notice,
    Subject,
    Watch,
)
from commitments.querysets import SOON_DAYS, CommitmentQuerySet
from commitments.standing import BACKEND, JUDGE
from commitments.workflow import MOVES, State
from tracker.ledger.models import Event
from tracker.paging import COUNT_CAP
from tracker.users.models import User

CAP = 25
WORK = "commitments.work_commitment"
CONFIRM = "commitments.confirm_commitment"
CURATE = "commitments.curate"
SENT_BACK = "sent-back"
EVIDENCE = Citation.objects.filter(
    role=CitationRole.EVIDENCE,
    withdrawn_at=None,
)


@dataclass(frozen=True)
class Asked:
    """Whose inbox it is, on which day, and what that person may do."""

    reader: User
    today: date

    @property
    def mine(self) -> Q:
        """What this person owns, or somebody absent whom they stand in for.

        One list of owners, for an "or" would keep every index from being used.
        """
        away = Q(absent_until=None) | Q(absent_until__gte=self.today)
        owners = User.objects.filter(
            Q(pk=self.reader.pk) | Q(away, deputy=self.reader, absent_from__lte=self.today)
        )
        return Q(owner__in=owners.values("pk"))

    def may(self, permission: str) -> bool:
        """Whether this person holds a right."""
        return self.reader.has_perm(permission)


def stream() -> Concat:
    """The name of a commitment's stream, beside the commitment."""
    return Concat(Value("commitment:"), Cast(OuterRef("pk"), CharField()))


def lists_of(asked: Asked) -> dict[str, CommitmentQuerySet]:
    """The lists of commitments this person has a use for, by group."""
    visible = Commitment.objects.visible_to(asked.reader)
    lists: dict[str, CommitmentQuerySet] = {}
    if asked.may(JUDGE):
        lists["review"] = to_judge(visible, asked.reader)
    if asked.may(CURATE):
        lists["stuck"] = stuck(visible)
    if asked.may(WORK):
        mine = visible.filter(asked.mine)
        lists["overdue"] = mine.overdue(asked.today)
        lists["soon"] = mine.due_soon(asked.today)
        lists["sent-back"] = sent_back(visible, asked)
    if asked.may("commitments.view_commitment"):
        lists["told"] = told(visible, asked.reader)
        lists["changed"] = changed(visible, asked.reader)
    return lists


def to_judge(visible: CommitmentQuerySet, reader: User) -> CommitmentQuerySet:
    """Reported, and this person is not barred by the four-eyes rule."""
    own = EVIDENCE.filter(
        commitment=OuterRef("pk"), added_by=reader, added_at__gte=OuterRef("opened_at")
    )
    reported = visible.filter(state=State.REPORTED)
    return reported.exclude(owner=reader).exclude(reported_by=reader).exclude(Exists(own))


def stuck(visible: CommitmentQuerySet) -> CommitmentQuerySet:
    """Reported, and everybody who might judge is barred: it needs a second auditor."""
    theirs = EVIDENCE.filter(
        commitment=OuterRef(OuterRef("pk")),
        added_by=OuterRef("pk"),
        added_at__gte=OuterRef(OuterRef("opened_at")),
    )
    free = (
        User.objects.with_perm(JUDGE, backend=BACKEND)
        .exclude(pk=Coalesce(OuterRef("owner"), 0))
        .exclude(pk=Coalesce(OuterRef("reported_by"), 0))
        .exclude(Exists(theirs))
    )
    return visible.filter(~Exists(free), state=State.REPORTED)


def sent_back(visible: CommitmentQuerySet, asked: Asked) -> CommitmentQuerySet:
    """Sent back by an auditor, and no move was made since; for its owner and who reported it."""
    moves = Event.objects.filter(stream=stream(), action__in=[*MOVES]).order_by("-seq")
    again = Commitment.objects.order_by().filter(state=State.IN_PROGRESS, reported_at__isnull=False)
    # Two lists, each along its index, rather than one with an "or".
    mine = again.live().filter(asked.mine).values("pk")
    own = again.filter(reported_by=asked.reader).values("pk")
    return (
        visible.filter(pk__in=mine.union(own))
        .alias(last_move=Subquery(moves.values("action")[:1]))
        .filter(last_move="send_back")
    )


def notices_at_once(reader: User) -> QuerySet[Any]:
    """What this person was told at once and has not seen, apart from what was sent back."""
    return Notice.objects.filter(
        recipient=reader,
        subject_kind=Subject.COMMITMENT,
        seen_at=None,
        rule__anchor=Anchor.AT_ONCE,
    ).exclude(rule__code=SENT_BACK)


def told(visible: CommitmentQuerySet, reader: User) -> CommitmentQuerySet:
    """Somebody mentioned this person, made them the owner, or cited a contradiction."""
    return visible.filter(pk__in=notices_at_once(reader).values("subject_id"))


def news(reader: User) -> QuerySet[Any]:
    """What others did since this person last looked, newest first; beside a commitment."""
    seen = Watch.objects.filter(commitment=OuterRef(OuterRef("pk")), user=reader)
    return (
        Event.objects.filter(stream=stream(), seq__gt=Subquery(seen.values("seen_seq")[:1]))
        .exclude(actor=reader)
        .order_by("-seq")
    )


def changed(visible: CommitmentQuerySet, reader: User) -> CommitmentQuerySet:
    """Watched, and somebody else changed it since this person last looked."""
    watched = visible.filter(pk__in=Watch.objects.filter(user=reader).values("commitment"))
    return watched.filter(Exists(news(reader)))


def awaiting(asked: Asked) -> QuerySet[Any]:
    """What was sent by this person, or is about what they follow up, and is not answered yet."""
    mine = Commitment.objects.filter(asked.mine, pk=OuterRef("commitment"))
    about_mine = FollowUpItem.objects.filter(
        Exists(mine), follow_up=OuterRef("pk"), answered_by=None
    )
    return (
        FollowUp.objects.visible_to(asked.reader)
        .awaiting_reply()
        .filter(Q(logged_by=asked.reader) | Exists(about_mine))
    )


def letters(asked: Asked) -> list[dict[str, Any]]:
    """The first letters that await a reply, with the open commitments in reach that they cover."""
    seen = Commitment.objects.visible_to(asked.reader).filter(pk=OuterRef("commitment"))
    covered = FollowUpItem.objects.filter(Exists(seen), follow_up=OuterRef("pk"), answered_by=None)
    return list(
        awaiting(asked)
        .annotate(
            covers=Counted(covered.values("pk")),
            reference=Subquery(covered.order_by("id").values("commitment__reference")[:1]),
        )
        .order_by("reply_due_on", "id")
        .values(
            "id",
            "title",
            "channel",
            "party__name",
            "happened_on",
            "reply_due_on",
            "covers",
            "reference",
        )[:CAP]
    )


def candidates(reader: User) -> list[Any]:
    """The documents with candidates to confirm, those with the newest first."""
    found = (
        Commitment.objects.visible_to(reader)
        .candidates()
        .filter(citations__role=CitationRole.ORIGIN, citations__withdrawn_at=None)
        .values(document_id=F("citations__document"), document=F("citations__document__title"))
        .annotate(many=Count("pk", distinct=True), found_at=Max("captured_at"))
        .order_by("-found_at", "document_id")
    )
    return [*found[:CAP]]


@dataclass(frozen=True)
class Around:
    """How long each list is (up to the cap), and what stands beside the lists."""

    lengths: dict[str, int]
    mailed_at: datetime | None
    next_due: date | None
    next_review: date | None
    next_reply: date | None

    @property
    def next_day(self) -> tuple[date, str] | None:
        """The next day after the week shown, and what it is."""
        days = [
            (day, what)
            for day, what in (
                (self.next_due, "a deadline"),
                (self.next_review, "a review"),
                (self.next_reply, "a reply"),
            )
            if day
        ]
        return min(days, default=None)


def around(asked: Asked, lists: Mapping[str, QuerySet[Any]]) -> Around:
    """Count every list and look for what comes after it, in one query."""
    ahead = asked.today + timedelta(days=SOON_DAYS)
    mine = Commitment.objects.visible_to(asked.reader).filter(asked.mine).pursued()
    due = mine.filter(due_confirmed=True, due_on__gt=ahead).order_by("due_on")
    review = mine.filter(review_on__gt=ahead).order_by("review_on")
    reply = awaiting(asked).filter(reply_due_on__gt=ahead).order_by("reply_due_on")
    sent = Mail.objects.filter(recipient=asked.reader, state=MailState.SENT).order_by("-sent_at")
    counts = [Counted(rows.order_by().values("pk")[:COUNT_CAP]) for rows in lists.values()]
    *lengths, mailed_at, next_due, next_review, next_reply = (
        User.objects.filter(pk=asked.reader.pk)
        .values_list(
            *counts,
            Subquery(sent.values("sent_at")[:1]),
            Subquery(due.values("due_on")[:1], output_field=DateField()),
            Subquery(review.values("review_on")[:1], output_field=DateField()),
            Subquery(reply.values("reply_due_on")[:1], output_field=DateField()),
        )
        .get()
    )
    return Around(
        dict(zip(lists, lengths, strict=True)), mailed_at, next_due, next_review, next_reply
    )
