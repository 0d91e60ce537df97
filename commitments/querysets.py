"""The words in which lists of commitments, follow-ups and parties are asked for."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from commitments.workflow import LIVE, PROMISED, State
from documents.querysets import open_to

SOON_DAYS = 7
STALE_DAYS = 90


class PartyQuerySet(QuerySet[Any]):
    """Parties in the domain's words."""

    def current(self) -> "PartyQuerySet":
        """Not merged into another."""
        return self.filter(merged_into=None)


class CommitmentQuerySet(QuerySet[Any]):
    """Commitments in the domain's words. Dates are passed in; nothing here reads a clock."""

    def visible_to(self, user: Any) -> "CommitmentQuerySet":
        """What this reader may know of: its own restriction and that of every origin document."""
        citations = self.model._meta.get_field("citations").related_model
        hidden = citations.objects.filter(
            commitment=OuterRef("pk"), role="origin", withdrawn_at=None
        ).exclude(open_to(user, "document__restricted_to"))
        allowed = open_to(user)
        if not allowed:
            return self.all()
        return self.filter(allowed).exclude(Exists(hidden))

    def live(self) -> "CommitmentQuerySet":
        """Open, in progress, waiting or reported."""
        return self.filter(state__in=LIVE)

    def opened(self) -> "CommitmentQuerySet":
        """Confirmed at some time: what the register counts."""
        return self.exclude(reference=None)

    def candidates(self) -> "CommitmentQuerySet":
        """Captured, not yet confirmed or dismissed."""
        return self.filter(state=State.CANDIDATE)

    def pursued(self) -> "CommitmentQuerySet":
        """Live and not yet reported as done: the obligor is still to move."""
        return self.filter(state__in=[State.OPEN, State.IN_PROGRESS, State.WAITING])

    def overdue(self, today: date) -> "CommitmentQuerySet":
        """Past the latest bound of a confirmed reading, and not reported as done."""
        return self.pursued().filter(due_on__lt=today, due_confirmed=True)

    def due_soon(self, today: date, days: int = SOON_DAYS) -> "CommitmentQuerySet":
        """Due, or to be reviewed, from today to `days` days ahead; a missed review counts too."""
        horizon = today + timedelta(days=days)
        due = Q(due_on__gte=today, due_on__lte=horizon, due_confirmed=True)
        return (
            self.pursued()
            .filter(due | Q(review_on__lte=horizon))
            .exclude(due_on__lt=today, due_confirmed=True)
        )

    def in_window(self, today: date) -> "CommitmentQuerySet":
        """Between the earliest and the latest bound of the deadline."""
        return self.pursued().filter(due_from__lte=today, due_on__gte=today)

    def undated(self) -> "CommitmentQuerySet":
        """Without a latest day."""
        return self.filter(due_on=None)

    def unowned(self) -> "CommitmentQuerySet":
        """Without an owner, or with one who has left."""
        return self.filter(Q(owner=None) | Q(owner__is_active=False))

    def stale(self, today: date, days: int = STALE_DAYS) -> "CommitmentQuerySet":
        """Live and untouched for more than `days` days."""
        return self.live().filter(active_on__lt=today - timedelta(days=days))

    def promised(self) -> "CommitmentQuerySet":
        """Undertaken by the obligor."""
        return self.filter(kind__in=PROMISED)

    def asked(self) -> "CommitmentQuerySet":
        """Asked of the obligor, accepted or not."""
        return self.exclude(kind__in=PROMISED)

    def in_order_of_due(self) -> "CommitmentQuerySet":
        """By latest day, undated last, then by reference."""
        return self.order_by(F("due_on").asc(nulls_last=True), "id")


class FollowUpQuerySet(QuerySet[Any]):
    """Letters, e-mails, calls and meetings in the domain's words."""

    def awaiting_reply(self) -> "FollowUpQuerySet":
        """Sent, with a date for the reply, and at least one item still unanswered."""
        items = self.model._meta.get_field("items").related_model
        open_items = items.objects.filter(follow_up=OuterRef("pk"), answered_by=None)
        return self.filter(direction="sent", reply_due_on__isnull=False).filter(Exists(open_items))

    def late(self, today: date) -> "FollowUpQuerySet":
        """Awaiting a reply past its date."""
        return self.awaiting_reply().filter(reply_due_on__lt=today)

    def visible_to(self, user: Any) -> "FollowUpQuerySet":
        """Correspondence that covers at least one commitment this reader may see."""
        items = self.model._meta.get_field("items").related_model
        commitments = items._meta.get_field("commitment").related_model
        # Asked for each item by its key: "IN (everything visible)" would be listed in full first.
        seen = commitments.objects.visible_to(user).filter(pk=OuterRef("commitment"))
        return self.filter(
            Exists(items.objects.filter(Exists(seen), follow_up=OuterRef("pk"))),
        )
