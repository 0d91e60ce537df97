"""The workflow as a table of moves: who may do what from where, and what each move needs.

Everything that speaks of moves reads this table: the buttons and forms of the pages, the admin's
actions, the one function that makes a move, the glossary and the diagram in the README. Pure: no
rows, no settings, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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


S = State
LIVE = (S.OPEN, S.IN_PROGRESS, S.WAITING, S.REPORTED)
PROMISED = (Kind.PLEDGE, Kind.ACTION_ITEM, Kind.ANNOUNCED_PLAN, Kind.CONTINUING_PRACTICE)
ASKED = (Kind.REQUEST, Kind.EXPECTATION, Kind.RECOMMENDATION)
UNDELIVERED = (
    Verdict.NOT_DELIVERED,
    Verdict.SUPERSEDED,
    Verdict.WITHDRAWN,
    Verdict.NOT_PURSUED,
    Verdict.CANNOT_BE_DETERMINED,
)


@dataclass(frozen=True)
class Move:
    """One row of the table. `target` None means: back to the state it came from."""

    name: str
    label: str
    done: str
    sources: tuple[State, ...]
    target: State | None
    permission: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    four_eyes: bool = False
    kinds: tuple[Kind, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    hint: str = ""

    @property
    def asks(self) -> bool:
        """Whether a question follows before the move is made; its label then ends with "…"."""
        return bool(self.needs or self.takes)

    @property
    def fields(self) -> tuple[str, ...]:
        """What can be given with the move, in the order in which it is asked."""
        return self.needs + self.takes


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "confirm",
            "Confirm",
            "Confirmed",
            (S.CANDIDATE,),
            S.OPEN,
            "commitments.confirm_commitment",
            needs=("obligor", "kind", "due_text", "success_criteria"),
            takes=("due_edtf", "review_on", "owner"),
            hint="It enters the register under a reference of its own.",
        ),
        Move(
            "start",
            "Start",
            "Started",
            (S.OPEN,),
            S.IN_PROGRESS,
            "commitments.work_commitment",
            hint="We are following it up.",
        ),
        Move(
            "wait",
            "Wait",
            "Set waiting",
            (S.OPEN, S.IN_PROGRESS),
            S.WAITING,
            "commitments.work_commitment",
            needs=("condition", "review_on"),
            hint="Nothing can be asked until a condition is met; it comes back for review.",
        ),
        Move(
            "resume",
            "Resume",
            "Resumed",
            (S.WAITING,),
            None,
            "commitments.work_commitment",
            takes=("note",),
            hint="The condition is met, or no longer matters.",
        ),
        Move(
            "report",
            "Report as done",
            "Reported as done",
            (S.OPEN, S.IN_PROGRESS, S.WAITING),
            S.REPORTED,
            "commitments.work_commitment",
            needs=("evidence", "effective"),
            takes=("note",),
            hint="Evidence, or the obligor's own statement, says it is done; an auditor judges.",
        ),
        Move(
            "take_back",
            "Take back the report",
            "Report taken back",
            (S.REPORTED,),
            None,
            "commitments.work_commitment",
            needs=("reason",),
            hint="Only who reported it, and only until an auditor has acted.",
        ),
        Move(
            "send_back",
            "Send back",
            "Sent back",
            (S.REPORTED,),
            S.IN_PROGRESS,
            "commitments.judge_commitment",
            needs=("reason",),
            hint="The evidence does not show it yet; the owner is told why.",
        ),
        Move(
            "close",
            "Close with a verdict",
            "Closed",
            (S.REPORTED,),
            S.CLOSED,
            "commitments.judge_commitment",
            needs=("verdict", "note"),
            takes=("successor", "reopens_on"),
            four_eyes=True,
            verdicts=tuple(Verdict),
            hint="Four eyes: not the owner, not who reported it, not who added its evidence.",
        ),
        Move(
            "close_without_delivery",
            "Close without delivery",
            "Closed without delivery",
            (S.OPEN, S.IN_PROGRESS, S.WAITING),
            S.CLOSED,
            "commitments.judge_commitment",
            needs=("verdict", "reason"),
            takes=("successor", "reopens_on"),
            four_eyes=True,
            verdicts=UNDELIVERED,
            hint="Nothing was reported, and nothing more will be asked.",
        ),
        Move(
            "confirm_period",
            "Confirm the period",
            "Period confirmed",
            (S.IN_PROGRESS, S.REPORTED),
            S.IN_PROGRESS,
            "commitments.judge_commitment",
            needs=("outcome", "period_until", "review_on"),
            takes=("note",),
            four_eyes=True,
            kinds=(Kind.CONTINUING_PRACTICE,),
            hint="A continuing practice is never over: judge the period and set the next review.",
        ),
        Move(
            "reopen",
            "Reopen",
            "Reopened",
            (S.CLOSED,),
            S.OPEN,
            "commitments.reopen_commitment",
            needs=("reason",),
            takes=("review_on",),
            hint="The earlier verdict stays in the history.",
        ),
        Move(
            "dismiss",
            "Dismiss",
            "Dismissed",
            (S.CANDIDATE, S.OPEN, S.IN_PROGRESS, S.WAITING),
            S.DISMISSED,
            "commitments.dismiss_commitment",
            needs=("dismissed_as", "reason"),
            takes=("survivor",),
            hint="Not followed up; it can be restored.",
        ),
        Move(
            "restore",
            "Restore",
            "Restored",
            (S.DISMISSED,),
            None,
            "commitments.restore_commitment",
            needs=("reason",),
            takes=("review_on",),
            hint="Back to the state it had before.",
        ),
        Move(
            "void",
            "Void",
            "Voided",
            tuple(s for s in S if s is not S.DISMISSED),
            S.DISMISSED,
            "commitments.void_commitment",
            needs=("reason",),
            hint="Entered in error. A verdict is cleared and stays in the history.",
        ),
        Move(
            "merge",
            "Merge into another",
            "Merged into another",
            tuple(s for s in S if s is not S.DISMISSED),
            S.DISMISSED,
            "commitments.void_commitment",
            needs=("survivor",),
            takes=("reason",),
            hint="The other keeps its reference; this one's citations are copied to it.",
        ),
    )
}


@dataclass(frozen=True)
class Actor:
    """Who asks: the id and the permissions held."""

    id: int
    permissions: frozenset[str]
    active: bool = True


@dataclass(frozen=True)
class Standing:
    """What the guards need to know of one commitment."""

    state: str
    kind: str
    owner_id: int | None = None
    reported_by_id: int | None = None
    evidence_by: frozenset[int] = frozenset()
    auditor_acted: bool = False
    came_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bar:
    """Why a move is not to be had: `rule` is state, kind, permission, four_eyes or reporter."""

    rule: str
    sentence: str


@dataclass(frozen=True)
class Asked:
    """A move as asked for, with what was given; the values are already of the right type."""

    move: Move
    data: Mapping[str, Any] = field(default_factory=dict)


# Why somebody may not judge: said to the person, and said of the person.
BARRED_YOU = {
    "owner": "you own it",
    "reporter": "you reported it",
    "evidence": "you added evidence to it",
}
BARRED_THEY = {
    "owner": "owns it",
    "reporter": "reported it",
    "evidence": "added evidence to it",
}


def four_eyes(standing: Standing, actor_id: int) -> list[str]:
    """Why this person may not judge: owner, reporter, evidence; empty if nothing bars them."""
    found = {
        "owner": standing.owner_id == actor_id,
        "reporter": standing.reported_by_id == actor_id,
        "evidence": actor_id in standing.evidence_by,
    }
    return [reason for reason, holds in found.items() if holds]


def bar(move: Move, standing: Standing, actor: Actor) -> Bar | None:
    """The first rule that forbids this move to this actor, or None."""
    if not actor.active or move.permission not in actor.permissions:
        return Bar("permission", f"You do not have the right to: {move.label.lower()}.")
    if standing.state not in move.sources:
        state = State(standing.state).label.lower()
        return Bar("state", f"“{move.label}” is not possible while it is {state}.")
    if move.kinds and standing.kind not in move.kinds:
        return Bar("kind", f"“{move.label}” is only for a continuing practice.")
    return _personal_bar(move, standing, actor)


def _personal_bar(move: Move, standing: Standing, actor: Actor) -> Bar | None:
    """The rules that look at who the actor is, not at what the actor may do in general."""
    if move.four_eyes and (reasons := four_eyes(standing, actor.id)):
        why = " and ".join(BARRED_YOU[reason] for reason in reasons)
        return Bar("four_eyes", f"This needs a second pair of eyes: {why}.")
    if move.name == "take_back":
        if standing.reported_by_id != actor.id:
            return Bar("reporter", "Only the person who reported it can take the report back.")
        if standing.auditor_acted:
            return Bar("reporter", "An auditor has acted on the report; it can be sent back now.")
    return None


def legal_moves(standing: Standing, actor: Actor) -> list[Move]:
    """The moves this actor can make now, in the order of the table."""
    return [move for move in MOVES.values() if bar(move, standing, actor) is None]


def target_of(move: Move, standing: Standing) -> str:
    """The state after the move."""
    if move.target is not None:
        return move.target
    return standing.came_from[-1] if standing.came_from else State.IN_PROGRESS


def road_after(move: Move, standing: Standing) -> list[str]:
    """The states to go back to after the move, latest last.

    Waiting, reporting and dismissing remember where they came from; resuming, taking back and
    restoring go there; every other move starts afresh.
    """
    road = list(standing.came_from)
    if move.target is None:
        return road[:-1]
    if move.target in (State.WAITING, State.REPORTED, State.DISMISSED):
        return [*road, standing.state]
    if move.target == State.CLOSED:
        return road
    return []


MISSING = {
    "obligor": "Say which party owes it.",
    "kind": "Say what kind of undertaking it is.",
    "due_text": "Give the deadline in the record's words, or “none stated”.",
    "success_criteria": "Say what would count as evidence.",
    "condition": "Say what it waits for.",
    "review_on": "Give the day on which we look again.",
    "evidence": "Choose the evidence, or the obligor's statement.",
    "effective": "Say when it took effect, as the evidence dates it.",
    "reason": "Say why.",
    "note": "Say what you looked at and what you found.",
    "verdict": "Choose a verdict.",
    "successor": "Name the commitment that takes its place.",
    "reopens_on": "Give the day on which it reopens.",
    "dismissed_as": "Choose what it is instead.",
    "survivor": "Name the commitment that stays.",
    "outcome": "Say whether it was kept or breached in the period.",
    "period_until": "Give the last day of the period you judged.",
}


def missing(asked: Asked) -> dict[str, str]:
    """The fields that are needed and not given, each with its sentence."""
    needed = list(asked.move.needs)
    given = asked.data
    if "successor" in asked.move.takes and given.get("verdict") == Verdict.SUPERSEDED:
        needed.append("successor")
    if "reopens_on" in asked.move.takes and given.get("verdict") == Verdict.NOT_PURSUED:
        needed.append("reopens_on")
    if given.get("dismissed_as") == DismissedAs.DUPLICATE:
        needed.append("survivor")
    return {name: MISSING[name] for name in needed if given.get(name) in (None, "")}


def unfit(asked: Asked) -> dict[str, str]:
    """Given values that this move does not accept, each with its sentence."""
    verdict = asked.data.get("verdict")
    if verdict and verdict not in asked.move.verdicts:
        return {"verdict": f"“{Verdict(verdict).label}” is not a verdict for this move."}
    return {}
