"""Every action writes what it says, once, with its event; what it refuses leaves nothing."""

from datetime import date, timedelta

import pytest

from commitments import actions
from commitments.models import Citation, Commitment, Link, Notice, Party
from commitments.workflow import State
from documents.actions import mark_passage
from tests.making import a_candidate, a_document, a_letter, a_party, moved, opened, reported
from tracker import clock
from tracker.ledger.models import Event
from tracker.ledger.reading import at_seq, history
from tracker.ledger.snapshots import stream_of
from tracker.ledger.verifying import verify
from tracker.ledger.writing import ReusedKey
from tracker.refusals import Conflict, NotAllowed, Refusal
from tracker.users.models import User

pytestmark = pytest.mark.django_db


def events(row: Commitment) -> list[str]:
    return [event.action for event in reversed(list(history(stream_of(row))))]


def test_a_candidate_has_no_reference_and_hangs_on_its_passage(olga: User) -> None:
    row = a_candidate(olga)
    assert row.state == State.CANDIDATE
    assert row.reference is None
    assert [c.role for c in row.citations.all()] == ["origin"]
    assert events(row) == ["capture"]


def test_the_same_form_sent_twice_captures_once(olga: User) -> None:
    document = a_document(olga)
    first = actions.capture(actor=olga, title="Do it", document=document, key="k1")
    second = actions.capture(actor=olga, title="Do it", document=document, key="k1")
    assert first.pk == second.pk
    with pytest.raises(ReusedKey):
        actions.capture(actor=olga, title="Do something else", document=document, key="k1")


def test_confirming_gives_the_next_reference_of_the_year(olga: User, monday: object) -> None:
    assert [opened(olga).reference for _ in range(3)] == [
        "C-2026-0001",
        "C-2026-0002",
        "C-2026-0003",
    ]


def test_confirming_reads_the_deadline_and_keeps_the_first(olga: User, monday: object) -> None:
    row = opened(olga, due_text="by the end of November")
    assert (row.due_edtf, row.due_on, row.due_read_by) == (
        "../2026-11-30",
        date(2026, 11, 30),
        "grammar",
    )
    moved_on = actions.reschedule(
        row,
        actor=olga,
        expected_version=row.version,
        due_text="in March 2027",
        reason="Their letter of today",
    )
    assert (moved_on.due_on, moved_on.first_due_on) == (date(2027, 3, 31), date(2026, 11, 30))


def test_without_a_latest_day_a_review_date_is_asked_for(olga: User) -> None:
    row = a_candidate(olga)
    with pytest.raises(Refusal) as refused:
        moved(
            row,
            "confirm",
            olga,
            obligor=row.obligor,
            kind="pledge",
            due_text="none stated",
            success_criteria="A page",
        )
    assert set(refused.value.errors) == {"review_on"}
    row.refresh_from_db()
    assert row.state == State.CANDIDATE
    assert events(row) == ["capture"]


def test_a_persons_reading_waits_to_be_confirmed(olga: User, monday: object) -> None:
    row = opened(olga, due_text="soon")
    row = actions.reschedule(
        row,
        actor=olga,
        expected_version=row.version,
        due_text="soon",
        due_edtf="2026-10~",
        review_on=clock.today(),
        reason="Read as within a month",
    )
    assert not row.overdue(clock.today())
    assert not Commitment.objects.overdue(clock.today()).exists()
    row = actions.confirm_reading(row, actor=olga, expected_version=row.version)
    assert row.overdue(clock.today())
    assert Commitment.objects.overdue(clock.today()).exists()


def test_only_an_approximate_latest_day_waits(olga: User, monday: object) -> None:
    assert opened(olga, due_text="end of October 2026").due_confirmed
    assert opened(olga, title="Another", due_text="after May 2026").due_confirmed


def test_an_approximate_reading_waits_to_be_confirmed_too(olga: User, monday: object) -> None:
    row = opened(olga, due_text="in early November 2026")
    assert (row.due_read_by, row.due_on, row.due_confirmed) == (
        "grammar",
        date(2026, 11, 10),
        False,
    )


def test_a_stale_version_is_a_conflict_that_carries_the_present_one(olga: User, otto: User) -> None:
    row = opened(olga)
    actions.edit(row, actor=otto, expected_version=row.version, changes={"title": "Otto's words"})
    with pytest.raises(Conflict) as conflict:
        actions.edit(row, actor=olga, expected_version=row.version, changes={"title": "Olga's"})
    assert conflict.value.current.title == "Otto's words"


def test_an_unchanged_form_writes_no_event(olga: User) -> None:
    row = opened(olga)
    actions.edit(row, actor=olga, expected_version=row.version, changes={"title": row.title})
    assert events(row) == ["capture", "confirm"]


def test_a_settled_commitment_is_corrected_not_edited(olga: User, amir: User) -> None:
    row = reported(opened(olga), olga)
    row = moved(row, "close", amir, verdict="delivered", note="Seen")
    with pytest.raises(Refusal):
        actions.edit(row, actor=olga, expected_version=row.version, changes={"title": "New"})
    with pytest.raises(NotAllowed):
        actions.correct(
            row, actor=olga, expected_version=row.version, changes={"title": "New"}, reason="x"
        )
    row = actions.correct(
        row, actor=amir, expected_version=row.version, changes={"title": "New"}, reason="A slip"
    )
    assert row.title == "New"
    assert row.verdict == "delivered"


def test_citations_letters_and_notes_do_not_raise_the_version(olga: User) -> None:
    row = opened(olga)
    document = a_document(olga, "Another record.\n\nThe repository is online.")
    passage = mark_passage(document, actor=olga, quote="The repository is online.")
    actions.cite(row, actor=olga, document=document, passage=passage, role="progress")
    actions.note(row, actor=olga, words="Called them today")
    a_letter(olga, row)
    row.refresh_from_db()
    assert row.version == 2
    assert events(row) == ["capture", "confirm", "cite", "note", "follow_up"]


def test_evidence_needs_its_effective_date(olga: User) -> None:
    row = opened(olga)
    document = a_document(olga, "Evidence.")
    with pytest.raises(Refusal) as refused:
        actions.cite(row, actor=olga, document=document, role="evidence")
    assert set(refused.value.errors) == {"effective"}


def test_the_last_origin_and_the_basis_of_a_report_cannot_be_withdrawn(olga: User) -> None:
    row = reported(opened(olga), olga)
    origin = row.citations.get()
    with pytest.raises(Refusal, match="report rests"):
        actions.withdraw_citation(origin, actor=olga, reason="Wrong words")
    moved(row, "take_back", olga, reason="Too early")
    with pytest.raises(Refusal, match="at least one passage"):
        actions.withdraw_citation(origin, actor=olga, reason="Wrong words")


def test_a_withdrawn_citation_is_kept_and_marked(olga: User) -> None:
    row = opened(olga)
    document = a_document(olga, "More.")
    citation = actions.cite(row, actor=olga, document=document, role="progress")
    actions.withdraw_citation(citation, actor=olga, reason="Another matter")
    citation.refresh_from_db()
    assert citation.withdrawn_reason == "Another matter"
    again = actions.cite(row, actor=olga, document=document, role="progress")
    assert again.pk != citation.pk
    assert Citation.objects.filter(commitment=row).count() == 3


def test_a_report_rests_on_a_citation_or_on_an_answer_received(olga: User) -> None:
    row, other = opened(olga), opened(olga, title="Another")
    foreign = other.citations.get()
    for basis in ("", "citation:", f"citation:{foreign.pk}", "item:1", "citation:1e9", "nonsense"):
        with pytest.raises(Refusal) as refused:
            moved(row, "report", olga, evidence=basis, effective="2026-11")
        assert "evidence" in refused.value.errors
    letter = a_letter(olga, row)
    reply = actions.record_reply(
        letter,
        actor=olga,
        channel="e-mail",
        happened_on=clock.today(),
        title="It is online",
        answers=[actions.Answer(row, "agrees", "Done since May")],
    )
    done = moved(row, "report", olga, evidence=f"item:{reply.items.get().pk}", effective="2026-05")
    assert done.state == State.REPORTED


def test_a_letter_awaits_its_reply_until_each_item_is_answered(olga: User) -> None:
    one, two = opened(olga), opened(olga, title="Another")
    letter = a_letter(olga, one, two, reply_due_on=clock.today() + timedelta(days=7))
    waiting = type(letter).objects.awaiting_reply()
    for row, left in ((one, 1), (two, 0)):
        actions.record_reply(
            letter,
            actor=olga,
            channel="letter",
            happened_on=clock.today(),
            title="Reply",
            answers=[actions.Answer(row, "agrees", "Yes")],
        )
        assert waiting.count() == left


def test_waiting_reporting_and_dismissing_go_back_where_they_came_from(
    olga: User, ada: User
) -> None:
    later = clock.today() + timedelta(days=9)
    row = moved(opened(olga), "start", olga)
    row = moved(row, "wait", olga, condition="The law is passed", review_on=later)
    row = reported(row, olga)
    row = moved(row, "void", ada, reason="Entered twice")
    for move, state in (
        ("restore", "reported"),
        ("take_back", "waiting"),
        ("resume", "in_progress"),
    ):
        row = moved(row, move, olga, reason="Because")
        assert row.state == state


def test_voiding_clears_the_verdict_and_restoring_brings_it_back(
    olga: User, amir: User, ada: User
) -> None:
    row = moved(reported(opened(olga), olga), "close", amir, verdict="delivered", note="Seen")
    row = moved(row, "void", ada, reason="Wrong register")
    assert (row.state, row.verdict) == ("dismissed", "")
    row = moved(row, "restore", ada, reason="It was right")
    assert (row.state, row.verdict) == ("closed", "delivered")


def test_reopening_clears_the_verdict_which_stays_in_the_history(olga: User, amir: User) -> None:
    row = moved(reported(opened(olga), olga), "close", amir, verdict="delivered", note="Seen")
    closing = history(stream_of(row)).first()
    row = moved(row, "reopen", amir, reason="The page is gone")
    assert (row.state, row.verdict) == ("open", "")
    assert closing is not None
    then = at_seq(stream_of(row), closing.seq)
    assert then is not None
    assert then["verdict"] == "delivered"


def test_a_superseded_commitment_names_its_successor(olga: User, amir: User) -> None:
    row, successor = opened(olga), opened(olga, title="The newer one")
    with pytest.raises(Refusal) as refused:
        moved(row, "close_without_delivery", amir, verdict="superseded", reason="Replaced")
    assert set(refused.value.errors) == {"successor"}
    moved(
        row,
        "close_without_delivery",
        amir,
        verdict="superseded",
        reason="Replaced",
        successor=successor,
    )
    link = Link.objects.get(kind="supersedes")
    assert (link.source_id, link.target_id) == (successor.pk, row.pk)


def test_merging_carries_citations_over_and_keeps_who_added_them(
    olga: User, otto: User, amir: User, ada: User
) -> None:
    row, survivor = opened(otto), opened(olga, title="The one that stays")
    document = a_document(otto, "Evidence.")
    actions.cite(row, actor=otto, document=document, role="evidence", effective="2026-11")
    merged = moved(row, "merge", ada, survivor=survivor)
    assert (merged.state, merged.merged_into_id) == ("dismissed", survivor.pk)
    assert survivor.citations.get(role="evidence").added_by == otto


def test_splitting_opens_a_sibling_per_obligor(olga: User) -> None:
    row = opened(olga)
    facebook, google = a_party(olga), a_party(olga, "Google")
    first, second = actions.split(
        row, actor=olga, expected_version=row.version, obligors=[facebook, google]
    )
    assert (first.reference, first.obligor_id) == (row.reference, row.obligor_id)
    assert second.obligor == google
    assert second.reference != first.reference
    assert second.citations.get().passage_id == first.citations.get().passage_id


def test_merging_parties_moves_what_they_owe_and_keeps_their_names(olga: User, ada: User) -> None:
    row = opened(olga, obligor=a_party(olga, "FB Ireland"))
    facebook = a_party(olga, "Facebook")
    gone = Party.objects.get(name="FB Ireland")
    actions.merge_parties(gone, actor=ada, into=facebook, reason="The same company")
    row.refresh_from_db()
    assert row.obligor == facebook
    assert facebook.aliases.filter(words="FB Ireland").exists()
    assert events(row)[-1] == "correct"


def test_nobody_is_made_owner_of_what_they_cannot_see(olga: User, nils: User) -> None:
    row = opened(olga)
    nils.is_active = False
    nils.save()
    with pytest.raises(Refusal) as refused:
        actions.assign(row, actor=olga, expected_version=row.version, owner=nils)
    assert set(refused.value.errors) == {"owner"}


def test_being_assigned_mentioned_or_sent_back_is_told_at_once(
    olga: User, otto: User, amir: User
) -> None:
    row = opened(olga)
    row = actions.assign(row, actor=olga, expected_version=row.version, owner=otto)
    actions.note(row, actor=olga, words="@otto please call them, @nobody too")
    moved(reported(row, otto), "send_back", amir, reason="No date on it")
    told = Notice.objects.filter(recipient=otto).order_by("id")
    assert [notice.rule.code for notice in told] == ["assigned", "mentioned", "sent-back"]


def test_a_repeated_move_with_the_same_key_happens_once(olga: User) -> None:
    row = opened(olga)
    for _ in range(2):
        actions.transition(row, "start", actor=olga, expected_version=row.version, key="once")
    assert events(row) == ["capture", "confirm", "start"]


def test_the_history_of_everything_above_verifies(olga: User, amir: User, ada: User) -> None:
    row = moved(reported(opened(olga), olga), "close", amir, verdict="delivered", note="Seen")
    moved(row, "void", ada, reason="Wrong register")
    a_letter(olga, opened(olga, title="Another"))
    assert list(verify()) == []
    assert Event.objects.count() > 10
