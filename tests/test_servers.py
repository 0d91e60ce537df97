"""The tests' own servers: private, on free ports, gone afterwards; and what a bare run pretends."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from tests import servers

ROOT = Path(settings.BASE_DIR)


@pytest.mark.services
def test_a_private_postgresql_comes_back_after_a_kill_and_leaves_nothing() -> None:
    if not servers.find_postgres():
        servers.lack("PostgreSQL")
    with servers.postgres() as server:
        assert ":5432/" not in server.url
        server.kill()
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(server.url)
        server.start()
        psycopg2.connect(server.url).close()
        place = server.log.parent
    assert server.process.poll() is not None
    assert not place.exists()


@pytest.mark.services
def test_a_private_redis_leaves_nothing() -> None:
    if not servers.find_redis():
        servers.lack("Redis")
    with servers.redis() as server:
        assert not server.url.endswith(":6379")
        place = server.log.parent
    assert server.process.poll() is not None
    assert not place.exists()


@pytest.mark.services
def test_a_server_does_not_outlive_a_test_run_that_is_killed() -> None:
    script = """
import time
from tests import servers
with servers.redis() as server:
    print(server.process.pid, flush=True)
    time.sleep(60)
"""
    run = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout
    server = int(run.stdout.readline())
    run.kill()
    run.wait()
    run.stdout.close()
    end = time.monotonic() + 10
    while Path(f"/proc/{server}").exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_bare_run_finds_nothing_but_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_BARE", "1")
    assert servers.find_postgres() is None
    assert servers.find_redis() is None
    assert servers.find_chromium() is None
    assert servers.find_faketime() is None
    assert not servers.have_servers()
    assert servers.lacking() == ["PostgreSQL", "Redis", "Chromium", "libfaketime"]


@pytest.mark.parametrize(
    ("variable", "value", "outcome"),
    [("CI", "false", pytest.skip.Exception), ("CI", "true", pytest.fail.Exception),
     ("TEST_REQUIRE_ALL", "1", pytest.fail.Exception)],
)  # fmt: skip
def test_what_is_missing_is_skipped_unless_everything_is_required(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, outcome: type[BaseException]
) -> None:
    for name in ("CI", "TEST_REQUIRE_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(outcome, match="needs a carrier pigeon"):
        servers.lack("a carrier pigeon")


def test_where_everything_is_required_the_run_says_what_is_missing_and_fails() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.run", "--bare"],
        cwd=ROOT,
        env=os.environ | {"TEST_REQUIRE_ALL": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "missing: PostgreSQL, Redis, Chromium, libfaketime." in ended.stdout


def test_a_free_port_is_free_and_not_a_standard_one() -> None:
    port = servers.free_port()
    assert port not in {5432, 6379}
