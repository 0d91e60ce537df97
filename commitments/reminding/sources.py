"""Who is reminded of what: rules as querysets, and querysets as parts of one statement."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import (
    Coalesce,
    ExtractDay,
    ExtractMonth,
    ExtractYear,
    Greatest,
    TruncDate,
)

from commitments.models import (
    Anchor,
    Audience,
    Citation,
    CitationRole,
    Commitment,
    FollowUp,
    FollowUpItem,
    ReminderRule,
    Subject,
)
from commitments.standing import BACKEND, JUDGE
from commitments.workflow import LIVE, State
from documents.querysets import SEE_RESTRICTED
from tracker.users.models import User

# Where a date bears no stamp of the day on which it was set, it has always counted.
ALWAYS = date(1970, 1, 1)
# Whom an audience means, from the commitment's point of view.
PATHS = {
    Audience.OWNER: "owner_id",
    Audience.WATCHERS: "watches__user_id",
    Audience.SUPERVISOR: "owner__supervisor_id",
    Audience.HEADS: "owner__supervisor__supervisor_id",
    # Everybody with the right is joined in, whoever owns it.
    Audience.AUDITORS: "owner_id",
}
# The person `p` may see the commitment: put its id column in.
VISIBLE = f"""NOT EXISTS (
    SELECT 1 FROM shut
    WHERE shut.commitment_id = {{}} AND NOT p.sees_all AND NOT EXISTS (
        SELECT 1 FROM {User.groups.through._meta.db_table} g
        WHERE g.user_id = p.id AND g.group_id = shut.group_id))"""  # noqa: S608  no values


class Compiled(NamedTuple):
    """SQL with its parameters."""

    sql: str
    params: Sequence[Any]


def compiled(rows: QuerySet[Any, Any]) -> Compiled:
    """A queryset as a part of a statement of our own."""
    sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return Compiled(sql, params)


def shut() -> Compiled:
    """Which groups one must be in to see a commitment: its id and the group, for each of them.

    The same as `visible_to`, said for everybody at once: its own restriction, and that of every
    origin document.
    """
    own = Commitment.objects.filter(restricted_to__isnull=False).order_by()
    origins = Citation.objects.filter(
        role=CitationRole.ORIGIN, withdrawn_at=None, document__restricted_to__isnull=False
    ).order_by()
    return compiled(
        own.values_list("id", "restricted_to_id").union(
            origins.values_list("commitment_id", "document__restricted_to_id"), all=True
        )
    )


def people(only: str = "") -> Compiled:
    """Everybody active (with that permission), with their id and whether they see everything."""
    users = User.objects.with_perm(only, backend=BACKEND) if only else User.objects.all()
    sees_all = User.objects.with_perm(SEE_RESTRICTED, backend=BACKEND).filter(pk=OuterRef("pk"))
    return compiled(
        users.filter(is_active=True)
        .order_by()
        .annotate(sees_all=Exists(sees_all, output_field=BooleanField()))
        .values("id", "sees_all")
    )


def reached(rule: ReminderRule) -> Compiled:
    """The people a rule may reach at all."""
    return people(JUDGE if rule.audience == Audience.AUDITORS else "")


def subjects(rule: ReminderRule, zone: ZoneInfo) -> QuerySet[Any, dict[str, Any]]:
    """What a rule reminds of, with the day it counts from and the person it concerns.

    Columns: subject_kind and subject_id; about_id, the commitment whose visibility decides;
    anchor_on, set_on (the day the anchor began to count) and set_no (the same as a number such as
    20261123); person_id; changed_at.
    """
    about_letters = rule.anchor == Anchor.REPLY_DUE
    rows = _letters(rule, zone) if about_letters else _commitments(rule, zone)
    number = ExtractYear("set_on") * 10000 + ExtractMonth("set_on") * 100 + ExtractDay("set_on")
    return (
        rows.order_by()
        .annotate(set_no=number)
        .values(
            "subject_kind",
            "subject_id",
            "about_id",
            "anchor_on",
            "set_on",
            "set_no",
            "person_id",
            "changed_at",
        )
    )


def _commitments(rule: ReminderRule, zone: ZoneInfo) -> QuerySet[Any]:
    anchor, set_on = _anchor(rule.anchor, zone)
    return Commitment.objects.filter(_fits(rule), _counts(rule.anchor)).annotate(
        subject_kind=Value(Subject.COMMITMENT.value),
        subject_id=F("id"),
        about_id=F("id"),
        anchor_on=anchor,
        set_on=set_on,
        person_id=F(PATHS[Audience(rule.audience)]),
        changed_at=F("schedule_changed_at"),
    )


def _letters(rule: ReminderRule, zone: ZoneInfo) -> QuerySet[Any]:
    """Each unanswered item of a letter that awaits its reply speaks for its commitment's people."""
    waiting = FollowUpItem.objects.filter(
        _fits(rule, "commitment__"),
        answered_by=None,
        follow_up__in=FollowUp.objects.awaiting_reply(),
    )
    person: Expression | F = F(f"commitment__{PATHS[Audience(rule.audience)]}")
    if rule.audience == Audience.OWNER:
        # Nobody's commitment: whoever wrote the letter waits for the answer.
        owned = When(commitment__owner__is_active=True, then=person)
        person = Case(owned, default=F("follow_up__logged_by_id"))
    return waiting.annotate(
        subject_kind=Value(Subject.FOLLOW_UP.value),
        subject_id=F("follow_up_id"),
        about_id=F("commitment_id"),
        anchor_on=F("follow_up__reply_due_on"),
        set_on=TruncDate("follow_up__logged_at", tzinfo=zone),
        person_id=person,
        changed_at=Greatest("follow_up__schedule_changed_at", "commitment__schedule_changed_at"),
    )


def _anchor(anchor: str, zone: ZoneInfo) -> tuple[Expression | F, Expression | F]:
    """The day a rule counts from, and the day since which that one counts."""
    always = Value(ALWAYS, output_field=DateField())
    if anchor == Anchor.DUE:
        return F("due_on"), Coalesce("due_set_on", always)
    if anchor == Anchor.REVIEW:
        return F("review_on"), Coalesce("review_set_on", always)
    if anchor == Anchor.REPORTED:
        day = TruncDate("reported_at", tzinfo=zone)
        return day, day
    return F("active_on"), F("active_on")


def _counts(anchor: str) -> Q:
    """Whether the anchor is one to count from: set, and where it must be, stood by."""
    if anchor == Anchor.DUE:
        return Q(due_on__isnull=False, due_confirmed=True)
    if anchor == Anchor.REPORTED:
        return Q(reported_at__isnull=False, state=State.REPORTED)
    return Q(**{f"{anchor}__isnull": False})


def _fits(rule: ReminderRule, to: str = "") -> Q:
    """The rule's own choice of states (live ones only), kinds and priorities."""
    fits = Q(**{f"{to}state__in": LIVE})
    for column, wanted in (
        ("state", rule.states),
        ("kind", rule.kinds),
        ("priority", rule.priorities),
    ):
        if wanted:
            fits &= Q(**{f"{to}{column}__in": wanted})
    return fits
