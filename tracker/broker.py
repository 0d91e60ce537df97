"""The folder that stands in for a message broker, with messages that appear whole or not at all.

The stock transport creates a message's file first and fills it afterwards, so that a reader may
find it empty and the worker ends on it. Here a message is written aside and renamed into place,
and a reader takes it with a rename, which only one of several readers can win.
"""

import json
import os
import uuid
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """One reader or writer of the folder."""

    def _put(  # type: ignore[override]  # the stubs of its two parents differ
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        folder = Path(self.data_folder_out)
        name = f"{monotonic_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        draft = folder / f".{name}"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        ending = f".{queue}.msg"
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if not name.endswith(ending) or name.startswith("."):
                continue
            taken = Path(self.processed_folder) / name
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another reader was quicker
            body = taken.read_text(encoding="utf-8")
            taken.unlink()
            try:
                return loads(body)
            except json.JSONDecodeError:
                continue  # cut short by a full disk or a power cut; the tick repairs what it lost
        raise Empty


class Transport(filesystem.Transport):
    """Kombu's folder transport with the channel above."""

    Channel = Channel

    @property
    def default_connection_params(self) -> dict[str, Any]:
        """A folder has no host; naming none here keeps Kombu from warning that it is missing."""
        return {}
