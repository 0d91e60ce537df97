"""The database itself refuses to rewrite the history."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.transaction import atomic

from tests.tracker.histories import account, edit
from tracker.ledger.models import Event, EventBody, Stream
from tracker.ledger.snapshots import stream_of
from tracker.ledger.triggers import drop_triggers, install_triggers, missing_triggers
from tracker.ledger.writing import record, transaction
from tracker.users.models import User

EVENT = [str(field.column) for field in Event._meta.concrete_fields]
ONLY_ADDED_TO = "The history is only ever added to"

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's ways round")
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="PostgreSQL's ways round"
)


@pytest.fixture
def author(db: None) -> User:
    """Somebody with two events."""
    user = account("author")
    edit(user, user, {"first_name": "Augusta"})
    # Pending checks of foreign keys run now: PostgreSQL will not truncate before.
    connection.check_constraints()
    return user


def stored() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values_list()) for model in (Event, EventBody, Stream)
    ]


def is_refused(statement: str, *parameters: Any) -> None:
    """The statement fails with our sentence, and nothing has changed."""
    before = stored()
    with pytest.raises(IntegrityError, match=ONLY_ADDED_TO), atomic(), connection.cursor() as run:
        run.execute(statement, parameters)
    assert stored() == before


@pytest.mark.parametrize("column", EVENT)
def test_no_column_of_an_event_can_be_updated(author: User, column: str) -> None:
    is_refused(f"UPDATE ledger_event SET {column} = {column}")  # noqa: S608


@pytest.mark.parametrize("table", ["ledger_event", "ledger_eventbody", "ledger_stream"])
def test_no_row_of_the_history_can_be_deleted(author: User, table: str) -> None:
    is_refused(f"DELETE FROM {table}")  # noqa: S608


def test_a_body_can_be_emptied_and_nothing_else(author: User) -> None:
    is_refused("UPDATE ledger_eventbody SET text = text || ' '")
    is_refused("UPDATE ledger_eventbody SET text = '', event_id = event_id + 1000")
    assert EventBody.objects.update(text="") > 0
    is_refused("UPDATE ledger_eventbody SET text = 'other words'")


def test_a_head_moves_but_keeps_its_name(author: User) -> None:
    is_refused("UPDATE ledger_stream SET name = 'user:0'")
    assert Stream.objects.update(seq=9) > 0


def test_the_orm_is_refused_as_well(author: User) -> None:
    event = Event.objects.get(stream=stream_of(author), seq=1)
    for change in (event.save, event.body.delete, Stream.objects.all().delete):
        with pytest.raises(IntegrityError, match=ONLY_ADDED_TO), atomic():
            change()


def insert(verb: str, table: str, columns: Sequence[str], **values: str) -> str:
    """Write every row of the table once more, with some of its columns replaced."""
    taken = ", ".join(values.get(column, column) for column in columns)
    return f"{verb} INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table}"  # noqa: S608


@on_sqlite
@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE", "INSERT"])
def test_replacing_is_refused_whichever_key_is_shared(author: User, verb: str) -> None:
    is_refused(insert(verb, "ledger_event", EVENT, seq="seq + 9"))
    is_refused(insert(verb, "ledger_event", EVENT, id="id + 1000"))
    body, stream = ["rowid", "event_id", "text"], ["rowid", "name", "seq", "head", "at"]
    is_refused(insert(verb, "ledger_eventbody", body, event_id="event_id + 1000"))
    is_refused(insert(verb, "ledger_eventbody", body[1:], text="'other words'"))
    is_refused(insert(verb, "ledger_stream", stream, name="'user:0'"))
    is_refused(insert(verb, "ledger_stream", stream[1:], seq="0"))


@on_sqlite
def test_replacing_by_idempotency_key_is_refused(author: User) -> None:
    with transaction(stream_of(author)):
        record(author, actor=author, action="edit", key="k1")
    again = insert("REPLACE", "ledger_event", EVENT, id="id + 1000", seq="seq + 1000")
    is_refused(f"{again} WHERE key = 'k1'")
    before = Event.objects.count()
    with atomic(), connection.cursor() as run:
        run.execute(f"{again} WHERE key = ''")
    assert Event.objects.count() > before, "no key, no row in the way"


@on_sqlite
def test_no_update_can_push_another_row_out(author: User) -> None:
    account("otto")
    is_refused("UPDATE OR REPLACE ledger_eventbody SET text = '', rowid = rowid + 1")
    is_refused("UPDATE OR REPLACE ledger_stream SET rowid = rowid + 1")


@on_postgresql
@pytest.mark.parametrize(
    "table",
    ["ledger_event CASCADE", "ledger_eventbody", "ledger_stream", "users_user CASCADE"],
)
def test_truncating_is_refused(author: User, table: str) -> None:
    is_refused(f"TRUNCATE {table}")


# The triggers themselves


def complaints() -> list[str]:
    found = run_checks(tags=["database"], databases=["default"])
    return [str(message.msg) for message in found if message.id == "ledger.W001"]


def test_all_triggers_stand_after_migrate_and_the_check_is_content(author: User) -> None:
    assert missing_triggers(connection) == []
    assert complaints() == []


def test_installing_twice_changes_nothing(author: User) -> None:
    assert install_triggers(connection) == []
    is_refused("DELETE FROM ledger_event")


def test_the_check_names_each_missing_trigger_and_how_to_put_it_back(author: User) -> None:
    drop_triggers(connection)
    missing = missing_triggers(connection)
    assert len(missing) == 9
    for name, complaint in zip(missing, complaints(), strict=True):
        assert f"trigger {name} is missing" in complaint
    assert install_triggers(connection) == missing
    assert complaints() == []
    is_refused("DELETE FROM ledger_event")


def test_without_triggers_nothing_is_refused(author: User) -> None:
    drop_triggers(connection)
    assert Event.objects.update(action="forged") == Event.objects.count() > 0


@on_sqlite
def test_a_rebuilt_table_loses_its_triggers_and_migrate_puts_them_back(committed: None) -> None:
    account("author")
    with connection.schema_editor() as editor:
        editor._remake_table(Event)  # type: ignore[attr-defined]  # as a migration would

    lost = ["ledger_event_update", "ledger_event_delete", "ledger_event_replace"]
    assert missing_triggers(connection) == lost
    assert [name for name in lost if any(name in line for line in complaints())] == lost
    call_command("migrate", verbosity=0)
    assert complaints() == []
    is_refused("DELETE FROM ledger_event")


@on_sqlite
def test_a_trigger_rewritten_under_its_own_name_counts_as_missing(author: User) -> None:
    with connection.cursor() as run:
        run.execute("DROP TRIGGER ledger_event_delete")
        run.execute(
            "CREATE TRIGGER ledger_event_delete BEFORE DELETE ON ledger_event"
            " WHEN 0 BEGIN SELECT 1; END"
        )
    assert missing_triggers(connection) == ["ledger_event_delete"]
    install_triggers(connection)
    is_refused("DELETE FROM ledger_event")


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ledger_event DISABLE TRIGGER ledger_event_delete",
        "ALTER TABLE ledger_event DISABLE TRIGGER USER",
        "ALTER TRIGGER ledger_event_delete ON ledger_event RENAME TO ledger_other",
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN OLD; END'",
        "CREATE OR REPLACE TRIGGER ledger_event_delete BEFORE DELETE ON ledger_event"
        " FOR EACH ROW WHEN (OLD.seq < 0) EXECUTE FUNCTION ledger_refuse()",
        "CREATE OR REPLACE TRIGGER ledger_event_delete BEFORE DELETE ON ledger_stream"
        " FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    ],
)
def test_a_trigger_switched_off_or_altered_counts_as_missing(author: User, statement: str) -> None:
    with connection.cursor() as run:
        if "ON ledger_stream" in statement:
            run.execute("DROP TRIGGER ledger_event_delete ON ledger_event")
        run.execute(statement)
    assert "ledger_event_delete" in missing_triggers(connection)
    install_triggers(connection)
    assert missing_triggers(connection) == []
    is_refused("DELETE FROM ledger_event")
