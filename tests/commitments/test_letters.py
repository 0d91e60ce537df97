"""Letters, calls and meetings on pages: logged for many commitments, answered one by one."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from commitments.models import Commitment, FollowUp, Position
from tests.commitments.visiting import Visit, get, post
from tests.making import a_document, a_letter, a_party, opened
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")

LETTER = {
    "party": "facebook",
    "channel": "letter",
    "direction": "sent",
    "happened_on": "2026-11-20",
    "title": "Please send the address",
    "words": "Dear all,\r\nwhere is it?",
    "reply_due_on": "2026-12-04",
    "key": "k",
}


def new(client: Client, user: User, *rows: Commitment, **data: Any) -> Visit:
    query = "&".join(f"c={row.name}" for row in rows)
    return post(client, user, f"/letters/new/?{query}", **{**LETTER, **data})


def test_a_letter_is_started_from_a_commitment_with_its_party_and_the_others_it_owes(
    client: Client, olga: User
) -> None:
    row, other = opened(olga), opened(olga, title="Another one")
    lead = get(client, olga, f"{row.get_absolute_url()}follow-up/")
    assert (lead.status, lead.location) == (303, f"/letters/new/?c={row.name}")
    page = get(client, olga, lead.location)
    assert page.value("party") == "Facebook"
    assert f'value="{row.pk}" id="id_commitments_0" checked' in page.markup
    assert f'value="{other.pk}" id="id_commitments_1"' in page.markup
    assert f'value="{other.pk}" id="id_commitments_1" checked' not in page.markup


def test_one_letter_covers_many_commitments(client: Client, olga: User) -> None:
    row, other = opened(olga), opened(olga, title="Another one")
    google = opened(olga, title="Not theirs", obligor=a_party(olga, "Google"))
    report = a_document(olga, title="The letter itself")
    answer = new(
        client,
        olga,
        row,
        commitments=[row.pk, other.pk],
        others=[google.name, ""],
        documents=["The letter itself"],
    )
    letter = FollowUp.objects.get()
    assert (answer.status, answer.location) == (303, letter.get_absolute_url())
    assert letter.items.count() == 3
    assert (letter.words, letter.happened_on, letter.reply_due_on) == (
        "Dear all,\nwhere is it?",
        date(2026, 11, 20),
        date(2026, 12, 4),
    )
    assert list(letter.documents.all()) == [report]
    page = get(client, olga, answer.location)
    assert "About 3 commitments" in page.words
    assert "Awaiting a reply by 4 December 2026" in page.words
    assert "The letter itself" in page.words
    history = get(client, olga, google.get_absolute_url()).words
    assert "Letter, sent: Please send the address" in history


def test_the_same_letter_sent_twice_is_one_letter(client: Client, olga: User) -> None:
    row = opened(olga)
    for _ in range(2):
        assert new(client, olga, row, commitments=[row.pk]).status == 303
    assert FollowUp.objects.count() == 1


def test_everything_wrong_with_a_letter_is_said_beside_its_field(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    answer = new(client, olga, row, party="", channel="", happened_on="yesterday", title="")
    assert answer.status == 422
    for sentence in (
        "Say with which party.",
        "Say whether it was a letter, an e-mail, a call or a meeting.",
        "Give a day, such as 30 September 2026.",
        "Give it a subject.",
        "Say which commitments it is about.",
    ):
        assert sentence in answer.words
    assert 'value="yesterday"' in answer.markup


def test_what_the_action_refuses_stands_beside_its_field_too(client: Client, olga: User) -> None:
    row = opened(olga)
    answer = new(client, olga, row, commitments=[row.pk], reply_due_on="2026-11-01")
    assert answer.status == 422
    assert 'id="id_reply_due_on_error"' in answer.markup
    answer = new(client, olga, row, commitments=[row.pk], direction="received", key="other")
    assert "Only what we sent can await a reply." in answer.words


def test_a_late_reply_is_told_in_red_words(client: Client, olga: User) -> None:
    row = opened(olga)
    new(
        client, olga, row, commitments=[row.pk], happened_on="2026-11-02", reply_due_on="2026-11-16"
    )
    letter = FollowUp.objects.get()
    page = get(client, olga, letter.get_absolute_url())
    assert '<span class="late">The reply is 7 days late</span>' in page.markup
    commitment = get(client, olga, row.get_absolute_url())
    assert "Next: ask Facebook again" in commitment.words
    assert "A reply was due on 16 November 2026. 7 days late" in commitment.words


def test_a_reply_answers_each_commitment_for_itself(client: Client, olga: User) -> None:
    row, other = opened(olga), opened(olga, title="Another one")
    letter = a_letter(olga, row, other, reply_due_on=date(2026, 12, 4))
    first, second = letter.items.order_by("commitment_id")
    page = get(client, olga, f"/letters/{letter.pk}/reply/")
    assert page.value("title") == "Re: Please say where this stands"
    reply = {"channel": "letter", "happened_on": "2026-11-23", "title": "Yes and no"}
    empty = post(client, olga, f"/letters/{letter.pk}/reply/", **reply)
    assert empty.status == 422
    assert "Say what the reply says of at least one commitment." in empty.words
    answer = post(
        client,
        olga,
        f"/letters/{letter.pk}/reply/",
        **reply,
        **{f"position_{first.pk}": "agrees", f"answer_{first.pk}": "It is online"},
    )
    assert (answer.status, answer.location) == (303, letter.get_absolute_url())
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.answered_by is not None
    assert first.answered_by.position == Position.AGREES
    assert second.answered_by is None
    words = get(client, olga, letter.get_absolute_url()).words
    assert "Agrees, 23 November 2026 It is online" in words
    assert "not answered" in words
    post(
        client,
        olga,
        f"/letters/{letter.pk}/reply/",
        **reply,
        **{f"position_{second.pk}": "disputes"},
    )
    assert "Answered" in get(client, olga, letter.get_absolute_url()).words


def test_a_call_that_came_in_asks_for_no_reply(client: Client, olga: User) -> None:
    row = opened(olga)
    new(
        client,
        olga,
        row,
        commitments=[row.pk],
        channel="call",
        direction="received",
        reply_due_on="",
    )
    letter = FollowUp.objects.get()
    assert get(client, olga, f"/letters/{letter.pk}/reply/").status == 403
    assert "Call, received, 20 November 2026" in get(client, olga, letter.get_absolute_url()).words


def test_a_letter_shows_only_what_its_reader_may_see_of_it(
    client: Client, olga: User, otto: User
) -> None:
    group = Group.objects.create(name="inquiry")
    olga.groups.add(group)
    hidden = opened(olga, document=a_document(olga, restricted_to=group), title="The hidden one")
    row = opened(olga)
    both, alone = a_letter(olga, row, hidden), a_letter(olga, hidden)
    page = get(client, otto, both.get_absolute_url())
    assert "The hidden one" not in page.words
    assert "About 1 commitment" in page.words
    assert "It also covers commitments that you may not see." in page.words
    assert get(client, otto, alone.get_absolute_url()).status == 404
    assert get(client, otto, f"/letters/{alone.pk}/reply/").status == 404
    named = new(client, otto, row, commitments=[row.pk], others=[hidden.name])
    assert named.status == 422


def test_strangers_readers_bad_ids_and_wrong_verbs_are_turned_away(
    client: Client, olga: User, nils: User
) -> None:
    letter = a_letter(olga, opened(olga))
    for address in ("/letters/new/", f"/letters/{letter.pk}/", f"/letters/{letter.pk}/reply/"):
        client.logout()
        assert client.get(address)["Location"].startswith("/sign-in/")
    assert get(client, nils, letter.get_absolute_url()).status == 200
    assert get(client, nils, "/letters/new/").status == 403
    assert get(client, nils, f"/letters/{letter.pk}/reply/").status == 403
    assert get(client, olga, "/letters/999999/").status == 404
    assert get(client, olga, f"/letters/{'9' * 40}/").status == 404
    assert get(client, olga, "/letters/new/?c=nonsense&c=%00&party=x").status == 200
    assert post(client, olga, letter.get_absolute_url()).status == 405
