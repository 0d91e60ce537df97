"""The triggers that keep the history append-only, on both databases.

They stand in no migration: SQLite drops a table's triggers without a word when a migration
rebuilds the table. A step after every `migrate` puts up whatever is missing, and a system check
names it. A refused statement raises IntegrityError.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from tracker.ledger import triggers_postgresql, triggers_sqlite
from tracker.ledger.models import Event

_BY_VENDOR = {"postgresql": triggers_postgresql, "sqlite": triggers_sqlite}


def install_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Put up every trigger that is missing or altered; the answer names those. Idempotent."""
    missing = missing_triggers(connection)
    if missing:
        _run(connection, _BY_VENDOR[connection.vendor].installing(missing))
    return missing


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take all of them down: for the test suite alone, which must empty its tables."""
    _run(connection, _BY_VENDOR[connection.vendor].dropping())


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that are not there, switched off, or not as we wrote them.

    Empty as long as the tables themselves are not there.
    """
    with connection.cursor() as cursor:
        if Event._meta.db_table not in connection.introspection.table_names(cursor):
            return []
        return _BY_VENDOR[connection.vendor].missing(cursor)


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    """The step after `migrate`."""
    if router.allow_migrate_model(using, Event):
        install_triggers(connections[using])


def check_triggers(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """System check (`check --database default`): one message per missing trigger.

    A warning, since an error would stop the very `migrate` that repairs it; let a machine ask
    with `--fail-level WARNING`.
    """
    return [
        Warning(
            f"The history in database “{alias}” is not protected: trigger {name} is missing or"
            " altered.",
            hint="Run “python manage.py migrate”, which puts it back, then “python manage.py"
            " verify_history”.",
            id="ledger.W001",
        )
        for alias in databases or []
        if router.allow_migrate_model(alias, Event)
        for name in missing_triggers(connections[alias])
    ]


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
