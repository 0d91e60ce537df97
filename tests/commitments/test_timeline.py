"""The history in words: differences, notes, captures and what was redacted."""

from datetime import date

import pytest

from commitments import actions
from commitments.models import Commitment
from commitments.views.naming import in_words, look_up
from commitments.views.sources import load_citations
from commitments.views.timeline import Entry, done, entries, load_history
from commitments.workflow import MOVES
from tests.making import a_candidate, a_document, a_party, in_state, opened
from tracker.ledger.writing import redact
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")


def told(row: Commitment, reader: User) -> list[Entry]:
    """The first page of its history, the newest first."""
    found = load_history(row, "")
    return entries(found, look_up(reader, found.ids()), load_citations(row, reader))


def test_every_move_and_every_action_is_said_in_words() -> None:
    for name, move in MOVES.items():
        assert done(name) == move.done
    assert done("confirm_reading") == "Reading confirmed"
    assert done("something_new") == "Something new"


def test_the_first_event_says_what_was_captured_and_differs_from_nothing(olga: User) -> None:
    (captured,) = told(a_candidate(olga), olga)
    assert captured.differences == []
    stated = {one.label: one.new for one in captured.stated}
    assert stated["Commitment"] == "Run a public repository"
    assert stated["Obligor"] == "Facebook"
    assert stated["Made on"] == "2 November 2026"
    assert "Verdict" not in stated


def test_lists_dates_and_codes_are_told_as_people_write_them(olga: User) -> None:
    row = opened(olga, beneficiaries=[a_party(olga, "Voters", "group")])
    actions.edit(
        row,
        actor=olga,
        expected_version=row.version,
        changes={
            "beneficiaries": [a_party(olga, "Voters", "group"), a_party(olga, "Member States")],
            "made_on": "2026-10~",
            "strength": "firm",
        },
    )
    newest = told(row, olga)[0]
    assert [(one.label, one.old, one.new) for one in newest.differences] == [
        ("Owed to", "Voters", "Member States, Voters"),
        ("Strength", "none", "Firm"),
        ("Made on", "2 November 2026", "about October 2026"),
    ]


def test_a_verdict_that_was_cleared_stays_in_the_history(olga: User, amir: User) -> None:
    row = in_state("closed", olga, amir)
    actions.transition(
        row, "reopen", actor=amir, expected_version=row.version, data={"reason": "Gone again"}
    )
    newest = told(row, olga)[0]
    shown = {one.label: (one.old, one.new) for one in newest.differences}
    assert shown["Verdict"] == ("Delivered", "none")
    assert newest.note == "Gone again"


def test_our_own_notes_are_not_set_as_somebodys_words(olga: User) -> None:
    row, other = opened(olga), opened(olga, title="Another one")
    actions.link(row, actor=olga, target=other, kind="restates")
    actions.note(row, actor=olga, words="Seen online")
    note, link = told(row, olga)[:2]
    assert (note.spoken, link.spoken) == (True, False)


def test_what_was_redacted_says_so_and_the_next_is_compared_with_the_last_readable(
    olga: User, ada: User
) -> None:
    row = opened(olga)
    for title in ("A name that must go", "A better title"):
        row.refresh_from_db()
        actions.edit(row, actor=olga, expected_version=row.version, changes={"title": title})
    redact(row, [3], actor=ada, reason="A name that the law protects")
    newest, after, gone, _confirmed, _captured = told(row, olga)
    assert gone.event.redacted
    assert (gone.note, gone.differences) == ("", [])
    assert [(one.old, one.new) for one in after.differences] == [
        ("Run a public repository", "A better title")
    ]
    assert newest.done == "Part of the history redacted"


def test_a_name_the_reader_may_not_know_is_not_told(olga: User, otto: User) -> None:
    names = look_up(otto, {"commitment": [999_999]})
    assert in_words("merged_into", 999_999, names) == "one you may not see"
    assert in_words("review_on", date(2026, 12, 4), names) == "4 December 2026"
    assert in_words("due_edtf", "junk", names) == "junk"


def test_a_document_cited_whole_is_told_by_its_title(olga: User) -> None:
    row = opened(olga)
    actions.cite(row, actor=olga, document=a_document(olga, title="A report"), role="progress")
    shown = [(one.label, one.new) for one in told(row, olga)[0].differences]
    assert shown == [("Progress", "A report")]
