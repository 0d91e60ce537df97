"""The account "Tracker" in the history: an event for it, as for everybody with an account."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps

from tracker.ledger.reading import history
from tracker.ledger.snapshots import snapshot, stream_of
from tracker.ledger.writing import record, transaction
from tracker.roles import TRACKER
from tracker.users.models import User


def write_down(apps: Apps = installed, using: str = "default", **kwargs: Any) -> None:
    """After the roles: record the account as it now stands, if that is not recorded yet.

    Idempotent. Does nothing while the tables are not there (a partial migrate).
    """
    try:
        for label, name in (("users", "User"), ("ledger", "Event")):
            apps.get_model(label, name)
    except LookupError:
        return
    if using != "default":
        return
    account = User.objects.get(username=TRACKER)
    last = history(stream_of(account)).first()
    if last is None or last.snapshot != snapshot(account):
        with transaction(stream_of(account)):
            record(account, actor=account, action="change" if last else "add")
