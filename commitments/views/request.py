"""What every view asks of its request: who reads, and which day it is in the office."""

from datetime import date
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from tracker import clock
from tracker.users.models import User


def reader_of(request: HttpRequest) -> User:
    """The person who asks; the login middleware lets nobody else come this far."""
    return cast(User, request.user)


def office_today() -> date:
    """Today in the zone that the middleware switched the request to: no query of its own."""
    return timezone.localdate(clock.now())
