"""A real browser for tests: every page must keep its console clean and stay on this machine."""

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import servers
from tracker.users.models import User

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
QUIET = {"log", "info", "debug", "timeEnd", "startGroup", "endGroup"}
LOOPBACK = {"127.0.0.1", "localhost", "::1", None}
PATIENCE = 10_000  # milliseconds


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run; each test gets a context of its own in it."""
    chromium = servers.find_chromium()
    if chromium is None:
        servers.lack("Chromium")
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def console(request: pytest.FixtureRequest) -> list[str]:
    """What the browser complained about. A test that provokes a complaint takes it out again."""
    return []


@pytest.fixture
def new_context(
    browser: Browser, live_server: LiveServer, console: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a fresh browser context on the live server; arguments as Playwright's new_context."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        context.on("page", lambda page: watch(page, console))
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], console: list[str]) -> Iterator[Page]:
    """A page on the live server; the test fails if the console is not clean at its end."""
    opened = new_context().new_page()
    yield opened
    opened.close()
    assert console == []


def watch(page: Page, console: list[str]) -> None:
    """Write down script errors, warnings, breaches of the content policy and outside requests."""

    def hear(message: ConsoleMessage) -> None:
        if message.type not in QUIET:
            console.append(f"{message.type}: {message.text} ({page.url})")

    def look(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme.startswith("http") and parts.hostname not in LOOPBACK:
            console.append(f"asked for an outside address: {url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: console.append(f"script error: {error}"))
    page.on("request", lambda request: look(request.url))


def sign_in(page: Page, user: User) -> None:
    """Give the page's context a session of this user, without the sign-in page."""
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "domain": "localhost",
                "path": "/",
            }
        ]
    )


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Checks the page as it stands against axe's rules; one line for each violation."""

    def check(page: Page) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [
            f"{rule['id']}: {rule['help']} – {'; '.join(str(n['target']) for n in rule['nodes'])}"
            for rule in found
        ]

    return check
