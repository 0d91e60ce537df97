"""What the benchmarks are made on: rows that keep the rules, with a history that verifies."""

import pytest

from commitments.filters import CommitmentFilter
from commitments.models import Commitment
from commitments.workflow import State
from tests.bench.filling import fill
from tests.bench.timing import Page, table, time_all
from tracker import clock
from tracker.ledger.verifying import verify

pytestmark = pytest.mark.django_db


def test_a_filled_register_has_all_states_and_a_history_that_verifies() -> None:
    fill(150)
    fill(200)
    assert Commitment.objects.count() == 200
    assert {*Commitment.objects.values_list("state", flat=True)} == {*State.values}
    assert [str(finding) for finding in verify()] == []


def test_some_of_it_is_hidden_from_the_reader() -> None:
    reader = fill(200, history=False)
    seen = Commitment.objects.visible_to(reader)
    assert 0 < 200 - seen.count() < 50
    filters = CommitmentFilter({}, seen, reader=reader, today=clock.today())
    assert filters.qs.exists()


def test_the_figures_come_as_a_table_against_the_floor() -> None:
    reader = fill(20, history=False)
    pages = {"floor": Page("/register/?q=nothing"), "register": Page("/register/")}
    lines = table(time_all(pages, reader, rounds=2), "floor").splitlines()
    assert len(lines) == 4
    assert lines[2].startswith("| floor | ")
    assert lines[3].startswith("| register | ")
