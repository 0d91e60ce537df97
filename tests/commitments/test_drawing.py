"""The workflow drawn: every move is in the picture, and nothing else."""

import re

from commitments.workflow import MOVES, State, drawing

DIAGRAM = drawing.diagram()
ARROWS = re.findall(r"^    (\S+) --> (\S+) : (.+)$", DIAGRAM, re.MULTILINE)


def drawn(label: str) -> set[tuple[str, str]]:
    return {(a, b) for a, b, labels in ARROWS if label in labels.split(", ")}


def test_every_state_is_drawn_under_its_own_name() -> None:
    for state in State:
        assert f'    state "{state.label}" as {state}\n' in DIAGRAM


def test_every_move_is_an_arrow_or_stands_in_a_note() -> None:
    noted = DIAGRAM.partition("note right of dismissed")[2]
    for move in MOVES.values():
        assert drawn(move.label) or move.label in noted


def test_a_move_is_drawn_from_each_of_its_sources() -> None:
    assert drawn("Close without delivery") == {
        ("open", "closed"),
        ("in_progress", "closed"),
        ("waiting", "closed"),
    }


def test_going_back_is_drawn_to_every_state_it_may_have_come_from() -> None:
    assert drawn("Resume") == {("waiting", "open"), ("waiting", "in_progress")}
    assert {target for _, target in drawn("Take back the report")} == {
        "open",
        "in_progress",
        "waiting",
    }


def test_what_is_possible_from_everywhere_is_said_and_not_drawn() -> None:
    assert not drawn("Void")
    assert not drawn("Restore")
    assert "Void, Merge into another: from every other state" in DIAGRAM
    assert "Restore: to the state before" in DIAGRAM


def test_the_way_in_is_capturing() -> None:
    assert ("[*]", "candidate", "Capture") in ARROWS


def test_the_table_of_moves_has_a_row_for_each_in_order() -> None:
    who = {move.permission: "somebody" for move in MOVES.values()}
    rows = drawing.moves_table(who).splitlines()[2:]
    assert [re.findall(r"\(`(\w+)`\)", row)[0] for row in rows] == list(MOVES)
    assert all(row.count(" | ") == 4 for row in rows)


def test_the_table_says_what_must_and_what_may_be_given() -> None:
    rows = drawing.moves_table({move.permission: "x" for move in MOVES.values()})
    assert "| `dismissed_as`, `reason` (`survivor`) |" in rows
    assert "| all but dismissed → dismissed | x |" in rows
    assert "| reported → closed | x (four eyes) |" in rows
