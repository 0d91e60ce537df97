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
    passed: int = 0
    failed: int = 0
    skipped: Mapping[str, Sequence[str]] = field(default_factory=dict)  # reason: tests

    def line(self) -> str:
        """The outcome on one line of the summary."""
        counts = f"{self.passed} passed, {self.failed} failed, {self.left_out()} skipped, "
        shown = counts if self.passed or self.failed else ""
        verdict = "ok" if self.code == 0 else "FAILED"
        return f"  {self.name:<20} {verdict:<7} {shown}{self.seconds:.0f} s"

    def left_out(self) -> int:
        """How many tests were skipped."""
        return sum(len(tests) for tests in self.skipped.values())


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
        left_out = case.find("skipped")
        if left_out is not None:
            name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
            skipped[left_out.get("message", "")].append(name)
        elif case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        else:
            outcome.passed += 1
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
    """Say how each step ended and what was skipped, by name; the answer is the exit code."""
    print("\n== Summary")
    for outcome in outcomes:
        print(outcome.line())
    if not servers.have_servers():
        print("  Not run at all: PostgreSQL and Redis.")
    for outcome in outcomes:
        for reason, tests in sorted(outcome.skipped.items()):
            print(f"  Skipped on {outcome.name}, {reason}:")
            print("\n".join(f"    {test}" for test in tests))
    if any(outcome.code for outcome in outcomes):
        return 1
    if servers.required() and any(outcome.left_out() for outcome in outcomes):
        print("  Everything is required here, so what was skipped fails.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
