"""An office for a whole module: a server with the cast and, if asked for, the real records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Response
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browsing import PATIENCE, watch
from tests.conftest import MONDAY, person
from tracker.ledger.triggers import drop_triggers
from tracker.users.models import User

# The browser writes down every status from 400 on, also those that our pages and forms answer with
# on purpose; what else is answered so is noted by `listen`. A request that a newer one replaces is
# aborted, which htmx calls an error; and where a form asks for a user name, it would like to help.
MEANT = (
    "Failed to load resource: the server responded with",
    "htmx:sendAbort",
    "htmx:afterRequest",
    "Input elements should have autocomplete attributes",
)
ANSWERS = {403, 404, 409, 422}
CAST = (
    ("olga", "Olga", "staff"),
    ("otto", "Otto", "staff"),
    ("amir", "Amir", "auditor"),
    ("ada", "Ada", "administrator"),
    ("nils", "Nils", ""),
)


@dataclass
class Office:
    """Where the server answers, who works there, and what the browser complained about."""

    url: str
    people: dict[str, User]
    outbox: str
    console: list[str] = field(default_factory=list)

    def complaints(self) -> list[str]:
        """What is wrong in what the browser wrote down."""
        return [line for line in self.console if not any(words in line for words in MEANT)]

    def listen(self, page: Page) -> None:
        """Write down what this page's console says, and what it asks for in vain."""

        def look(response: Response) -> None:
            asked = response.request.resource_type in ("document", "xhr", "fetch")
            if response.status >= 400 and not (asked and response.status in ANSWERS):
                self.console.append(f"{response.status} for {response.url} ({page.url})")

        watch(page, self.console)
        page.on("response", look)

    def session(self, username: str) -> dict[str, str]:
        """The cookie of a new session of this person."""
        client = Client()
        client.force_login(self.people[username])
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.url}


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In this package: real commits that a server sees, for a whole module, and then gone."""
    with django_db_blocker.unblock():
        yield
        # The history refuses to be emptied; the signal after the flush puts its triggers back.
        drop_triggers(connection)
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def office(db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo's office on a Monday morning, without any record."""
    outbox = str(tmp_path_factory.mktemp("outbox"))
    with (
        time_machine.travel(MONDAY),
        override_settings(DEMO=True, EMAIL_FILE_PATH=outbox, ROOT_URLCONF="tests.browser.urls"),
    ):
        people = {
            username: person(username, name, role, is_staff=role == "administrator")
            for username, name, role in CAST
        }
        server = LiveServer("localhost")
        yield Office(server.url, people, outbox)
        server.stop()


@pytest.fixture(scope="module")
def records(office: Office) -> None:
    """The three records with their commitments, shared between Olga and Otto."""
    call_command("load_records", str(settings.BASE_DIR / "seeds"), verbosity=0, stdout=None)
    call_command("demo_data", stdout=None)


@pytest.fixture
def visit(browser: Browser, office: Office) -> Iterator[Callable[..., Page]]:
    """Opens a page for somebody in a browser of their own; the console must stay clean.

    `visit("olga", "/register/")`; "" is somebody who has not signed in. Further arguments are those
    of Playwright's new_context.
    """
    opened: list[BrowserContext] = []
    office.console.clear()

    def open_page(username: str, address: str = "/", **options: Any) -> Page:
        context = browser.new_context(base_url=office.url, **options)
        context.set_default_timeout(PATIENCE)
        context.on("page", office.listen)
        opened.append(context)
        if username:
            context.add_cookies([office.session(username)])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert office.complaints() == []
