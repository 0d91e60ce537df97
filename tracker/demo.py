"""What the demo needs around the product: an address, a lock, logins, and its two processes."""

import fcntl
import ipaddress
import json
import os
import secrets
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from django.contrib.auth.models import Group

from tracker.processes import STOPPING, Part
from tracker.roles import TRACKER
from tracker.users.actions import save_user
from tracker.users.models import User

PORTS = 100  # ports tried one after the other
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is easily mistaken for another


class Unfit(Exception):
    """Why the demo does not start, as one sentence."""


@dataclass(frozen=True)
class Login:
    """One of the demo's people."""

    username: str
    first_name: str
    role: str
    says: str
    is_staff: bool = False


PEOPLE = (
    Login("olga", "Olga", "staff", "member of staff"),
    Login("otto", "Otto", "staff", "member of staff"),
    Login("amir", "Amir", "auditor", "auditor"),
    Login("ada", "Ada", "administrator", "administrator, with the admin site", is_staff=True),
)


def loopback(host: str) -> str:
    """The loopback address meant by `host`; anything else is refused."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
    except ValueError:
        raise Unfit(f"“{host}” is no address; the demo runs on 127.0.0.1.") from None
    if not address.is_loopback:
        raise Unfit(
            f"The demo answers on this machine only (127.0.0.1), not on {host}: its passwords are"
            " on the screen. README.md says how to run Tracker for others."
        )
    return str(address)


def listen(host: str, first_port: int) -> socket.socket:
    """A socket bound to the first free port from `first_port` on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first_port, first_port + PORTS):
        bound = socket.socket(family)
        # A port on which an earlier demo's connections still fade away is free.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
            # Only listening shows whether the port is taken: two may bind it this way.
            bound.listen()
        except (OSError, OverflowError):
            bound.close()
            continue
        return bound
    raise Unfit(f"No free port from {first_port} on; choose another with --port.")


def address(bound: socket.socket) -> str:
    """The URL of the site behind this socket, without a slash at the end."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def sole(path: Path) -> Iterator[IO[str]]:
    """Hold the folder's lock; the file in it says where the demo that holds it can be found.

    The system gives the lock back when the process ends, however it ends.
    """
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "an address it has not settled yet"
            raise Unfit(
                f"The demo already runs from this folder, at {where}. Stop it with Ctrl-C first."
            ) from None
        lock.truncate(0)
        yield lock
        lock.truncate(0)


@contextmanager
def stopping_at_once() -> Iterator[None]:
    """While the database is made ready, a signal to stop ends this process there and then.

    An exception could be swallowed by whatever runs at that moment: a function that SQLite calls,
    a finaliser. The database survives it, the lock goes with the process, and no child runs yet.
    """
    before = {number: signal.signal(number, _stop_at_once) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_at_once(number: int, frame: FrameType | None) -> None:
    os.write(2, b"Stopped before it was up.\n")
    os._exit(128 + number)


def passwords(path: Path) -> dict[str, str]:
    """The demo's passwords by username: made on the first start, the same ever after."""
    known: dict[str, str] = {}
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
    missing = [login.username for login in PEOPLE if login.username not in known]
    if missing:
        known |= {username: password() for username in missing}
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(known, file, indent=2)
    return known


def password() -> str:
    """Three groups of four letters and digits: about 59 bits, and easy to type."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def people(known: Mapping[str, str]) -> list[Login]:
    """Add the demo's people who are not there yet; the answer names those."""
    there = set(User.objects.values_list("username", flat=True))
    new = [login for login in PEOPLE if login.username not in there]
    account = User.objects.get(username=TRACKER)
    for login in new:
        save_user(
            None,
            actor=account,
            values={
                "username": login.username,
                "first_name": login.first_name,
                "email": f"{login.username}@office.example",
                "is_staff": login.is_staff,
                "password": known[login.username],
            },
            groups=Group.objects.filter(name=login.role),
        )
    return new


def parts(bound: socket.socket, logs: Path) -> list[Part]:
    """The two children: the web server on the socket, and the worker with the beat."""
    logs.mkdir(exist_ok=True)
    web = ["gunicorn", "--config", "python:tracker.gunicorn", "--workers", "1"]
    # Threads, since on SQLite a second writing process only waits; the rest keeps the worker from
    # filling the folder that is its broker with messages to other workers.
    worker = ["celery", "-A", "tracker", "worker", "-B", "--pool", "threads", "-c", "2"]
    quiet = ["--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Part(
            "web server",
            [sys.executable, "-m", *web, "--bind", f"fd://{bound.fileno()}", "tracker.wsgi"],
            logs / "web.log",
            files=(bound.fileno(),),
        ),
        Part("worker", [sys.executable, "-m", *worker, *quiet], logs / "worker.log"),
    ]


def answers(url: str) -> bool:
    """Whether the site is up."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
