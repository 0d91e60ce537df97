"""What the demonstration adds to the records: owners, review dates and two letters sent to nobody.

The records are real and nothing about them is invented; all that is added can be told by its
title, which begins with "Demo:".
"""

from datetime import timedelta

from commitments import actions
from commitments.models import Commitment, FollowUp
from tracker import clock
from tracker.ledger.writing import transaction
from tracker.users.models import User

MARK = "Demo: "
# Review dates begin in two days and spread over about six weeks.
FIRST_REVIEW, STEP, SPREAD = 2, 4, 43
REASON = "Review dates of the demonstration"


def add_demo_data(staff: list[User], watcher: User) -> bool:
    """Share the owning among the staff and log a letter each; false if that was done before."""
    if FollowUp.objects.filter(title__startswith=MARK).exists():
        return False
    with transaction():
        rows = list(Commitment.objects.live().filter(owner=None).in_order_of_due())
        for number, row in enumerate(rows):
            _own(row, staff[number % len(staff)], number)
        for number, owner in enumerate(staff):
            _letter(owner, [staff[number - 1], watcher], number)
    return True


def _own(row: Commitment, owner: User, number: int) -> None:
    """Each takes over what is theirs and sets its review date."""
    row = actions.assign(row, actor=owner, expected_version=row.version, owner=owner)
    actions.reschedule(
        row,
        actor=owner,
        expected_version=row.version,
        due_text=row.due_text,
        due_edtf=row.due_edtf,
        basis=row.due_basis,
        review_on=clock.today() + timedelta(days=FIRST_REVIEW + number * STEP % SPREAD),
        reason=REASON,
    )


def _letter(owner: User, watchers: list[User], number: int) -> None:
    """A letter about the most pressing commitment of one, watched by the others."""
    today = clock.today()
    row = Commitment.objects.live().filter(owner=owner).in_order_of_due().first()
    if row is None or row.obligor is None:
        return
    for watcher in watchers:
        actions.watch(row, actor=watcher)
    actions.log_follow_up(
        actor=owner,
        party=row.obligor,
        channel="letter",
        direction="sent",
        happened_on=today - timedelta(days=20),
        title=f"{MARK}please say where this stands",
        words="This letter is part of the demonstration. It was sent to nobody.",
        commitments=[row],
        # The first is already late, the others come up.
        reply_due_on=today + timedelta(days=7 * number - 1),
    )
