"""The history as people read it: events with their bodies, and what each one changed."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from tracker.ledger.models import Event


class Change(NamedTuple):
    """One field before and after an event; None stands for what was not there."""

    field: str
    old: Any
    new: Any


def history(stream: str) -> QuerySet[Event]:
    """The stream's events with actors and bodies, newest first: one query."""
    return Event.objects.filter(stream=stream).select_related("actor", "body").order_by("-seq")


def at_seq(stream: str, seq: int) -> dict[str, Any] | None:
    """The subject as it stood after that event; None when that body was redacted.

    Raises Event.DoesNotExist.
    """
    return Event.objects.select_related("body").get(stream=stream, seq=seq).snapshot


def changes(events: Iterable[Event]) -> list[tuple[Event, list[Change]]]:
    """What each event changed, in the order given: each is compared with the one before it.

    The events may be a page, or come from several streams; neighbours that are not among them
    are fetched in one query. The first event of a stream changed nothing, and of a redacted one
    nothing can be said; the event after a redacted one is compared with the last readable state.
    """
    asked = list(events)
    known = {(event.stream, event.seq): event for event in asked}
    known |= {(event.stream, event.seq): event for event in _neighbours(known)}
    return [(event, _changed(event, known)) for event in asked]


def _neighbours(known: dict[tuple[str, int], Event]) -> Iterable[Event]:
    absent: dict[str, list[int]] = {}
    for stream, seq in known:
        if seq > 1 and (stream, seq - 1) not in known:
            absent.setdefault(stream, []).append(seq - 1)
    wanted = Q()
    for stream, seqs in absent.items():
        wanted |= Q(stream=stream, seq__in=seqs)
    return Event.objects.filter(wanted).select_related("body") if absent else []


def _changed(event: Event, known: dict[tuple[str, int], Event]) -> list[Change]:
    before = known.get((event.stream, event.seq - 1))
    if before and before.redacted:
        before = history(event.stream).filter(seq__lt=before.seq).exclude(body__text="").first()
    return differences(before.snapshot, event.snapshot) if before else []


def differences(old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[Change]:
    """The fields in which two snapshots differ, in alphabetical order; none if one is missing."""
    if old is None or new is None:
        return []
    return [
        Change(field, old.get(field), new.get(field))
        for field in sorted(old.keys() | new.keys())
        if old.get(field) != new.get(field)
    ]
