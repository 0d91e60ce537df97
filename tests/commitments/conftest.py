"""Fixtures of the tests of commitments."""

import pytest

from commitments.models import ReminderRule


@pytest.fixture
def without_rules(db: None) -> None:
    """The default rules are switched off: each test brings the ones it speaks of."""
    ReminderRule.objects.update(active=False)
