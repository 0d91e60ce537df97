"""What every action on a commitment shares: load under lock, check, save, record.

An action holds the commitment with `hold`, changes the row in hand and calls `keep`, which raises
the version, keeps the planner's stamps true and writes the event.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from commitments.models import Commitment
from commitments.workflow import LIVE
from tracker import clock, fuzzy
from tracker.ledger.canonical import canonical, digest
from tracker.ledger.models import Event
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import record, replay, transaction
from tracker.refusals import Conflict, NotAllowed, Refusal
from tracker.users.models import User

# What the planner goes by: a change of any of these calls for a fresh look at the commitment.
PLANNED = (
    "due_on",
    "review_on",
    "due_confirmed",
    "state",
    "owner_id",
    "reported_at",
    "kind",
    "priority",
)


@dataclass
class Held:
    """A commitment in hand, locked. `again` means the same request was carried out before."""

    row: Commitment
    actor: User
    key: str = ""
    request_hash: str = ""
    again: bool = False
    before: dict[str, Any] = field(default_factory=dict)


def plain(value: Any) -> Any:
    """A value as canonical text can hold it: rows by name and id, dates in ISO."""
    if isinstance(value, Model):
        return stream_of(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def fingerprint(action: str, asked: Mapping[str, Any]) -> str:
    """A digest of a request, by which a replay is told from a reused key."""
    return digest(canonical({"action": action, "asked": plain(asked)}))


def require(actor: User, *permissions: str, sentence: str) -> None:
    """Raise NotAllowed unless the actor is active and holds one of the permissions."""
    if not actor.is_active or not any(actor.has_perm(name) for name in permissions):
        raise NotAllowed(sentence)


@contextmanager
def hold(
    commitment: Commitment,
    *,
    actor: User,
    action: str,
    expected_version: int | None = None,
    key: str = "",
    asked: Mapping[str, Any] | None = None,
    also: Iterable[Model] = (),
) -> Iterator[Held]:
    """Lock the commitment (and whatever else is touched), load it afresh and check its version.

    Raises Commitment.DoesNotExist where the actor may not see it, Conflict where somebody changed
    it first, and the ledger's ReusedKey where the key came with other content.
    """
    stream = stream_of(commitment)
    request_hash = fingerprint(action, asked or {}) if key else ""
    with transaction(stream, *(stream_of(other) for other in also)):
        row = Commitment.objects.visible_to(actor).get(pk=commitment.pk)
        held = Held(row, actor, key, request_hash)
        if key and replay(stream, actor, key, request_hash):
            held.again = True
            yield held
            return
        if expected_version is not None and row.version != expected_version:
            raise Conflict(
                row, "Somebody changed this since you opened it. Your change was not saved."
            )
        held.before = {name: getattr(row, name) for name in PLANNED}
        yield held


def keep(held: Held, action: str, note: str = "", *, own: bool = True) -> Event:
    """Save the row in hand and write its event.

    `own` is false where only citations, notes or letters changed: the version then stays.
    """
    row = held.row
    _stamp(held)
    if own:
        row.version += 1
    row.save()
    return record(
        row,
        actor=held.actor,
        action=action,
        note=note,
        key=held.key,
        request_hash=held.request_hash,
    )


def _stamp(held: Held) -> None:
    """Keep true what the planner and the lists rest on."""
    row = held.row
    moved = [name for name in PLANNED if getattr(row, name) != held.before.get(name)]
    if moved:
        row.schedule_changed_at = clock.now()
    # A deadline counts for reminders from the day on which it stood as it stands now.
    started = row.live and held.before.get("state") not in LIVE
    if started or {"due_on", "due_confirmed"} & set(moved):
        row.due_set_on = clock.today()
    if started or "review_on" in moved:
        row.review_set_on = clock.today()
    row.active_on = clock.today()


def set_fuzzy(row: Model, name: str, edtf: str, upper: str, lower: str, errors_as: str) -> None:
    """Set an EDTF field and its two strict bounds; a string that is none is a Refusal."""
    try:
        bounds = fuzzy.parse(edtf) if edtf else None
    except ValueError as error:
        raise Refusal({errors_as: str(error)}) from error
    setattr(row, name, edtf)
    setattr(row, lower, bounds.earliest if bounds else None)
    setattr(row, upper, bounds.latest if bounds else None)
