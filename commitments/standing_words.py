"""What a row says of its deadline, what is next to be done about it, and why. Pure.

The register and the inbox put the same facts into the same words here; `today` is passed in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from commitments.deadlines import describe
from commitments.workflow import LIVE, State
from tracker import wording

PURSUED = (State.OPEN, State.IN_PROGRESS, State.WAITING)
SHOWS_REVIEW = (*LIVE, State.CANDIDATE)
KEPT = 4096


@lru_cache(maxsize=KEPT)
def _reading(due_text: str, due_edtf: str) -> str:
    """The reading in words; the same few wordings come again on every page."""
    return describe(due_text, due_edtf)


@dataclass(frozen=True, slots=True)
class DueWords:
    """A deadline in lines: the record's words, our reading, how late it is, the review date."""

    words: str
    reading: str
    read: bool
    late: str
    review_on: date | None


def due_words(row: Mapping[str, Any], today: date) -> DueWords:
    """The deadline of a row with due_text, due_edtf, due_on, due_confirmed, review_on and state."""
    due_on, confirmed = row["due_on"], row["due_confirmed"]
    reading = _reading(row["due_text"], row["due_edtf"])
    if row["due_edtf"] and not confirmed:
        reading += ", reading not confirmed"
    late = ""
    if due_on and due_on < today and confirmed and row["state"] in PURSUED:
        late = f"overdue {wording.span(due_on, today)}"
    awaits = row["state"] in SHOWS_REVIEW and not (due_on and confirmed)
    return DueWords(
        words=row["due_text"],
        reading=reading,
        read=bool(row["due_edtf"]),
        late=late,
        review_on=row["review_on"] if awaits else None,
    )


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do next about a row: what the button says, where it leads, and why.

    `way` is one of write, reply, cite, judge, open and seen.
    """

    action: str
    way: str
    why: str


def next_step(group: str, row: Mapping[str, Any], today: date) -> Next:
    """What is next about a row of one group of the inbox."""
    step = NEXT[group](row, today)
    if row.get("stands_in_for"):
        return replace(step, why=f"For {row['stands_in_for']}, who is away. {step.why}")
    return step


def _overdue(row: Mapping[str, Any], today: date) -> Next:
    """Write, wait for the answer, ask again, or follow up on it."""
    since = row["awaited_since"]
    if since is None and row["written_on"] is None:
        return Next("Write to them", "write", "No letter sent yet.")
    if since is None:
        why = f"Last written on {wording.day(row['written_on'])}; last activity "
        return Next("Log a follow-up", "write", f"{why}{wording.day(row['active_on'])}.")
    sent = f"The {row['awaited_channel']} of {wording.day(since)} is unanswered; a reply"
    by = wording.day(row["awaited_on"])
    if row["awaited_on"] < today:
        return Next("Ask again", "write", f"{sent} was due on {by}.")
    return Next("Record reply", "reply", f"{sent} is due on {by}.")


def _soon(row: Mapping[str, Any], today: date) -> Next:
    """Look at the condition, or at where it stands."""
    if row["state"] == State.WAITING:
        return Next("Review condition", "open", f"Waits for: {row['condition']}")
    if row["awaited_since"]:
        return _overdue(row, today)
    if coming_up(row, today)[1] == "due":
        return _overdue(row, today)
    why = f"Deadline: “{row['due_text']}”." if row["due_text"] else "No deadline is stated."
    return Next("Review", "open", why)


def _told(row: Mapping[str, Any], today: date) -> Next:
    return Next("Mark as seen", "seen", row["words"])


def _sent_back(row: Mapping[str, Any], today: date) -> Next:
    why = f"{row['actor']} sent it back"
    return Next("Add evidence", "cite", f"{why}: “{row['words']}”" if row["words"] else f"{why}.")


def _to_judge(row: Mapping[str, Any], today: date) -> Next:
    return Next("Judge", "open", f"{row['words']} reported it as done.")


def _stuck(row: Mapping[str, Any], today: date) -> Next:
    why = "Nobody who may judge is free to: each owns it, reported it or added its evidence."
    return Next("See who is barred", "open", why)


def _changed(row: Mapping[str, Any], today: date) -> Next:
    return Next("Mark as seen", "seen", row["words"])


NEXT: dict[str, Callable[[Mapping[str, Any], date], Next]] = {
    "overdue": _overdue,
    "soon": _soon,
    "told": _told,
    "sent-back": _sent_back,
    "review": _to_judge,
    "stuck": _stuck,
    "changed": _changed,
}


def coming_up(row: Mapping[str, Any], today: date) -> tuple[date, str]:
    """The day on which a row comes up next, and which it is: "due" or "review".

    A deadline counts once somebody stands by its reading and while it lies ahead.
    """
    days = [(row["review_on"], "review")] if row["review_on"] else []
    if row["due_on"] and row["due_confirmed"] and row["due_on"] >= today:
        days.append((row["due_on"], "due"))
    return min(days)
