"""The table of moves as people read it: a diagram, and tables for the pages under docs/. Pure."""

from collections.abc import Iterable, Mapping

from commitments.workflow.table import MOVES, Move
from commitments.workflow.words import State, Verdict

# Capturing is an action and no move: before it there is no state to move from.
CAPTURE = "Capture"


def diagram() -> str:
    """The states and moves as a Mermaid state diagram.

    A move with one target is an arrow from each of its sources; one that goes back is an arrow to
    each state it may have come from. What is possible from every other state would only tangle
    the picture: it stands in a note, and so does the way back from it.
    """
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{state.label}" as {state}' for state in State]
    lines.append(f"    [*] --> {State.CANDIDATE} : {CAPTURE}")
    arrows: dict[tuple[State, State], list[str]] = {}
    for move in MOVES.values():
        for arrow in _arrows(move):
            arrows.setdefault(arrow, []).append(move.label)
    lines += [
        f"    {source} --> {target} : {', '.join(labels)}"
        for (source, target), labels in arrows.items()
    ]
    for state in State:
        lines += _note(state)
    return "\n".join(lines)


def moves_table(who: Mapping[str, str]) -> str:
    """One row a move, as a Markdown table; `who` names those who hold each permission."""
    rows = [
        (
            f"**{move.label}** (`{move.name}`)",
            f"{_from(move)} → {_to(move)}",
            who[move.permission] + (" (four eyes)" if move.four_eyes else ""),
            _fields(move),
            move.hint,
        )
        for move in MOVES.values()
    ]
    return markdown_table(("move", "from → to", "who", "needs", "what it says"), rows)


def states_table() -> str:
    """Every state with the moves that lead out of it, as a Markdown table."""
    rows = [
        (
            f"**{state.label}** (`{state}`)",
            ", ".join(move.label for move in MOVES.values() if state in move.sources),
        )
        for state in State
    ]
    return markdown_table(("state", "moves out of it"), rows)


def verdicts_table() -> str:
    """Every verdict with the moves that can give it, as a Markdown table."""
    rows = [
        (
            f"**{verdict.label}** (`{verdict}`)",
            ", ".join(move.label for move in MOVES.values() if verdict in move.verdicts),
        )
        for verdict in Verdict
    ]
    return markdown_table(("verdict", "given with"), rows)


def markdown_table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table without padding, so that one changed cell changes one line."""
    names = list(heads)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _from_anywhere(move: Move) -> bool:
    """Possible from every state but the one it leads to."""
    return set(move.sources) == set(State) - {move.target}


def _arrows(move: Move) -> list[tuple[State, State]]:
    if _from_anywhere(move):
        return []
    if move.target is not None:
        return [(source, move.target) for source in move.sources]
    return [(source, origin) for source in move.sources for origin in _origins(source)]


def _origins(state: State) -> list[State]:
    """The states a commitment may have had before this one, and goes back to.

    None where it may have been any: then there is nothing to draw.
    """
    leading = [move for move in MOVES.values() if move.target == state]
    if any(_from_anywhere(move) for move in leading):
        return []
    return [origin for origin in State if any(origin in move.sources for move in leading)]


def _note(state: State) -> list[str]:
    """What is not drawn as arrows, said beside the state it leads to or from."""
    into = [m.label for m in MOVES.values() if m.target == state and _from_anywhere(m)]
    back = [
        move.label
        for move in MOVES.values()
        if move.target is None and state in move.sources and not _origins(state)
    ]
    said = [f"{', '.join(into)}: from every other state"] if into else []
    said += [f"{', '.join(back)}: to the state before"] if back else []
    if not said:
        return []
    return [f"    note right of {state}", *(f"        {line}" for line in said), "    end note"]


def _from(move: Move) -> str:
    if _from_anywhere(move):
        return f"all but {State(move.target).label.lower()}" if move.target else "all"
    return _spelt(state.label.lower() for state in move.sources)


def _to(move: Move) -> str:
    return move.target.label.lower() if move.target else "the state before"


def _fields(move: Move) -> str:
    """What must be given; what may be given stands in brackets."""
    needed = _spelt(f"`{name}`" for name in move.needs) or "–"
    taken = _spelt(f"`{name}`" for name in move.takes)
    return f"{needed} ({taken})" if taken else needed


def _spelt(names: Iterable[str]) -> str:
    return ", ".join(names)
