"""The tick: the one thing the beat says, every 30 seconds.

What there is to do lies in tables. Each step looks there, does what is due and may be run by any
number of ticks at once. The steps are functions without arguments, named by dotted path in the
setting TICK_STEPS, because the roof names the apps and the apps never name the roof.
"""

import logging

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from tracker.celery import app

log = logging.getLogger(__name__)


def run_steps() -> list[str]:
    """Run every step of the tick, in order; return the dotted paths of those that failed.

    A step that fails is logged and does not keep the next one from running.
    """
    failed = []
    for path in settings.TICK_STEPS:
        try:
            import_string(path)()
        except Exception:
            log.exception("The tick's step %s failed; the next tick tries again.", path)
            failed.append(path)
            close_old_connections()
    return failed


@app.task(name="tracker.tick")
def tick() -> None:
    """What the beat asks for; its message expires before the next one comes."""
    run_steps()
