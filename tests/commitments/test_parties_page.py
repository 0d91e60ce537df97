"""The page of a party, entering and changing one, and the glossary."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.models import Party
from commitments.workflow import MOVES, State, Verdict
from tests.commitments.visiting import get, post
from tests.making import a_document, a_letter, a_party, opened
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")


def test_promised_and_asked_are_told_apart_with_their_figures(client: Client, olga: User) -> None:
    row = opened(olga, due_text="by 31 October 2026", made_on="2026-01-05")
    opened(olga, title="Answer the questions", kind="request", due_text="by 1 November 2026")
    assert row.obligor_id is not None
    words = get(client, olga, f"/parties/{row.obligor_id}/").words
    promised, asked = words.index("Promised"), words.index("Asked")
    assert promised < words.index("Run a public repository") < asked
    assert asked < words.index("Answer the questions")
    assert "1 live, 1 overdue, 0 closed." in words[promised:asked]


def test_a_party_shows_its_names_its_kin_its_letters_and_its_positions(
    client: Client, olga: User
) -> None:
    above = a_party(olga, "Meta")
    group = actions.save_party(
        None,
        actor=olga,
        values={"name": "The platforms", "kind": "group", "members": [], "members_complete": True},
    )
    report = a_document(olga, title="Flash report")
    party = actions.save_party(
        None,
        actor=olga,
        values={"name": "Facebook", "kind": "company", "parent": above},
        aliases=[("FB", None), ("the company", report)],
    )
    actions.save_party(group, actor=olga, values={"members": [party]})
    row = opened(olga)
    letter = a_letter(olga, row, reply_due_on=date(2026, 12, 4))
    actions.record_reply(
        letter,
        actor=olga,
        channel="letter",
        happened_on=date(2026, 11, 23),
        title="No",
        answers=[actions.Answer(row, "disputes")],
    )
    words = get(client, olga, f"/parties/{party.pk}/").words
    assert "FB, the company in Flash report" in words
    assert "Part of Meta" in words
    assert "Member of The platforms" in words
    assert "Disputes 23 November 2026" in words
    assert "Please say where this stands" in words
    assert "Members Facebook. All are known." in get(client, olga, f"/parties/{group.pk}/").words


def test_nothing_restricted_shows_on_a_partys_page(client: Client, olga: User, otto: User) -> None:
    group = Group.objects.create(name="inquiry")
    olga.groups.add(group)
    secret = a_document(olga, restricted_to=group, title="Secret audit")
    hidden = opened(olga, document=secret, title="The hidden one")
    assert hidden.obligor is not None
    actions.save_party(hidden.obligor, actor=olga, values={}, aliases=[("the firm", secret)])
    a_letter(olga, hidden)
    address = f"/parties/{hidden.obligor_id}/"
    assert "The hidden one" in get(client, olga, address).words
    words = get(client, otto, address).words
    for told in ("The hidden one", "Secret audit", "the firm", "Please say where this stands"):
        assert told not in words
    assert "It has promised nothing on record." in words


def test_a_merged_party_leads_to_the_one_that_stays(client: Client, olga: User, ada: User) -> None:
    gone, stays = a_party(olga, "FB"), a_party(olga, "Facebook")
    actions.merge_parties(gone, actor=ada, into=stays, reason="The same")
    page = get(client, olga, f"/parties/{gone.pk}/")
    assert (page.status, page.location) == (302, f"/parties/{stays.pk}/")


def test_a_party_is_entered_and_changed_and_keeps_its_aliases_of_one_document(
    client: Client, olga: User, nils: User
) -> None:
    assert get(client, olga, "/parties/new/?name=Google").value("name") == "Google"
    form = {"name": "Google", "kind": "company", "aliases": "Alphabet\r\n\r\nG", "parent": ""}
    answer = post(client, olga, "/parties/new/", **form)
    party = Party.objects.get(name="Google")
    assert (answer.status, answer.location) == (303, f"/parties/{party.pk}/")
    report = a_document(olga)
    actions.save_party(party, actor=olga, values={}, aliases=[("G", None), ("the firm", report)])
    page = get(client, olga, f"/parties/{party.pk}/edit/")
    assert ">\nG</textarea>" in page.markup
    post(
        client,
        olga,
        f"/parties/{party.pk}/edit/",
        name="Google LLC",
        kind="company",
        aliases="Google",
    )
    party.refresh_from_db()
    assert party.name == "Google LLC"
    assert {alias.words for alias in party.aliases.all()} == {"Google", "the firm"}
    twice = post(client, olga, "/parties/new/", name="Google LLC", kind="company")
    assert (twice.status, "There is already a party" in twice.words) == (422, True)
    assert get(client, nils, "/parties/new/").status == 403


def test_strangers_bad_ids_and_wrong_verbs_are_turned_away(client: Client, olga: User) -> None:
    party = a_party(olga)
    for address in (f"/parties/{party.pk}/", "/parties/new/", "/glossary/"):
        client.logout()
        assert client.get(address)["Location"].startswith("/sign-in/")
    assert get(client, olga, "/parties/999999/").status == 404
    assert get(client, olga, f"/parties/{'9' * 40}/edit/").status == 404
    assert post(client, olga, f"/parties/{party.pk}/").status == 405


def test_the_queries_of_a_partys_page_do_not_grow_with_what_it_owes(
    client: Client, olga: User
) -> None:
    counts = []
    for title in ("One", "Two", "Three"):
        row = opened(olga, title=title)
        a_letter(olga, row, reply_due_on=date(2026, 12, 4))
        client.force_login(olga)
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/parties/{row.obligor_id}/")
        counts.append(len(caught))
    assert counts[0] == counts[2] <= 14


def test_the_glossary_tells_every_state_verdict_and_move_from_the_table(
    client: Client, nils: User
) -> None:
    words = get(client, nils, "/glossary/").words
    for state in State:
        assert state.label in words
    for verdict in Verdict:
        assert verdict.label in words
    for move in MOVES.values():
        assert f"{move.label} {move.hint}" in words
    assert "Judge: close, send back, confirm a period; four eyes" in words
    for derived in ("Overdue", "Due soon", "In window", "Undated", "Stale", "Unowned"):
        assert derived in words
