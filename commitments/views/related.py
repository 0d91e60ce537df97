"""What stands beside a commitment: siblings on the same words, links both ways, letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from commitments.forms.editing import REVERSED
from commitments.models import Citation, CitationRole, Commitment, FollowUpItem, Link, LinkKind
from tracker.users.models import User

SHOWN = 40
SIBLING, OUT, INTO = "sibling", "out", "into"


def seen_by(reader: User, tie: str = "commitment") -> Exists:
    """The condition that this reader may see the commitment to which a row is tied.

    Asked for each row by its key: "IN (everything visible)" would be listed in full first.
    """
    return Exists(Commitment.objects.visible_to(reader).filter(pk=OuterRef(tie)))


@dataclass(frozen=True)
class Other:
    """Another commitment, as much of it as is shown, and what this one is to it ("" a sibling)."""

    row: Commitment
    obligor: str
    tie: str = ""
    link_id: int = 0


@dataclass(frozen=True)
class Beside:
    """The siblings on the same words, and the links, those that lead out first."""

    siblings: list[Other]
    links: list[Other]


def beside(commitment: Commitment, reader: User) -> Beside:
    """Siblings and links in one query; only what this reader may see. Needs the citations."""
    passages = [
        one.passage_id
        for one in commitment.citations.all()
        if one.passage_id and one.role == CitationRole.ORIGIN and one.withdrawn_at is None
    ]
    links = Link.objects.filter(withdrawn_at=None)
    same = Citation.objects.filter(
        passage__in=passages, role=CitationRole.ORIGIN, withdrawn_at=None
    ).exclude(commitment=commitment)
    siblings = _rows(same.filter(seen_by(reader)), "commitment", SIBLING, Value(""))
    out = _rows(links.filter(seen_by(reader, "target"), source=commitment), "target", OUT, "kind")
    into = _rows(links.filter(seen_by(reader, "source"), target=commitment), "source", INTO, "kind")
    found = [_other(row) for row in siblings.union(out, into, all=True)]
    found.sort(key=lambda other: (other.tie, other.row.name))
    linked = [other for other in found if other.tie]
    alike = {other.row.pk: other for other in found if not other.tie}
    return Beside(siblings=list(alike.values()), links=linked)


def _rows(ties: QuerySet[Any], end: str, sort: str, kind: Any) -> QuerySet[Any]:
    words = CharField()
    columns = ("reference", "title", "state", "verdict", "obligor__name")
    return ties.order_by().values_list(
        Value(sort, words),
        Cast(kind, words),
        "pk",
        f"{end}__id",
        *(Cast(f"{end}__{column}", words) for column in columns),
    )


def _other(found: tuple[Any, ...]) -> Other:
    sort, kind, pk, row_pk, reference, title, state, verdict, obligor = found
    row = Commitment(pk=row_pk, reference=reference, title=title, state=state, verdict=verdict)
    if sort == SIBLING:
        return Other(row, obligor or "")
    tie = LinkKind(kind).label if sort == OUT else REVERSED[LinkKind(kind)]
    return Other(row, obligor or "", tie, pk)


@dataclass(frozen=True)
class Letter:
    """A letter, call or meeting as far as it concerns this commitment."""

    item: FollowUpItem
    covers: int
    today: date

    @property
    def awaited(self) -> bool:
        """Sent with a date for the reply, and this commitment not answered yet."""
        letter = self.item.follow_up
        return bool(
            letter.direction == "sent" and letter.reply_due_on and self.item.answered_by_id is None
        )

    @property
    def late(self) -> bool:
        due = self.item.follow_up.reply_due_on
        return bool(self.awaited and due and due < self.today)


def letters(commitment: Commitment, reader: User, today: date) -> list[Letter]:
    """What was said to and by the other side about it, the newest first: one query."""
    together = (
        FollowUpItem.objects.filter(seen_by(reader), follow_up=OuterRef("follow_up"))
        .order_by()
        .values("follow_up")
        .annotate(rows=Count("pk"))
    )
    items: Iterable[Any] = (
        FollowUpItem.objects.filter(commitment=commitment)
        .select_related("follow_up__party", "answered_by__follow_up")
        .annotate(covers=Subquery(together.values("rows")[:1]))
        .order_by("-follow_up__happened_on", "-follow_up_id")[:SHOWN]
    )
    return [Letter(item, item.covers or 1, today) for item in items]
