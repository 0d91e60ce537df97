"""The history of a commitment as its page shows it: the newest first, field by field, in words."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commitments.models import Citation, Commitment
from commitments.views.naming import (
    HIDDEN,
    LABELS,
    NO,
    NONE,
    Names,
    ids_in,
    in_words,
    role_in_words,
)
from commitments.workflow import MOVES
from tracker import wording
from tracker.ledger.models import Event
from tracker.ledger.reading import Change, differences, history
from tracker.ledger.snapshots import stream_of

PAGE = 50
QUOTED = 90
SHORT_HASH = 8
WITHHELD = "restricted"
# The names of commitments; one the reader may not see is not told, whoever wrote it down.
NAME = re.compile(r"\b(?:C-\d{4}-\d+|candidate-\d+)\b")
MENTIONED = "mentioned"

DONE = {
    "capture": "Captured",
    "edit": "Edited",
    "correct": "Corrected",
    "assign": "Assigned",
    "reschedule": "Rescheduled",
    "confirm_reading": "Reading confirmed",
    "cite": "Cited",
    "withdraw_citation": "Citation withdrawn",
    "link": "Linked",
    "unlink": "Link taken back",
    "note": "Note",
    "split": "Split",
    "follow_up": "Follow-up logged",
    "redact": "Part of the history redacted",
} | {name: move.done for name, move in MOVES.items()}

# The notes of these are made by the action itself.
WORDED_BY_US = ("confirm_reading", "follow_up", "link", "split", "unlink")


@dataclass(frozen=True)
class Difference:
    """One field before and after, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One event with what it changed. `stated` is what the first one said of each field."""

    event: Event
    note: str
    differences: list[Difference]
    stated: list[Difference]

    @property
    def done(self) -> str:
        return done(self.event.action)

    @property
    def spoken(self) -> bool:
        """Whether the note is somebody's own words, to be set in quotation marks."""
        return self.event.action not in WORDED_BY_US

    @property
    def short_hash(self) -> str:
        return self.event.hash[:SHORT_HASH]

    @property
    def at(self) -> datetime:
        return self.event.at


@dataclass(frozen=True)
class History:
    """One page of events with their raw changes; `before` is where the next page begins, or 0."""

    events: list[Event]
    changes: list[list[Change]]
    before: int
    latest: int

    def mentioned(self) -> set[str]:
        """The names of commitments that its notes mention."""
        return {name for event in self.events for name in NAME.findall(event.note)}

    def ids(self) -> dict[str, set[int]]:
        """The ids that its changes name, by what they name."""
        found = [change for changed in self.changes for change in changed]
        return ids_in(
            [(one.field, one.old) for one in found] + [(one.field, one.new) for one in found]
        )


def done(action: str) -> str:
    """What was done, in words; an action that has none is said as it is called."""
    return DONE.get(action, action.replace("_", " ").capitalize())


def load_history(commitment: Commitment, before: str) -> History:
    """One page of the history, from `before` (an event's number as text) down: one query."""
    events = history(stream_of(commitment))
    if before.isascii() and before.isdecimal() and len(before) < 10:
        events = events.filter(seq__lt=int(before))
    found = list(events[: PAGE + 1])
    shots = [event.snapshot for event in found]
    changed = [_changed(shots, place) for place in range(len(found))]
    more = len(found) > PAGE
    return History(
        events=found[:PAGE],
        changes=changed[:PAGE],
        before=found[PAGE - 1].seq if more else 0,
        latest=found[0].seq if found else 0,
    )


def _changed(shots: Sequence[dict[str, Any] | None], place: int) -> list[Change]:
    """What the event at `place` changed, against the last readable state before it."""
    now = shots[place]
    if now is None:
        return []
    older = next((shot for shot in shots[place + 1 :] if shot is not None), None)
    if older is not None:
        return differences(older, now)
    first = place == len(shots) - 1 and now.get("version") == 1
    return differences({}, now) if first else []


def entries(found: History, names: Names, citations: Iterable[Citation]) -> list[Entry]:
    """The page's events in words."""
    quotes = {citation.pk: citation for citation in citations}
    known = {name for _, _, name, _ in names.rows[MENTIONED]}
    return [
        _entry(event, changed, names, quotes, known)
        for event, changed in zip(found.events, found.changes, strict=True)
    ]


def _entry(
    event: Event,
    changed: list[Change],
    names: Names,
    citations: Mapping[int, Any],
    known: Collection[str],
) -> Entry:
    if event.redacted:
        return Entry(event, "", [], [])
    shown = worded(changed, names)
    by_name = {change.field: change for change in changed}
    note = NAME.sub(lambda found: found[0] if found[0] in known else HIDDEN, event.note)
    if event.seq == 1:
        return Entry(event, note, [], [one for one in shown if one.new not in (NONE, NO)])
    cited = _cited(by_name["cited"], citations) if "cited" in by_name else []
    # What somebody wrote about a withheld citation would tell what it says.
    note = "" if any(WITHHELD in one for one in cited) else note
    return Entry(event, note, shown + [Difference(*one) for one in cited], [])


def worded(changed: Iterable[Change], names: Names) -> list[Difference]:
    """Changes in words, in the order of the labels; fields without a label are left out."""
    by_name = {change.field: change for change in changed}
    return [
        Difference(
            label,
            in_words(name, by_name[name].old, names),
            in_words(name, by_name[name].new, names),
        )
        for name, label in LABELS.items()
        if name in by_name
    ]


def _cited(change: Change, citations: Mapping[int, Any]) -> list[tuple[str, str, str]]:
    """Citations that came or went: role, words before, words after."""
    old = {row[0]: row for row in change.old or []}
    new = {row[0]: row for row in change.new or []}
    came = [row for pk, row in new.items() if pk not in old]
    went = [row for pk, row in old.items() if pk not in new]
    return [(role_in_words(row[1]), NONE, _quote(row[0], citations)) for row in came] + [
        (role_in_words(row[1]), _quote(row[0], citations), NONE) for row in went
    ]


def _quote(pk: int, citations: Mapping[int, Any]) -> str:
    citation = citations.get(pk)
    if citation is None or not citation.seen:
        return WITHHELD
    if citation.passage is None:
        return wording.cut(citation.document.title, QUOTED)
    return f"“{wording.cut(citation.passage.quote, QUOTED)}”"
