"""Fixtures of the tests of commitments."""

import pytest
from django.contrib.auth.models import Group

from commitments.models import ReminderRule


@pytest.fixture
def without_rules(db: None) -> None:
    """The default rules are switched off: each test brings the ones it speaks of."""
    ReminderRule.objects.update(active=False)


@pytest.fixture
def cabinet(db: None) -> Group:
    """A group that may see what others may not."""
    return Group.objects.create(name="cabinet")
