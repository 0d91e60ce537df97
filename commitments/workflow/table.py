"""The table: one row a move. A new move is a new row here."""

from dataclasses import dataclass

from commitments.workflow.words import UNDELIVERED, Kind, State, Verdict

S = State


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
