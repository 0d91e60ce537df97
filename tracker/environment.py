"""Reading the environment: every variable is checked, and junk stops the start with a sentence.

A setting that cannot be used raises `SystemExit` with one sentence that names the variable. It is
not an ordinary exception on purpose: `manage.py`, Celery and gunicorn all let it through, print
the sentence and end with exit code 1, and none of them shows a traceback. No sentence ever repeats
a value that may hold a password.
"""

import os
import re
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, quote, unquote, urlsplit

import environ

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HOST = re.compile(
    r"^\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$", re.I
)
ADDRESS = re.compile(r"^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\])$", re.I)
SHORTEST_KEY = 50
FEWEST_CHARACTERS = 5
HIGHEST_PORT = 65535


def refuse(variable: str, sentence: str) -> NoReturn:
    """Stop the start: `sentence` begins with a verb and is printed after the variable's name."""
    raise SystemExit(f"{variable} {sentence}")


def text(variable: str, default: str = "") -> str:
    """The variable without blanks around it; unset and empty are the same."""
    # Read directly: django-environ takes a leading "$" for the name of another variable.
    return os.environ.get(variable, "").strip() or default


def flag(variable: str, default: bool = False) -> bool:
    """A yes or a no; anything else is refused and not read as "no"."""
    word = text(variable).lower()
    if not word:
        return default
    if word not in TRUE | FALSE:
        refuse(variable, f"is “{word}”; write true or false.")
    return word in TRUE


def number(variable: str, default: int, *, lowest: int = 0, highest: int = 2**31 - 1) -> int:
    """A whole number between `lowest` and `highest`."""
    word = text(variable)
    if not word:
        return default
    if not re.fullmatch(r"\d{1,10}", word) or not lowest <= int(word) <= highest:
        refuse(variable, f"is “{word}”; write a whole number from {lowest} to {highest}.")
    return int(word)


def level(variable: str, default: str) -> str:
    """The name of a log level."""
    word = text(variable, default).upper()
    if word not in LEVELS:
        refuse(variable, f"is “{word}”; write one of {', '.join(LEVELS)}.")
    return word


def is_a_host(name: str) -> bool:
    """Whether this is a host name (a leading dot covers its subdomains) or an IP address."""
    return bool(ADDRESS.match(name) or HOST.match(name))


def hosts(variable: str, default: list[str] | None = None) -> list[str]:
    """Host names between commas. Without a default at least one is required."""
    names = [name.strip() for name in text(variable).split(",") if name.strip()]
    if not names and default is None:
        refuse(
            variable,
            "is missing; write the host names this site is reached by, as tracker.example.eu.",
        )
    for name in names:
        if not is_a_host(name):
            refuse(
                variable,
                f"holds “{name}”; write host names between commas, without http://, port or *.",
            )
    return names or default or []


def secret_key(variable: str) -> str:
    """The key that signs sessions: long, and not a placeholder."""
    key = os.environ.get(variable, "").strip()
    if not key:
        refuse(
            variable,
            "is missing; write a random text of at least 50 characters "
            "(for a look round, ./start needs none; DEBUG=true is for development).",
        )
    if len(key) < SHORTEST_KEY:
        refuse(variable, f"has {len(key)} characters; write a random text of at least 50.")
    if len(set(key)) < FEWEST_CHARACTERS or key.startswith("django-insecure-"):
        refuse(variable, "is too easy to guess; write a random text of at least 50 characters.")
    return key


def kept_secret(path: Path) -> str:
    """A random key kept in a file of its owner's, made the first time it is asked for."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
    try:
        # A link appears whole or not at all, and the first of two processes wins.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")


def folder(variable: str, default: Path) -> Path:
    """A folder this process may write to, made if it is not there yet."""
    path = Path(text(variable, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(variable, f"is “{path}”, which cannot be made a folder: {error.strerror}.")
    if not os.access(path, os.W_OK | os.X_OK):
        refuse(variable, f"is “{path}”, where this process may not write.")
    return path


def split(variable: str, url: str, schemes: Collection[str]) -> SplitResult:
    """The parts of a URL whose scheme is one of `schemes` and whose port is a port."""
    say = f"is not usable; write it like {', '.join(f'{scheme}://…' for scheme in schemes)}."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        refuse(variable, say)
    if parts.scheme not in schemes or port == 0 or any(mark.isspace() for mark in url):
        refuse(variable, say)
    return parts


def database(variable: str, embedded: Path) -> dict[str, Any]:
    """A database for Django: PostgreSQL by URL, or SQLite in one file."""
    url = text(variable, f"sqlite:///{quote(str(embedded))}")
    parts = split(variable, url, ("postgres", "postgresql", "sqlite"))
    if not parts.path.strip("/"):
        refuse(
            variable, "names no database; write it like postgres://user:password@host:5432/name."
        )
    config = dict(environ.Env.db_url_config(url))
    if parts.scheme == "sqlite":
        return config | {"OPTIONS": sqlite_options(), "CONN_MAX_AGE": 60}
    options = {"connect_timeout": 5} | config.get("OPTIONS", {})
    return config | {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def sqlite_options() -> dict[str, Any]:
    """What keeps several processes on one SQLite file from failing with "database is locked"."""
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }


def broker(variable: str) -> str:
    """Where Celery's messages go: a folder unless a Redis or a RabbitMQ is named."""
    url = text(variable, "filesystem://")
    parts = split(variable, url, ("redis", "rediss", "amqp", "amqps", "filesystem"))
    if parts.scheme != "filesystem" and not parts.hostname:
        refuse(variable, "names no host; write it like redis://host:6379/0.")
    if parts.scheme == "filesystem" and url != "filesystem://":
        refuse(variable, "takes no path with filesystem://; the messages lie under TRACKER_VAR.")
    return url


def broker_options(url: str, spool: Path) -> dict[str, Any]:
    """Transport options: two seconds for a broker that does not answer, and one attempt only."""
    once = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
    if url.startswith("redis"):
        return once | {"socket_timeout": 2, "socket_connect_timeout": 2, "socket_keepalive": True}
    if url.startswith("amqp"):
        return once | {"write_timeout": 2}
    for part in ("messages", "exchanges", "taken"):
        (spool / part).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(spool / "messages"),
        "data_folder_out": str(spool / "messages"),
        "control_folder": str(spool / "exchanges"),
        "processed_folder": str(spool / "taken"),
        # At its default of one message a second the folder would starve the tick.
        "polling_interval": 0.1,
    }


MAIL = ("smtp", "smtp+tls", "smtp+ssl", "filemail", "consolemail", "memorymail", "dummymail")


def mail(variable: str, default: str) -> Mapping[str, Any]:
    """Django's EMAIL_… settings out of one URL."""
    url = text(variable, default)
    parts = split(variable, url, MAIL)
    if parts.scheme.startswith("smtp") and not parts.hostname:
        refuse(variable, "names no host; write it like smtp+tls://user:password@host:587.")
    if parts.scheme == "filemail" and not parts.path.strip("/"):
        refuse(variable, "names no folder; write it like filemail:///srv/outbox.")
    config: dict[str, Any] = environ.Env.email_url_config(url)
    if parts.scheme == "filemail":
        # The library drops the slash an absolute path begins with.
        config["EMAIL_FILE_PATH"] = unquote(parts.path)
    if parts.scheme.startswith("smtp"):
        config["EMAIL_PORT"] = (
            parts.port or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[parts.scheme]
        )
    return config


def site(variable: str, default: str) -> str:
    """The address readers reach the site by, for links in mail; without a slash at the end."""
    url = text(variable, default)
    parts = split(variable, url, ("https", "http"))
    if not parts.hostname or not is_a_host(parts.hostname) or parts.query or parts.fragment:
        refuse(variable, "is no address of a site; write it like https://tracker.example.eu.")
    return url.rstrip("/")
