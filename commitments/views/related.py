"""What stands beside a commitment: siblings on the same words, links both ways, letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value

from commitments.forms.editing import REVERSED
from commitments.models import Citation, CitationRole, Commitment, FollowUpItem, Link, LinkKind
from commitments.views.naming import Names, select
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
    tie: str = ""
    link_id: int = 0


@dataclass(frozen=True)
class Beside:
    """The siblings on the same words, and the links, those that lead out first."""

    siblings: list[Other]
    links: list[Other]


def ties(commitment: Commitment) -> list[QuerySet[Any]]:
    """Branches of a look-up (see naming.select) for the links and siblings of a commitment.

    They tell ids only, also of what a reader may not see. Needs the citations.
    """
    passages = [
        one.passage_id
        for one in commitment.citations.all()
        if one.passage_id and one.role == CitationRole.ORIGIN and one.withdrawn_at is None
    ]
    links = Link.objects.filter(withdrawn_at=None)
    same = Citation.objects.filter(
        passage__in=passages, role=CitationRole.ORIGIN, withdrawn_at=None
    ).exclude(commitment=commitment)
    found = [
        select(OUT, links.filter(source=commitment), "kind", F("target_id")),
        select(INTO, links.filter(target=commitment), "kind", F("source_id")),
    ]
    if passages:
        found.append(select(SIBLING, same, Value(""), F("commitment_id")))
    return found


def beside(names: Names, reader: User) -> Beside:
    """Siblings and links, as far as this reader may see them; at most one query."""
    tied = [row for sort in (OUT, INTO, SIBLING) for row in names.rows[sort]]
    if not tied:
        return Beside([], [])
    seen = Commitment.objects.visible_to(reader).filter(pk__in={pk for *_, pk in tied})
    shown = seen.select_related("obligor").only(
        "reference", "title", "state", "verdict", "obligor__name"
    )
    rows = {row.pk: row for row in shown}
    found = [Other(rows[pk], _tie(sort, kind), link) for sort, link, kind, pk in tied if pk in rows]
    found.sort(key=lambda other: (other.tie, other.row.name))
    alike = {other.row.pk: other for other in found if not other.tie}
    return Beside(list(alike.values()), [other for other in found if other.tie])


def _tie(sort: str, kind: str) -> str:
    """How the link reads from here; "" for a sibling."""
    if sort == SIBLING:
        return ""
    return str(LinkKind(kind).label) if sort == OUT else REVERSED[LinkKind(kind)]


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
