"""My follow-ups: what waits for a person, worst first, and nothing that does not."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments import actions
from commitments.models import Anchor, Audience, Commitment, ReminderRule
from commitments.standing import judges
from commitments.views.inbox_groups import Entry
from commitments.views.inbox_groups import Group as InboxGroup
from tests.conftest import person
from tests.making import a_candidate, a_document, a_letter, a_party, moved, opened, reported
from tracker import clock
from tracker.users.models import User

pytestmark = pytest.mark.django_db
INBOX = "/follow-ups/"


def groups(client: Client, reader: User) -> dict[str, list[str]]:
    """The titles in each group, as this person sees them; none for a group that is not shown."""
    client.force_login(reader)
    page = client.get(INBOX)
    assert page.status_code == 200
    shown = {group.slug: [row.title for row in group.entries] for group in page.context["groups"]}
    return defaultdict(list, shown)


def entries(client: Client, slug: str) -> list[Entry]:
    """The rows of one group, for whoever is signed in."""
    found: list[InboxGroup] = client.get(INBOX).context["groups"]
    return next(group.entries for group in found if group.slug == slug)


def action(client: Client, slug: str) -> str:
    return entries(client, slug)[0].action


def overdue(actor: User, **values: object) -> Commitment:
    return opened(actor, owner=actor, due_text="by 30 October 2026", **values)  # type: ignore[arg-type]


def test_the_root_leads_to_the_inbox(client: Client, olga: User) -> None:
    client.force_login(olga)
    assert client.get("/", follow=True).redirect_chain == [(INBOX, 302)]


def test_what_is_overdue_stands_first_and_only_with_its_owner(
    client: Client, olga: User, otto: User, monday: object
) -> None:
    overdue(olga, title="Late one")
    assert groups(client, olga)["overdue"] == ["Late one"]
    assert groups(client, otto)["overdue"] == []


def test_the_next_action_follows_what_was_written(
    client: Client, olga: User, monday: object
) -> None:
    row = overdue(olga)
    client.force_login(olga)
    assert action(client, "overdue") == "Write to them"
    letter = a_letter(olga, row, reply_due_on=clock.today() + timedelta(days=3))
    assert action(client, "overdue") == "Record reply"
    type(letter).objects.filter(pk=letter.pk).update(
        happened_on=clock.today() - timedelta(days=9),
        reply_due_on=clock.today() - timedelta(days=2),
    )
    assert action(client, "overdue") == "Ask again"
    actions.record_reply(
        letter,
        actor=olga,
        channel="letter",
        happened_on=clock.today(),
        title="Reply",
        answers=[actions.Answer(row, "agrees", "Soon")],
    )
    assert action(client, "overdue") == "Log a follow-up"


def test_reviews_within_a_week_come_up_and_later_ones_do_not(
    client: Client, olga: User, monday: object
) -> None:
    for days, title in ((0, "Today"), (7, "In a week"), (8, "Later")):
        opened(
            olga,
            owner=olga,
            title=title,
            due_text="soon",
            review_on=clock.today() + timedelta(days=days),
        )
    assert groups(client, olga)["soon"] == ["Today", "In a week"]


def test_an_awaited_reply_leaves_once_it_is_recorded(client: Client, olga: User) -> None:
    row = opened(olga, owner=olga)
    letter = a_letter(olga, row, reply_due_on=clock.today())
    assert groups(client, olga)["reply"] == ["Please say where this stands"]
    actions.record_reply(
        letter,
        actor=olga,
        channel="call",
        happened_on=clock.today(),
        title="They called",
        answers=[actions.Answer(row)],
    )
    assert groups(client, olga)["reply"] == []


def test_what_was_sent_back_waits_for_its_owner(
    client: Client, olga: User, amir: User, otto: User
) -> None:
    row = reported(opened(olga, owner=olga), olga)
    moved(row, "send_back", amir, reason="No date on it")
    assert groups(client, olga)["sent-back"] == ["Run a public repository"]
    client.force_login(olga)
    assert "No date on it" in client.get(INBOX).content.decode()
    assert groups(client, otto)["sent-back"] == []
    reported(row, olga)
    assert groups(client, olga)["sent-back"] == []


def test_candidates_are_counted_by_document(client: Client, olga: User, amir: User) -> None:
    document = a_document(olga)
    a_candidate(olga, document)
    a_candidate(olga, document, title="Another")
    assert groups(client, olga)["intake"] == ["2 candidates in Flash report"]
    entry = entries(client, "intake")[0]
    assert "2 commitments" in client.get(entry.way).content.decode()
    assert "intake" not in groups(client, amir)


def test_an_auditor_sees_first_what_there_is_to_judge_and_never_what_is_barred(
    client: Client, olga: User, amir: User
) -> None:
    reported(opened(olga, title="Free to judge"), olga)
    reported(opened(olga, owner=amir, title="Owned by the auditor"), olga)
    seen = groups(client, amir)
    assert next(iter(seen)) == "review"
    assert seen["review"] == ["Free to judge"]
    assert "overdue" not in seen


def test_a_watched_change_by_somebody_else_stays_until_seen(
    client: Client, olga: User, otto: User
) -> None:
    row = opened(olga)
    actions.watch(row, actor=olga)
    actions.note(row, actor=olga, words="My own note")
    assert groups(client, olga)["changed"] == []
    actions.note(row, actor=otto, words="They called back")
    assert groups(client, olga)["changed"] == ["Run a public repository"]
    assert "They called back" in client.get(INBOX).content.decode()
    answer = client.post(reverse("commitment-seen", args=[row.name]))
    assert answer.status_code == 303
    assert groups(client, olga)["changed"] == []


def test_nothing_restricted_is_seen_by_others(client: Client, olga: User, otto: User) -> None:
    secret = Group.objects.create(name="Secret unit")
    olga.groups.add(secret)
    olga = User.objects.get(pk=olga.pk)
    document = a_document(olga, restricted_to=secret)
    a_candidate(olga, document, title="Hidden")
    assert groups(client, olga)["intake"] == ["1 candidate in Flash report"]
    assert groups(client, otto)["intake"] == []
    row = Commitment.objects.get(title="Hidden")
    client.force_login(otto)
    assert client.post(reverse("commitment-seen", args=[row.name])).status_code == 404


def test_somebody_without_a_role_is_told_what_to_do(client: Client, nils: User) -> None:
    client.force_login(nils)
    page = client.get(INBOX)
    assert page.status_code == 200
    assert "no role yet" in page.content.decode()


def test_an_empty_inbox_says_so(client: Client, olga: User) -> None:
    client.force_login(olga)
    assert "Nothing waits for you." in client.get(INBOX).content.decode()


def test_only_its_verbs_are_answered(client: Client, olga: User) -> None:
    client.force_login(olga)
    assert client.post(INBOX).status_code == 405
    assert client.get(reverse("commitment-seen", args=["C-2026-0001"])).status_code == 405
    assert client.post(reverse("commitment-seen", args=["nonsense"])).status_code == 404


def test_a_long_group_is_cut_and_says_so(client: Client, olga: User) -> None:
    for number in range(27):
        overdue(olga, title=f"Late {number}")
    client.force_login(olga)
    page = client.get(INBOX)
    first = page.context["groups"][0]
    assert (len(first.entries), first.length, first.cut) == (25, 27, True)
    assert "The first 25 of 27 are shown" in page.content.decode()
    assert "27 commitments" in client.get(first.more).content.decode()
    assert "27 follow-ups, 27 overdue" in page.content.decode()


def test_a_row_says_who_owes_whom(client: Client, olga: User, monday: object) -> None:
    row = overdue(olga, beneficiaries=[a_party(olga, "Voters"), a_party(olga, "Member States")])
    client.force_login(olga)
    entry = entries(client, "overdue")[0]
    assert entry.parties == "Facebook → Member States and 1 other"
    assert "overdue 24 days" in entry.due
    assert entry.way == f"/letters/new/?c={row.name}"


def test_a_deputy_sees_what_the_absent_would(
    client: Client, olga: User, otto: User, monday: object
) -> None:
    overdue(olga, title="Hers")
    assert groups(client, otto)["overdue"] == []
    User.objects.filter(pk=olga.pk).update(
        deputy=otto, absent_from=clock.today() - timedelta(days=7)
    )
    assert groups(client, otto)["overdue"] == ["Hers"]
    assert entries(client, "overdue")[0].why.startswith("For Olga, who is away. ")
    User.objects.filter(pk=olga.pk).update(absent_until=clock.today() - timedelta(days=1))
    assert groups(client, otto)["overdue"] == []
    assert groups(client, olga)["overdue"] == ["Hers"]


def test_a_mention_stays_until_it_was_seen(client: Client, olga: User, otto: User) -> None:
    switch_on("mentioned")
    row = opened(olga)
    actions.note(row, actor=olga, words="Could you call them, @otto?")
    assert groups(client, otto)["told"] == ["Run a public repository"]
    entry = entries(client, "told")[0]
    assert entry.why == "Olga mentioned you: Could you call them, @otto?"
    assert client.post(entry.way).status_code == 303
    assert groups(client, otto)["told"] == []


def switch_on(code: str) -> ReminderRule:
    """A rule for direct requests, in force."""
    rule, _ = ReminderRule.objects.update_or_create(
        code=code,
        defaults={
            "name": code,
            "active": True,
            "active_from": clock.today(),
            "anchor": Anchor.AT_ONCE,
            "audience": Audience.NAMED,
        },
    )
    return rule


def test_an_auditor_judges_just_what_the_four_eyes_rule_allows(
    client: Client, olga: User, amir: User, ada: User
) -> None:
    mira = person("mira", "Mira", "auditor")
    rows = [
        reported(opened(olga, title="Free"), olga),
        reported(opened(olga, title="Amir's", owner=amir), olga),
        reported(opened(olga, title="Mira's", owner=mira), olga),
    ]
    for judge in (amir, mira):
        allowed = [row.title for row in rows if judge in judges(row).may]
        assert groups(client, judge)["review"] == allowed
    assert groups(client, ada)["stuck"] == []
    User.objects.filter(pk=mira.pk).update(is_active=False)
    assert groups(client, ada)["stuck"] == ["Amir's"]
    assert judges(rows[1]).may == []


def test_who_added_evidence_is_not_asked_to_judge_until_it_is_reopened(
    client: Client, olga: User, amir: User
) -> None:
    row = opened(olga)
    document = a_document(olga, "The page is there.", title="Proof")
    actions.cite(row, actor=amir, document=document, role="evidence", effective="2026-11-01")
    reported(row, olga)
    assert groups(client, amir)["review"] == []
    assert judges(row).may == []
    Commitment.objects.filter(pk=row.pk).update(opened_at=clock.now())
    assert groups(client, amir)["review"] == [row.title]


def test_what_was_sent_back_leaves_with_the_next_move(
    client: Client, olga: User, amir: User
) -> None:
    row = reported(opened(olga, owner=olga), olga)
    moved(row, "send_back", amir, reason="No date on it")
    assert "sent it back: “No date on it”" in entry_words(client, olga, "sent-back")
    moved(row, "wait", olga, condition="They answer", review_on=clock.today())
    assert groups(client, olga)["sent-back"] == []
    moved(row, "resume", olga)
    assert groups(client, olga)["sent-back"] == []


def entry_words(client: Client, reader: User, slug: str) -> str:
    client.force_login(reader)
    return entries(client, slug)[0].why


def test_a_letter_counts_only_what_its_reader_may_see(
    client: Client, olga: User, otto: User
) -> None:
    circle = Group.objects.create(name="circle")
    olga.groups.add(circle)
    shown = opened(olga, owner=otto, title="Open to all")
    secret = opened(olga, title="Hidden", document=a_document(olga, restricted_to=circle))
    a_letter(User.objects.get(pk=olga.pk), shown, secret, reply_due_on=clock.today())
    client.force_login(otto)
    assert entries(client, "reply")[0].parties == f"Facebook, about {shown.name}"
    client.force_login(olga)
    assert entries(client, "reply")[0].parties == f"Facebook, about {shown.name} and 1 other"


def test_beside_the_groups_stands_the_next_date(client: Client, olga: User, monday: object) -> None:
    opened(olga, owner=olga, due_text="by 31 January 2027", review_on=date(2027, 1, 4))
    opened(olga, owner=olga, due_text="none stated", review_on=date(2026, 12, 8))
    client.force_login(olga)
    page = client.get(INBOX).content.decode()
    assert 'The next date is a review on <time datetime="2026-12-08">' in page
    assert "Monday to Friday, at 07:00" in page


def everything(olga: User, otto: User, amir: User, number: int) -> None:
    """One row more in every group that Olga can have."""
    row = overdue(olga, title=f"Late {number}")
    a_letter(olga, row, reply_due_on=clock.today())
    opened(olga, owner=olga, due_text="soon", review_on=clock.today(), title=f"Soon {number}")
    a_candidate(olga, title=f"Candidate {number}")
    actions.watch(row, actor=olga)
    actions.note(row, actor=otto, words="Called, @olga")
    sent = reported(opened(olga, owner=olga, title=f"Sent {number}"), olga)
    moved(sent, "send_back", amir, reason="No date")
    reported(opened(otto, title=f"Reported {number}"), otto)
    reported(opened(otto, owner=amir, title=f"Stuck {number}"), olga)


@pytest.mark.parametrize("roles", [["staff"], ["staff", "auditor", "administrator"]])
def test_the_number_of_queries_does_not_grow(
    roles: list[str], client: Client, olga: User, otto: User, amir: User
) -> None:
    switch_on("mentioned")
    olga.groups.set(Group.objects.filter(name__in=roles))
    olga = User.objects.get(pk=olga.pk)
    made = []
    for number in range(3):
        everything(olga, otto, amir, number)
        if number == 1:
            continue
        shown = groups(client, olga)
        assert all(len(rows) >= number for rows in shown.values())
        with CaptureQueriesContext(connection) as captured:
            client.get(INBOX)
        made.append(len(captured))
    assert made == [QUERIES, QUERIES]


QUERIES = 10


def test_an_empty_inbox_costs_next_to_nothing(client: Client, olga: User) -> None:
    client.force_login(olga)
    with CaptureQueriesContext(connection) as captured:
        client.get(INBOX)
    assert len(captured) == 6
