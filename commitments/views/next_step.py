"""What is to be done next with a commitment: one heading, one sentence, one way to do it.

Pure: everything it needs to know is passed in. The rows of the table are asked in order; the first
that fits gives the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from commitments.models import Commitment, FollowUp
from commitments.views.related import Letter
from commitments.workflow import State
from tracker import wording


@dataclass(frozen=True)
class Now:
    """What the next step depends on. `moves` are the names of the moves legal for this reader."""

    commitment: Commitment
    today: date
    letters: Sequence[Letter] = ()
    moves: Sequence[str] = ()
    may_work: bool = False
    judges: Sequence[str] = ()

    @property
    def obligor(self) -> str:
        return str(self.commitment.obligor or "the obligor")

    def awaited(self) -> FollowUp | None:
        """The letter whose reply is due first."""
        waiting = [letter.item.follow_up for letter in self.letters if letter.awaited]
        return min(waiting, key=lambda one: one.reply_due_on or date.max, default=None)


@dataclass(frozen=True)
class Step:
    """The next step. `way` names the page that the primary button leads to, "" for none; `opens`
    the move whose form stands open, "" for none; `late` is how late something is."""

    heading: str
    sentence: str = ""
    way: str = ""
    opens: str = ""
    late: str = ""


def _settled(now: Now) -> Step | None:
    row = now.commitment
    if row.state == State.CLOSED:
        reopens = f" It reopens on {wording.day(row.reopens_on)}." if row.reopens_on else ""
        return Step(
            f"Closed: {row.get_verdict_display().lower()}", f"Nothing is left to do.{reopens}"
        )
    if row.state == State.DISMISSED:
        why = row.get_dismissed_as_display().lower() or "not followed up"
        return Step("Dismissed", f"It is not followed up: {why}.")
    return None


def _candidate(now: Now) -> Step | None:
    if now.commitment.state != State.CANDIDATE:
        return None
    if "confirm" in now.moves:
        return Step(
            "Next: confirm or dismiss",
            "Compare it with the record. Confirmed, it gets a reference and enters the register.",
            opens="confirm",
        )
    return Step("Not confirmed yet", "Oversight staff compare it with the record first.")


def _reported(now: Now) -> Step | None:
    if now.commitment.state != State.REPORTED:
        return None
    if "close" in now.moves:
        return Step(
            "Next: judge it",
            "It is reported as done. You neither own nor reported it, nor added its evidence.",
            opens="close",
        )
    if not now.judges:
        return Step(
            "Needs a second auditor",
            "It is reported as done, and nobody active may judge it.",
        )
    return Step("With the auditors", "It is reported as done; an auditor judges next.")


def _reading(now: Now) -> Step | None:
    row = now.commitment
    if not (row.due_edtf and not row.due_confirmed and now.may_work):
        return None
    return Step(
        "Next: confirm the deadline",
        "Nobody stands by its reading yet. Until somebody does, nothing is called overdue on it.",
        way="confirm-reading",
    )


def _letter(now: Now) -> Step | None:
    letter = now.awaited()
    if letter is None or letter.reply_due_on is None:
        return None
    said = f"{letter.get_channel_display()} of {wording.day(letter.happened_on)}"
    due = wording.day(letter.reply_due_on)
    if letter.reply_due_on >= now.today:
        return Step(
            f"Awaiting a reply from {letter.party}",
            f"{said}. The reply is due on {due}.",
            way="record-reply" if now.may_work else "",
        )
    return Step(
        f"Next: ask {letter.party} again" if now.may_work else f"{letter.party} has not replied",
        f"{said} is unanswered. A reply was due on {due}.",
        way="follow-up" if now.may_work else "",
        late=f"{wording.span(letter.reply_due_on, now.today)} late",
    )


def _waiting(now: Now) -> Step | None:
    row = now.commitment
    if row.state != State.WAITING:
        return None
    again = f" We look again on {wording.day(row.review_on)}." if row.review_on else ""
    return Step("Waiting", f"For: {row.condition or 'a condition not named'}.{again}")


def _overdue(now: Now) -> Step | None:
    row = now.commitment
    if not row.overdue(now.today) or row.due_on is None:
        return None
    return Step(
        f"Next: ask {now.obligor} for it" if now.may_work else "It is overdue",
        f"It was due by {wording.day(row.due_on)}.",
        way="follow-up" if now.may_work else "",
        late=f"{wording.span(row.due_on, now.today)} late",
    )


def _review(now: Now) -> Step | None:
    row = now.commitment
    if row.review_on is None or row.review_on > now.today:
        return None
    return Step(
        "Next: look at it again" if now.may_work else "To be looked at again",
        f"The review was set for {wording.day(row.review_on)}.",
        way="reschedule" if now.may_work else "",
    )


def _going(now: Now) -> Step:
    row = now.commitment
    dates = [day for day in (row.due_on, row.review_on) if day and day >= now.today]
    ahead = f"The next date is {wording.day(min(dates))}." if dates else ""
    if row.state == State.OPEN and "start" in now.moves:
        return Step("Next: start following it up", ahead, opens="start")
    return Step(f"With {now.obligor}", ahead, way="follow-up" if now.may_work else "")


STEPS: tuple[Callable[[Now], Step | None], ...] = (
    _settled,
    _candidate,
    _reported,
    _reading,
    _letter,
    _waiting,
    _overdue,
    _review,
)


def next_step(now: Now) -> Step:
    """What is to be done next."""
    for rule in STEPS:
        step = rule(now)
        if step is not None:
            return step
    return _going(now)
