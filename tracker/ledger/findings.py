"""What verifying passes around: a finding, and the end of a stream. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


class Finding(NamedTuple):
    """One thing that is wrong; stream and seq say where, as far as there is a where."""

    stream: str
    seq: int | None
    what: str

    def __str__(self) -> str:
        place = " ".join(str(part) for part in (self.stream, self.seq) if part not in ("", None))
        return f"{place}: {self.what}" if place else self.what


class End(NamedTuple):
    """The last event of a stream; `snapshot` is None where its body cannot be read."""

    stream: str
    seq: int
    hash: str
    at: datetime | None
    action: str
    snapshot: dict[str, Any] | None


@dataclass
class Counts:
    """What was looked at; `rows` are those compared with the snapshot of their last event."""

    streams: int = 0
    events: int = 0
    redacted: int = 0
    rows: int = 0
