"""The guards: who is barred from a move, what it still needs, and where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from commitments.workflow.table import MOVES, Move
from commitments.workflow.words import DismissedAs, State, Verdict


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
