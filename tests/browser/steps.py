"""What people do on the pages, in steps that read as a story; all by what stands on the page."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.conftest import PASSWORD


def enter(page: Page, username: str, password: str = PASSWORD) -> None:
    """Sign in at the door."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def main(page: Page) -> Locator:
    """The part of the page that is its own."""
    return page.get_by_role("main")


def told(page: Page, words: str) -> None:
    """The page says that it is done, in these words."""
    expect(main(page).get_by_role("status").filter(has_text=words)).to_be_visible()


def press(page: Page, name: str) -> None:
    """The one button or link of that name in the page's own part."""
    button = main(page).get_by_role("button", name=name, exact=True)
    link = main(page).get_by_role("link", name=name, exact=True)
    button.or_(link).first.click()


def next_box(page: Page) -> Locator:
    """The box that says what comes next."""
    return page.locator("section.next")


def open_move(page: Page, label: str) -> Locator:
    """Unfold the form of a move in the next-action box."""
    move = page.locator("details.move").filter(has_text=f"{label} …")
    if move.get_attribute("open") is None:
        move.locator("summary").first.click()
    return move


def make_move(page: Page, label: str, **fields: str) -> None:
    """Make a move with these fields, by their labels (underscores for blanks)."""
    form = open_move(page, label)
    for name, value in fields.items():
        fill(form, name.replace("_", " "), value)
    form.get_by_role("button", name=label, exact=True).click()


def fill(form: Locator, label: str, value: str) -> None:
    """A field by its label: typed into, chosen from a list, or one of several choices."""
    named = form.get_by_label(re.compile(f"^{re.escape(label)}"))
    field = form.locator("input, textarea, select").and_(named).first
    group = form.get_by_role("group", name=label)
    if group.count():
        group.first.get_by_label(value).first.check()
    elif field.evaluate("node => node.tagName") == "SELECT":
        option = field.locator("option").filter(has_text=value).first.get_attribute("value")
        field.select_option(option)
    else:
        field.fill(value)


def log_letter(page: Page, subject: str, reply_due_on: str) -> None:
    """Fill in and send the form of a letter sent today."""
    form = main(page)
    fill(form, "What it was", "Letter")
    fill(form, "Direction", "Sent")
    fill(form, "Date", "2026-11-23")
    fill(form, "Subject", subject)
    fill(form, "What was said", "Where does this stand, please?")
    fill(form, "Reply due on", reply_due_on)
    press(page, "Log it")


def record_reply(page: Page, answer: str) -> None:
    """Fill in and send the form of the reply that came today, agreeing to the one commitment."""
    form = main(page)
    fill(form, "Date", "2026-11-23")
    fill(form, "Position", "Agrees")
    fill(form, "Answer", answer)
    press(page, "Record the reply")


def cite_evidence(page: Page, document: str, words: str) -> None:
    """Cite these words as evidence for the commitment whose page is open."""
    press(page, "Cite a passage …")
    form = main(page)
    fill(form, "Document", document)
    fill(form, "The words", words)
    fill(form, "Cite as", "Evidence")
    fill(form, "Effective on", "29 March 2022")
    press(page, "Cite")
