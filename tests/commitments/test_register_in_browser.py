"""The register in a real browser: with scripts and without, small and dark, tidy for everybody."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browsing import sign_in
from tests.commitments.registering import Three, three
from tracker.users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 390, "height": 844}


@pytest.fixture
def rows(olga: User, otto: User, amir: User) -> Three:
    return three(olga, otto, amir)


def shows(page: Page, names: list[str]) -> None:
    """Wait until the rows are these references, in this order."""
    expect(page.locator("table.register tbody th")).to_have_text(names)


def hangs_over(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(width))


def test_ticking_a_box_narrows_the_list_and_going_back_widens_it(
    page: Page, rows: Three, olga: User
) -> None:
    sign_in(page, olga)
    page.goto("/register/")
    expect(page.locator("#facets .count").first).to_be_visible()
    shows(page, ["C-2026-0002", "C-2026-0001", "C-2026-0003"])
    page.locator("#state-in_progress").check()
    expect(page.locator(".chips b")).to_have_text("1 commitment")
    expect(page).to_have_url(re.compile(r"/register/\?state=in_progress$"))
    shows(page, ["C-2026-0002"])
    expect(page).to_have_title("Register, 1 commitment · Tracker")
    expect(page.locator("#said")).to_have_text("1 commitment")
    expect(page.locator("#state-in_progress")).to_be_focused()
    page.locator("#state-open").check()
    expect(page.locator(".chips b")).to_have_text("2 commitments")
    page.go_back()
    expect(page.locator(".chips b")).to_have_text("1 commitment")
    expect(page.locator("#state-in_progress")).to_be_checked()
    page.get_by_role("link", name="State: In progress").click()
    expect(page.locator(".chips b")).to_have_text("3 commitments")
    expect(page).to_have_url(re.compile(r"/register/$"))


def test_a_name_is_suggested_and_chosen(page: Page, rows: Three, olga: User) -> None:
    sign_in(page, olga)
    page.goto("/register/")
    expect(page.locator("#facets .count").first).to_be_visible()
    field = page.locator("#other-obligor")
    field.press_sequentially("Goo")
    expect(page.locator("#names-obligor option")).to_have_count(1)
    field.fill("Google")
    field.press("Enter")
    expect(page.locator(".chips b")).to_have_text("1 commitment")
    expect(page.get_by_role("link", name="Obligor: Google")).to_be_visible()
    shows(page, ["C-2026-0002"])


def test_a_heading_sorts_within_the_page_and_a_row_opens_a_page(
    page: Page, rows: Three, olga: User
) -> None:
    sign_in(page, olga)
    page.goto("/register/?state=live")
    page.get_by_role("link", name="Commitment", exact=True).click()
    expect(page).to_have_url(re.compile(r"state=live&sort=title$"))
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Commitment")
    expect(page.get_by_role("region", name="Results")).to_be_focused()
    page.get_by_role("link", name="Test labels with users").click()
    expect(page).to_have_url(re.compile(r"/c/C-2026-0002/$"))


def test_everything_works_without_scripts(
    new_context: Callable[..., BrowserContext], rows: Three, olga: User, console: list[str]
) -> None:
    page = new_context(java_script_enabled=False, viewport=NARROW).new_page()
    sign_in(page, olga)
    page.goto("/register/")
    page.locator("summary", has_text="Filters").click()
    page.locator("#state-open").check()
    page.locator("#other-obligor").fill("Facebook")
    page.get_by_role("button", name="Apply").click()
    shows(page, ["C-2026-0001"])
    page.locator("summary", has_text="Filters, 2 chosen").click()
    page.get_by_role("link", name="Show how many there are of each").click()
    expect(page).to_have_url(re.compile("counts=1"))
    page.locator("summary", has_text="Filters, 2 chosen").click()
    expect(page.locator("#facets .count").first).to_be_visible()
    assert page.locator("#facets .count").count() > 10
    page.get_by_role("link", name="State: Open").click()
    shows(page, ["C-2026-0001"])
    assert console == []


ADDRESSES = {
    "full": "/register/?counts=1",
    "filtered": "/register/?state=live&obligor=Facebook&kind=promised&sort=-due",
    "without a match": "/register/?q=nothing&counts=1",
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_any_reader(
    scheme: str,
    width: int,
    new_context: Callable[..., BrowserContext],
    axe: Callable[[Page], list[str]],
    rows: Three,
    olga: User,
    nils: User,
    console: list[str],
) -> None:
    context = new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, olga)
    for name, address in ADDRESSES.items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((part) => part.open = true)")
        assert axe(page) == [], name
        assert hangs_over(page) == 0, name
    assert console == []
    page.goto("/register/?due_from=abc&obligor=Nobody&owner=Zoe&q=a+b+c+d+e+f+g+h+i")
    assert axe(page) == []
    assert hangs_over(page) == 0
    # The browser itself complains about the answer that says what is wrong.
    assert [line for line in console if "422" not in line] == []
    console.clear()


def test_an_empty_register_is_in_nobodys_way(
    page: Page, axe: Callable[[Page], list[str]], nils: User
) -> None:
    sign_in(page, nils)
    page.goto("/register/")
    expect(page.get_by_text("The register is empty.")).to_be_visible()
    assert axe(page) == []
