"""The words in which lists of documents and passages are asked for."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

SEE_RESTRICTED = "documents.view_restricted"


def open_to(user: Any, field: str = "restricted_to") -> Q:
    """The condition that a row is unrestricted, or restricted to a group the reader is in."""
    if user.has_perm(SEE_RESTRICTED):
        return Q()
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__in": user.groups.values("id")})


class DocumentQuerySet(QuerySet[Any]):
    """Documents in the domain's words."""

    def visible_to(self, user: Any) -> "DocumentQuerySet":
        """What this reader may know of at all."""
        return self.filter(open_to(user))

    def in_force(self) -> "DocumentQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class PassageQuerySet(QuerySet[Any]):
    """Passages in the domain's words."""

    def visible_to(self, user: Any) -> "PassageQuerySet":
        """Passages of documents this reader may see."""
        return self.filter(open_to(user, "document__restricted_to"))

    def orphaned(self) -> "PassageQuerySet":
        """Passages with no place in the newest text of their document."""
        mine = self.model._default_manager.filter(pk=OuterRef(OuterRef("pk")))
        texts = mine.order_by("-document__original__texts").values("document__original__texts")
        placed = self.model._default_manager.filter(
            pk=OuterRef("pk"), placements__text=Subquery(texts[:1])
        )
        return self.filter(~Exists(placed))
