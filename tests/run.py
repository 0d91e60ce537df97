"""What ./test runs: style, types, and the suite on each database, with one summary at the end.

The first run is on SQLite with everything but the tests that need servers; the second is on
PostgreSQL and Redis with those, and repeats what touches the database (tests/conftest.py sorts
them). Paths and options go to pytest, and then style and types are left out.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests import servers

NOTHING_COLLECTED = 5  # pytest's exit code
FOLDERS = ["tracker", "documents", "commitments", "tests", "manage.py"]
CHECKS = (
    ("Style", ["ruff", "check", "--quiet", *FOLDERS]),
    ("Format", ["ruff", "format", "--check", "--quiet", *FOLDERS]),
    ("Types", ["mypy", *FOLDERS]),
)
# Two processes for two cores; the tests of one group (the demo's) stay in one of them.
PYTEST = ["pytest", "-q", "-n", "2", "--dist", "loadgroup"]
# Whatever the caller's environment says, tests choose their settings and their database.
OURS = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": ""}


@dataclass
class Outcome:
    """How one step ended."""

    name: str
    code: int
    seconds: float
    passed: set[str] = field(default_factory=set)
    failed: int = 0
    skipped: Mapping[str, Sequence[str]] = field(default_factory=dict)  # reason: tests

    def line(self) -> str:
        """The outcome on one line of the summary."""
        skipped = sum(len(tests) for tests in self.skipped.values())
        counts = f"{len(self.passed)} passed, {self.failed} failed, {skipped} skipped, "
        shown = counts if self.passed or self.failed else ""
        verdict = "ok" if self.code == 0 else "FAILED"
        return f"  {self.name:<20} {verdict:<7} {shown}{self.seconds:.0f} s"


def main(arguments: Sequence[str]) -> int:
    """Run everything asked for; the answer is the exit code."""
    asked = [argument for argument in arguments if argument != "--bare"]
    if len(asked) < len(arguments):
        os.environ["TEST_BARE"] = "1"
    if servers.required() and (missing := servers.lacking()):
        print(f"Everything is required here, and this is missing: {', '.join(missing)}.")
        return 1
    outcomes = [] if asked else [check(name, command) for name, command in CHECKS]
    if servers.have_servers():
        outcomes.append(suite("SQLite", {"TEST_RUN": "sqlite"}, asked))
        outcomes.append(on_servers(asked))
    else:
        outcomes.append(suite("SQLite", {}, asked))
    return summary(outcomes)


def check(name: str, command: Sequence[str]) -> Outcome:
    """One program of the virtual environment."""
    print(f"\n== {name}: {command[0]}", flush=True)
    begun = time.monotonic()
    ended = subprocess.run([sys.executable, "-m", *command], check=False)
    return Outcome(name, ended.returncode, time.monotonic() - begun)


def suite(name: str, environment: Mapping[str, str], asked: Sequence[str]) -> Outcome:
    """One run of pytest, on both cores, with its counts read from its report."""
    print(f"\n== Tests: {name}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tracker-report-") as folder:
        report = Path(folder) / "report.xml"
        ended = subprocess.run(
            [sys.executable, "-m", *PYTEST, f"--junitxml={report}", *asked],
            env=os.environ | OURS | dict(environment),
            check=False,
        )
        code = 0 if ended.returncode == NOTHING_COLLECTED and asked else ended.returncode
        outcome = Outcome(name, code, time.monotonic() - begun)
        if report.exists():
            count(report, outcome)
    return outcome


def count(report: Path, outcome: Outcome) -> None:
    """Take the counts and the names of what was skipped from pytest's report."""
    skipped = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
        left_out = case.find("skipped")
        if left_out is not None:
            skipped[left_out.get("message", "")].append(name)
        elif case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        else:
            outcome.passed.add(name)
    outcome.skipped = skipped


def on_servers(asked: Sequence[str]) -> Outcome:
    """The run on PostgreSQL and Redis: on those named in the environment, or on private ones."""
    with ExitStack() as running:
        database = servers.named("TEST_DATABASE_URL")
        if not database:
            database = running.enter_context(servers.postgres()).url
        broker = servers.named("TEST_REDIS_URL")
        if not broker:
            broker = running.enter_context(servers.redis()).url
        urls = {"DATABASE_URL": database, "TEST_DATABASE_URL": database, "TEST_REDIS_URL": broker}
        return suite("PostgreSQL and Redis", {"TEST_RUN": "postgresql", **urls}, asked)


def summary(outcomes: Sequence[Outcome]) -> int:
    """Say how each step ended and what was left out, by name; the answer is the exit code.

    What one run skipped and the other passed (a test of one database's own ways) is not left out.
    """
    print("\n== Summary")
    print("\n".join(outcome.line() for outcome in outcomes))
    if not servers.have_servers():
        print("  Not run at all: PostgreSQL and Redis.")
    missed = left_out(outcomes)
    for reason, names in sorted(missed.items()):
        print("\n".join([f"  Skipped, {reason}:", *(f"    {name}" for name in sorted(names))]))
    if servers.required() and missed:
        print("  Everything is required here, so what was skipped fails.")
        return 1
    return 1 if any(outcome.code for outcome in outcomes) else 0


def left_out(outcomes: Sequence[Outcome]) -> dict[str, set[str]]:
    """What no run passed, by the reason for which it was skipped."""
    passed = set().union(*(outcome.passed for outcome in outcomes))
    missed: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        for reason, tests in outcome.skipped.items():
            missed[reason] |= set(tests) - passed
    return {reason: names for reason, names in missed.items() if names}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
