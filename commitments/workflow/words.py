"""The words of the workflow: states, verdicts, kinds and the like."""

from django.db.models import TextChoices


class State(TextChoices):
    """Whose move it is."""

    CANDIDATE = "candidate", "Candidate"
    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    WAITING = "waiting", "Waiting"
    REPORTED = "reported", "Reported"
    CLOSED = "closed", "Closed"
    DISMISSED = "dismissed", "Dismissed"


class Verdict(TextChoices):
    """The auditor's judgement; empty until given, and "not assessed" is not "no action"."""

    DELIVERED = "delivered", "Delivered"
    LARGELY_DELIVERED = "largely_delivered", "Largely delivered"
    PARTLY_DELIVERED = "partly_delivered", "Partly delivered"
    NOT_DELIVERED = "not_delivered", "Not delivered"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"
    NOT_PURSUED = "not_pursued", "Not pursued"
    CANNOT_BE_DETERMINED = "cannot_be_determined", "Cannot be determined"


class Kind(TextChoices):
    """What sort of undertaking; the first four are promised, the others asked."""

    PLEDGE = "pledge", "Pledge"
    ACTION_ITEM = "action_item", "Action item"
    ANNOUNCED_PLAN = "announced_plan", "Announced plan"
    CONTINUING_PRACTICE = "continuing_practice", "Continuing practice"
    REQUEST = "request", "Request"
    EXPECTATION = "expectation", "Expectation"
    RECOMMENDATION = "recommendation", "Recommendation"


class DismissedAs(TextChoices):
    """Why something is not followed up."""

    NOT_A_COMMITMENT = "not_a_commitment", "Not a commitment"
    DUPLICATE = "duplicate", "Duplicate of another"
    OUT_OF_REMIT = "out_of_remit", "Out of our remit"
    VOIDED = "voided", "Entered in error"
    MERGED = "merged", "Merged into another"


class Period(TextChoices):
    """What an auditor found for one period of a continuing practice."""

    KEPT = "kept", "Kept"
    BREACHED = "breached", "Breached"


LIVE = (State.OPEN, State.IN_PROGRESS, State.WAITING, State.REPORTED)
PROMISED = (Kind.PLEDGE, Kind.ACTION_ITEM, Kind.ANNOUNCED_PLAN, Kind.CONTINUING_PRACTICE)
ASKED = (Kind.REQUEST, Kind.EXPECTATION, Kind.RECOMMENDATION)
UNDELIVERED = (
    Verdict.NOT_DELIVERED,
    Verdict.SUPERSEDED,
    Verdict.WITHDRAWN,
    Verdict.NOT_PURSUED,
    Verdict.CANNOT_BE_DETERMINED,
)
