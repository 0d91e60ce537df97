"""The queue in front of SQLite's one writer.

SQLite lets one connection write and tells the others to try again later, which now and then
somebody loses for as long as their patience lasts. A lock on a file beside the database makes
writers wait in line instead. It is taken before BEGIN and only by whoever opens the outermost
transaction: taken inside one, two writers could wait for each other.

The kernel frees the lock when its process ends, however it ends. The lock belongs to the open
file, so each transaction opens the file anew: threads queue like processes, and a child process
inherits nothing it could hold on to.
"""

import fcntl
import os
import threading
from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper

_in_this_process = threading.Lock()


def wait_for_turn(connection: BaseDatabaseWrapper) -> Callable[[], None]:
    """Wait until no other writer is at work; the answer ends the turn, and may be called twice.

    Databases that queue writers themselves are left to it.
    """
    if connection.vendor != "sqlite":
        return _nothing_to_end
    if _lives_in_memory(connection):
        _in_this_process.acquire()
        return _once(_in_this_process.release)
    return _file_turn(lock_file(connection))


def lock_file(connection: BaseDatabaseWrapper) -> str:
    """The path of the lock beside an SQLite database file."""
    name = os.fspath(connection.settings_dict["NAME"])
    path = name.removeprefix("file:").partition("?")[0] if name.startswith("file:") else name
    return f"{os.path.realpath(path)}.lock"


def _file_turn(path: str) -> Callable[[], None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except BaseException:
        os.close(handle)
        raise

    def end() -> None:
        # Said aloud, since a forked child may still have the same open file.
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)

    return _once(end)


def _lives_in_memory(connection: BaseDatabaseWrapper) -> bool:
    name = os.fspath(connection.settings_dict["NAME"])
    return name == ":memory:" or "mode=memory" in name


def _nothing_to_end() -> None:
    """The turn of a database that needs none."""


def _once(end: Callable[[], None]) -> Callable[[], None]:
    pending = [end]

    def end_once() -> None:
        if pending:
            pending.pop()()

    return end_once
