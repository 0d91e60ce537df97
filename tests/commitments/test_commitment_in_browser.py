"""The pages about one commitment in a real browser: with and without scripts, wide and narrow,
light and dark, empty, with errors and in conflict; axe finds nothing, the console stays clean."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from commitments import actions
from commitments.models import Commitment, LinkKind
from commitments.workflow import State
from documents.actions import mark_passage
from tests.browsing import sign_in
from tests.making import (
    a_document,
    a_letter,
    a_party,
    in_state,
    moved,
    opened,
)
from tracker import clock
from tracker.users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What Chromium says of an answer that is meant to be refused.
REFUSED = "Failed to load resource"
OPEN_ALL = """document.querySelectorAll("main details").forEach((box) => {
  box.removeAttribute("name");
  box.open = true;
})"""


@pytest.fixture
def full(olga: User, otto: User, amir: User) -> Commitment:
    """All a page can show at once: overdue, a letter, evidence, a withdrawal, a link, notes."""
    row = opened(
        olga,
        owner=otto,
        due_text="by the end of September 2021",
        beneficiaries=[a_party(olga, "Nutzerinnen und Nutzer digitaler Dienste", "group")],
    )
    origin = row.citations.get()
    sibling = opened(
        olga,
        document=origin.document,
        obligor=a_party(olga, "Google"),
        title="Donaudampfschifffahrtsgesellschaftskapitänsverzeichnis veröffentlichen",
    )
    actions.link(row, actor=olga, target=sibling, kind=LinkKind.RESTATES)
    report = a_document(olga, "[REDACTED] said it went online. It was praised.", title="A report")
    words = mark_passage(report, actor=olga, quote="it went online.")
    actions.cite(
        row, actor=otto, document=report, passage=words, role="evidence", effective="2026-10"
    )
    wrong = actions.cite(row, actor=otto, document=report, role="progress")
    actions.withdraw_citation(wrong, actor=otto, reason="The wrong one")
    a_letter(olga, row, sibling, reply_due_on=clock.today() + timedelta(days=3))
    actions.note(row, actor=otto, words="@olga have a look")
    actions.watch(row, actor=amir)
    return moved(row, "start", olga)


@pytest.fixture
def visit(
    new_context: Callable[..., BrowserContext], console: list[str]
) -> Iterator[Callable[..., Page]]:
    """Opens a page as somebody; the test fails if the console is not clean at its end."""

    def open_as(user: User, **options: object) -> Page:
        page = new_context(**options).new_page()
        sign_in(page, user)
        return page

    yield open_as
    assert [line for line in console if REFUSED not in line] == []


def assert_clean(page: Page, axe: Callable[[Page], list[str]], name: str) -> None:
    """axe finds nothing and nothing scrolls sideways, wide and narrow."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert axe(page) == [], f"{name} at {width}"
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.evaluate(wide), f"{name} at {width}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_clean_in_both_themes_wide_and_narrow(
    theme: Literal["light", "dark"],
    full: Commitment,
    olga: User,
    otto: User,
    amir: User,
    nils: User,
    visit: Callable[..., Page],
    axe: Callable[[Page], list[str]],
) -> None:
    here = full.get_absolute_url()
    letter = full.follow_up_items.get().follow_up
    page = visit(olga, color_scheme=theme)
    steps = ("edit/", "assign/", "reschedule/", "link/", "split/", "cite/", "note/", "move/report/")
    others = (
        in_state(State.CANDIDATE, olga, amir, title="A candidate"),
        in_state(State.WAITING, olga, amir, title="It waits"),
        in_state(State.CLOSED, olga, amir, title="It is closed"),
        in_state(State.DISMISSED, olga, amir, title="It is dismissed"),
    )
    for address in (
        here,
        *(other.get_absolute_url() for other in others),
        *(f"{here}{step}" for step in steps),
        f"{here}move/close/",
        letter.get_absolute_url(),
        f"{letter.get_absolute_url()}reply/",
        f"/letters/new/?c={full.name}",
        f"/parties/{full.obligor_id}/",
        f"/parties/{a_party(olga, 'Nobody yet').pk}/",
        f"/parties/{full.obligor_id}/edit/",
        "/glossary/",
    ):
        page.goto(address)
        page.evaluate(OPEN_ALL)
        assert_clean(page, axe, address)
    judged = in_state(State.REPORTED, otto, amir, title="It is reported")
    for reader in (amir, nils):
        page = visit(reader, color_scheme=theme)
        page.goto(judged.get_absolute_url())
        assert_clean(page, axe, f"{reader} at the reported one")


def test_a_refused_move_comes_back_in_place_with_its_errors_and_what_was_typed(
    full: Commitment,
    olga: User,
    visit: Callable[..., Page],
    axe: Callable[[Page], list[str]],
) -> None:
    page = visit(olga)
    page.goto(full.get_absolute_url())
    page.get_by_text("Report as done …").click()
    page.get_by_label("Effective on").fill("Ember days")
    page.get_by_role("button", name="Report as done").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Effective on")).to_have_value("Ember days")
    assert_clean(page, axe, "the refused report")
    page.get_by_label("Effective on").fill("October 2026")
    page.get_by_label("Evidence").last.select_option(index=1)
    page.get_by_role("button", name="Report as done").click()
    expect(page.locator(".notice")).to_contain_text("may judge it now")
    expect(page.locator(".standing .state")).to_have_text("Reported")


@pytest.mark.parametrize("scripts", [True, False])
def test_two_people_at_once_see_both_versions_and_one_applies_theirs(
    scripts: bool,
    full: Commitment,
    olga: User,
    otto: User,
    visit: Callable[..., Page],
    axe: Callable[[Page], list[str]],
) -> None:
    page = visit(olga, java_script_enabled=scripts, color_scheme="dark")
    page.goto(f"{full.get_absolute_url()}move/wait/")
    page.get_by_label("What it waits for").fill("The policy text is published")
    page.get_by_label("Review on").fill((clock.today() + timedelta(days=14)).isoformat())
    actions.edit(
        full, actor=otto, expected_version=full.version, changes={"title": "Run it in public"}
    )
    page.get_by_role("button", name="Wait").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody else changed it first")
    row = page.get_by_role("row", name="Condition")
    expect(row).to_contain_text("The policy text is published")
    if scripts:
        assert_clean(page, axe, "the conflict")
    page.get_by_role("button", name="Apply mine").click()
    expect(page.locator(".standing .state")).to_have_text("Waiting")
    expect(page.get_by_role("heading", level=1)).to_have_text("Run it in public")


def test_everything_can_be_done_without_scripts(
    olga: User, amir: User, visit: Callable[..., Page]
) -> None:
    row = in_state(State.CANDIDATE, olga, amir)
    page = visit(olga, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(row.get_absolute_url())
    page.get_by_label("Deadline, in the record’s words").first.fill("in March 2027")
    page.get_by_label("Evidence needed").fill("A public page")
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("Confirmed as C-")
    expect(page.locator(".facts .due").first).to_contain_text("by 31 March 2027 (month)")
    page.get_by_role("link", name="Log a follow-up").first.click()
    page.get_by_label("What it was").select_option("letter")
    page.get_by_label("Date", exact=True).fill(clock.today().isoformat())
    page.get_by_label("Subject").fill("Where does it stand?")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator(".notice")).to_contain_text("Letter logged for 1 commitment.")
    page.get_by_text("Write a note …").click()
    page.get_by_label("Note", exact=True).last.fill("Sent by post")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".timeline li").first).to_contain_text("Sent by post")


def test_names_and_readings_are_offered_while_one_types(
    full: Commitment, olga: User, visit: Callable[..., Page]
) -> None:
    page = visit(olga)
    page.goto(f"{full.get_absolute_url()}edit/?only=obligor")
    page.get_by_label("Who owes it").fill("")
    page.get_by_label("Who owes it").press_sequentially("goo")
    expect(page.locator("#id_obligor_offered option")).to_have_attribute("value", "Google")
    page.goto(f"{full.get_absolute_url()}reschedule/")
    page.get_by_label("Deadline, in the words of its source").fill("")
    page.get_by_label("Deadline, in the words of its source").press_sequentially("in May 2027")
    expect(page.locator("#id_due_text_reading")).to_have_text("Read as by 31 May 2027 (month).")
