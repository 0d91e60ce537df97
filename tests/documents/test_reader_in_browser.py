"""The document pages and the account in a real browser: with and without scripts, wide and narrow,
light and dark, empty and with errors; axe finds nothing and the console stays clean."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from commitments.models import Commitment
from documents.models import Document, Passage
from tests.browsing import sign_in
from tests.conftest import PASSWORD
from tests.making import a_document, a_party, opened
from tracker.users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = """Flash report of the meeting 👍

From: [REDACTED]

- FB said that they will run a public repository of advertisements by 30 November 2026. Good 👍 too.

- Google 👍👍 will do the same in March, and more of it as soon as possible.

The meeting ended at noon."""
FIRST = "FB said that they will run a public repository of advertisements by 30 November 2026."
SECOND = "will do the same in March"
SELECT = """([block, from, to]) => {
  const walker = document.createTreeWalker(document.querySelector(block), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node; (node = walker.nextNode());) {
    if (node.data.includes(from)) range.setStart(node, node.data.indexOf(from));
    if (node.data.includes(to)) range.setEnd(node, node.data.indexOf(to) + to.length);
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def document(olga: User) -> Document:
    """A record with two marks in it."""
    filed = a_document(olga, TEXT)
    opened(olga, document=filed, due_text="by 1 November 2026")
    opened(olga, document=filed, obligor=a_party(olga, "Google"))
    return filed


def no_wider_than_the_screen(page: Page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_clean_in_both_themes_wide_and_narrow(
    theme: Literal["light", "dark"],
    olga: User,
    document: Document,
    new_context: Callable[..., BrowserContext],
    console: list[str],
    axe: Callable[[Page], list[str]],
) -> None:
    page = new_context(color_scheme=theme).new_page()
    sign_in(page, olga)
    here = f"/documents/{document.pk}/"
    for address in (
        "/documents/",
        "/documents/?q=nothing+like+it",
        here,
        f"{here}?find=meeting",
        f"{here}?start=0&end=12#here",
        f"{here}new-commitment/?paragraph=3",
        f"{here}cite/?paragraph=3",
        "/account/",
        "/account/password/",
    ):
        page.goto(address)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert axe(page) == [], f"{address} at {width}"
            assert no_wider_than_the_screen(page), f"{address} at {width}"
    assert console == []


def test_pages_with_errors_are_clean_and_lead_to_the_field(
    olga: User,
    document: Document,
    page: Page,
    console: list[str],
    axe: Callable[[Page], list[str]],
) -> None:
    sign_in(page, olga)
    page.goto(f"/documents/{document.pk}/new-commitment/?paragraph=3")
    page.get_by_label("The words of the record").fill("Never said")
    page.locator("#id_obligors_1").fill("ByteDance")
    page.get_by_role("button", name="Confirm and open").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("“ByteDance” is")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="These words do not stand in the document").click()
    assert page.evaluate("location.hash") == "#id_quote"
    page.goto("/account/")
    page.get_by_label("Away until").fill("2026-12-24")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert axe(page) == []
    # A browser writes every answer of 422 to its console; nothing else may stand there.
    assert all("422" in line for line in console)
    console.clear()


def test_the_door_and_the_pages_for_mistakes_are_clean(
    olga: User, page: Page, console: list[str], axe: Callable[[Page], list[str]]
) -> None:
    page.goto("/account/")
    assert axe(page) == []
    page.get_by_label("User name").fill("olga")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert axe(page) == []
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("olga", ignore_case=True)
    page.goto("/no-such-page/")
    assert axe(page) == []
    assert all("422" in line or "404" in line for line in console)
    console.clear()


def test_selected_words_are_placed_by_code_points_and_become_a_commitment(
    olga: User, document: Document, page: Page
) -> None:
    sign_in(page, olga)
    page.goto(f"/documents/{document.pk}/")
    page.evaluate(SELECT, ["#p4 .source", "will do", "March"])
    tools = page.locator("#sel-tools")
    expect(tools).to_be_visible()
    start = TEXT.index(SECOND)
    link = tools.get_by_role("link", name="New commitment")
    expect(link).to_have_attribute(
        "href",
        f"/documents/{document.pk}/new-commitment/?start={start}&end={start + len(SECOND)}",
    )
    copied = tools.get_by_role("button", name="Copy citation").get_attribute("data-copy")
    assert copied is not None
    assert copied.startswith(f"“{SECOND}” (Flash report, 2 November 2026, characters ")
    link.click()
    expect(page.get_by_label("The words of the record")).to_have_value(SECOND)
    page.get_by_label("Commitment", exact=True).fill("Run a repository too")
    page.locator("#id_obligors_1").fill("google")
    page.get_by_role("button", name="Capture as a candidate").click()
    row = Commitment.objects.get(title="Run a repository too")
    assert page.url.endswith(f"/c/{row.name}/")
    assert Passage.objects.filter(quote=SECOND).count() == 1


def test_a_selection_over_marks_and_paragraphs_leaves_the_numbers_out(
    olga: User, document: Document, page: Page
) -> None:
    sign_in(page, olga)
    page.goto(f"/documents/{document.pk}/")
    page.evaluate(SELECT, ["#text", "30 November", "Google 👍"])
    link = page.locator("#sel-tools").get_by_role("link", name="Cite for")
    start, end = TEXT.index("30 November"), TEXT.index("Google 👍") + len("Google 👍")
    expect(link).to_have_attribute(
        "href", f"/documents/{document.pk}/cite/?start={start}&end={end}"
    )
    copied = page.locator("#sel-tools [data-copy]").get_attribute("data-copy") or ""
    assert copied.startswith("“30 November 2026. Good 👍 too. - Google 👍”")
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator("#sel-tools")).to_be_hidden()


def test_n_and_p_go_from_mark_to_mark_while_the_text_has_the_focus(
    olga: User, document: Document, page: Page
) -> None:
    sign_in(page, olga)
    page.goto(f"/documents/{document.pk}/")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator("#p2 .source").click()
    page.keyboard.press("n")
    expect(page.locator("#p3 .to-note")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#said")).to_have_text("That was the last mark.")
    page.keyboard.press("p")
    expect(page.locator("#said")).to_have_text("That was the first mark.")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#n")


def test_without_scripts_a_paragraph_becomes_a_commitment(
    olga: User, document: Document, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/sign-in/?next=/documents/")
    page.get_by_label("User name").fill("olga")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Flash report").click()
    page.get_by_role("searchbox", name="Find in this document").fill("ENDED")
    page.get_by_role("searchbox", name="Find in this document").press("Enter")
    expect(page.get_by_text("1 place:")).to_be_visible()
    page.get_by_role("link", name="Paragraph 5: choose its words").click()
    page.get_by_role("group", name="Chosen words").get_by_role("link", name="New").click()
    expect(page.get_by_label("The words of the record")).to_have_value("The meeting ended at noon.")
    page.get_by_label("Commitment", exact=True).fill("End the meeting")
    page.locator("#id_obligors_1").fill("Facebook")
    page.get_by_role("button", name="Capture as a candidate").click()
    assert Commitment.objects.filter(title="End the meeting", state="candidate").exists()


def test_the_theme_is_seen_at_once_and_kept(olga: User, page: Page) -> None:
    sign_in(page, olga)
    page.goto("/account/")
    expect(page.get_by_role("button", name="Keep")).to_be_hidden()
    with page.expect_response("**/account/theme/"):
        page.get_by_label("Dark").check()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.goto("/documents/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    with page.expect_response("**/account/theme/"):
        page.get_by_label("System").check()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light dark"


def test_the_outbox_is_clean(
    ada: User,
    page: Page,
    axe: Callable[[Page], list[str]],
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path)
    sign_in(page, ada)
    page.goto("/outbox/")
    assert axe(page) == []
    connection = mail.get_connection("django.core.mail.backends.filebased.EmailBackend")
    words = "See http://127.0.0.1:8000/c/C-2026-0001/" + "x" * 200
    mail.send_mail("Three overdue", words, None, ["olga@x.example"], connection=connection)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/outbox/")
    assert axe(page) == []
    assert no_wider_than_the_screen(page)
    page.get_by_role("link", name="Three overdue").click()
    assert axe(page) == []
    assert no_wider_than_the_screen(page)


def test_signing_out_ends_at_the_door(olga: User, page: Page) -> None:
    sign_in(page, olga)
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
