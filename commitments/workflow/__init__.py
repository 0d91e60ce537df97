"""The workflow as a table of moves: who may do what from where, and what each move needs.

Everything that speaks of moves reads this table: the buttons and forms of the pages, the admin's
actions, the one function that makes a move, the glossary and the diagram in the README. Pure: no
rows, no settings, no clock.
"""

from commitments.workflow.guards import (
    BARRED_THEY,
    BARRED_YOU,
    MISSING,
    Actor,
    Asked,
    Bar,
    Standing,
    bar,
    four_eyes,
    legal_moves,
    missing,
    road_after,
    target_of,
    unfit,
)
from commitments.workflow.table import MOVES, Move
from commitments.workflow.words import (
    ASKED,
    LIVE,
    PROMISED,
    UNDELIVERED,
    DismissedAs,
    Kind,
    Period,
    State,
    Verdict,
)

__all__ = [
    "ASKED",
    "BARRED_THEY",
    "BARRED_YOU",
    "LIVE",
    "MISSING",
    "MOVES",
    "PROMISED",
    "UNDELIVERED",
    "Actor",
    "Asked",
    "Bar",
    "DismissedAs",
    "Kind",
    "Move",
    "Period",
    "Standing",
    "State",
    "Verdict",
    "bar",
    "four_eyes",
    "legal_moves",
    "missing",
    "road_after",
    "target_of",
    "unfit",
]
