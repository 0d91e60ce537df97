"""The triggers as PostgreSQL wants them.

The conditions live in the functions, whose text `missing` compares; of a trigger it compares
table, moment, function, and that nobody switched it off.
"""

from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from tracker.ledger.models import Event, EventBody, Stream

EVENT, BODY, STREAM = (model._meta.db_table for model in (Event, EventBody, Stream))

_REFUSE = """
BEGIN
  {condition}
  RAISE EXCEPTION 'The history is only ever added to: {sentence}'
    USING ERRCODE = 'restrict_violation';
END;
"""
FUNCTIONS = {
    "ledger_refuse": _REFUSE.format(
        condition="-- whatever the row",
        sentence="what was written is never changed, deleted or truncated.",
    ),
    "ledger_only_empty": _REFUSE.format(
        condition="IF NEW.text = '' AND NEW.event_id = OLD.event_id THEN RETURN NEW; END IF;",
        sentence="a body may be emptied, nothing else.",
    ),
    "ledger_keep_name": _REFUSE.format(
        condition="IF NEW.name = OLD.name THEN RETURN NEW; END IF;",
        sentence="a stream keeps its name.",
    ),
}


class Trigger(NamedTuple):
    """One trigger; `kind` is what pg_trigger.tgtype says of its moment."""

    table: str
    event: str
    level: str
    kind: int
    function: str = "ledger_refuse"


# pg_trigger.tgtype: 1 row level, 2 before, 8 delete, 16 update, 32 truncate.
_UPDATE, _DELETE, _TRUNCATE = 19, 11, 34
TRIGGERS = {
    "ledger_event_update": Trigger(EVENT, "UPDATE", "ROW", _UPDATE),
    "ledger_event_delete": Trigger(EVENT, "DELETE", "ROW", _DELETE),
    "ledger_event_truncate": Trigger(EVENT, "TRUNCATE", "STATEMENT", _TRUNCATE),
    "ledger_body_update": Trigger(BODY, "UPDATE", "ROW", _UPDATE, "ledger_only_empty"),
    "ledger_body_delete": Trigger(BODY, "DELETE", "ROW", _DELETE),
    "ledger_body_truncate": Trigger(BODY, "TRUNCATE", "STATEMENT", _TRUNCATE),
    "ledger_stream_rename": Trigger(STREAM, "UPDATE", "ROW", _UPDATE, "ledger_keep_name"),
    "ledger_stream_delete": Trigger(STREAM, "DELETE", "ROW", _DELETE),
    "ledger_stream_truncate": Trigger(STREAM, "TRUNCATE", "STATEMENT", _TRUNCATE),
}


def missing(cursor: CursorWrapper) -> list[str]:
    """The names of the triggers that are not there, switched off, or altered."""
    cursor.execute(
        "SELECT t.tgname, c.relname, t.tgtype, p.proname, p.prosrc FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgname LIKE 'ledger%%' AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL"
        " AND t.tgattr::text = '' AND pg_table_is_visible(c.oid)"
    )
    standing = {name: tuple(rest) for name, *rest in cursor.fetchall()}
    return [
        name
        for name, own in TRIGGERS.items()
        if standing.get(name) != (own.table, own.kind, own.function, FUNCTIONS[own.function])
    ]


def installing(names: list[str]) -> list[str]:
    """The statements that put up these triggers, and the functions they call."""
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        for name, body in FUNCTIONS.items()
    ] + [statement for name in names for statement in (_drop(name), _create(name, TRIGGERS[name]))]


def dropping() -> list[str]:
    """The statements that take all triggers down."""
    return [_drop(name) for name in TRIGGERS]


def _drop(name: str) -> str:
    return f"DROP TRIGGER IF EXISTS {name} ON {TRIGGERS[name].table}"


def _create(name: str, own: Trigger) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {own.event} ON {own.table}"
        f" FOR EACH {own.level} EXECUTE FUNCTION {own.function}()"
    )
