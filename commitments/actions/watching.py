"""Watch a commitment, and say that its changes were seen. Operational: no events."""

from commitments.models import Commitment, Watch
from tracker import clock
from tracker.ledger.models import Event
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import transaction
from tracker.users.models import User


def _latest(commitment: Commitment) -> int:
    newest = Event.objects.filter(stream=stream_of(commitment)).order_by("-seq").first()
    return newest.seq if newest else 0


def watch(commitment: Commitment, *, actor: User) -> Watch:
    """Tell this person of changes from now on."""
    with transaction(stream_of(commitment)):
        row = Commitment.objects.visible_to(actor).get(pk=commitment.pk)
        found, created = Watch.objects.get_or_create(
            commitment=row, user=actor, defaults={"seen_seq": _latest(row)}
        )
        if created:
            _look_again(row)
    return found


def unwatch(commitment: Commitment, *, actor: User) -> None:
    """Tell this person no more."""
    with transaction(stream_of(commitment)):
        Watch.objects.filter(commitment=commitment, user=actor).delete()
        _look_again(Commitment.objects.get(pk=commitment.pk))


def mark_seen(commitment: Commitment, *, actor: User) -> None:
    """What happened so far was seen."""
    with transaction(stream_of(commitment)):
        Watch.objects.filter(commitment=commitment, user=actor).update(seen_seq=_latest(commitment))


def _look_again(row: Commitment) -> None:
    """The planner looks afresh at what has new watchers."""
    row.schedule_changed_at = clock.now()
    row.save(update_fields=["schedule_changed_at"])
