"""Counting that stops: many lists in one query, none counted further than a cap."""

from collections.abc import Mapping
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from tracker.paging import COUNT_CAP
from tracker.users.models import User


class Counted(Subquery):
    """How many rows a (sliced) queryset has, as one value of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def tally(
    reader: User, lists: Mapping[str, QuerySet[Any]], *, cap: int = COUNT_CAP
) -> dict[str, int]:
    """The length of each list, at most `cap`, all in one query."""
    if not lists:
        return {}
    counts = [Counted(rows.order_by().values("pk")[:cap]) for rows in lists.values()]
    # The reader's own row is there just once: what is counted hangs on it.
    row = User.objects.filter(pk=reader.pk).values_list(*counts).get()
    return dict(zip(lists, row, strict=True))
