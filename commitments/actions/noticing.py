"""Say that what one was told at once was seen. Operational: no events."""

from commitments.models import Commitment, Notice, Subject
from tracker import clock
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import transaction
from tracker.users.models import User


def see_notices(commitment: Commitment, *, actor: User) -> int:
    """This person has seen their notices about the commitment; how many were new to them."""
    with transaction(stream_of(commitment)):
        row = Commitment.objects.visible_to(actor).get(pk=commitment.pk)
        unseen = Notice.objects.filter(
            recipient=actor, subject_kind=Subject.COMMITMENT, subject_id=row.pk, seen_at=None
        )
        return unseen.update(seen_at=clock.now())
