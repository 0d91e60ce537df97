"""The promise of reminders, kept while workers are killed: small here, grown by the script."""

import pytest

from tests.chaos.reminders_under_kills import run

pytestmark = [pytest.mark.services, pytest.mark.slow]


def test_no_reminder_is_lost_or_doubled_while_workers_are_killed(
    empty_database: str, redis_url: str
) -> None:
    result = run(people=50, notices=500, kills=5, database=empty_database, broker=redis_url)
    assert result.kept, str(result)
