"""What an event's hashes are taken of. Pure; the outsider's checker follows this page.

- The body's text is `canonical({"note", "salt", "snapshot"})`, with "extra" where an action has
  something to add. The salt is 16 random bytes, so that a body that was emptied cannot be guessed
  from its hash. `body_hash` is the SHA-256 of that text.
- An event's hash is the SHA-256 of `canonical({...})` over the nine facts named in
  `event_hash`. `prev_hash` of the first event of a stream is the empty string.
- Instants are kept to the millisecond: it is all that `dumpdata` carries from one database to
  another. They are written in UTC as 2026-01-31T09:30:00.250000+00:00.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from tracker.ledger.canonical import canonical, digest

FIRST_PREV_HASH = ""
SALT_BYTES = 16
REDACT = "redact"
DELETE = "delete"


def to_the_millisecond(at: datetime) -> datetime:
    """The same instant in UTC without the microseconds below the millisecond.

    Raises ValueError for a naive datetime.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} does not say in which zone it is")
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def written_at(at: datetime) -> str:
    """How an instant is written into a hash: in UTC, always with six decimals."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def body_text(
    note: str, snapshot: Mapping[str, Any], extra: Mapping[str, Any] | None = None
) -> str:
    """The text of a new body, with a salt of its own. Raises TypeError as `canonical` does."""
    body: dict[str, Any] = {
        "note": note,
        "salt": secrets.token_hex(SALT_BYTES),
        "snapshot": dict(snapshot),
    }
    if extra:
        body["extra"] = dict(extra)
    return canonical(body)


def event_hash(
    *,
    stream: str,
    seq: int,
    at: datetime,
    actor: int,
    action: str,
    prev_hash: str,
    body_hash: str,
    key: str,
    request_hash: str,
) -> str:
    """The hash that seals one event and, through `prev_hash`, every event before it."""
    return digest(
        canonical(
            {
                "stream": stream,
                "seq": seq,
                "at": written_at(at),
                "actor": actor,
                "action": action,
                "prev_hash": prev_hash,
                "body_hash": body_hash,
                "key": key,
                "request_hash": request_hash,
            }
        )
    )


def redacted_by(body: Mapping[str, Any] | None) -> Iterable[int]:
    """The seqs that a "redact" event's body says were emptied."""
    extra = body.get("extra") if body else None
    named = extra.get("redacted") if isinstance(extra, dict) else None
    return [seq for seq in named if isinstance(seq, int)] if isinstance(named, list) else []
