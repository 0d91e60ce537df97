"""People with a history, for the tests of the ledger."""

from collections.abc import Mapping
from typing import Any

from tracker.ledger.models import Event
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import record, transaction
from tracker.users.models import User


def account(name: str, actor: User | None = None) -> User:
    """A user whose stream begins with an event: of that actor, or of their own."""
    user = User(username=name, first_name=name.title())
    user.set_unusable_password()
    with transaction():
        user.save()
        record(user, actor=actor or user, action="create")
    return user


def edit(user: User, actor: User, values: Mapping[str, Any], note: str = "") -> Event:
    """Change columns of a user the way an action does."""
    with transaction(stream_of(user)):
        for field, value in values.items():
            setattr(user, field, value)
        user.save()
        return record(user, actor=actor, action="edit", note=note)
