"""Is this process alive, and is the installation ready? For load balancers and watchdogs.

Both answers are open to anybody who can reach the site, so they hold sentences and figures but no
names, addresses or error texts.
"""

import logging
from collections.abc import Callable
from typing import Literal

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.ledger.triggers import missing_triggers

log = logging.getLogger(__name__)

# What a check of the setting READY_CHECKS returns: how things stand, and one sentence with the
# figure behind it. "warn" is for people to look at; only "fail" takes the installation out.
Standing = Literal["ok", "warn", "fail"]
Finding = tuple[Standing, str]


@login_not_required
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """/healthz: this process answers. It asks no database."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """/readyz: every check with its sentence; status 503 as soon as one of them fails."""
    findings = {path: _ask(path) for path in settings.READY_CHECKS}
    fit = all(standing != "fail" for standing, _ in findings.values())
    checks = [
        {"check": path.rpartition(".")[2], "standing": standing, "says": says}
        for path, (standing, says) in findings.items()
    ]
    return JsonResponse({"ready": fit, "checks": checks}, status=200 if fit else 503)


def _ask(path: str) -> Finding:
    """One check's finding; a check that breaks has failed, and its error goes to the log only."""
    check: Callable[[], Finding] = import_string(path)
    try:
        return check()
    except Exception:
        log.exception("The readiness check %s broke.", path)
        return "fail", "This check could not be made; the log says why."


def database() -> Finding:
    """The database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        log.exception("The database does not answer.")
        return "fail", "The database does not answer."
    return "ok", "The database answers."


def history() -> Finding:
    """The triggers that keep the history append-only are in place."""
    missing = missing_triggers(connection)
    if missing:
        return "fail", f"{len(missing)} triggers that protect the history are missing or altered."
    return "ok", "The history is protected."


def migrations() -> Finding:
    """Every migration of this code is applied."""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return "fail", f"{waiting} migration{'s are' if waiting > 1 else ' is'} not applied yet."
    return "ok", "All migrations are applied."
