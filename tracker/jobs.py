"""Announcing work: telling the queue what already stands in a table."""

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)


def announce(task: str, *args: Any) -> None:
    """Send the task of that name once the open transaction is committed.

    `args` must be plain JSON values, ids above all. An announcement that fails is logged and
    never raised: the row is there, and the tick picks up whatever the queue lost.
    """
    transaction.on_commit(partial(_send, task, args))


def _send(task: str, args: tuple[Any, ...]) -> None:
    try:
        current_app.send_task(task, args=args, retry=False)
    except Exception:
        log.exception("%s could not be announced; the tick will find its work.", task)
