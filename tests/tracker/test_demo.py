"""The demo as it really runs: started, used, stopped, crashed and killed as whole processes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path

import pytest
from django.conf import settings

from tests.servers import free_port
from tracker import demo

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux' /proc"),
]
UP = re.compile(r"Tracker runs at (http://\S+)/")
PATIENCE = 60.0  # seconds

Start = Callable[..., "Demo"]


class Demo:
    """One running `manage.py demo` in a folder of its own."""

    def __init__(self, var: Path, *arguments: str, port: int | None = None) -> None:
        self.var = var
        self.output = var / f"output-{time.monotonic_ns()}"
        kept = {"PATH", "HOME", "LANG", "TMPDIR"}
        environment = {name: value for name, value in os.environ.items() if name in kept}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "manage.py",
                    "demo",
                    "--port",
                    str(port or free_port()),
                    *arguments,
                ],
                cwd=settings.BASE_DIR,
                env=environment | {"TRACKER_VAR": str(var), "PYTHONUNBUFFERED": "1"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def says(self) -> str:
        """All it has printed so far."""
        return self.output.read_text(encoding="utf-8")

    def up(self) -> "Demo":
        """Wait for its address."""
        self.wait_for(lambda: bool(UP.search(self.says())))
        return self

    @property
    def url(self) -> str:
        found = UP.search(self.says())
        assert found, self.says()
        return found[1]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, self.says()
            assert self.process.poll() is None, self.says()
            time.sleep(0.05)

    def child(self, word: str) -> int:
        """The process id of the demo's own child with this word on its command line."""
        return next(
            pid
            for pid in processes_in(self.var)
            if parent_of(pid) == self.process.pid and word in command_of(pid)
        )

    def end(self) -> int:
        """Its exit code."""
        return self.process.wait(timeout=PATIENCE)


def fetch(url: str) -> HTTPResponse:
    answer: HTTPResponse = urllib.request.urlopen(url, timeout=PATIENCE)  # noqa: S310
    return answer


def processes_in(var: Path) -> list[int]:
    """Every process that works in this folder, whoever its parent is by now."""
    mark = f"TRACKER_VAR={var}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (place / "environ").read_bytes().split(b"\0") and state_of(place) != "Z":
                found.append(int(place.name))
        except OSError:
            continue  # it has just ended
    return found


def state_of(place: Path) -> str:
    return (place / "stat").read_text().rpartition(")")[2].split()[0]


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def nothing_is_left(var: Path) -> bool:
    end = time.monotonic() + PATIENCE
    while processes_in(var):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all of these: filled by the first demo, found filled by the others."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def start(var: Path) -> Iterator[Start]:
    started: list[Demo] = []

    def go(*arguments: str, port: int | None = None) -> Demo:
        started.append(Demo(var, *arguments, port=port))
        return started[-1]

    yield go
    for running in started:
        if running.process.poll() is None:
            running.process.terminate()
            running.process.wait(timeout=PATIENCE)
    assert nothing_is_left(var)


def test_it_prints_an_address_that_answers_and_logins_that_stay_the_same(start: Start) -> None:
    first = start().up()
    with fetch(f"{first.url}/sign-in/") as page:
        assert page.status == 200
        assert "Secure" not in page.headers["Set-Cookie"]
    with fetch(f"{first.url}/readyz") as answer:
        assert json.load(answer)["ready"]
    logins = re.findall(r"^  (\w+) +(\w{4}-\w{4}-\w{4}) ", first.says(), re.M)
    assert [name for name, _ in logins] == ["olga", "otto", "amir", "ada"]
    assert len({password for _, password in logins}) == 4
    kept = first.var / "demo-logins.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    first.process.send_signal(signal.SIGINT)
    assert first.end() == 0
    again = start().up()
    assert re.findall(r"^  (\w+) +(\w{4}-\w{4}-\w{4}) ", again.says(), re.M) == logins


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_leaves_no_process_behind(start: Start, number: signal.Signals) -> None:
    running = start().up()
    assert len(processes_in(running.var)) >= 4  # itself, web and its worker, worker and its beat
    running.process.send_signal(number)
    assert running.end() == 0
    assert "nothing is left running" in running.says()
    assert processes_in(running.var) == []


def test_a_stop_while_it_starts_leaves_no_process_behind(start: Start) -> None:
    running = start()
    running.wait_for(lambda: "Preparing" in running.says())
    running.process.send_signal(signal.SIGINT)
    assert running.end() in {0, 130}
    assert "Traceback" not in running.says()
    assert nothing_is_left(running.var)


@pytest.mark.parametrize(("word", "name"), [("gunicorn", "web server"), ("celery", "worker")])
def test_a_crash_of_one_child_stops_the_other_and_says_which_it_was(
    start: Start, word: str, name: str
) -> None:
    running = start().up()
    os.kill(running.child(word), signal.SIGKILL)
    assert running.end() == 1
    assert f"The {name} ended by itself (exit code -9)" in running.says()
    assert "Traceback" not in running.says()
    assert processes_in(running.var) == []


def test_even_when_the_demo_itself_is_killed_its_children_end(start: Start) -> None:
    running = start().up()
    running.process.kill()
    running.end()
    assert nothing_is_left(running.var)
    assert start().up().url  # and the folder is free again


def test_a_second_demo_in_the_same_folder_is_refused_and_told_where_the_first_is(
    start: Start,
) -> None:
    first = start().up()
    second = start()
    assert second.end() == 1
    assert f"already runs from this folder, at {first.url}/" in second.says()
    assert "Traceback" not in second.says()
    assert first.process.poll() is None


def test_a_busy_port_is_passed_over(start: Start) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as busy:
        taken = busy.getsockname()[1]
        running = start(port=taken).up()
        port = int(running.url.rpartition(":")[2])
        assert taken < port < taken + demo.PORTS


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "tracker.example.eu"])  # noqa: S104
def test_the_demo_is_not_shown_to_other_machines(start: Start, host: str) -> None:
    refused = start("--host", host)
    assert refused.end() == 1
    assert host in refused.says()
    assert "Traceback" not in refused.says()


def test_the_worker_ticks_without_a_broker_to_install(start: Start) -> None:
    running = start().up()
    log = running.var / "log" / "worker.log"
    running.wait_for(lambda: "tracker.tick" in log.read_text() and "succeeded" in log.read_text())
    running.wait_for(lambda: not list((running.var / "broker" / "messages").iterdir()))


def test_a_login_once_made_is_never_made_again(tmp_path: Path) -> None:
    path = tmp_path / "logins.json"
    first = demo.passwords(path)
    assert demo.passwords(path) == first
    path.write_text(json.dumps({"olga": "as it was"}))
    assert demo.passwords(path)["olga"] == "as it was"
    assert set(demo.passwords(path)) == {"olga", "otto", "amir", "ada"}
