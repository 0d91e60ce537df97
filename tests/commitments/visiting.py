"""How the tests of pages visit them: as somebody, reading the answer as text."""

import html
import re
from typing import Any

from django.test import Client

from tracker.users.models import User


class Visit:
    """One answer: its status, its words without markup, and the markup."""

    def __init__(self, answer: Any) -> None:
        self.status: int = answer.status_code
        self.location: str = answer.headers.get("Location", "")
        self.markup: str = answer.content.decode()

    @property
    def words(self) -> str:
        """What a reader sees of the page, in one line."""
        main = self.markup[self.markup.find("<main") :]
        plain = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
        return re.sub(r" ([,.:;])", r"\1", plain)

    def value(self, name: str) -> str:
        """The value of the first field of this name."""
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', self.markup)
        assert tag is not None, f"no field {name}"
        given = re.search(r'value="([^"]*)"', tag[0])
        return html.unescape(given[1]) if given else ""


def get(client: Client, user: User, address: str, **headers: str) -> Visit:
    client.force_login(user)
    return Visit(client.get(address, headers=headers or None))


def post(client: Client, user: User, address: str, **data: Any) -> Visit:
    client.force_login(user)
    return Visit(client.post(address, data))
