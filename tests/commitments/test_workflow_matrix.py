"""Every state × move × actor, against a table written by hand from the design.

Each cell is tried for real, through the one function that makes a move, and rolled back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from commitments import actions
from commitments.models import Commitment
from commitments.standing import judges
from commitments.workflow import MOVES, Kind, State
from tests.conftest import person
from tests.making import a_document, in_state, opened, reported
from tracker import clock
from tracker.ledger.models import Event
from tracker.refusals import NotAllowed, Refusal
from tracker.users.models import User

pytestmark = pytest.mark.django_db

LIVE_BUT_REPORTED = "open in_progress waiting"
ANY = "candidate open in_progress waiting reported closed"
# move: from which states, by whom, to which state ("before" = where it came from)
TABLE = {
    "confirm": ("candidate", "olga otto", "open"),
    "start": ("open", "olga otto", "in_progress"),
    "wait": ("open in_progress", "olga otto", "waiting"),
    "resume": ("waiting", "olga otto", "before"),
    "report": (LIVE_BUT_REPORTED, "olga otto", "reported"),
    "take_back": ("reported", "olga", "before"),
    "send_back": ("reported", "amir owner evidence", "in_progress"),
    "close": ("reported", "amir", "closed"),
    "close_without_delivery": (LIVE_BUT_REPORTED, "amir", "closed"),
    "confirm_period": ("in_progress reported", "amir", "in_progress"),
    "reopen": ("closed", "amir owner evidence", "open"),
    "dismiss": (f"candidate {LIVE_BUT_REPORTED}", "olga otto ada", "dismissed"),
    "restore": ("dismissed", "olga otto ada", "before"),
    "void": (ANY, "ada", "dismissed"),
    "merge": (ANY, "ada", "dismissed"),
}
ACTORS = ("olga", "otto", "amir", "ada", "nils", "owner", "evidence", "gone")


@contextmanager
def rolled_back() -> Iterator[None]:
    """Try something and leave no trace."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


@pytest.fixture
def cast(olga: User, otto: User, amir: User, ada: User, nils: User) -> dict[str, User]:
    """The cast, two auditors who are barred from the rows of these tests, and one who has left."""
    owner = person("owner", "Owning auditor", "auditor")
    evidence = person("evidence", "Citing auditor", "auditor")
    evidence.groups.add(Group.objects.get(name="staff"))
    gone = person("gone", "Gone auditor", "auditor")
    gone.is_active = False
    gone.save()
    people = (olga, otto, amir, ada, nils, owner, evidence, gone)
    return dict(zip(ACTORS, people, strict=True))


def row_in(state: str, cast: dict[str, User]) -> Commitment:
    """A continuing practice in this state: owned by one barred auditor, evidenced by the other."""
    # A report comes after the evidence: an auditor who acts on it would end the taking back.
    first = State.IN_PROGRESS if state == State.REPORTED else state
    row = in_state(first, cast["olga"], cast["amir"], kind=Kind.CONTINUING_PRACTICE)
    Commitment.objects.filter(pk=row.pk).update(owner=cast["owner"])
    row.refresh_from_db()
    if state not in (State.CANDIDATE, State.DISMISSED, State.CLOSED):
        actions.cite(
            row,
            actor=cast["evidence"],
            document=a_document(cast["olga"], "Evidence."),
            role="evidence",
            effective="2026-11",
        )
    if state == State.REPORTED:
        reported(row, cast["olga"])
    row.refresh_from_db()
    return row


def data_for(move: str, row: Commitment, other: Commitment) -> dict[str, Any]:
    """All a move may need."""
    later = clock.today() + timedelta(days=30)
    citation = row.citations.filter(withdrawn_at=None).first()
    everything: dict[str, Any] = {
        "obligor": row.obligor,
        "kind": row.kind,
        "due_text": "none stated",
        "success_criteria": "A page",
        "review_on": later,
        "condition": "The law is passed",
        "reason": "Because",
        "note": "Looked at it",
        "evidence": f"citation:{citation.pk}" if citation else "",
        "effective": "2026-11-02",
        "verdict": "cannot_be_determined",
        "dismissed_as": "out_of_remit",
        "survivor": other if move == "merge" else None,
        "outcome": "kept",
        "period_until": clock.today() - timedelta(days=1),
    }
    return {name: everything.get(name) for name in MOVES[move].fields}


def expected(state: str, move: str, actor: str) -> bool:
    states, people, _ = TABLE[move]
    return state in states.split() and actor in people.split()


def attempt(row: Commitment, move: str, actor: User, other: Commitment) -> str:
    """The state after the move, or "" where it was refused and nothing changed."""
    before = Event.objects.count()
    try:
        done = actions.transition(
            row, move, actor=actor, expected_version=row.version, data=data_for(move, row, other)
        )
    except (NotAllowed, Refusal):
        row.refresh_from_db()
        assert Event.objects.count() == before
        return ""
    return done.state


@pytest.mark.slow
def test_every_state_move_and_actor_is_as_the_table_says(
    cast: dict[str, User], capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(TABLE) == set(MOVES)
    other = opened(cast["olga"], title="Another one")
    cells, wrong = 0, []
    for state in State.values:
        row = row_in(state, cast)
        # Only the citing counts against this auditor from here on; the staff role goes again.
        cast["evidence"].groups.remove(Group.objects.get(name="staff"))
        for move in MOVES:
            for name in ACTORS:
                actor = User.objects.get(pk=cast[name].pk)
                with rolled_back():
                    after = attempt(row, move, actor, other)
                cells += 1
                if bool(after) != expected(state, move, name) or not lands(after, move):
                    wrong.append((state, move, name, after))
        cast["evidence"].groups.add(Group.objects.get(name="staff"))
    with capsys.disabled():
        print(f"\nworkflow matrix: {cells} cells, {len(wrong)} wrong")
    assert wrong == []


def lands(after: str, move: str) -> bool:
    target = TABLE[move][2]
    return not after or target == "before" or after == target


def test_a_period_is_only_for_continuing_practices(olga: User, amir: User) -> None:
    row = in_state(State.REPORTED, olga, amir)
    with pytest.raises(Refusal, match="continuing practice"):
        actions.transition(
            row,
            "confirm_period",
            actor=amir,
            expected_version=row.version,
            data=data_for("confirm_period", row, row),
        )


def test_whoever_reported_it_may_not_judge_it_even_with_every_right(olga: User) -> None:
    olga.groups.add(Group.objects.get(name="auditor"))
    olga = User.objects.get(pk=olga.pk)
    row = in_state(State.REPORTED, olga, olga)
    with pytest.raises(NotAllowed, match="you reported it"):
        actions.transition(
            row,
            "close",
            actor=olga,
            expected_version=row.version,
            data={"verdict": "delivered", "note": "Mine"},
        )


def test_a_superuser_is_barred_like_anybody(olga: User) -> None:
    boss = User.objects.create_superuser("boss", password="x", first_name="Boss")
    row = opened(olga, owner=boss)
    with pytest.raises(NotAllowed, match="you own it"):
        actions.transition(
            row,
            "close_without_delivery",
            actor=boss,
            expected_version=row.version,
            data={"verdict": "withdrawn", "reason": "They took it back"},
        )


def test_the_report_cannot_be_taken_back_once_an_auditor_has_acted(olga: User, amir: User) -> None:
    row = in_state(State.REPORTED, olga, amir)
    actions.note(row, actor=amir, words="I am looking at this")
    row.refresh_from_db()
    with pytest.raises(NotAllowed, match="auditor has acted"):
        actions.transition(
            row, "take_back", actor=olga, expected_version=row.version, data={"reason": "Oops"}
        )


def test_evidence_from_before_the_reopening_bars_nobody(olga: User, otto: User, amir: User) -> None:
    amir.groups.add(Group.objects.get(name="staff"))
    amir = User.objects.get(pk=amir.pk)
    auditor = person("second", "Second auditor", "auditor")
    row = opened(olga)
    document = a_document(olga, "Evidence.")
    actions.cite(row, actor=amir, document=document, role="evidence", effective="2026-11")
    assert amir in [user for user, _ in judges(row).barred]
    row = actions.transition(
        row,
        "close_without_delivery",
        actor=auditor,
        expected_version=row.version,
        data={"verdict": "withdrawn", "reason": "They took it back"},
    )
    row = actions.transition(
        row, "reopen", actor=auditor, expected_version=row.version, data={"reason": "New facts"}
    )
    assert amir in judges(row).may
