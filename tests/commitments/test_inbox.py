"""My follow-ups: what waits for a person, worst first, and nothing that does not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments import actions
from commitments.models import Commitment
from tests.making import a_candidate, a_document, a_letter, moved, opened, reported
from tracker import clock
from tracker.users.models import User

pytestmark = pytest.mark.django_db
INBOX = "/follow-ups/"


def groups(client: Client, reader: User) -> dict[str, list[str]]:
    """The titles in each group, as this person sees them."""
    client.force_login(reader)
    page = client.get(INBOX)
    assert page.status_code == 200
    return {group.slug: [row.title for row in group.entries] for group in page.context["groups"]}


def action(client: Client, slug: str) -> str:
    found = client.get(INBOX).context["groups"]
    return str(next(group for group in found if group.slug == slug).entries[0].action)


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
    assert action(client, "overdue") == "Open"
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


def test_candidates_are_counted_by_document(client: Client, olga: User) -> None:
    document = a_document(olga)
    a_candidate(olga, document)
    a_candidate(olga, document, title="Another")
    assert groups(client, olga)["sent-back"] == ["2 candidates in Flash report"]


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
    assert groups(client, olga)["sent-back"] == ["1 candidate in Flash report"]
    assert groups(client, otto)["sent-back"] == []
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
    assert (len(first.entries), first.cut) == (25, True)
    assert "The first 25 are shown" in page.content.decode()
    assert "27 commitments" in client.get(first.more).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_number_of_queries_does_not_grow(
    many: int, client: Client, olga: User, otto: User, amir: User
) -> None:
    for number in range(many):
        row = overdue(olga, title=f"Late {number}")
        a_letter(olga, row, reply_due_on=clock.today())
        a_candidate(olga, title=f"Candidate {number}")
        actions.watch(row, actor=olga)
        actions.note(row, actor=otto, words="Called")
        sent = reported(opened(olga, owner=olga, title=f"Sent {number}"), olga)
        moved(sent, "send_back", amir, reason="No date")
    client.force_login(olga)
    client.get(INBOX)
    with CaptureQueriesContext(
        connection,
    ) as made:
        client.get(INBOX)
    assert len(made) == QUERIES


QUERIES = 12
