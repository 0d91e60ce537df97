"""Reminders while workers are killed: nothing lost, nothing noticed twice, hardly a mail repeated.

Two workers, two beats and a mail server on the loopback, on a PostgreSQL and a Redis of its own.
While digests go out, workers (or single processes of their pools) are killed with -9 at random
moments and started again. Afterwards every notice must stand in a mail that was received.

    python -m tests.chaos.reminders_under_kills --people 50 --notices 500 --kills 5
"""

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests import servers
from tests.production import Installation
from tests.smtp import Post, post_office

WORKERS, BEATS = ("worker-1", "worker-2"), ("beat-1", "beat-2")
AT_ONCE = 4  # two workers with two processes each
GAP = 3.0  # seconds between two kills, on average
FIRST_TICK = 30.0  # seconds until a beat speaks for the first time
REFERENCE = re.compile(r"C-\d{4}-\d{4,}")


@dataclass(frozen=True)
class Result:
    """What came of it. `lost` are notices that stand in no received mail."""

    people: int
    wanted: int
    notices: int
    lost: int
    mails: int
    received: int
    repeats: int
    strangers: int
    dead: int
    kills: int
    whole_workers: int
    interrupted: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"notices: {self.notices} of {self.wanted} for {self.people} people\n"
            f"lost: {self.lost}\n"
            f"mails: {self.mails} sent, {self.received} received, {self.dead} given up\n"
            f"repeats: {self.repeats}, of which with another Message-ID: {self.strangers}\n"
            f"kills: {self.kills} (-9), {self.whole_workers} of them whole workers;"
            f" they interrupted {self.interrupted} mails\n"
            f"seconds: {self.seconds:.0f}"
        )

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        return (
            self.lost == self.dead == self.strangers == 0
            and self.notices == self.wanted
            and self.mails == self.people
            and self.repeats <= self.kills
        )


class Tables:
    """Looks into the database of the installation from outside."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url)
        self.connection.autocommit = True

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def number(self, query: str) -> int:
        return int(str(self.rows(query)[0][0]))

    def sent(self) -> int:
        return self.number("SELECT count(*) FROM commitments_mail WHERE state = 'sent'")

    def told(self) -> Counter[tuple[str, str]]:
        """Each notice as the address it goes to and the reference it speaks of."""
        rows = self.rows(
            "SELECT u.email, c.reference FROM commitments_notice n"
            " JOIN users_user u ON u.id = n.recipient_id"
            " JOIN commitments_commitment c ON c.id = n.subject_id"
        )
        return Counter((str(email), str(reference)) for email, reference in rows)


def run(
    *, people: int, notices: int, kills: int, database: str, broker: str, seed: int = 0
) -> Result:
    """Run it once on these servers, which are empty."""
    # Slow enough that mails are on their way while workers die.
    post = Post(delay=max(0.05, AT_ONCE * GAP * kills / people))
    with tempfile.TemporaryDirectory() as place, post_office(post) as (post, port):
        office = Installation(
            database=database,
            broker=broker,
            mail=f"smtp://127.0.0.1:{port}",
            folder=Path(place),
            environment={"LOG_LEVEL": "WARNING"},
        )
        must(office, *office.command("migrate"))
        words = f"from tests.chaos.filling import fill; fill({people}, {notices})"
        must(office, "python", "manage.py", "shell", "--verbosity", "0", "--command", words)
        tables, began = Tables(database), time.monotonic()
        with office:
            whole = strike(office, tables, people, kills, random.Random(seed))
            office.wait_until(lambda: tables.sent() >= people, 240.0 + people * post.delay)
            time.sleep(2)
        return count(tables, post, people, notices, kills, whole, time.monotonic() - began)


def must(office: Installation, *command: str) -> None:
    """Run a command that has to succeed."""
    ended = office.run(*command)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{ended.stderr}")


def strike(
    office: Installation, tables: Tables, people: int, kills: int, chance: random.Random
) -> int:
    """Start everything and kill at random; how many of the kills took a whole worker."""
    for name in WORKERS:
        start(office, name)
    for name in BEATS:
        schedule = str(office.folder / f"{name}-schedule")
        office.start("beat", "--schedule", schedule, name=name)
    # The first falls around the first tick, while it plans; the others while mail goes out.
    time.sleep(FIRST_TICK + chance.uniform(-2, 4))
    whole = 0
    for _ in range(kills):
        name = chance.choice(WORKERS)
        if chance.random() < 0.5:
            office.kill(name)
            start(office, name)
            whole += 1
        else:
            kill_one_of(office, name, chance)
        pause = time.monotonic() + chance.uniform(0, 2 * GAP)
        while time.monotonic() < pause and tables.sent() < people:
            time.sleep(0.1)
    return whole


def start(office: Installation, name: str) -> None:
    office.start("worker", "--hostname", f"{name}@%h", name=name)


def kill_one_of(office: Installation, name: str, chance: random.Random) -> None:
    """Kill one process of a worker's pool; where it has none yet, the worker's first process."""
    process = office.running[name]
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    with suppress(ProcessLookupError):
        os.kill(int(chance.choice(children or [str(process.pid)])), signal.SIGKILL)
    if not children:
        office.kill(name)
        start(office, name)


def count(
    tables: Tables,
    post: Post,
    people: int,
    notices: int,
    kills: int,
    whole: int,
    seconds: float,
) -> Result:
    """Compare what stands in the tables with what the mail server took in."""
    told = tables.told()
    seen: set[tuple[str, str]] = set()
    for message in post.taken:
        part = message.get_body(preferencelist=("plain",))
        address = re.search(r"[\w.]+@[\w.]+", str(message["To"]).rpartition("<")[2])
        body = str(part.get_content()) if part else ""
        seen |= {(address[0] if address else "", name) for name in REFERENCE.findall(body)}
    ids = Counter(str(message["Message-ID"]) for message in post.taken)
    known = {str(row[0]) for row in tables.rows("SELECT message_id FROM commitments_mail")}
    dead = tables.number("SELECT count(*) FROM commitments_mail WHERE state = 'dead'")
    interrupted = tables.number("SELECT coalesce(sum(interrupted), 0) FROM commitments_mail")
    return Result(
        people=people,
        wanted=notices,
        notices=told.total(),
        lost=sum(number for pair, number in told.items() if pair not in seen),
        mails=tables.sent(),
        received=len(post.taken),
        repeats=ids.total() - len(ids),
        strangers=len(set(ids) - known),
        dead=dead,
        kills=kills,
        whole_workers=whole,
        interrupted=interrupted,
        seconds=seconds,
    )


def main() -> int:
    """Start the servers, run, print; the exit code says whether the promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--notices", type=int, default=500)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=int(time.monotonic()))
    asked = parser.parse_args()
    with servers.postgres() as postgres, servers.redis() as redis:
        result = run(
            people=asked.people,
            notices=asked.notices,
            kills=asked.kills,
            database=postgres.url,
            broker=f"{redis.url}/0",
            seed=asked.seed,
        )
    sys.stdout.write(f"{result}\nseed: {asked.seed}\n")
    return 0 if result.kept else 1


if __name__ == "__main__":
    sys.exit(main())
