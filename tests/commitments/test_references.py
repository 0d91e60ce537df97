"""References are gapless and given once, also when fifty people confirm at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from commitments import actions
from commitments.actions.references import next_reference
from commitments.models import Commitment
from commitments.workflow import MOVES
from tests.making import a_candidate, a_document, a_party, opened
from tracker import clock
from tracker.refusals import Conflict, Refusal
from tracker.users.models import User

PARALLEL = 50


def confirm(row: Commitment, actor: User) -> str:
    try:
        done = actions.transition(
            row,
            "confirm",
            actor=actor,
            expected_version=row.version,
            data={
                "obligor": row.obligor,
                "kind": "pledge",
                "due_text": "none stated",
                "success_criteria": "A page",
                "review_on": clock.today() + timedelta(days=30),
            },
        )
    except (Conflict, Refusal):
        return ""
    finally:
        connection.close()
    return str(done.reference)


@pytest.mark.slow
def test_fifty_parallel_confirms_leave_no_hole_and_no_double(committed: None, olga: User) -> None:
    document, party = a_document(olga), a_party(olga)
    rows = [
        a_candidate(olga, document, title=f"Number {n}", obligor=party) for n in range(PARALLEL)
    ]
    with ThreadPoolExecutor(PARALLEL) as pool:
        given = list(pool.map(lambda row: confirm(row, User.objects.get(pk=olga.pk)), rows))
    year = clock.today().year
    assert sorted(given) == [f"C-{year}-{n:04d}" for n in range(1, PARALLEL + 1)]


@pytest.mark.slow
def test_one_candidate_confirmed_by_many_at_once_is_confirmed_once(
    committed: None, olga: User
) -> None:
    row = a_candidate(olga)
    with ThreadPoolExecutor(10) as pool:
        given = list(pool.map(lambda n: confirm(row, User.objects.get(pk=olga.pk)), range(10)))
    assert sorted(given) == [""] * 9 + [f"C-{clock.today().year}-0001"]


@pytest.mark.django_db
def test_a_number_whose_confirming_failed_is_given_to_the_next(olga: User) -> None:
    point = transaction.savepoint()
    assert next_reference(2026) == "C-2026-0001"
    transaction.savepoint_rollback(point)
    assert next_reference(2026) == "C-2026-0001"


BROKEN: dict[str, dict[str, Any]] = {
    "live without an obligor": {"obligor": None},
    "live without a reference": {"reference": None},
    "live without a due or a review date": {"due_on": None, "review_on": None},
    "closed without a verdict": {"state": "closed"},
    "open with a verdict": {"verdict": "delivered"},
    "an unknown state": {"state": "lost"},
    "a deadline that ends before it begins": {"due_from": "2027-01-01", "due_on": "2026-12-01"},
    "no title": {"title": ""},
    "a candidate with a reference": {"state": "candidate"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", BROKEN, ids=str)
def test_the_database_itself_refuses(fault: str, olga: User) -> None:
    row = opened(olga)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=row.pk).update(**BROKEN[fault])


def test_every_move_has_its_words() -> None:
    for move in MOVES.values():
        assert move.label
        assert move.done
        assert move.hint.endswith(".")
