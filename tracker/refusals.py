"""What an action answers when it will not do what was asked.

An edge catches `Refused` and shows the sentences beside the fields they belong to; nothing that
was typed or stored is lost.
"""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The parent of every refusal; `str()` of it is one sentence for the reader."""


class Refusal(Refused):
    """Something asked for is missing or wrong.

    `errors` maps a field's name to one sentence; "" stands for the whole form.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


class NotAllowed(Refused):
    """The actor may not do this; the sentence says why and, where it helps, who may."""


class Conflict(Refused):
    """Somebody else changed the thing first. `current` is the thing as it stands now."""

    def __init__(self, current: Any, sentence: str) -> None:
        self.current = current
        super().__init__(sentence)
