"""The frame of Tracker: settings, routes, the clock, the ledger and the people."""

from tracker.celery import app as celery_app

__all__ = ["celery_app"]
