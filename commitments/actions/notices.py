"""Direct requests: notices that an action itself gives rise to, in its own transaction."""

from collections.abc import Iterable

from commitments.models import Anchor, Commitment, Notice, ReminderRule, Subject
from tracker import clock
from tracker.ledger.models import Event
from tracker.users.models import User

WORDS_LIMIT = 300


def notify(
    code: str, commitment: Commitment, recipients: Iterable[User | None], words: str, event: Event
) -> None:
    """Tell these people at once, each once per event; never the actor, never who may not see it.

    `code` names a rule with the anchor "at once"; switched off, it tells nobody.
    """
    rule = ReminderRule.objects.filter(code=code, active=True, anchor=Anchor.AT_ONCE).first()
    if rule is None:
        return
    people = {user.pk: user for user in recipients if user is not None and user.is_active}
    people.pop(event.actor_id, None)
    Notice.objects.bulk_create(
        [
            Notice(
                rule=rule,
                subject_kind=Subject.COMMITMENT,
                subject_id=commitment.pk,
                schedule_no=event.seq,
                occurrence_on=clock.today(),
                recipient=user,
                created_at=event.at,
                words=words[:WORDS_LIMIT],
            )
            for user in people.values()
            if Commitment.objects.visible_to(user).filter(pk=commitment.pk).exists()
        ],
        ignore_conflicts=True,
    )
