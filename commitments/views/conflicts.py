"""Two people changed the same commitment: what each wanted, side by side, differences only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commitments.models import Commitment
from commitments.views.naming import LABELS, NONE, ids_in, in_words, look_up
from commitments.views.timeline import done
from tracker.ledger.models import Event
from tracker.ledger.reading import history
from tracker.ledger.snapshots import snapshot, stream_of
from tracker.users.models import User

# How far back the version that somebody saw is looked for.
LOOKED_BACK = 200
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One field: as the person wanted it, and as it now stands."""

    label: str
    mine: str
    theirs: str
    changed_by_me: bool
    changed_by_them: bool


@dataclass(frozen=True)
class Clash:
    """Who changed it meanwhile, what they did, and the fields that differ."""

    event: Event | None
    done: str
    seen: int
    rows: list[Row]


def clash(current: Commitment, seen: int, mine: Mapping[str, Any], reader: User) -> Clash:
    """Compare what the person wanted, on version `seen`, with the commitment as it stands.

    `mine` maps fields to values as a snapshot holds them; what was typed for the move alone
    (a reason) stands beside the note of the other's change.
    """
    events = list(history(stream_of(current))[:LOOKED_BACK])
    now = snapshot(current)
    before = as_seen(events, seen) or now
    newest = _raised(events, current.version)
    rows = _rows(mine, before, now, reader)
    typed, said = str(mine.get("reason") or ""), newest.note if newest else ""
    if typed or said:
        rows.append(Row("Reason or note", typed or NONE, said or NONE, bool(typed), bool(said)))
    return Clash(newest, done(newest.action).lower() if newest else "", seen, rows)


def _rows(mine: Values, before: Values, now: Values, reader: User) -> list[Row]:
    """The fields that either changed and that now differ, in the order of the labels."""
    theirs = {name for name in LABELS if now.get(name) != before.get(name)}
    pairs = [
        (name, mine.get(name, before.get(name)), now.get(name))
        for name in LABELS
        if name in theirs.union(mine)
    ]
    names = look_up(reader, ids_in([(name, value) for name, *both in pairs for value in both]))
    return [
        Row(
            LABELS[name],
            in_words(name, wanted, names),
            in_words(name, stands, names),
            name in mine,
            name in theirs,
        )
        for name, wanted, stands in pairs
        if wanted != stands
    ]


def as_seen(events: list[Event], version: int) -> dict[str, Any] | None:
    """The commitment as it stood at that version; None where the history no longer says."""
    for event in events:
        shot = event.snapshot
        if shot is not None and shot.get("version") == version:
            return shot
    return None


def _raised(events: list[Event], version: int) -> Event | None:
    """The event that made the present version."""
    made = None
    for event in events:
        shot = event.snapshot
        if shot is not None and shot.get("version") != version:
            break
        made = event if shot is not None else made
    return made
