"""The one write transaction of the house, and the only code that appends to the history.

with transaction("commitment:42"):
    ...read, decide, save...
    record(commitment, actor=user, action="start")
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model
from django.db.transaction import atomic

from tracker.clock import now
from tracker.ledger import chain
from tracker.ledger.canonical import digest
from tracker.ledger.locking import wait_for_turn
from tracker.ledger.models import Event, EventBody, Stream
from tracker.ledger.snapshots import snapshot, snapshots, stream_of
from tracker.refusals import Refused
from tracker.users.models import User

BATCH = 500
LONGEST = {
    field.name: field.max_length for field in Event._meta.concrete_fields if field.max_length
}


class ReusedKey(Refused):
    """The same idempotency key came a second time with other content."""


class Head(NamedTuple):
    """The last link of a stream: its number, its hash, its instant.

    `under` are the savepoints that were open when it was locked or last moved: once one of them
    is gone, the lock or the move may be gone with it, and the head must be read again.
    """

    seq: int
    hash: str
    at: datetime | None
    under: tuple[str | None, ...]


class _Open(threading.local):
    """The streams locked by this thread's open transaction, with their heads; None outside one."""

    heads: dict[str, Head] | None = None


_open = _Open()


@contextmanager
def transaction(*streams: str) -> Iterator[None]:
    """Open the write transaction and lock these streams, in sorted order, until it ends.

    Inside another `transaction` it joins that one as a savepoint and locks what is not locked yet.
    Name every stream whose rows you are about to read and change; the stream of a row that does
    not exist yet is locked by `record`. Hooks of `on_commit` run after the lock is let go.
    """
    if _open.heads is None:
        with _outermost():
            _lock(streams)
            yield
    else:
        with _joined():
            _lock(streams)
            yield


def record(
    instance: Model,
    *,
    actor: User,
    action: str,
    note: str = "",
    key: str = "",
    request_hash: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event, with the row as it now stands, to the row's own stream.

    Record after saving the row and its many-to-many ids; only the action "delete" is recorded
    before. `extra` are more facts for the body, plain values only. Raises RuntimeError outside
    `transaction`, ValueError for words too long for their column.
    """
    _heads()
    stream = stream_of(instance)
    text = chain.body_text(note, snapshot(instance), extra)
    draft = Event(
        stream=stream, actor_id=actor.pk, action=action, key=key, request_hash=request_hash
    )
    _lock([stream])
    moved = _seal(draft, text)
    Stream.objects.filter(name=stream).update(seq=moved.seq, head=moved.head, at=moved.at)
    draft.save(force_insert=True)
    EventBody(event=draft, text=text).save(force_insert=True)
    return draft


def record_many(
    instances: Sequence[Model], *, actor: User, action: str, note: str = ""
) -> list[Event]:
    """`record` for many rows of one model, in a handful of queries per 500 rows.

    Raises ValueError when a row comes twice.
    """
    _heads()
    events: list[Event] = []
    for start in range(0, len(instances), BATCH):
        batch = instances[start : start + BATCH]
        names = [stream_of(instance) for instance in batch]
        if len(set(names)) < len(names):
            raise ValueError("each row may come only once")
        texts = [chain.body_text(note, shot) for shot in snapshots(batch)]
        drafts = [Event(stream=name, actor_id=actor.pk, action=action) for name in names]
        _lock(names)
        moved = [_seal(draft, text) for draft, text in zip(drafts, texts, strict=True)]
        Stream.objects.bulk_update(moved, ["seq", "head", "at"])
        Event.objects.bulk_create(drafts)
        EventBody.objects.bulk_create(
            EventBody(event=draft, text=text) for draft, text in zip(drafts, texts, strict=True)
        )
        events += drafts
    return events


def replay(stream: str, actor: User, key: str, request_hash: str) -> Event | None:
    """The event that this request already left on the stream, or None if it is new.

    Ask inside `transaction(stream)`. Raises ReusedKey when the key came with other content.
    """
    if not key:
        return None
    earlier = Event.objects.filter(stream=stream, actor_id=actor.pk, key=key).first()
    if earlier and earlier.request_hash != request_hash:
        raise ReusedKey(
            "This form was already sent with other content. Load the page again to see what was"
            " kept, then make your change."
        )
    return earlier


def redact(
    instance: Model,
    seqs: Sequence[int],
    *,
    actor: User,
    reason: str,
    extra: Mapping[str, Any] | None = None,
) -> Event:
    """Empty the bodies of these events of the row's stream, and say so in an event.

    Who may, and who must agree, is for the action that calls this to decide. The chain still
    verifies. Raises ValueError for a seq that does not exist or is itself a redaction.
    """
    stream = stream_of(instance)
    with transaction(stream):
        bodies = EventBody.objects.filter(event__stream=stream, event__seq__in=set(seqs))
        if not seqs or bodies.exclude(event__action=chain.REDACT).count() < len(set(seqs)):
            raise ValueError("only events that exist, and are no redactions, can be redacted")
        event = record(
            instance,
            actor=actor,
            action=chain.REDACT,
            note=reason,
            extra={**(extra or {}), "redacted": sorted(set(seqs))},
        )
        bodies.update(text="")
    return event


@contextmanager
def _outermost() -> Iterator[None]:
    """A transaction of our own; inside somebody else's `atomic` block, a savepoint of it."""
    if connection.in_atomic_block:
        with atomic(), _tracked():
            yield
        return
    end_turn = wait_for_turn(connection)
    try:
        with atomic():
            # The first hook: other hooks may take their time, or open a transaction of their own.
            connection.on_commit(end_turn)
            with _tracked():
                yield
    finally:
        end_turn()


@contextmanager
def _tracked() -> Iterator[None]:
    _open.heads = {}
    try:
        yield
    finally:
        _open.heads = None


@contextmanager
def _joined() -> Iterator[None]:
    """A savepoint of the open transaction; what it locked stays locked when it succeeds."""
    heads, outside = _heads(), _savepoints()
    with atomic():
        yield
        kept = [name for name in heads if _stands(name)]
    for name in kept:
        heads[name] = heads[name]._replace(under=heads[name].under[: len(outside)])


def _heads() -> dict[str, Head]:
    if _open.heads is None:
        raise RuntimeError("the history is written only inside tracker.ledger.writing.transaction")
    return _open.heads


def _savepoints() -> tuple[str | None, ...]:
    return tuple(connection.savepoint_ids)


def _stands(stream: str) -> bool:
    """Whether this transaction still holds the stream's lock and knows its head."""
    head = _heads().get(stream)
    return head is not None and _savepoints()[: len(head.under)] == head.under


def _lock(streams: Sequence[str]) -> None:
    """Lock the heads of those streams that this transaction does not hold yet."""
    missing = sorted({name for name in streams if not _stands(name)})
    if not missing:
        return
    heads, under = _heads(), _savepoints()
    started = _start(missing)
    heads.update(dict.fromkeys(started, Head(0, chain.FIRST_PREV_HASH, None, under)))
    standing = [name for name in missing if name not in started]
    if standing:
        rows = Stream.objects.select_for_update().filter(name__in=standing).order_by("name")
        heads.update({row.name: Head(row.seq, row.head, row.at, under) for row in rows})


def _start(names: list[str]) -> set[str]:
    """Give those streams a head that have none, and say which these were."""
    if connection.vendor == "sqlite":
        # This transaction is the only writer, so what is missing now stays missing.
        known = set(Stream.objects.filter(name__in=names).values_list("name", flat=True))
        fresh = [name for name in names if name not in known]
        Stream.objects.bulk_create([Stream(name=name) for name in fresh])
        return set(fresh)
    rows = ", ".join(["(%s, 0, '')"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Stream._meta.db_table} (name, seq, head) VALUES {rows}"  # noqa: S608
            " ON CONFLICT DO NOTHING RETURNING name",
            names,
        )
        return {name for (name,) in cursor.fetchall()}


def _seal(draft: Event, text: str) -> Stream:
    """Number, date and hash the draft as the next event of its stream; the answer is its head."""
    for name in ("stream", "action", "key", "request_hash"):
        longest = LONGEST[name]
        if len(getattr(draft, name)) > longest:
            raise ValueError(f"the event's {name} is longer than {longest} characters")
    last = _heads()[draft.stream]
    instant = chain.to_the_millisecond(now())
    draft.seq = last.seq + 1
    draft.at = max(instant, last.at) if last.at else instant
    draft.prev_hash = last.hash
    draft.body_hash = digest(text)
    draft.hash = chain.event_hash(
        stream=draft.stream,
        seq=draft.seq,
        at=draft.at,
        actor=draft.actor_id,
        action=draft.action,
        prev_hash=draft.prev_hash,
        body_hash=draft.body_hash,
        key=draft.key,
        request_hash=draft.request_hash,
    )
    _heads()[draft.stream] = Head(draft.seq, draft.hash, draft.at, _savepoints())
    return Stream(name=draft.stream, seq=draft.seq, head=draft.hash, at=draft.at)
