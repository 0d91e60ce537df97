"""What the guards of the workflow need to know, read from the rows."""

from dataclasses import dataclass, field

from commitments.models import CitationRole, Commitment
from commitments.workflow import BARRED_THEY, Actor, Standing, State, four_eyes
from tracker.ledger.models import Event
from tracker.ledger.snapshots import stream_of
from tracker.users.models import User

JUDGE = "commitments.judge_commitment"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Judges:
    """Who may judge a commitment, and who is barred from it and why."""

    may: list[User] = field(default_factory=list)
    barred: list[tuple[User, list[str]]] = field(default_factory=list)


def actor_of(user: User) -> Actor:
    """The person as the guards see one."""
    return Actor(user.pk, frozenset(user.get_all_permissions()), user.is_active)


def standing_of(commitment: Commitment) -> Standing:
    """The commitment as the guards see it."""
    return Standing(
        state=commitment.state,
        kind=commitment.kind,
        owner_id=commitment.owner_id,
        reported_by_id=commitment.reported_by_id,
        evidence_by=evidence_by(commitment),
        auditor_acted=auditor_acted(commitment),
        came_from=tuple(commitment.came_from),
    )


def evidence_by(commitment: Commitment) -> frozenset[int]:
    """Who added a live evidence citation since the commitment was last opened."""
    if commitment.opened_at is None:
        return frozenset()
    # Chosen here, not by the database: a page that has loaded the citations asks no second time.
    return frozenset(
        citation.added_by_id
        for citation in commitment.citations.all()
        if citation.role == CitationRole.EVIDENCE
        and citation.withdrawn_at is None
        and citation.added_at >= commitment.opened_at
    )


def auditor_acted(commitment: Commitment) -> bool:
    """Whether somebody who may judge has done anything since the report."""
    if commitment.state != State.REPORTED or commitment.reported_at is None:
        return False
    return (
        Event.objects.filter(
            stream=stream_of(commitment),
            at__gt=commitment.reported_at,
            actor__in=User.objects.with_perm(JUDGE, backend=BACKEND),
        )
        .exclude(actor=commitment.reported_by_id)
        .exists()
    )


def judges(commitment: Commitment) -> Judges:
    """Everybody active who holds the right to judge, parted by the four-eyes rule."""
    standing = standing_of(commitment)
    found = Judges()
    everybody = User.objects.with_perm(JUDGE, backend=BACKEND).order_by("first_name", "username")
    for user in everybody:
        reasons = four_eyes(standing, user.pk)
        if reasons:
            found.barred.append((user, [BARRED_THEY[reason] for reason in reasons]))
        else:
            found.may.append(user)
    return found
