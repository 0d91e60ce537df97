"""The triggers as SQLite wants them.

REPLACE deletes the row in its way without firing any DELETE trigger, so an INSERT over a row
that is there, whichever unique key they share, is refused before it happens. An UPDATE that moves
a row onto another could do the same; hence the comparison of rowids.
"""

from django.db.backends.utils import CursorWrapper

from tracker.ledger.models import Event, EventBody, Stream

EVENT, BODY, STREAM = (model._meta.db_table for model in (Event, EventBody, Stream))
_ADDED_TO = "The history is only ever added to: "
_KEY = "key <> '' AND key = NEW.key AND actor_id = NEW.actor_id AND stream = NEW.stream"


def _taken(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608


TRIGGERS = {
    name: f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_ADDED_TO}{sentence}'); END"
    for name, when, sentence in [
        (
            "ledger_event_update",
            f"BEFORE UPDATE ON {EVENT}",
            "an event is never changed.",
        ),
        (
            "ledger_event_delete",
            f"BEFORE DELETE ON {EVENT}",
            "an event is never deleted.",
        ),
        (
            "ledger_event_replace",
            f"BEFORE INSERT ON {EVENT} WHEN {_taken(EVENT, 'id = NEW.id')}"
            f" OR {_taken(EVENT, 'stream = NEW.stream AND seq = NEW.seq')}"
            f" OR {_taken(EVENT, _KEY)}",
            "an event is never replaced.",
        ),
        (
            "ledger_body_update",
            f"BEFORE UPDATE ON {BODY} WHEN NEW.text IS NOT '' OR NEW.event_id IS NOT OLD.event_id"
            " OR NEW.rowid IS NOT OLD.rowid",
            "a body may be emptied, nothing else.",
        ),
        (
            "ledger_body_delete",
            f"BEFORE DELETE ON {BODY}",
            "a body is never deleted.",
        ),
        (
            "ledger_body_replace",
            f"BEFORE INSERT ON {BODY} WHEN {_taken(BODY, 'event_id = NEW.event_id')}"
            f" OR {_taken(BODY, 'rowid = NEW.rowid')}",
            "a body is never replaced.",
        ),
        (
            "ledger_stream_rename",
            f"BEFORE UPDATE ON {STREAM} WHEN NEW.name IS NOT OLD.name"
            " OR NEW.rowid IS NOT OLD.rowid",
            "a stream keeps its name.",
        ),
        (
            "ledger_stream_delete",
            f"BEFORE DELETE ON {STREAM}",
            "a stream is never deleted.",
        ),
        (
            "ledger_stream_replace",
            f"BEFORE INSERT ON {STREAM} WHEN {_taken(STREAM, 'name = NEW.name')}"
            f" OR {_taken(STREAM, 'rowid = NEW.rowid')}",
            "a stream is never replaced.",
        ),
    ]
}


def missing(cursor: CursorWrapper) -> list[str]:
    """The names of the triggers that are not there word for word."""
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    standing = dict(cursor.fetchall())
    return [name for name, sql in TRIGGERS.items() if standing.get(name) != sql]


def installing(names: list[str]) -> list[str]:
    """The statements that put up these triggers."""
    return [f"DROP TRIGGER IF EXISTS {name}" for name in names] + [TRIGGERS[name] for name in names]


def dropping() -> list[str]:
    """The statements that take all triggers down."""
    return [f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS]
