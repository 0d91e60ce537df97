"""Walking the whole history and saying everything that is wrong with it.

What can be found without a copy held outside: an event that was changed, moved, removed or put in
between, a body that is not the one recorded, a head that does not follow, and a row that is not
as its last event left it. Whoever may write every table can still rewrite a stream from end to
end; only a checkpoint kept elsewhere shows that.

SQLite takes any value in any column, so nothing read here is trusted to have its type.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Exists, F, OuterRef, TextField
from django.db.models.functions import Cast
from django.db.transaction import atomic

from tracker.ledger import chain
from tracker.ledger.canonical import digest
from tracker.ledger.comparing import compare_rows, rows_without_history
from tracker.ledger.findings import Counts, End, Finding
from tracker.ledger.models import Event, EventBody, Stream

CHUNK = 2000
STREAMS_AT_ONCE = 500


class _Link(NamedTuple):
    """One event as stored; `text` is None where the body is missing."""

    stream: str
    seq: int
    at: datetime | None
    actor: int
    action: str
    prev_hash: str
    body_hash: str
    hash: str
    key: str
    request_hash: str
    text: str | None


@dataclass
class _Walk:
    """One stream on its way from the first event to the last."""

    stream: str
    previous: _Link | None = None
    expected: int = 1
    content: dict[str, Any] | None = None
    emptied: set[int] = field(default_factory=set)
    found: list[Finding] = field(default_factory=list)

    def say(self, seq: int, what: str) -> None:
        self.found.append(Finding(self.stream, seq, what))


def verify(
    *, stream: str = "", using: str = DEFAULT_DB_ALIAS, counts: Counts | None = None
) -> Iterator[Finding]:
    """Everything wrong with the history in one database, or with one stream of it.

    Reads in chunks and from one moment's view of the database, so that it may run beside writers.
    `counts` is filled on the way.
    """
    counts = counts or Counts()
    try:
        with _one_moment(using):
            yield from _everything(stream, using, counts)
    except (DatabaseError, ValueError) as error:
        yield Finding(stream, None, f"reading had to stop, the tables hold no history: {error}")


def _everything(stream: str, using: str, counts: Counts) -> Iterator[Finding]:
    batch: list[End] = []
    for found, end in _walks(stream, using, counts):
        yield from found
        batch.append(end)
        if len(batch) == STREAMS_AT_ONCE:
            yield from _compare_heads(batch, using)
            yield from compare_rows(batch, using, counts)
            batch = []
    yield from _compare_heads(batch, using)
    yield from compare_rows(batch, using, counts)
    yield from _heads_without_events(stream, using)
    if not stream:
        yield from _bodies_without_event(using)
        yield from rows_without_history(using)


def _walks(stream: str, using: str, counts: Counts) -> Iterator[tuple[list[Finding], End]]:
    """Stream by stream: what is wrong inside it, and where it ends."""
    for name, links in groupby(_links(stream, using), key=lambda link: link.stream):
        walk = _Walk(name)
        counts.streams += 1
        for link in links:
            counts.events += 1
            _follow(walk, link)
            _open_body(walk, link, counts)
            walk.previous = link
        for seq in sorted(walk.emptied):
            walk.say(seq, "the body is empty and no later event says it was redacted")
        snapshot = walk.content["snapshot"] if walk.content else None
        yield walk.found, End(name, link.seq, link.hash, link.at, link.action, snapshot)


def _links(stream: str, using: str) -> Iterator[_Link]:
    events = Event.objects.using(using).order_by("stream", "seq")
    if stream:
        events = events.filter(stream=stream)
    columns = events.values_list(
        "stream",
        "seq",
        # As text, since SQLite's driver gives up on a datetime it cannot read.
        Cast("at", TextField()) if connections[using].vendor == "sqlite" else F("at"),
        "actor_id",
        "action",
        "prev_hash",
        "body_hash",
        "hash",
        "key",
        "request_hash",
        "body__text",
    )
    for name, seq, at, *rest in columns.iterator(chunk_size=CHUNK):
        yield _Link(name, seq, _instant(at), *rest)


def _instant(stored: Any) -> datetime | None:
    """The instant a database holds: PostgreSQL gives a datetime, SQLite text in UTC."""
    if isinstance(stored, datetime):
        return stored
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def _follow(walk: _Walk, link: _Link) -> None:
    """Whether the event is the next one, and the one that was written."""
    last = walk.previous
    if link.seq != walk.expected:
        walk.say(link.seq, f"event {walk.expected} is missing before it")
    walk.expected = link.seq + 1 if isinstance(link.seq, int) else walk.expected + 1
    if link.prev_hash != (last.hash if last else chain.FIRST_PREV_HASH):
        walk.say(link.seq, "prev_hash is not the hash of the event before")
    if last and last.at and link.at and link.at < last.at:
        walk.say(link.seq, "it is dated before the event before")
    if _hash_of(link) != link.hash:
        walk.say(link.seq, "the event is not the one its hash was taken of")


def _hash_of(link: _Link) -> str | None:
    facts = link._asdict()
    del facts["hash"], facts["text"]
    try:
        return chain.event_hash(**facts)
    except (AttributeError, TypeError, ValueError):
        return None


def _open_body(walk: _Walk, link: _Link, counts: Counts) -> None:
    """Whether the body is the one recorded, or rightly empty."""
    walk.content = None
    if link.text is None:
        walk.say(link.seq, "the body is missing")
    elif link.text == "":
        counts.redacted += 1
        walk.emptied.add(link.seq)
    elif not isinstance(link.text, str) or digest(link.text) != link.body_hash:
        walk.say(link.seq, "the body is not the one its hash was taken of")
    else:
        walk.content = _content(link.text)
        if walk.content is None:
            walk.say(link.seq, "the body holds no snapshot")
    if link.action == chain.REDACT:
        walk.emptied -= {seq for seq in chain.redacted_by(walk.content) if seq < link.seq}


def _content(text: str) -> dict[str, Any] | None:
    try:
        content = json.loads(text)
    except ValueError:
        return None
    fits = isinstance(content, dict) and isinstance(content.get("snapshot"), dict)
    return content if fits else None


def _compare_heads(batch: list[End], using: str) -> Iterator[Finding]:
    heads = Stream.objects.using(using).in_bulk([end.stream for end in batch])
    for end in batch:
        head = heads.get(end.stream)
        if head is None:
            yield Finding(end.stream, end.seq, "the stream has no head")
        elif (head.seq, head.head, head.at) != (end.seq, end.hash, end.at):
            yield Finding(end.stream, end.seq, f"it is the last, but the head is at {head.seq}")


def _heads_without_events(stream: str, using: str) -> Iterator[Finding]:
    """A head at 0 was locked before anything happened; any other lost its events."""
    heads = Stream.objects.using(using).exclude(seq=0, head=chain.FIRST_PREV_HASH, at=None)
    if stream:
        heads = heads.filter(name=stream)
    lonely = heads.exclude(Exists(Event.objects.using(using).filter(stream=OuterRef("name"))))
    for name, seq in lonely.order_by("name").values_list("name", "seq").iterator(CHUNK):
        yield Finding(name, seq, "the head stands but no event does")


def _bodies_without_event(using: str) -> Iterator[Finding]:
    events = Event.objects.using(using).filter(pk=OuterRef("event_id"))
    bodies = EventBody.objects.using(using).exclude(Exists(events)).order_by("event_id")
    for event_id in bodies.values_list("event_id", flat=True).iterator(CHUNK):
        yield Finding("", None, f"a body stands without its event (id {event_id})")


@contextmanager
def _one_moment(using: str) -> Iterator[None]:
    """One view of the database for all reads, without holding up writers.

    Inside a transaction that is already open, its view has to do.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Not `atomic`: that would begin as a writer, and nobody else could write meanwhile.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with atomic(using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
