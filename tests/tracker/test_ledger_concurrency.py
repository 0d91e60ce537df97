"""Many writers at once, with real commits; and a history that moves house."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.tracker.histories import account, blank_page, edit
from tracker.ledger import comparing, locking
from tracker.ledger.models import Event, Stream
from tracker.ledger.snapshots import stream_of
from tracker.ledger.verifying import verify
from tracker.ledger.writing import record, transaction
from tracker.users.models import User

PATIENCE = 120  # seconds
PROCESSES, THREADS, TRANSACTIONS = 3, 8, 20


@pytest.fixture
def team(committed: None, monkeypatch: pytest.MonkeyPatch) -> list[User]:
    """Four people with an event each, committed."""
    monkeypatch.setattr(comparing, "ledgered_models", lambda: {"user": User})
    blank_page()
    everybody = [account(name) for name in ("ada", "otto", "olga", "amir")]
    for user in everybody:
        edit(user, user, {"is_staff": True})
    return everybody


def environment(url: str, var: Path) -> dict[str, str]:
    """What a process of its own needs to work on that database."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "DATABASE_URL": url,
        "TRACKER_VAR": str(var),
        "DEBUG": "true",
    }


def url_of_this_database() -> str:
    own = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{own['NAME']}"
    password = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
    return f"postgres://{own['USER']}{password}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a process of `appenders` on this test's database."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.tracker.appenders", *map(str, arguments)],
            env=environment(url_of_this_database(), tmp_path),
            cwd=settings.BASE_DIR,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_many_processes_and_threads_append_without_a_gap_or_a_lock_error(
    team: list[User], start: Callable[..., "subprocess.Popen[str]"]
) -> None:
    before = Event.objects.count()
    processes = [start("append", THREADS, TRANSACTIONS) for _ in range(PROCESSES)]
    alarms = []
    while any(process.poll() is None for process in processes):
        alarms += list(verify())
    errors = [process.communicate(timeout=PATIENCE)[1] for process in processes]

    assert alarms == [], "verifying beside writers sees one moment"
    assert [process.returncode for process in processes] == [0] * PROCESSES, errors
    assert Event.objects.count() - before == PROCESSES * THREADS * TRANSACTIONS * 2
    assert list(verify()) == []


def test_a_writer_that_is_killed_lets_go_and_leaves_nothing(
    team: list[User], start: Callable[..., "subprocess.Popen[str]"]
) -> None:
    ada = team[0]
    process = start("hold", ada.pk)
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)

    assert edit(ada, ada, {}).seq == 3
    assert not Event.objects.filter(action="lost").exists()
    assert list(verify()) == []


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_second_writer_of_a_stream_waits_and_then_sees_the_first_ones_event(
    team: list[User],
) -> None:
    ada = team[0]
    seqs: list[int] = []
    with transaction(stream_of(ada)):
        second = in_a_thread(lambda: seqs.append(edit(ada, ada, {}).seq))
        second.join(0.3)
        assert second.is_alive()
        assert record(ada, actor=ada, action="edit").seq == 3
    second.join(PATIENCE)
    assert seqs == [4]


def test_a_first_event_is_first_only_once(team: list[User]) -> None:
    User.objects.bulk_create(User(username=f"new-{number}") for number in range(3))
    fresh = list(User.objects.filter(username__startswith="new"))

    def tell() -> None:
        for user in fresh:
            with transaction(stream_of(user)):
                record(user, actor=team[0], action="edit")

    for thread in [in_a_thread(tell) for _ in range(6)]:
        thread.join(PATIENCE)
    heads = Stream.objects.filter(name__in=map(stream_of, fresh))
    assert [head.seq for head in heads] == [6, 6, 6]
    assert list(verify()) == []


def test_the_lock_is_free_before_the_hooks_run(team: list[User]) -> None:
    ada, otto = team[:2]
    seqs: list[int] = []

    def hook() -> None:
        other = in_a_thread(lambda: seqs.append(edit(otto, ada, {}).seq))
        other.join(PATIENCE)
        seqs.append(edit(otto, ada, {}).seq)

    with transaction(stream_of(ada)):
        record(ada, actor=ada, action="edit")
        connection.on_commit(hook)
    assert seqs == [3, 4]


def test_the_lock_is_free_after_a_failure(team: list[User]) -> None:
    ada = team[0]
    with suppress(ZeroDivisionError), transaction(stream_of(ada)):
        record(ada, actor=ada, action="lost")
        raise ZeroDivisionError
    in_a_thread(lambda: edit(ada, ada, {})).join(PATIENCE)
    assert list(verify()) == []
    assert Event.objects.filter(stream=stream_of(ada)).count() == 3


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL queues its writers itself")
def test_writers_wait_in_line_before_they_begin(team: list[User]) -> None:
    assert Path(locking.lock_file(connection)).name.endswith(".sqlite3.lock")
    end = locking.wait_for_turn(connection)
    other = in_a_thread(lambda: edit(team[0], team[0], {}))
    other.join(0.3)
    assert other.is_alive()
    # Nobody has begun: the file is the queue, and the database is free.
    assert User.objects.filter(is_staff=True).update(digest_hour=5) == 4
    end()
    end()
    other.join(PATIENCE)
    assert not other.is_alive()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is never in memory")
def test_a_database_in_memory_has_a_lock_of_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", ":memory:")
    end = locking.wait_for_turn(connection)
    assert locking._in_this_process.locked()
    end()
    assert not locking._in_this_process.locked()


# Moving house


@pytest.mark.services
@pytest.mark.slow
def test_a_history_moved_from_sqlite_to_postgresql_is_intact(
    empty_database: str, tmp_path: Path
) -> None:
    old = environment(f"sqlite:///{tmp_path / 'old.sqlite3'}", tmp_path)
    new = environment(empty_database, tmp_path)
    dump = tmp_path / "everything.json"

    def manage(env: dict[str, str], *arguments: object) -> str:
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, env=env, cwd=settings.BASE_DIR, check=True, text=True, stdout=subprocess.PIPE
        ).stdout

    manage(old, "migrate", "-v0")
    manage(old, "shell", "-c", "from tests.tracker import histories; histories.tell_some()")
    told = manage(old, "verify_history")
    manage(old, "dumpdata", "-o", dump)
    manage(new, "shell", "-c", f"from tests.tracker import histories; histories.move_in('{dump}')")
    manage(new, "check", "--database", "default", "--fail-level", "WARNING")

    assert manage(new, "verify_history") == told
    assert "chain intact" in told
    assert " 0 events" not in told
    manage(new, "migrate", "-v0")
    manage(new, "shell", "-c", "from tests.tracker import histories; histories.tell_of_everybody()")
    assert "chain intact" in manage(new, "verify_history"), "and it goes on where it was"
