"""A real SMTP server on the loopback that can be told to misbehave."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as POLICY
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers import free_port


@dataclass
class Post:
    """What the server took in, and how it answers: by default it takes everything at once.

    `rcpt` and `data` are answers to give instead of "250 OK"; `delay` is seconds to wait before
    a message is taken; `drop` closes the connection after a message was taken, without a word.
    """

    rcpt: str = ""
    data: str = ""
    delay: float = 0.0
    drop: bool = False
    taken: list[EmailMessage] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.delay)
        if self.data:
            return self.data
        self.taken.append(message_from_bytes(envelope.content, policy=POLICY))
        self.at.append(time.monotonic())
        if self.drop:
            server.transport.abort()
        return "250 OK"


@contextmanager
def post_office(post: Post | None = None) -> Iterator[tuple[Post, int]]:
    """The server and the port it listens on."""
    post, port = post or Post(), free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop()
