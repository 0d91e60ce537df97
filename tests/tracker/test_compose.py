"""docker-compose.yml, Dockerfile and .dockerignore, read: there is no engine to run them in tests.

That the processes they name work together is proved on real ones in test_processes.py.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = ("migrate", "web", "worker", "beat")
LASTING = ("postgres", "redis", "web", "worker", "beat")
SERVED = {"web": "web", "worker": "worker", "beat": "beat"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return parsed


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_it_runs_the_services_the_design_names(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*OURS, "postgres", "redis"}
    assert compose["services"]["postgres"]["image"].startswith("postgres:15")
    assert compose["services"]["redis"]["image"].startswith("redis:7")
    assert {compose["services"][name]["image"] for name in OURS} == {"tracker"}
    assert {compose["services"][name]["build"] for name in OURS} == {"."}


def test_the_tables_are_made_once_before_anything_uses_them(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["restart"] == "no"
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }


@pytest.mark.parametrize("name", LASTING)
def test_everything_that_stays_up_is_watched_and_restarted(
    compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]
    assert service["restart"] == "unless-stopped"
    check = service["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize("name", SERVED)
def test_our_health_checks_ask_our_own_probe(compose: dict[str, Any], name: str) -> None:
    command = compose["services"][name]["healthcheck"]["test"]
    assert command == ["CMD", "python", "manage.py", "probe", SERVED[name]]


def test_what_must_survive_lies_in_named_volumes(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(compose["volumes"]) == {"postgres", "redis", "tracker"}
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql/data"]
    assert services["redis"]["volumes"] == ["redis:/data"]
    for name in OURS:
        assert services[name]["volumes"] == ["tracker:/var/lib/tracker"]


@pytest.mark.parametrize("name", OURS)
def test_no_secret_is_written_down_and_a_missing_one_stops_the_start(
    compose: dict[str, Any], name: str
) -> None:
    environment = compose["services"][name]["environment"]
    for required in ("SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL"):
        assert re.fullmatch(rf"\$\{{{required}:\?[^}}]+\}}", environment[required])
    assert re.search(
        r":\$\{POSTGRES_PASSWORD:\?[^}]+\}@postgres:5432/", environment["DATABASE_URL"]
    )
    assert environment["CELERY_BROKER_URL"] == "redis://redis:6379/0"
    assert "TRACKER_DEMO" not in environment
    assert "DEBUG" not in environment


def test_only_the_web_is_published_and_only_on_the_machines_own_address(
    compose: dict[str, Any],
) -> None:
    ports = {name: service.get("ports") for name, service in compose["services"].items()}
    assert {name: ports for name, ports in ports.items() if ports} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_worker_and_beat_are_the_celery_commands(compose: dict[str, Any]) -> None:
    for name in ("worker", "beat"):
        command = compose["services"][name]["command"]
        assert command[:4] == ["celery", "--app", "tracker", name]
    # In a container of its own, and nowhere else.
    assert "-B" not in compose["services"]["worker"]["command"]


def test_the_image_runs_without_rights_and_without_a_compiler(dockerfile: str) -> None:
    lines = [line for line in dockerfile.splitlines() if not line.startswith("#")]
    assert lines[0] == "FROM python:3.11-slim"
    assert "USER tracker" in lines
    assert lines.index("USER tracker") < next(
        number for number, line in enumerate(lines) if line.startswith("CMD")
    )
    assert "--require-hashes --only-binary :all:" in dockerfile
    assert not re.search(r"gcc|build-essential|apt-get", dockerfile)


def test_the_image_is_built_with_its_static_files_and_without_a_key(dockerfile: str) -> None:
    assert "collectstatic --noinput" in dockerfile
    assert not re.search(r"^(ENV|ARG)[^\n]*(KEY|PASSWORD|TOKEN)", dockerfile, re.M)
    assert re.search(r"SECRET_KEY=\"\$\(python -c", dockerfile)


def test_nothing_private_gets_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", "var", ".git", ".venv"} <= set(ignored)
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
