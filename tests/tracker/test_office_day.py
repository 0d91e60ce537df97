"""An office's day on the whole installation: in the browser, over TLS, with a mail at its end.

The processes are those of docker-compose.yml, on a real PostgreSQL and a real Redis.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import PATIENCE, watch
from tests.production import Installation
from tests.proxy import tls_proxy
from tests.smtp import Post, post_office

pytestmark = [pytest.mark.services, pytest.mark.browser, pytest.mark.slow]
PASSWORD = "three sparrows on a wire"


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    with post_office() as running:
        yield running


@pytest.fixture
def office(
    empty_database: str, redis_url: str, tmp_path: Path, post: tuple[Post, int]
) -> Iterator[Installation]:
    mail = f"smtp://127.0.0.1:{post[1]}"
    with Installation(
        database=empty_database,
        broker=redis_url,
        mail=mail,
        folder=tmp_path,
        environment={"ALLOWED_HOSTS": "localhost"},
    ) as installation:
        installation.prepare()
        loaded = installation.run("python", "manage.py", "load_records", "seeds/")
        assert loaded.returncode == 0, loaded.stderr
        for name in ("olga", "otto"):
            add_person(installation, name)
        for service in ("web", "worker", "beat"):
            installation.start(service)
        installation.wait_until(lambda: installation.healthy("web") == "")
        yield installation


def add_person(office: Installation, name: str) -> None:
    """An account for a member of staff, made as an office makes its first ones."""
    command = ["python", "manage.py", "add_person", name, "--role", "staff", "--stdin"]
    subprocess.run(
        [*command, "--first-name", name.title(), "--email", f"{name}@office.example"],
        cwd=Path(__file__).parents[2],
        env=office.environment,
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture
def page(office: Installation, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page on the site behind its TLS proxy."""
    console: list[str] = []
    with tls_proxy(office.port, tmp_path) as site:
        context = browser.new_context(base_url=site, ignore_https_errors=True)
        context.on("page", lambda opened: watch(opened, console))
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        context.close()
    assert console == []


def test_a_commitment_is_moved_in_the_browser_and_a_mail_goes_out(
    office: Installation, page: Page, post: tuple[Post, int]
) -> None:
    page.goto("/register/")
    page.locator("[name=username]").fill("otto")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    first = page.locator("main a[href^='/c/C-']").first.get_attribute("href")
    assert first
    page.goto(first)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("In progress")

    page.goto(f"{first}assign/")
    page.get_by_label("Owner").select_option(label="Olga")
    page.get_by_role("button", name="Assign", exact=True).click()
    page.wait_for_url(f"**{first}")
    expect(page.get_by_role("main")).to_contain_text("Olga")

    taken = post[0].taken
    office.wait_until(lambda: bool(taken))
    assert "olga@office.example" in str(taken[0]["To"])
    assert first.strip("/").removeprefix("c/") in taken[0].as_string()
    verified = office.run("python", "manage.py", "verify_history")
    assert verified.returncode == 0, verified.stdout + verified.stderr
