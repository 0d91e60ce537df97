"""Private servers for tests: PostgreSQL and Redis on free ports, in a temporary folder.

Nothing here ever talks to a server that merely happens to listen on a standard port: the servers
are either named in TEST_DATABASE_URL and TEST_REDIS_URL or started here from their binaries. A test
that kills or restarts a server starts one of its own with `postgres()` or `redis()`.

TEST_BARE pretends that nothing is installed but Python; TEST_REQUIRE_ALL (or CI) turns what is
missing into a failure.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import psycopg2
import pytest
import redis as redis_client

from tracker.processes import die_with_parent

PATIENCE = 30.0  # seconds for a server to come up
INITDB = ["-A", "trust", "-U", "tracker", "--no-sync", "--encoding=UTF8", "--locale=C"]
POSTGRES = ["-h", "127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off"]
POSTGRES += ["-c", "full_page_writes=off", "-c", "max_connections=200"]
REDIS = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
LIBRARIES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime")


def bare() -> bool:
    """Whether to pretend that there is nothing but Python."""
    return bool(os.environ.get("TEST_BARE"))


def required() -> bool:
    """Whether what is missing is a failure."""
    return bool(os.environ.get("TEST_REQUIRE_ALL")) or os.environ.get("CI") == "true"


def lack(what: str) -> NoReturn:
    """Skip the test for want of `what`; where everything is required, fail it."""
    if required():
        pytest.fail(f"needs {what}, and everything is required here", pytrace=False)
    pytest.skip(f"needs {what}")


def named(variable: str) -> str:
    """The address of a server that the environment names; none in a bare run."""
    return "" if bare() else os.environ.get(variable, "")


def find(name: str) -> Path | None:
    """A program of the system by its name; none in a bare run."""
    found = None if bare() else shutil.which(name)
    return Path(found) if found else None


def find_postgres() -> Path | None:
    """The folder with PostgreSQL's server programs, the newest first."""
    if bare():
        return None
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda place: int(place.parent.name) if place.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = find("initdb")
    places += [on_path.resolve().parent] if on_path else []
    return next((place for place in places if (place / "initdb").exists()), None)


def find_redis() -> Path | None:
    """Redis' server program."""
    return find("redis-server")


def find_chromium() -> Path | None:
    """A Chromium installed on the system."""
    names = (os.environ.get("TEST_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := find(name))), None)


def find_faketime() -> Path | None:
    """The library that shifts the time of a whole process when preloaded."""
    if bare():
        return None
    folders = [folder for place in LIBRARIES for folder in Path("/").glob(place[1:])]
    return next(
        (f / "libfaketime.so.1" for f in folders if (f / "libfaketime.so.1").exists()), None
    )


def have_servers() -> bool:
    """Whether both servers are named or can be started."""
    postgres_there = bool(named("TEST_DATABASE_URL") or find_postgres())
    redis_there = bool(named("TEST_REDIS_URL") or find_redis())
    return postgres_there and redis_there


def lacking() -> list[str]:
    """What of the system's programs the whole suite needs and does not find."""
    found = {
        "PostgreSQL": named("TEST_DATABASE_URL") or find_postgres(),
        "Redis": named("TEST_REDIS_URL") or find_redis(),
        "Chromium": find_chromium(),
        "libfaketime": find_faketime(),
    }
    return [name for name, place in found.items() if not place]


def free_port() -> int:
    """A port of the loopback that nobody listens on at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Server:
    """One running server: its address, and ways to stop, kill and start it again."""

    url: str
    command: list[str]
    log: Path
    answers: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    run_as: str | None = None
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.run_as,
                group=pwd.getpwnam(self.run_as).pw_gid if self.run_as else None,
                extra_groups=[] if self.run_as else None,
                preexec_fn=die_with_parent(self.stop_signal),
            )
        end = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"{self.command[0]} did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in order."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            self.process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def unprivileged() -> str | None:
    """A user to run servers as that refuse to run as root; none where we are not root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


@contextmanager
def folder(owner: str | None) -> Iterator[Path]:
    """A temporary folder that belongs to `owner` and is gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="tracker-server-"))
    try:
        if owner:
            shutil.chown(path, owner)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[Server]:
    """A PostgreSQL of this test's own, empty, that keeps nothing over a power cut."""
    programs = find_postgres()
    if programs is None:
        lack("PostgreSQL")
    owner = unprivileged()
    with folder(owner) as place:
        subprocess.run(
            [str(programs / "initdb"), "-D", str(place / "data"), *INITDB],
            check=True,
            capture_output=True,
            user=owner,
            group=pwd.getpwnam(owner).pw_gid if owner else None,
            extra_groups=[] if owner else None,
            cwd=place,
        )
        port = free_port()
        at = ["-k", str(place), "-p", str(port)]
        url = f"postgres://tracker@127.0.0.1:{port}/postgres"
        server = Server(
            url=url,
            command=[str(programs / "postgres"), "-D", str(place / "data"), *at, *POSTGRES],
            log=place / "log",
            answers=lambda: _postgres_answers(url),
            stop_signal=signal.SIGINT,  # without waiting for its clients
            run_as=owner,
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def redis() -> Iterator[Server]:
    """A Redis of this test's own, empty, that keeps nothing on disk."""
    program = find_redis()
    if program is None:
        lack("Redis")
    with folder(None) as place:
        port = free_port()
        url = f"redis://127.0.0.1:{port}"
        server = Server(
            url=url,
            command=[str(program), "--port", str(port), "--dir", str(place), *REDIS],
            log=place / "log",
            answers=lambda: _redis_answers(url),
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _postgres_answers(url: str) -> bool:
    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    with redis_client.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis_client.RedisError:
            return False
