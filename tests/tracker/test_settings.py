"""Settings: junk stops the start with a sentence; production is closed, the demo stays home."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.servers import free_port
from tracker import environment

KEY = "a key of the kind an office would make up, 0123456789"
PRODUCTION = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "tracker.example.eu"}
JUNK = [
    ("DEBUG", "maybe"),
    ("TRACKER_DEMO", "ja"),
    ("BEHIND_TLS_PROXY", "2"),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "too short"),
    ("SECRET_KEY", "a" * 60),
    ("SECRET_KEY", "django-insecure-" + KEY),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "https://tracker.example.eu"),
    ("ALLOWED_HOSTS", "tracker.example.eu:443"),
    ("ALLOWED_HOSTS", "tracker example"),
    ("DATABASE_URL", "mysql://root@localhost/tracker"),
    ("DATABASE_URL", "postgres://tracker:hush@db:port/tracker"),
    ("DATABASE_URL", "postgres://tracker:hush@db:5432/"),
    ("DATABASE_URL", "postgres://tracker:hush@db:5432/tracker and more"),
    ("DATABASE_URL", "postgres://[hush/tracker"),
    ("DATABASE_URL", "tracker"),
    ("DATABASE_URL", "sqlite://"),
    ("CELERY_BROKER_URL", "kafka://broker"),
    ("CELERY_BROKER_URL", "redis://"),
    ("CELERY_BROKER_URL", "redis://:hush@broker:0/0"),
    ("CELERY_BROKER_URL", "redis://:hush@broker:99999/0"),
    ("CELERY_BROKER_URL", "filesystem:///tmp/messages"),
    ("EMAIL_URL", "pigeon://loft"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "smtp+tls://office:hush@mail:many"),
    ("EMAIL_URL", "filemail://"),
    ("SITE_URL", "tracker.example.eu"),
    ("SITE_URL", "ftp://tracker.example.eu"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://tracker.example.eu/?a=b"),
    ("HSTS_SECONDS", "0"),
    ("HSTS_SECONDS", "a year"),
    ("LOG_LEVEL", "LOUD"),
    ("TRACKER_VAR", "/dev/null/var"),
]


def run(
    *command: str, var: Path, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of the product in an environment that holds nothing but `environ`."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "TRACKER_VAR": str(var)} | dict(environ or {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("variable", "value"), JUNK)
def test_junk_is_refused_with_a_sentence_that_names_the_variable_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as stop:
        read(variable, tmp_path)
    sentence = str(stop.value)
    assert sentence.startswith(f"{variable} ")
    assert sentence.rstrip(")").endswith(".")
    assert "\n" not in sentence
    assert "hush" not in sentence


def read(variable: str, folder: Path) -> object:
    """The setting behind the variable, read the way tracker/settings.py reads it."""
    readers = {
        "SECRET_KEY": lambda: environment.secret_key(variable),
        "ALLOWED_HOSTS": lambda: environment.hosts(variable),
        "DATABASE_URL": lambda: environment.database(variable, folder / "db.sqlite3"),
        "CELERY_BROKER_URL": lambda: environment.broker(variable),
        "EMAIL_URL": lambda: environment.mail(variable, "smtp://localhost"),
        "SITE_URL": lambda: environment.site(variable, ""),
        "HSTS_SECONDS": lambda: environment.number(variable, 1, lowest=1),
        "LOG_LEVEL": lambda: environment.level(variable, "INFO"),
        "TRACKER_VAR": lambda: environment.folder(variable, folder),
    }
    return readers.get(variable, lambda: environment.flag(variable))()


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "check"),
        ("manage.py", "migrate"),
        ("-m", "celery", "-A", "tracker", "worker"),
        ("-m", "celery", "-A", "tracker", "beat"),
        ("-m", "gunicorn", "--config", "python:tracker.gunicorn", "tracker.wsgi"),
    ],
    ids=lambda command: " ".join(command[:4]),
)
def test_every_program_stops_with_the_sentence_and_without_a_traceback(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    junk = PRODUCTION | {"DATABASE_URL": "mysql://root:hush@localhost/tracker"}
    ended = run(*command, var=tmp_path, environ=junk | {"BIND": f"127.0.0.1:{free_port()}"})
    assert ended.returncode == 1
    assert "DATABASE_URL is not usable" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "hush" not in ended.stderr


def test_junk_for_the_web_server_itself_stops_it_too(tmp_path: Path) -> None:
    command = ("-m", "gunicorn", "--config", "python:tracker.gunicorn", "tracker.wsgi")
    ended = run(*command, var=tmp_path, environ=PRODUCTION | {"WEB_WORKERS": "many"})
    assert ended.returncode == 1
    assert "WEB_WORKERS is “many”" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_any_setting_the_first_missing_one_is_named(tmp_path: Path) -> None:
    ended = run("manage.py", "check", var=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("SECRET_KEY is missing")


def test_the_check_for_deployment_finds_nothing(tmp_path: Path) -> None:
    ended = run("manage.py", "check", "--deploy", "--fail-level", "DEBUG", var=tmp_path,
                environ=PRODUCTION)  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "no issues (0 silenced)" in ended.stdout


def test_production_asks_for_tls_and_keeps_its_cookies_to_it(tmp_path: Path) -> None:
    guards = ["SSL_REDIRECT", "HSTS_SECONDS", "HSTS_INCLUDE_SUBDOMAINS", "HSTS_PRELOAD"]
    names = [f"SECURE_{guard}" for guard in guards]
    names += ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    assert evaluated(names, tmp_path, PRODUCTION) == "True 31536000 True True True True"
    assert evaluated(names, tmp_path, {"TRACKER_DEMO": "1"}) == "False 0 False False False False"


def test_a_proxy_is_trusted_only_when_the_environment_says_so(tmp_path: Path) -> None:
    name = ["SECURE_PROXY_SSL_HEADER"]
    assert evaluated(name, tmp_path, PRODUCTION) == "None"
    trusting = PRODUCTION | {"BEHIND_TLS_PROXY": "true"}
    assert "X_FORWARDED_PROTO" in evaluated(name, tmp_path, trusting)


def test_the_demo_keeps_to_itself_whatever_else_the_environment_names(tmp_path: Path) -> None:
    real = {
        "TRACKER_DEMO": "1",
        "DATABASE_URL": "postgres://tracker@db/real",
        "CELERY_BROKER_URL": "redis://real",
        "EMAIL_URL": "smtp://real",
        "ALLOWED_HOSTS": "real.example.eu",
    }
    names = ["DATABASES", "CELERY_BROKER_URL", "EMAIL_HOST", "EMAIL_BACKEND", "ALLOWED_HOSTS"]
    said = evaluated(names, tmp_path, real)
    assert "sqlite3" in said
    assert "filesystem://" in said
    assert "filebased" in said
    assert "real" not in said.replace(str(tmp_path), "")


def evaluated(names: list[str], var: Path, environ: Mapping[str, str]) -> str:
    """The settings of these names in a process of their own, between blanks."""
    said = ", ".join(f"settings.{name}" for name in names)
    script = f"from django.conf import settings; print({said})"
    django = {"DJANGO_SETTINGS_MODULE": "tracker.settings"}
    ended = run("-c", script, var=var, environ=dict(environ) | django)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_a_key_may_begin_with_a_dollar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", f"${KEY}")
    assert environment.secret_key("SECRET_KEY") == f"${KEY}"


def test_postgresql_and_redis_are_chosen_by_their_urls(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://tracker:p%40ss@db:5433/register")
    chosen = environment.database("DATABASE_URL", tmp_path / "unused")
    assert chosen["ENGINE"] == "django.db.backends.postgresql"
    assert (chosen["HOST"], chosen["PORT"], chosen["NAME"]) == ("db", 5433, "register")
    assert chosen["PASSWORD"] == "p@ss"
    options = environment.broker_options("redis://broker/0", tmp_path)
    assert options["socket_timeout"] == options["socket_connect_timeout"] == 2


def test_sqlite_waits_its_turn(tmp_path: Path) -> None:
    chosen = environment.database("NO_SUCH_VARIABLE", tmp_path / "tracker.sqlite3")
    assert chosen["NAME"] == str(tmp_path / "tracker.sqlite3")
    assert chosen["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert chosen["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in chosen["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    ("url", "port", "secured"),
    [
        ("smtp://mail", 25, None),
        ("smtp+tls://u:p@mail", 587, "EMAIL_USE_TLS"),
        ("smtp+ssl://u:p@mail:4650", 4650, "EMAIL_USE_SSL"),
    ],
)
def test_mail_goes_where_its_url_says(
    monkeypatch: pytest.MonkeyPatch, url: str, port: int, secured: str | None
) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    chosen = environment.mail("EMAIL_URL", "")
    assert chosen["EMAIL_HOST"] == "mail"
    assert chosen["EMAIL_PORT"] == port
    assert [name for name in chosen if name.startswith("EMAIL_USE")] == ([secured] * bool(secured))


def test_mail_kept_as_files_lies_in_the_folder_that_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EMAIL_URL", "filemail:///srv/out%20box")
    assert environment.mail("EMAIL_URL", "")["EMAIL_FILE_PATH"] == "/srv/out box"


def test_the_demo_runs_in_a_folder_with_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "My #1 folder 100%25"
    asked = "print(s.DATABASES['default']['NAME'], s.EMAIL_FILE_PATH, sep='\\n')"
    told = subprocess.run(
        [sys.executable, "-c", f"import tracker.settings as s; {asked}"],
        env={"PATH": os.environ["PATH"], "TRACKER_DEMO": "true", "TRACKER_VAR": str(folder)},
        cwd=settings.BASE_DIR,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout
    assert told.splitlines() == [str(folder / "tracker.sqlite3"), str(folder / "outbox")]


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    first = environment.kept_secret(path)
    assert environment.kept_secret(path) == first
    assert len(first) >= environment.SHORTEST_KEY
    assert path.stat().st_mode & 0o777 == 0o600
    assert [place.name for place in tmp_path.iterdir()] == ["secret-key"]


def test_every_page_is_sent_with_a_policy_that_allows_our_own_files_only(client: Client) -> None:
    policy = dict(
        part.strip().split(" ", 1)
        for part in client.get("/healthz")["Content-Security-Policy"].split(";")
    )
    own = ("default-src", "script-src", "style-src", "img-src", "font-src", "connect-src")
    assert {policy[name] for name in (*own, "base-uri", "form-action")} == {"'self'"}
    assert policy["object-src"] == policy["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("path", ["/admin/", "/account/", "/no/such/page/"])
def test_nothing_but_the_door_answers_a_stranger(db: None, client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {302, 404}
    if answer.status_code == 302:
        assert "sign-in" in answer["Location"] or "login" in answer["Location"]


def test_originals_lie_outside_what_is_served_and_cannot_be_written_again() -> None:
    storages: Any = settings.STORAGES
    options = storages["originals"]["OPTIONS"]
    assert options["file_permissions_mode"] == 0o440
    assert options["base_url"] is None
    assert options["location"].is_relative_to(settings.VAR_DIR)
    assert not settings.MEDIA_ROOT


def test_the_tick_has_a_queue_of_its_own_and_goes_stale_before_the_next_one() -> None:
    beat = settings.CELERY_BEAT_SCHEDULE
    assert list(beat) == ["tick"]
    assert beat["tick"]["schedule"] == 30
    assert beat["tick"]["options"] == {"expires": 25}
    assert settings.CELERY_TASK_ROUTES["tracker.tick"] == {"queue": "tick"}
    bindings = {(q.name, q.exchange.name, q.routing_key) for q in settings.CELERY_TASK_QUEUES}
    assert bindings == {("celery", "celery", "celery"), ("tick", "tick", "tick")}
