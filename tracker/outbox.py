"""The demo's mail, read from the files it is kept in. Outside the demo there is no such page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as POLICY
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.users.models import User

SHOWN = 200
# Django's file backend ends every message with such a line.
END = re.compile(rb"^-{79}\r?\n?", re.MULTILINE)
NAME = re.compile(r"[\w-]+\.log")


@dataclass(frozen=True)
class Kept:
    """One mail: the file it lies in, its place in that file from 1, and what it says."""

    file_name: str
    place: int
    message: EmailMessage

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent, aware; None where its date cannot be read."""
        try:
            at = parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"] or "")

    @property
    def words(self) -> str:
        """The plain text of the mail."""
        part = self.message.get_body(preferencelist=("plain",))
        return str(part.get_content()) if part else ""


def folder() -> Path | None:
    """Where the demo keeps its mail; None outside the demo."""
    path = getattr(settings, "EMAIL_FILE_PATH", None)
    return Path(path) if settings.DEMO and path else None


def kept_in(path: Path) -> list[Kept]:
    """The mails of one file, in the order in which they were sent."""
    parts = (part for part in END.split(path.read_bytes()) if part.strip())
    return [
        Kept(path.name, place, message_from_bytes(part, policy=POLICY))
        for place, part in enumerate(parts, start=1)
    ]


def newest_first(path: Path) -> Iterator[Kept]:
    """All kept mails; the files are named after the instant they were begun."""
    for file in sorted(path.glob("*.log"), reverse=True):
        yield from reversed(kept_in(file))


def _folder_for(request: HttpRequest) -> Path:
    path = folder()
    if path is None:
        raise Http404
    if not cast(User, request.user).is_staff:
        raise PermissionDenied
    return path


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The mails, newest first."""
    path = _folder_for(request)
    return render(
        request,
        "tracker/outbox.html",
        {"section": "outbox", "mails": list(islice(newest_first(path), SHOWN)), "shown": SHOWN},
    )


@require_safe
def mail(request: HttpRequest, file_name: str, place: int) -> HttpResponse:
    """One mail as its reader gets it, in plain text."""
    path = _folder_for(request) / file_name
    if not NAME.fullmatch(file_name) or not path.is_file():
        raise Http404
    found = [kept for kept in kept_in(path) if kept.place == place]
    if not found:
        raise Http404
    return render(request, "tracker/mail.html", {"section": "outbox", "mail": found[0]})
