"""Which notices still hold: asked again at the moment a mail is rendered.

What was closed, reassigned, moved, answered or restricted since it was planned is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from commitments.mail import Reminder
from commitments.models import (
    Anchor,
    Audience,
    Commitment,
    FollowUp,
    FollowUpItem,
    Notice,
    ReminderRule,
    Subject,
    Watch,
)
from commitments.reminders import last_occurrence
from commitments.reminding.planning import Look
from commitments.standing import JUDGE
from commitments.workflow import LIVE, State
from tracker.users.models import User

PURSUED = (State.OPEN, State.IN_PROGRESS, State.WAITING)


@dataclass(frozen=True)
class Reader:
    """Who reads: `acts_for` are the reader and everybody absent whose deputy the reader is."""

    user: User
    acts_for: frozenset[int]
    watched: frozenset[int]
    judges: bool


def absent(look: Look) -> QuerySet[User]:
    """Active people who are away today."""
    return User.objects.filter(
        Q(absent_until=None) | Q(absent_until__gte=look.today),
        is_active=True,
        absent_from__lte=look.today,
    )


def still_true(user: User, notices: Sequence[Notice], look: Look) -> list[Reminder]:
    """What of these notices still holds for this person, one entry for each thing."""
    reader = _reader(user, look)
    spoken: dict[tuple[str, int], list[Notice]] = defaultdict(list)
    for notice in notices:
        spoken[notice.subject_kind, notice.subject_id].append(notice)
    found = []
    for row in _commitments(user, _ids(spoken, Subject.COMMITMENT)):
        holding = [
            notice
            for notice in spoken[Subject.COMMITMENT, row.pk]
            if _holds(notice.rule, row, reader, look.today)
        ]
        found.append(Reminder(holding, [row]))
    for letter in _letters(user, _ids(spoken, Subject.FOLLOW_UP)):
        items = [item.commitment for item in letter.items.all()]
        holding = [
            notice
            for notice in spoken[Subject.FOLLOW_UP, letter.pk]
            if _awaited(notice.rule, letter, items, reader, look.today)
        ]
        found.append(Reminder(holding, items, letter))
    return [reminder for reminder in found if reminder.notices]


def _reader(user: User, look: Look) -> Reader:
    deputies = dict(absent(look).exclude(deputy=None).values_list("id", "deputy_id"))
    watched = Watch.objects.filter(user=user).values_list("commitment_id", flat=True)
    return Reader(user, _acts_for(user.pk, deputies), frozenset(watched), user.has_perm(JUDGE))


def _acts_for(pk: int, deputies: Mapping[int, int | None]) -> frozenset[int]:
    """The reader, those away whose deputy the reader is, and those whose deputy is one of them."""
    found, size = {pk}, 0
    while size < len(found):
        size = len(found)
        found |= {away for away, deputy in deputies.items() if deputy in found}
    return frozenset(found)


def _ids(spoken: Iterable[tuple[str, int]], kind: str) -> list[int]:
    return [pk for subject_kind, pk in spoken if subject_kind == kind]


def _commitments(user: User, ids: Sequence[int]) -> Iterable[Commitment]:
    rows = Commitment.objects.visible_to(user).filter(pk__in=ids)
    return rows.select_related("obligor", "owner__supervisor", "reported_by") if ids else ()


def _letters(user: User, ids: Sequence[int]) -> Iterable[FollowUp]:
    if not ids:
        return ()
    seen = Commitment.objects.visible_to(user).live()
    unanswered = FollowUpItem.objects.filter(answered_by=None, commitment__in=seen)
    items = unanswered.select_related("commitment__obligor", "commitment__owner__supervisor")
    rows = FollowUp.objects.visible_to(user).awaiting_reply().filter(pk__in=ids)
    return rows.select_related("party").prefetch_related(
        Prefetch("items", queryset=items.order_by("id"))
    )


def _holds(rule: ReminderRule, row: Commitment, reader: Reader, today: date) -> bool:
    """Whether the rule would still tell this reader of this commitment."""
    if rule.anchor == Anchor.AT_ONCE:
        return _still_asked(rule.code, row, reader)
    if not rule.active or not _fits(rule, row) or not _concerns(rule, row, reader):
        return False
    day = _anchor(rule.anchor, row, today)
    return day is not None and last_occurrence(rule, day, today) is not None


def _still_asked(code: str, row: Commitment, reader: Reader) -> bool:
    """Whether a direct request is still open; what is only told holds until it is dismissed."""
    mine = row.owner_id in reader.acts_for
    if code == "assigned":
        return mine and row.live
    if code == "sent-back":
        return row.state in PURSUED and (mine or row.reported_by_id in reader.acts_for)
    return row.state != State.DISMISSED


def _fits(rule: ReminderRule, row: Commitment) -> bool:
    return (
        row.state in LIVE
        and row.state in (rule.states or LIVE)
        and (not rule.kinds or row.kind in rule.kinds)
        and (not rule.priorities or row.priority in rule.priorities)
    )


def _concerns(rule: ReminderRule, row: Commitment, reader: Reader) -> bool:
    """Whether the reader is still one of those the rule speaks to."""
    if rule.audience == Audience.WATCHERS:
        return row.pk in reader.watched
    if rule.audience == Audience.AUDITORS:
        # Who owns or reported it may not judge it.
        barred = (row.owner_id, row.reported_by_id)
        return reader.judges and reader.user.pk not in barred
    return _person(rule.audience, row) in reader.acts_for


def _person(audience: str, row: Commitment) -> int | None:
    owner = row.owner
    if audience == Audience.OWNER or owner is None:
        return row.owner_id
    if audience == Audience.SUPERVISOR:
        return owner.supervisor_id
    return owner.supervisor.supervisor_id if owner.supervisor else None


def _anchor(anchor: str, row: Commitment, today: date) -> date | None:
    """The day the rule counts from, as it stands now; None where it counts no longer."""
    if anchor == Anchor.DUE:
        return row.due_on if row.due_confirmed else None
    if anchor == Anchor.REVIEW:
        return row.review_on
    if anchor == Anchor.LAST_ACTIVITY:
        return row.active_on
    return today if row.state == State.REPORTED else None


def _awaited(
    rule: ReminderRule,
    letter: FollowUp,
    rows: Sequence[Commitment],
    reader: Reader,
    today: date,
) -> bool:
    """Whether the reply is still due, and to this reader to chase."""
    day = letter.reply_due_on
    if not rule.active or day is None or last_occurrence(rule, day, today) is None:
        return False
    return any(
        _fits(rule, row) and (_concerns(rule, row, reader) or _wrote(rule, letter, row, reader))
        for row in rows
    )


def _wrote(rule: ReminderRule, letter: FollowUp, row: Commitment, reader: Reader) -> bool:
    """What nobody owns is chased by whoever wrote the letter."""
    unowned = row.owner is None or not row.owner.is_active
    return rule.audience == Audience.OWNER and unowned and letter.logged_by_id in reader.acts_for
