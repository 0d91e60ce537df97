"""What stands between a browser and every view."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from tracker.users.models import Office


class OfficeTime:
    """Middleware: pages speak the office's time, daylight saving included.

    Done just before the view, so that what answers without a view (static files, redirects) and
    what must answer without a database (health) asks nothing of it.
    """

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.respond(request)
        finally:
            # Threads are used again; none may keep the zone of an earlier request.
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Switch to the office's zone unless the view answers to anybody."""
        if getattr(view, "login_required", True):
            timezone.activate(Office.current().zone)
