"""`manage.py probe web|worker|beat`: is the process in this container well?

For the health checks of docker-compose.yml: exit code 0, or 1 with one sentence.
"""

import http.client
import json
import socket
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker import environment as env
from tracker.celery import app
from tracker.clock import now

WAIT = 5  # seconds for an answer
STALE = 120  # seconds; the beat writes its schedule down with every tick, which is every 30


def web() -> str:
    """What is wrong with the web server on this machine; "" if nothing is."""
    port = int(env.text("BIND", "127.0.0.1:8000").rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
    try:
        # By the name readers use: the server answers to no other.
        host = settings.ALLOWED_HOSTS[0].lstrip(".")
        connection.request("GET", "/readyz", headers={"Host": host})
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        return f"The web server does not answer: {error}."
    finally:
        connection.close()
    if answer.status == http.HTTPStatus.OK:
        return ""
    if answer.status != http.HTTPStatus.SERVICE_UNAVAILABLE:
        return f"The web server answers with status {answer.status}."
    checks = json.loads(body)["checks"]
    return " ".join(check["says"] for check in checks if check["standing"] == "fail")


def worker() -> str:
    """What is wrong with the worker on this machine; "" if nothing is."""
    name = f"celery@{socket.gethostname()}"
    try:
        answers = app.control.ping(destination=[name], timeout=WAIT)
    except Exception as error:  # whatever the broker's client raises
        return f"The broker cannot be asked: {error}."
    return "" if answers else f"The worker {name} does not answer."


def beat() -> str:
    """What is wrong with the beat that keeps its schedule here; "" if nothing is."""
    schedule = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME)
    written = [file.stat().st_mtime for file in schedule.parent.glob(f"{schedule.name}*")]
    if not written:
        return "The beat has not written its schedule yet."
    age = now().timestamp() - max(written)
    return f"The beat's last tick was {age:.0f} seconds ago." if age > STALE else ""


PROBES = {"web": web, "worker": worker, "beat": beat}


class Command(BaseCommand):
    """Ask one probe."""

    help = "Say whether the web server, the worker or the beat on this machine is well."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("which", choices=sorted(PROBES))

    def handle(self, *args: Any, **options: Any) -> None:
        if complaint := PROBES[options["which"]]():
            raise CommandError(complaint)
