"""Audiences: whom a rule reaches, and that nobody is told of what they may not see."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from time_machine import Traveller

from commitments import actions
from commitments.models import Anchor, Audience, Commitment, Notice, Subject
from tests.commitments.reminding import DAY, TODAY, a_rule, due, swept, told
from tests.conftest import person
from tests.making import a_document, a_letter, opened, reported
from tracker import clock
from tracker.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "without_rules")]


def test_each_audience_is_reached_and_nobody_else(
    olga: User, otto: User, amir: User, ada: User
) -> None:
    olga.supervisor, otto.supervisor = otto, ada
    olga.save()
    otto.save()
    for audience in (Audience.OWNER, Audience.SUPERVISOR, Audience.HEADS, Audience.AUDITORS):
        a_rule(code=audience, audience=audience)
    row = due(TODAY, olga)
    swept()
    reached = dict(Notice.objects.values_list("rule__code", "recipient__username"))
    assert reached == {"owner": "olga", "supervisor": "otto", "heads": "ada", "auditors": "amir"}
    a_rule(code="watchers", audience=Audience.WATCHERS)
    actions.watch(row, actor=otto)
    assert swept().notices == 1
    assert Notice.objects.get(rule__code="watchers").recipient == otto


def test_a_deactivated_person_is_not_told(olga: User, amir: User) -> None:
    a_rule()
    a_rule(audience=Audience.AUDITORS)
    due(TODAY, olga)
    User.objects.filter(pk__in=[olga.pk, amir.pk]).update(is_active=False)
    assert swept().notices == 0


def test_auditors_are_told_of_a_report_on_the_offices_day(
    olga: User, amir: User, frozen: Traveller
) -> None:
    a_rule(anchor=Anchor.REPORTED, audience=Audience.AUDITORS)
    frozen.shift(timedelta(hours=13, minutes=30))  # 23:30 in Brussels, 22:30 UTC
    row = reported(opened(olga, owner=olga), olga)
    frozen.shift(timedelta(hours=1))
    swept()
    assert told(amir) == [(Subject.COMMITMENT, row.pk, TODAY)]


def test_silence_is_noticed_after_the_last_activity(olga: User, frozen: Traveller) -> None:
    a_rule(anchor=Anchor.LAST_ACTIVITY, offset_days=90)
    opened(olga, owner=olga, due_text="by 30 June 2028")
    frozen.shift(89 * DAY)
    assert swept().notices == 0
    frozen.shift(DAY)
    assert swept().notices == 1


def test_a_letter_without_a_reply_reminds_the_owners_and_stops_when_it_is_answered(
    olga: User, otto: User, frozen: Traveller
) -> None:
    a_rule(anchor=Anchor.REPLY_DUE)
    late = a_rule(anchor=Anchor.REPLY_DUE, offset_days=7)
    hers, his = opened(olga, owner=olga), opened(olga, owner=otto, title="Another")
    letter = a_letter(olga, hers, his, reply_due_on=TODAY + 2 * DAY)
    frozen.shift(2 * DAY)
    assert swept().notices == 2
    assert told(olga) == told(otto) == [(Subject.FOLLOW_UP, letter.pk, TODAY + 2 * DAY)]
    actions.record_reply(
        letter,
        actor=olga,
        channel="letter",
        happened_on=TODAY,
        title="Our answer",
        answers=[actions.Answer(hers, "agrees", "Yes")],
    )
    frozen.shift(7 * DAY)
    assert swept().notices == 1
    assert Notice.objects.get(rule=late).recipient == otto


def test_a_letter_about_nobodys_commitment_reminds_whoever_wrote_it(olga: User) -> None:
    a_rule(anchor=Anchor.REPLY_DUE)
    a_letter(olga, opened(olga), reply_due_on=TODAY)
    assert swept().notices == 1
    assert len(told(olga)) == 1


@pytest.mark.parametrize("audience", [Audience.OWNER, Audience.AUDITORS])
@pytest.mark.parametrize("restricted", ["", "itself", "origin", "other citation", "withdrawn"])
@pytest.mark.parametrize("member", ["", "group", "permission"])
def test_only_who_may_see_it_is_told(
    olga: User, amir: User, ada: User, audience: str, restricted: str, member: str
) -> None:
    a_rule(audience=audience)
    reader = olga if audience == Audience.OWNER else amir
    row = due(TODAY, olga)
    group = Group.objects.create(name="cabinet")
    restrict(row, group, restricted, ada)
    if member == "group":
        reader.groups.add(group)
    if member == "permission":
        give(reader, "view_restricted")
    reader = User.objects.get(pk=reader.pk)
    sees = Commitment.objects.visible_to(reader).filter(pk=row.pk).exists()
    swept()
    assert bool(told(reader)) is sees
    assert sees is (bool(member) or restricted not in ("itself", "origin"))


def restrict(row: Commitment, group: Group, how: str, actor: User) -> None:
    """Restrict the commitment, the document it comes from, or another one that is cited."""
    if how == "itself":
        Commitment.objects.filter(pk=row.pk).update(restricted_to=group)
    origin = row.citations.get(role="origin")
    if how in ("origin", "withdrawn"):
        type(origin.document).objects.filter(pk=origin.document_id).update(restricted_to=group)
    if how == "withdrawn":
        row.citations.update(withdrawn_at=clock.now(), withdrawn_reason="Not this one")
    if how == "other citation":
        other = a_document(actor, "Another record.", title="Another")
        actions.cite(row, actor=actor, document=other, role="progress")
        type(other).objects.filter(pk=other.pk).update(restricted_to=group)


def give(user: User, codename: str) -> None:
    """Give one permission by name."""
    permission = Permission.objects.get(codename=codename)
    user.user_permissions.add(permission)


def test_a_letter_is_told_only_to_who_may_see_one_of_its_commitments(olga: User) -> None:
    a_rule(anchor=Anchor.REPLY_DUE, audience=Audience.AUDITORS)
    amir, amira = person("amir", "Amir", "auditor"), person("amira", "Amira", "auditor")
    row = opened(olga, owner=olga)
    letter = a_letter(olga, row, reply_due_on=TODAY)
    group = Group.objects.create(name="cabinet")
    amira.groups.add(group)
    Commitment.objects.filter(pk=row.pk).update(restricted_to=group)
    swept()
    assert told(amir) == []
    assert told(amira) == [(Subject.FOLLOW_UP, letter.pk, TODAY)]
