"""The rules a new installation starts with; from then on administrators curate them."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps

from commitments.actions import save_rule
from commitments.models import Anchor, Audience, ReminderRule
from commitments.workflow import State
from tracker.ledger.writing import transaction
from tracker.users.models import User

# The account that acts for the system and cannot sign in.
ACCOUNT = "tracker"
# While the obligor is still to move; what is reported waits for an auditor.
PURSUED = [State.OPEN.value, State.IN_PROGRESS.value, State.WAITING.value]
MONTHLY_FOR_A_YEAR = {"repeat_every": 30, "repeat_times": 12}

DEFAULTS: tuple[dict[str, Any], ...] = (
    {
        "code": "due-in-30-days",
        "name": "Due in 30 days",
        "anchor": Anchor.DUE,
        "offset_days": -30,
        "audience": Audience.OWNER,
        "states": PURSUED,
    },
    {
        "code": "due-in-7-days",
        "name": "Due in 7 days",
        "anchor": Anchor.DUE,
        "offset_days": -7,
        "audience": Audience.OWNER,
        "states": PURSUED,
    },
    {
        "code": "due-today",
        "name": "Due today",
        "anchor": Anchor.DUE,
        "audience": Audience.OWNER,
        "states": PURSUED,
    },
    {
        "code": "overdue",
        "name": "Overdue, after a week and then monthly",
        "anchor": Anchor.DUE,
        "offset_days": 7,
        "audience": Audience.OWNER,
        "states": PURSUED,
        **MONTHLY_FOR_A_YEAR,
    },
    {
        "code": "overdue-supervisor",
        "name": "Overdue by 30 days, to the supervisor",
        "anchor": Anchor.DUE,
        "offset_days": 30,
        "audience": Audience.SUPERVISOR,
        "states": PURSUED,
        "immediate": True,
    },
    {
        "code": "review-due",
        "name": "Review due, and then monthly",
        "anchor": Anchor.REVIEW,
        "audience": Audience.OWNER,
        "states": PURSUED,
        **MONTHLY_FOR_A_YEAR,
    },
    {
        "code": "reply-due",
        "name": "Reply due today",
        "anchor": Anchor.REPLY_DUE,
        "audience": Audience.OWNER,
    },
    {
        "code": "reply-late",
        "name": "Reply late, after a week and then monthly",
        "anchor": Anchor.REPLY_DUE,
        "offset_days": 7,
        "audience": Audience.OWNER,
        **MONTHLY_FOR_A_YEAR,
    },
    {
        "code": "reported",
        "name": "Reported as done, to the auditors",
        "anchor": Anchor.REPORTED,
        "audience": Audience.AUDITORS,
        "states": [State.REPORTED.value],
    },
    {
        "code": "assigned",
        "name": "Assigned to you",
        "anchor": Anchor.AT_ONCE,
        "audience": Audience.NAMED,
        "immediate": True,
    },
    {
        "code": "mentioned",
        "name": "You were mentioned",
        "anchor": Anchor.AT_ONCE,
        "audience": Audience.NAMED,
        "immediate": True,
    },
    {
        "code": "sent-back",
        "name": "Sent back to you",
        "anchor": Anchor.AT_ONCE,
        "audience": Audience.NAMED,
        "immediate": True,
    },
    {
        "code": "contradicted",
        "name": "Contradicted by a new citation",
        "anchor": Anchor.AT_ONCE,
        "audience": Audience.NAMED,
    },
)


def tracker_account() -> User | None:
    """The account that acts for the system; None as long as the roles are not completed."""
    return User.objects.filter(username=ACCOUNT).first()


def install_default_rules() -> int:
    """Enter those of the default rules that are not there, switched on from today; how many.

    A rule that an administrator changed or switched off is left as it is. Does nothing while the
    account that acts for the system is missing.
    """
    actor = tracker_account()
    known = set(ReminderRule.objects.values_list("code", flat=True))
    missing = [values for values in DEFAULTS if values["code"] not in known]
    if actor is None or not missing:
        return 0
    with transaction():
        for values in missing:
            save_rule(None, actor=actor, values={**values, "active": True})
    return len(missing)


def after_migrate(apps: Apps = installed, using: str = "default", **kwargs: object) -> None:
    """The step after migrate. Does nothing while the tables are not there (a partial migrate)."""
    needed = (("users", "User"), ("ledger", "Event"), ("commitments", "ReminderRule"))
    try:
        for label, name in needed:
            apps.get_model(label, name)
    except LookupError:
        return
    if using == "default":
        install_default_rules()
