"""My follow-ups in a real browser: full and empty, wide and narrow, light and dark."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from commitments import actions
from tests.browsing import sign_in
from tests.making import a_candidate, a_letter, moved, opened, reported
from tracker import clock
from tracker.users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INBOX = "/follow-ups/"


@pytest.fixture
def full(olga: User, otto: User, amir: User) -> None:
    """A row in every group that a member of staff can have."""
    late = opened(
        olga,
        owner=olga,
        due_text="by 30 September 2021",
        title="Submit final commitments with a title so long that it runs over on any screen",
    )
    a_letter(olga, late, reply_due_on=clock.today() + timedelta(days=2))
    opened(olga, owner=olga, due_text="soon", review_on=clock.today(), title="Look again")
    a_candidate(olga, title="A candidate")
    actions.watch(late, actor=olga)
    actions.note(late, actor=otto, words="They called back, @olga")
    sent = reported(opened(olga, owner=olga, title="Sent back"), olga)
    moved(sent, "send_back", amir, reason="No date on it")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_any_reader(
    scheme: Literal["light", "dark"],
    width: int,
    new_context: Callable[..., BrowserContext],
    axe: Callable[[Page], list[str]],
    full: None,
    olga: User,
    amir: User,
    nils: User,
    console: list[str],
) -> None:
    for reader in (olga, amir, nils):
        context = new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        page = context.new_page()
        sign_in(page, reader)
        page.goto(INBOX)
        assert axe(page) == [], reader
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        assert page.locator(".btn-primary").count() <= 1
    assert console == []


def test_a_change_is_marked_as_seen_without_scripts(
    new_context: Callable[..., BrowserContext], full: None, olga: User
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, olga)
    page.goto(INBOX)
    page.locator("#changed").get_by_role("button", name="Mark as seen").click()
    expect(page.get_by_text("seen so far")).to_be_visible()
    expect(page.locator("#changed")).to_contain_text("Nothing has changed.")
    page.locator("#overdue").get_by_role("link", name="Record reply").click()
    expect(page).to_have_url(re.compile(r"/letters/\d+/reply/$"))
