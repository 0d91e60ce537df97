"""/healthz and /readyz: open to anybody, plain about how things stand, silent about the rest."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client

from tracker import health
from tracker.ledger.triggers import drop_triggers
from tracker.users.models import Office


def fine() -> health.Finding:
    return "ok", "Fine."


def worth_a_look() -> health.Finding:
    return "warn", "3 mails could not be delivered."


def bad() -> health.Finding:
    return "fail", "Nothing works."


def broken() -> health.Finding:
    raise RuntimeError("secret inner workings")


def test_alive_answers_anybody_without_asking_a_database(client: Client) -> None:
    answer = client.get("/healthz")  # this test has no access to one
    assert answer.status_code == 200
    assert answer.content == b"alive\n"
    assert "no-store" in answer["Cache-Control"]


def test_ready_tells_anybody_that_everything_is_in_place(db: None, client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json()["ready"] is True
    standings = {check["check"]: check["standing"] for check in answer.json()["checks"]}
    assert standings["database"] == standings["migrations"] == standings["history"] == "ok"


def test_ready_asks_every_check_that_the_settings_name(client: Client, settings: Any) -> None:
    settings.READY_CHECKS = [f"{__name__}.fine", f"{__name__}.worth_a_look"]
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": [
            {"check": "fine", "standing": "ok", "says": "Fine."},
            {
                "check": "worth_a_look",
                "standing": "warn",
                "says": "3 mails could not be delivered.",
            },
        ],
    }


@pytest.mark.parametrize("name", ["bad", "broken"])
def test_one_failing_check_makes_the_answer_503(client: Client, settings: Any, name: str) -> None:
    settings.READY_CHECKS = [f"{__name__}.fine", f"{__name__}.{name}"]
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False


def test_a_check_that_breaks_keeps_its_error_to_the_log(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.READY_CHECKS = [f"{__name__}.broken"]
    assert "secret" not in json.dumps(client.get("/readyz").json())
    assert "secret inner workings" in caplog.text


def test_a_database_that_does_not_answer_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("could not connect to 10.0.0.7")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert health.database() == ("fail", "The database does not answer.")


def test_missing_triggers_fail(db: None) -> None:
    drop_triggers(connection)
    standing, says = health.history()
    assert standing == "fail"
    assert "missing" in says


def test_a_migration_not_applied_fails(transactional_db: None) -> None:
    call_command("migrate", "sessions", "zero", verbosity=0)
    try:
        assert health.migrations() == ("fail", "1 migration is not applied yet.")
    finally:
        call_command("migrate", "sessions", verbosity=0)
    assert health.migrations()[0] == "ok"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_only_reads(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_pages_speak_the_time_of_the_office(
    client: Client, olga: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Office.objects.create(pk=1, zone_name="Pacific/Auckland")
    seen: list[str] = []
    monkeypatch.setattr("tracker.web.timezone.activate", lambda zone: seen.append(str(zone)))
    client.force_login(olga)
    client.get("/account/")
    assert seen == ["Pacific/Auckland"]
