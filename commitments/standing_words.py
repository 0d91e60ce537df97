"""What a row says of its deadline, what is next to be done about it, and why. Pure.

The register and the inbox put the same facts into the same words here; `today` is passed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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
