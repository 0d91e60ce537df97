"""Changes made from pages: edit, correct, assign, reschedule, note, cite, link, split, watch."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from commitments import actions
from commitments.models import Commitment, Link, LinkKind
from commitments.workflow import State
from documents.actions import mark_passage
from tests.commitments.visiting import Visit, get, post
from tests.making import WORDS, a_document, a_party, in_state, moved, opened, reported
from tracker.ledger.reading import history
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")

PAGES = (
    "edit",
    "assign",
    "reschedule",
    "confirm-reading",
    "note",
    "link",
    "split",
    "cite",
    "correct",
)


def fresh(row: Commitment) -> Commitment:
    return Commitment.objects.get(pk=row.pk)


def sent(client: Client, user: User, row: Commitment, page: str, **data: Any) -> Visit:
    """A form as the page gives it, filled in and sent."""
    address = f"{row.get_absolute_url()}{page}"
    form = get(client, user, address)
    assert form.status == 200, form.words
    carried = {
        name: form.value(name) for name in ("version", "key") if f'name="{name}"' in form.markup
    }
    return post(client, user, address, **{**carried, **data})


# Edit and correct


def test_one_field_can_be_changed_alone(client: Client, olga: User) -> None:
    a_party(olga, "Google")
    row = opened(olga)
    page = get(client, olga, f"{row.get_absolute_url()}edit/?only=obligor")
    assert 'name="obligor"' in page.markup
    assert 'name="title"' not in page.markup
    answer = sent(client, olga, row, "edit/?only=obligor", only="obligor", obligor="google")
    assert answer.status == 303
    row = fresh(row)
    assert (str(row.obligor), row.title) == ("Google", "Run a public repository")


def test_all_fields_can_be_edited_and_only_what_differs_is_written(
    client: Client, olga: User
) -> None:
    row = opened(olga, beneficiaries=[a_party(olga, "Voters", "group")])
    topic = actions.save_topic(None, actor=olga, values={"name": "Elections"})
    page = get(client, olga, f"{row.get_absolute_url()}edit/")
    assert page.value("made_on") == "2 November 2026"
    typed = {
        "title": row.title,
        "obligor": "Facebook",
        "kind": "pledge",
        "priority": "high",
        "priority_reason": "Elections are near",
        "made_on": "2 November 2026",
        "success_criteria": row.success_criteria,
        "topics": [topic.pk],
        "beneficiaries": ["Voters", "", ""],
    }
    assert sent(client, olga, row, "edit/", **typed).status == 303
    row = fresh(row)
    assert (row.priority, row.priority_reason, row.made_on) == (
        "high",
        "Elections are near",
        "2026-11-02",
    )
    assert [str(one) for one in row.topics.all()] == ["Elections"]
    version = row.version
    answer = sent(client, olga, row, "edit/", **typed)
    assert "Nothing was different" in get(client, olga, answer.location).words
    assert fresh(row).version == version


def test_several_parties_with_one_unknown_are_refused_and_kept(client: Client, olga: User) -> None:
    row = opened(olga)
    answer = sent(
        client,
        olga,
        row,
        "edit/?only=beneficiaries",
        only="beneficiaries",
        beneficiaries=["Facebook", "Noone"],
    )
    assert answer.status == 422
    assert "There is no party called “Noone”." in answer.words
    assert 'value="Noone"' in answer.markup


def test_words_that_mean_several_parties_are_asked_back(client: Client, olga: User) -> None:
    row = opened(olga)
    for name in ("Irish authority", "Italian authority"):
        actions.save_party(
            None, actor=olga, values={"name": name, "kind": "authority"}, aliases=[("DPA", None)]
        )
    answer = sent(client, olga, row, "edit/?only=obligor", only="obligor", obligor="dpa")
    assert "“dpa” may be “Irish authority”, “Italian authority”." in answer.words


def test_a_conflicting_edit_shows_both_and_applies_only_mine(
    client: Client, olga: User, otto: User
) -> None:
    row = opened(olga)
    page = get(client, olga, f"{row.get_absolute_url()}edit/")
    actions.edit(
        row, actor=otto, expected_version=row.version, changes={"title": "Run it in public"}
    )
    answer = post(
        client,
        olga,
        f"{row.get_absolute_url()}edit/",
        version=page.value("version"),
        key=page.value("key"),
        title="Run a public repository",
        obligor="Facebook",
        kind="request",
        priority="normal",
        made_on="2 November 2026",
        success_criteria="A public page",
    )
    assert answer.status == 409
    assert "Commitment Run a public repository Run it in public" in answer.words
    assert "Kind Request Pledge" in answer.words
    assert "Priority" not in answer.words
    again = {name: answer.value(name) for name in ("version", "key", "only", "kind")}
    assert again["only"] == "kind"
    assert post(client, olga, f"{row.get_absolute_url()}edit/", **again).status == 303
    row = fresh(row)
    assert (row.title, row.kind) == ("Run it in public", "request")


def test_what_is_closed_is_corrected_with_a_reason_by_those_with_the_right(
    client: Client, olga: User, amir: User
) -> None:
    row = in_state(State.CLOSED, olga, amir)
    page = get(client, olga, f"{row.get_absolute_url()}edit/")
    assert page.status == 403
    assert "auditors and administrators can correct it" in page.words
    assert get(client, olga, f"{row.get_absolute_url()}correct/").status == 403
    bare = sent(client, amir, row, "correct/?only=title", only="title", title="Run it")
    assert (bare.status, "Say why it is corrected." in bare.words) == (422, True)
    sent(client, amir, row, "correct/?only=title", only="title", title="Run it", reason="Shorter")
    newest = history(f"commitment:{row.pk}").first()
    assert newest is not None
    assert (newest.action, newest.note, fresh(row).title) == ("correct", "Shorter", "Run it")


# Owner and deadline


def test_an_owner_is_assigned_and_taken_away(client: Client, olga: User, otto: User) -> None:
    row = opened(olga)
    answer = sent(client, olga, row, "assign/", owner=otto.pk)
    assert f"Otto owns {row.name} now." in get(client, olga, answer.location).words
    sent(client, olga, fresh(row), "assign/", owner="")
    assert fresh(row).owner is None


def test_only_those_who_work_on_commitments_are_offered_as_owners(
    client: Client, olga: User, amir: User, nils: User
) -> None:
    page = get(client, olga, f"{opened(olga).get_absolute_url()}assign/")
    assert ">Olga</option>" in page.markup
    assert ">Amir</option>" not in page.markup
    assert ">Nils</option>" not in page.markup


def test_a_new_deadline_needs_its_reason_and_source_and_leaves_the_first(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    page = get(client, olga, f"{row.get_absolute_url()}reschedule/")
    assert "First due by 30 November 2026" in page.words
    bare = sent(client, olga, row, "reschedule/", due_text="by 31 January 2027", basis="sentence")
    assert bare.status == 422
    assert "Say why it is rescheduled." in bare.words
    assert "Say what the new deadline rests on." in bare.words
    assert "Read as by 31 January 2027" in bare.words
    sent(
        client,
        olga,
        row,
        "reschedule/",
        due_text="by 31 January 2027",
        basis="sentence",
        reason="They asked for time.",
        source="Letter of 20 November 2026",
    )
    row = fresh(row)
    assert (row.due_on, row.first_due_on) == (date(2027, 1, 31), date(2026, 11, 30))
    newest = history(f"commitment:{row.pk}").first()
    assert newest is not None
    assert newest.note == "They asked for time. Source: Letter of 20 November 2026"


def test_confirming_a_reading_twice_is_harmless(client: Client, olga: User) -> None:
    row = opened(olga)
    actions.reschedule(
        row,
        actor=olga,
        expected_version=row.version,
        due_text="before the elections",
        due_edtf="../2027-05-26",
        reason="From the heading",
    )
    for _ in range(2):
        assert sent(client, olga, fresh(row), "confirm-reading/").status == 303
    assert fresh(row).due_confirmed
    actions_made = [event.action for event in history(f"commitment:{row.pk}")]
    assert actions_made.count("confirm_reading") == 1


# Notes, citations, links, splits, watching


def test_a_note_is_kept_and_the_same_form_sent_twice_is_one_note(
    client: Client, olga: User, nils: User
) -> None:
    row = opened(olga)
    form = {"key": "k", "words": "Two lines,\r\nas typed"}
    for _ in range(2):
        assert post(client, olga, f"{row.get_absolute_url()}note/", **form).status == 303
    notes = [event.note for event in history(f"commitment:{row.pk}") if event.action == "note"]
    assert notes == ["Two lines,\nas typed"]
    assert post(client, olga, f"{row.get_absolute_url()}note/", words=" ").status == 422
    assert get(client, nils, f"{row.get_absolute_url()}note/").status == 403


def test_words_of_a_document_are_cited_as_evidence_with_their_date(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    report = a_document(olga, "It went online in October.", title="A report")
    page = get(client, olga, f"{row.get_absolute_url()}cite/?document={report.pk}&start=0&end=14")
    assert page.value("document") == f"A report [{report.pk}]"
    assert ">\nIt went online</textarea>" in page.markup
    form = {"document": "a report", "quote": "It went online", "role": "evidence"}
    bare = sent(client, olga, row, "cite/", **form)
    assert "Evidence needs its date" in bare.words
    assert sent(client, olga, row, "cite/", **form, effective="October 2026").status == 303
    cited = row.citations.get(role="evidence")
    assert cited.passage is not None
    assert (cited.passage.quote, cited.effective) == ("It went online", "2026-10")


def test_words_that_are_not_in_the_document_are_refused_and_nothing_is_left_behind(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    report = a_document(olga, "It went online in October.", title="A report")
    answer = sent(
        client, olga, row, "cite/", document="A report", quote="It went offline", role="progress"
    )
    assert answer.status == 422
    assert 'id="id_quote_error"' in answer.markup
    assert not report.passages.exists()


def test_a_citation_is_withdrawn_with_a_reason(client: Client, olga: User, nils: User) -> None:
    row = opened(olga)
    report = a_document(olga, "It went online in October.", title="A report")
    cited = actions.cite(row, actor=olga, document=report, role="progress")
    page = f"citations/{cited.pk}/withdraw/"
    assert sent(client, olga, row, page, reason=" ").status == 422
    assert sent(client, olga, row, page, reason="Another one").status == 303
    cited.refresh_from_db()
    assert cited.withdrawn_reason == "Another one"
    origin = row.citations.get(role="origin")
    last = sent(client, olga, row, f"citations/{origin.pk}/withdraw/", reason="No")
    assert (last.status, "hangs on at least one passage" in last.words) == (422, True)
    other = opened(olga, title="Another")
    assert get(client, olga, f"{other.get_absolute_url()}{page}").status == 404
    assert get(client, nils, f"{row.get_absolute_url()}{page}").status == 403


def test_commitments_are_linked_from_either_end_and_unlinked(client: Client, olga: User) -> None:
    row, other = opened(olga), opened(olga, title="Another one")
    assert sent(client, olga, row, "link/", kind="restates", target=other.name).status == 303
    sent(client, olga, row, "link/", kind="reversed supersedes", target=other.name)
    links = {(link.source, link.kind, link.target) for link in Link.objects.all()}
    assert links == {(row, LinkKind.RESTATES, other), (other, LinkKind.SUPERSEDES, row)}
    assert (
        "Give its reference"
        in sent(client, olga, row, "link/", kind="restates", target="C-2026-9999").words
    )
    link = Link.objects.get(kind=LinkKind.SUPERSEDES)
    assert sent(client, olga, row, f"links/{link.pk}/unlink/").status == 303
    assert get(client, olga, f"{row.get_absolute_url()}links/{link.pk}/unlink/").status == 404


def test_a_split_gives_each_obligor_a_commitment_of_its_own(client: Client, olga: User) -> None:
    row = opened(olga)
    a_party(olga, "Google")
    assert sent(client, olga, row, "split/", obligors=["Facebook", "facebook"]).status == 422
    answer = sent(client, olga, row, "split/", obligors=["Facebook", "Google", ""])
    assert answer.status == 303
    assert {str(one.obligor) for one in Commitment.objects.all()} == {"Facebook", "Google"}
    assert "On the same words" in get(client, olga, row.get_absolute_url()).words


def test_what_is_reported_cannot_be_split(client: Client, olga: User) -> None:
    row = reported(opened(olga), olga)
    assert get(client, olga, f"{row.get_absolute_url()}split/").status == 403


def test_anybody_who_sees_it_can_watch_and_stop(client: Client, olga: User, nils: User) -> None:
    row = opened(olga)
    address = f"{row.get_absolute_url()}watch/"
    assert post(client, nils, address).status == 303
    assert "Watched by Nils" in get(client, nils, row.get_absolute_url()).words
    post(client, nils, address, stop="1")
    assert "Watched by nobody" in get(client, nils, row.get_absolute_url()).words
    assert client.get(address).status_code == 405


# Who may not


@pytest.mark.parametrize("page", PAGES)
def test_strangers_readers_and_bad_names_get_nowhere(
    client: Client, olga: User, nils: User, page: str
) -> None:
    row = opened(olga)
    address = f"{row.get_absolute_url()}{page}/"
    assert client.get(address)["Location"].startswith("/sign-in/")
    refused = get(client, nils, address)
    assert refused.status == 403
    assert "Nothing was changed." in refused.words
    assert get(client, olga, f"/c/C-2026-9999/{page}/").status == 404
    assert client.delete(address).status_code == 405
    before = fresh(row).version
    assert post(client, nils, address, version=row.version, key="k").status in (403, 422)
    assert fresh(row).version == before


def test_a_closed_one_is_out_of_reach_of_staff(client: Client, olga: User, amir: User) -> None:
    row = in_state(State.CLOSED, olga, amir)
    for page in ("edit", "assign", "reschedule", "link", "split", "cite"):
        assert get(client, olga, f"{row.get_absolute_url()}{page}/").status == 403, page


def test_the_quotes_words_are_marked_once_however_often_they_are_cited(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    origin = row.citations.get()
    again = mark_passage(origin.document, actor=olga, quote=WORDS)
    assert again == origin.passage
    moved(row, "start", olga)
    assert (
        sent(
            client,
            olga,
            fresh(row),
            "cite/",
            document=f"[{origin.document_id}]",
            quote=WORDS,
            role="restatement",
        ).status
        == 303
    )
    assert row.citations.get(role="restatement").passage == origin.passage
