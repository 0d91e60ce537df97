"""People with a history, for the tests of the ledger."""

from collections.abc import Mapping
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tracker.ledger.models import Event, EventBody, Stream
from tracker.ledger.snapshots import stream_of
from tracker.ledger.triggers import drop_triggers, install_triggers
from tracker.ledger.writing import record, redact, transaction
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


def blank_page() -> None:
    """Forget what the steps after migrate told, and tell anew of the users they made."""
    drop_triggers(connection)
    EventBody.objects.all().delete()
    Event.objects.all().delete()
    Stream.objects.all().delete()
    connection.check_constraints()
    install_triggers(connection)
    tell_of_everybody()


def tell_of_everybody() -> None:
    """Give every user an event, so that no row is without one."""
    with transaction():
        for user in User.objects.order_by("pk"):
            record(user, actor=user, action="create")


def tell_some() -> None:
    """A few people with a few events and a redaction, for a database of its own."""
    tell_of_everybody()
    everybody = [account(name) for name in ("ada", "zoë", "otto")]
    for hour in range(20):
        edit(everybody[hour % 3], everybody[0], {"digest_hour": hour}, note=f"{hour} o’clock")
    redact(everybody[1], [2], actor=everybody[2], reason="Request 4")


def move_in(dump: str) -> None:
    """Fill an empty database from a dump: tables without the rows that `migrate` would add."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    call_command("loaddata", dump, verbosity=0)
    install_triggers(connection)
