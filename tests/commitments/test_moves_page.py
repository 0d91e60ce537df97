"""Moves made from pages: the forms, what is refused, conflicts, and the same form sent twice."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from commitments import actions
from commitments.forms.moves import FIELDS
from commitments.models import Commitment
from commitments.workflow import MOVES, State, Verdict
from tests.commitments.visiting import Visit, get, post
from tests.conftest import person
from tests.making import a_candidate, a_document, a_letter, in_state, moved, opened, reported
from tracker.ledger.reading import history
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")


def way(row: Commitment, move: str) -> str:
    return f"/c/{row.name}/move/{move}/"


def sent(client: Client, user: User, row: Commitment, move: str, **data: Any) -> Visit:
    """The move's form as the page gives it, filled in and sent."""
    page = get(client, user, way(row, move))
    carried = {"version": page.value("version"), "key": page.value("key")}
    return post(client, user, way(row, move), **{**carried, **data})


def fresh(row: Commitment) -> Commitment:
    return Commitment.objects.get(pk=row.pk)


def test_every_field_of_every_move_has_a_form_field() -> None:
    assert {name for move in MOVES.values() for name in move.fields} == set(FIELDS)


@pytest.mark.parametrize("move", list(MOVES))
def test_each_moves_page_asks_for_just_the_fields_of_the_table(
    client: Client, olga: User, otto: User, amir: User, ada: User, move: str
) -> None:
    state = MOVES[move].sources[0]
    row = in_state(state, otto, amir, kind="continuing_practice")
    actor = (
        otto
        if move == "take_back"
        else next(user for user in (olga, amir, ada) if user.has_perm(MOVES[move].permission))
    )
    page = get(client, actor, way(row, move))
    assert page.status == 200
    for name in FIELDS:
        assert (f'name="{name}"' in page.markup) == (name in MOVES[move].fields), name


def test_a_candidate_is_confirmed_with_its_deadline_read_from_the_words(
    client: Client, olga: User, otto: User
) -> None:
    row = a_candidate(olga)
    answer = sent(
        client,
        olga,
        row,
        "confirm",
        obligor="facebook",
        kind="pledge",
        due_text="in March",
        success_criteria="A page",
        owner=otto.pk,
    )
    row = fresh(row)
    assert (answer.status, answer.location) == (303, row.get_absolute_url())
    assert (row.state, row.due_edtf, row.owner) == (State.OPEN, "2027-03", otto)
    assert f"Confirmed as {row.name}." in get(client, olga, answer.location).words


def test_a_deadline_read_differently_by_a_person_waits_to_be_confirmed(
    client: Client, olga: User
) -> None:
    row = a_candidate(olga)
    sent(
        client,
        olga,
        row,
        "confirm",
        obligor="Facebook",
        kind="pledge",
        due_text="before the elections",
        due_edtf="by 26 May 2027",
        success_criteria="A page",
    )
    row = fresh(row)
    assert (row.due_edtf, row.due_on, row.due_confirmed) == (
        "../2027-05-26",
        date(2027, 5, 26),
        False,
    )


def test_everything_missing_is_said_at_once_and_what_was_typed_is_kept(
    client: Client, olga: User
) -> None:
    answer = sent(
        client,
        olga,
        a_candidate(olga),
        "confirm",
        obligor="Nobody we know",
        kind="",
        due_text="in spring",
        due_edtf="Ember days",
        success_criteria="",
    )
    assert answer.status == 422
    assert "There are 4 problems" in answer.words
    assert "There is no party called “Nobody we know”." in answer.words
    assert "Say what kind of undertaking it is." in answer.words
    assert "“Ember days” is not read as a date." in answer.words
    assert "Say what would count as evidence." in answer.words
    for typed in ("Nobody we know", "in spring", "Ember days"):
        assert f'value="{typed}"' in answer.markup
    assert 'href="#confirm-obligor"' in answer.markup


def test_a_date_needed_because_none_was_read_is_asked_beside_its_field(
    client: Client, olga: User
) -> None:
    answer = sent(
        client,
        olga,
        a_candidate(olga),
        "confirm",
        obligor="Facebook",
        kind="pledge",
        due_text="soon",
        success_criteria="A page",
    )
    assert answer.status == 422
    assert 'id="confirm-review_on_error"' in answer.markup


def test_a_report_rests_on_a_citation_or_on_an_answer_of_the_obligor(
    client: Client, olga: User, otto: User
) -> None:
    row = opened(olga, owner=otto)
    letter = a_letter(olga, row)
    reply = actions.record_reply(
        letter,
        actor=olga,
        channel="letter",
        happened_on=date(2026, 11, 23),
        title="Yes",
        answers=[actions.Answer(row, "agrees", "It is online")],
    )
    item = reply.items.get()
    page = get(client, olga, way(row, "report"))
    assert "Statement, 23 November 2026: It is online" in page.words
    answer = sent(
        client, olga, row, "report", evidence=f"item:{item.pk}", effective="20 November 2026"
    )
    assert answer.status == 303
    assert fresh(row).reported_effective == "2026-11-20"


def test_evidence_in_a_restricted_document_is_not_offered_to_who_may_not_see_it(
    client: Client, olga: User, otto: User
) -> None:
    group = Group.objects.create(name="inquiry")
    olga.groups.add(group)
    secret = a_document(olga, "Something.", title="Secret audit", restricted_to=group)
    row = opened(olga)
    actions.cite(row, actor=olga, document=secret, role="evidence", effective="2026")
    assert "Secret audit" in get(client, olga, way(row, "report")).words
    assert "Secret audit" not in get(client, otto, way(row, "report")).words


def test_a_verdict_that_needs_more_asks_for_it(client: Client, olga: User, amir: User) -> None:
    row = reported(opened(olga), olga)
    answer = sent(client, amir, row, "close", verdict="superseded", note="See the later one")
    assert answer.status == 422
    assert "Name the commitment that takes its place." in answer.words
    successor = opened(olga, title="The later one")
    answer = sent(
        client,
        amir,
        row,
        "close",
        verdict="superseded",
        note="See the later one",
        successor=successor.name.lower(),
    )
    assert answer.status == 303
    assert fresh(row).verdict == Verdict.SUPERSEDED


def test_reporting_says_who_may_judge_now(client: Client, olga: User, amir: User) -> None:
    row = opened(olga)
    origin = row.citations.get()
    sent(client, olga, row, "report", evidence=f"citation:{origin.pk}", effective="2 Nov 2026")
    assert "Amir may judge it now." in get(client, olga, row.get_absolute_url()).words


# Who may not


def test_who_lacks_the_right_is_told_who_has_it(client: Client, olga: User, amir: User) -> None:
    row = reported(opened(olga), olga)
    page = get(client, olga, way(row, "close"))
    assert page.status == 403
    assert "You do not have the right to: close with a verdict. Amir may." in page.words
    assert f'href="{row.get_absolute_url()}"' in page.markup


def test_a_barred_auditor_is_told_why_and_who_may(client: Client, olga: User, amir: User) -> None:
    row = reported(opened(olga, owner=amir), olga)
    assert "you own it. Needs a second auditor." in get(client, amir, way(row, "close")).words
    person("zoe", "Zoe", "auditor")
    answer = post(
        client, amir, way(row, "close"), version=fresh(row).version, verdict="delivered", note="x"
    )
    assert answer.status == 403
    assert "This needs a second pair of eyes: you own it. Zoe may." in answer.words
    assert fresh(row).state == State.REPORTED


def test_a_move_that_is_not_possible_from_here_is_refused(
    client: Client, olga: User, amir: User
) -> None:
    row = opened(olga)
    assert get(client, amir, way(row, "close")).status == 403
    answer = post(
        client, amir, way(row, "close"), version=row.version, verdict="delivered", note="Seen"
    )
    assert answer.status == 422
    assert "“Close with a verdict” is not possible while it is open." in answer.words


def test_strangers_readers_bad_names_and_wrong_verbs_are_turned_away(
    client: Client, olga: User, nils: User
) -> None:
    row = opened(olga)
    assert client.get(way(row, "start"))["Location"].startswith("/sign-in/")
    assert get(client, nils, way(row, "start")).status == 403
    assert post(client, nils, way(row, "start"), version=row.version).status == 403
    assert get(client, olga, way(row, "nonsense")).status == 404
    assert get(client, olga, "/c/C-2026-9999/move/start/").status == 404
    assert client.delete(way(row, "start")).status_code == 405
    assert fresh(row).state == State.OPEN


def test_a_form_without_its_version_is_refused(client: Client, olga: User) -> None:
    answer = post(client, olga, way(opened(olga), "start"))
    assert answer.status == 422
    assert "This page is incomplete. Load it again." in answer.words


# Twice, and two at once


def test_the_same_form_sent_twice_makes_one_move(client: Client, olga: User) -> None:
    row = opened(olga)
    form = {"version": row.version, "key": "one key"}
    assert post(client, olga, way(row, "start"), **form).status == 303
    assert post(client, olga, way(row, "start"), **form).status == 303
    actions_made = [event.action for event in history(f"commitment:{row.pk}")]
    assert actions_made.count("start") == 1


def test_a_key_used_for_something_else_is_told_and_a_fresh_one_given(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    form = {"condition": "The page is built", "review_on": "2026-12-24", "key": "one key"}
    post(client, olga, way(row, "wait"), version=row.version, **form)
    moved(row, "resume", olga)
    form["condition"] = "Something else"
    answer = post(client, olga, way(row, "wait"), version=fresh(row).version, **form)
    assert answer.status == 422
    assert "already sent with other content" in answer.words
    assert answer.value("key") != "one key"
    assert 'value="Something else"' in answer.markup


def test_a_conflict_shows_both_versions_with_their_differences_only(
    client: Client, olga: User, otto: User
) -> None:
    row = opened(olga)
    seen = row.version
    moved(row, "start", otto)
    answer = post(
        client,
        olga,
        way(row, "wait"),
        version=seen,
        key="k",
        condition="The policy text is out",
        review_on="2026-12-07",
    )
    assert answer.status == 409
    assert "Otto changed this on 23 November 2026, 10:00 (started)." in answer.words
    assert "State Waiting In progress" in answer.words
    assert "Condition The policy text is out none" in answer.words
    assert "Review on 7 December 2026" in answer.words
    assert "Title" not in answer.words
    assert fresh(row).state == State.IN_PROGRESS


def test_mine_can_be_applied_to_the_newer_version_where_it_is_still_legal(
    client: Client, olga: User, otto: User
) -> None:
    row = opened(olga)
    seen = row.version
    moved(row, "start", otto)
    answer = post(
        client,
        olga,
        way(row, "wait"),
        version=seen,
        key="k",
        condition="The policy text is out",
        review_on="2026-12-07",
    )
    assert f"Apply mine to version {seen + 1}" in answer.words
    again = {name: answer.value(name) for name in ("version", "key", "condition", "review_on")}
    assert again["key"] != "k"
    assert post(client, olga, way(row, "wait"), **again).status == 303
    row = fresh(row)
    assert (row.state, row.condition) == (State.WAITING, "The policy text is out")


def test_where_mine_is_no_longer_legal_only_theirs_can_be_kept(
    client: Client, olga: User, otto: User
) -> None:
    row = opened(olga)
    seen = row.version
    reported(row, otto)
    answer = post(
        client, olga, way(row, "wait"), version=seen, condition="x", review_on="2026-12-07"
    )
    assert answer.status == 409
    assert "“Wait” is not possible while it is reported." in answer.words
    assert "Apply mine" not in answer.words
    assert "Keep Otto’s" in answer.words


# With scripts


def test_with_htmx_a_refused_form_comes_back_alone(client: Client, olga: User) -> None:
    row = opened(olga)
    client.force_login(olga)
    answer = client.post(way(row, "wait"), {"version": row.version}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.content.decode().lstrip().startswith("<form")


def test_with_htmx_a_move_leads_on_to_the_commitment(client: Client, olga: User) -> None:
    row = opened(olga)
    client.force_login(olga)
    answer = client.post(
        way(row, "start"), {"version": row.version}, headers={"HX-Request": "true"}
    )
    assert answer["HX-Redirect"] == row.get_absolute_url()


def test_with_htmx_a_conflict_takes_the_whole_page(client: Client, olga: User, otto: User) -> None:
    row = opened(olga)
    seen = row.version
    moved(row, "start", otto)
    client.force_login(olga)
    answer = client.post(way(row, "start"), {"version": seen}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "body")
