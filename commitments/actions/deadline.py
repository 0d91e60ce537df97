"""How words and a reading become a commitment's deadline."""

from typing import Any

from commitments.actions.core import set_fuzzy
from commitments.deadlines import read
from commitments.models import Commitment, DueBasis, ReadBy
from tracker import fuzzy

NONE_STATED = "none stated"


def set_deadline(
    row: Commitment, words: str, edtf: str = "", basis: str = DueBasis.SENTENCE
) -> None:
    """Set the words and their reading.

    Without a reading of their own the words are read by the grammar. What a person read, what
    rests on a heading and what is only approximate waits for `confirm_reading` before anything
    is called overdue on it.
    """
    words = "" if words.strip().casefold() == NONE_STATED else words.strip()
    if (words, edtf) == (row.due_text, row.due_edtf) and (words or edtf):
        return
    by_grammar = read(words, row.made_on) if words else None
    reading = by_grammar.edtf if by_grammar and by_grammar.status == "read" else ""
    row.due_text = words
    row.due_basis = basis if words or edtf else DueBasis.NONE
    set_fuzzy(row, "due_edtf", edtf or reading, "due_on", "due_from", "due_edtf")
    row.due_read_by = _reader(row.due_edtf, reading)
    row.due_confirmed = _stands_by_itself(row)


def _reader(edtf: str, reading: str) -> str:
    if not edtf:
        return ReadBy.NOBODY
    return ReadBy.GRAMMAR if edtf == reading else ReadBy.PERSON


def set_stated_deadline(row: Commitment, values: dict[str, Any]) -> None:
    """Set a deadline that comes with its own basis and reader, as an import brings it."""
    row.due_text = values.get("due_text") or ""
    row.due_basis = values.get("due_basis") or DueBasis.NONE
    row.due_read_by = values.get("due_read_by") or ReadBy.NOBODY
    set_fuzzy(row, "due_edtf", values.get("due_edtf") or "", "due_on", "due_from", "due_edtf")
    row.due_confirmed = _stands_by_itself(row)


def _stands_by_itself(row: Commitment) -> bool:
    """Whether the sentence alone gives the latest day: read by the grammar, not as "about"."""
    by_grammar = row.due_read_by == ReadBy.GRAMMAR and row.due_basis == DueBasis.SENTENCE
    _, last = fuzzy.ends(row.due_edtf) if by_grammar else (None, None)
    return by_grammar and not (last and last.mark)


def keep_first(row: Commitment) -> None:
    """Remember the first deadline; once set it never changes."""
    if row.first_due_text or row.first_due_edtf:
        return
    row.first_due_text, row.first_due_edtf = row.due_text, row.due_edtf
    row.first_due_from, row.first_due_on = row.due_from, row.due_on
