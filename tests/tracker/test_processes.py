"""The processes of docker-compose.yml, run by hand against a real PostgreSQL and a real Redis."""

import http.client
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests.production import HOST, Installation

pytestmark = [pytest.mark.services, pytest.mark.slow]
MAIL = "smtp://127.0.0.1:9"  # nobody listens there, and nothing here sends


@pytest.fixture
def office(empty_database: str, redis_url: str, tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(
        database=empty_database, broker=redis_url, mail=MAIL, folder=tmp_path
    )
    with installation:
        yield installation


def fetch(
    office: Installation, path: str, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask the web server as the proxy would: by the site's name, having ended TLS itself."""
    sent = {"Host": HOST, "X-Forwarded-Proto": "https"} | headers
    connection = http.client.HTTPConnection("127.0.0.1", office.port, timeout=10)
    try:
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_the_processes_of_the_compose_file_work_together(office: Installation) -> None:
    office.prepare()
    for service in ("web", "worker", "beat"):
        office.start(service)
    for service in ("web", "worker", "beat"):
        office.wait_until(lambda name=service: office.healthy(name) == "")  # type: ignore[misc]
    office.wait_until(lambda: "tracker.tick" in office.log("worker"))
    office.wait_until(lambda: "succeeded" in office.log("worker"))

    page, body = fetch(office, "/sign-in/")
    assert page.status == 200
    assert "max-age=31536000" in (page.getheader("Strict-Transport-Security") or "")
    assert "Secure" in (page.getheader("Set-Cookie") or "")
    sheet = re.search(rb'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', body)
    assert sheet, body
    style, _ = fetch(office, sheet[1].decode())
    assert style.status == 200
    assert "immutable" in (style.getheader("Cache-Control") or "")


def test_plain_http_and_foreign_names_are_turned_away(office: Installation) -> None:
    office.prepare()
    office.start("web")
    office.wait_until(lambda: office.healthy("web") == "")
    plain, _ = fetch(office, "/sign-in/", **{"X-Forwarded-Proto": "http"})
    assert plain.status == 301
    assert plain.getheader("Location") == f"https://{HOST}/sign-in/"
    foreign, _ = fetch(office, "/sign-in/", Host="elsewhere.example")
    assert foreign.status == 400


def test_a_database_that_is_not_migrated_is_not_ready_and_says_why(office: Installation) -> None:
    ended = office.run("python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    assert ended.returncode == 0
    office.start("web")
    office.wait_until(lambda: "not applied yet" in office.healthy("web"))
    alive, _ = fetch(office, "/healthz")
    assert alive.status == 200


def test_a_worker_that_is_gone_is_noticed(office: Installation) -> None:
    office.prepare()
    office.start("worker")
    office.wait_until(lambda: office.healthy("worker") == "")
    office.kill("worker")
    assert "does not answer" in office.healthy("worker")


def test_migrating_again_changes_nothing(office: Installation) -> None:
    office.prepare()
    again = office.run(*office.command("migrate"))
    assert again.returncode == 0
    assert "No migrations to apply" in again.stdout
    with (
        closing(psycopg2.connect(office.environment["DATABASE_URL"])) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT name FROM auth_group ORDER BY name")
        assert cursor.fetchall() == [("administrator",), ("auditor",), ("staff",)]
