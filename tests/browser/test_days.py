"""A day of each of them in a real browser: what they click, and what the pages say to it.

Everybody works in one office with the real records; each story keeps to commitments of its own.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from commitments import actions
from commitments.models import Commitment, Party
from documents.models import Document
from tests.browser import steps
from tests.browser.conftest import Office
from tests.browser.steps import fill, main, make_move, next_box, press, told
from tracker.ledger.verifying import verify

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("records"),
    pytest.mark.xdist_group("days"),
]
Visit = Callable[..., Page]

SCENE_SETTER = (
    "Scene setter for the meeting with ByteDance/TikTok of 29 March 2022,"
    " with the flash report of 20 September 2021"
)
EVIDENCE = (
    "TikTok is also very engaged with Italian Authorities and made extensive commitments to them."
)


@pytest.fixture(autouse=True)
def _the_history_holds(office: Office) -> Iterator[None]:
    yield
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("who", "name", "title", "scripts"),
    [
        ("olga", "C-2026-0028", "Submit final commitments in the CPC dialogue", True),
        ("otto", "C-2026-0003", "Roll out its transparency tools", False),
    ],
    ids=["with scripts", "without scripts"],
)
def test_staff_go_from_what_is_overdue_to_a_report_that_an_auditor_may_judge(
    visit: Visit, who: str, name: str, title: str, scripts: bool
) -> None:
    page = visit("", java_script_enabled=scripts)
    expect(main(page)).to_contain_text("Please sign in")
    steps.enter(page, who)
    expect(page).to_have_title(re.compile(r"^\d+ follow-ups"))
    overdue = page.get_by_role("region", name="Overdue")
    overdue.get_by_role("link", name=title, exact=False).first.click()
    expect(page.locator(".page-head .ref")).to_have_text(name)
    expect(page.locator(".standing")).to_contain_text("Overdue")

    main(page).get_by_role("link", name=re.compile("^Log a follow-up")).click()
    steps.log_letter(page, "Please say where this stands", "2026-12-07")
    told(page, "Letter logged for 1 commitment.")
    main(page).get_by_role("link", name="Please say where this stands", exact=True).click()
    press(page, "Record the reply")
    steps.record_reply(page, "We did it in time.")
    told(page, "is recorded")
    expect(main(page)).to_contain_text("We did it in time.")
    main(page).get_by_role("link", name=title, exact=False).first.click()

    steps.cite_evidence(page, SCENE_SETTER, EVIDENCE)
    told(page, "Cited as evidence.")
    expect(page.get_by_role("region", name="Cited since")).to_contain_text(EVIDENCE)
    for round_of in ("first", "second"):
        make_move(page, "Report as done", Evidence="Evidence", Effective_on="29 March 2022")
        told(page, "reported as done. Amir may judge it now.")
        expect(next_box(page)).to_contain_text("With the auditors")
        if round_of == "first":
            make_move(page, "Take back the report", Reason="It was another letter.")
            told(page, "report taken back")
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text("It was another letter.")
    expect(history.get_by_text("Reported as done", exact=True)).to_have_count(2)


def paragraph(page: Page, words: str) -> Locator:
    """The paragraph of the reader with these words."""
    return page.locator("#text .source").filter(has_text=words)


def drag_over(page: Page, words: str) -> None:
    """Select words on the page with the mouse, from their first letter to their last."""
    box = page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.getElementById("text"), 4);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                if (at < 0) continue;
                walker.currentNode.parentElement.scrollIntoView({block: "center"});
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + words.length);
                const lines = [...range.getClientRects()];
                const [first, last] = [lines[0], lines[lines.length - 1]];
                return [first.left, first.top + first.height / 2, last.right,
                        last.top + last.height / 2];
            }
        }""",
        words,
    )
    page.mouse.move(box[0] + 1, box[1])
    page.mouse.down()
    page.mouse.move((box[0] + box[2]) / 2, box[3], steps=4)
    page.mouse.move(box[2] - 1, box[3], steps=4)
    page.mouse.up()


def the_form_of_a_commitment(page: Page, title: str, obligor: str) -> None:
    """Fill in the form that follows the words chosen."""
    form = main(page)
    fill(form, "Commitment", title)
    form.get_by_label("Who owes it").first.fill(obligor)
    fill(form, "Kind", "Pledge")
    fill(form, "Deadline, in the record’s words", "none stated")
    fill(form, "Evidence needed", "A page that says so")
    fill(form, "Review on", "2026-12-14")


def test_a_commitment_is_captured_from_words_selected_with_the_mouse(visit: Visit) -> None:
    words = "they have set up an European Safety Advisory Council"
    page = visit("olga", "/documents/")
    page.get_by_role("link", name=SCENE_SETTER, exact=False).click()
    tools = page.get_by_role("group", name="Selected words")
    expect(tools).to_be_hidden()
    drag_over(page, words)
    expect(tools).to_be_visible()
    tools.get_by_role("link", name="New commitment …").click()
    expect(main(page).get_by_label("The words")).to_have_value(words)
    the_form_of_a_commitment(page, "Keep a safety advisory council", "TikTok")
    press(page, "Confirm and open")
    told(page, "is open.")
    expect(page.locator("mark")).to_have_text(words)
    expect(main(page)).to_contain_text("TikTok owes it")
    reference = page.locator(".page-head .ref").inner_text()
    main(page).get_by_role("link", name="Open in document").click()
    expect(page.locator("#text")).to_contain_text(reference)


def test_a_commitment_is_captured_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit("olga", f"/documents/{Document.objects.get(title__startswith=SCENE_SETTER).pk}/")
    number = paragraph(page, "A repository dealing with examples").locator("..").locator(".pin")
    number.focus()
    page.keyboard.press("Enter")
    chosen = page.get_by_role("group", name="Chosen words")
    chosen.get_by_role("link", name="New commitment …").focus()
    page.keyboard.press("Enter")
    expect(main(page).get_by_label("The words")).to_have_value(re.compile("A repository dealing"))
    the_form_of_a_commitment(page, "Make a repository of case studies available", "Nobody Known")
    page.get_by_role("button", name="Capture as a candidate").focus()
    page.keyboard.press("Enter")
    # Nobody knows this party: the form asks what it is before it enters it.
    expect(page.locator(".error-summary")).to_be_focused()
    assert not Party.objects.filter(name="Nobody Known").exists()
    main(page).get_by_label("Nobody Known").select_option("group")
    page.get_by_role("button", name="Capture as a candidate").focus()
    page.keyboard.press("Enter")
    told(page, "Captured as a candidate. Confirm it to follow it up.")


def test_an_edit_over_somebody_elses_change_shows_both_versions(visit: Visit) -> None:
    row = Commitment.objects.get(reference="C-2026-0024")
    page = visit("olga", f"/c/{row.reference}/edit/")
    other = visit("otto", f"/c/{row.reference}/edit/")
    fill(main(other), "Evidence needed", "What Otto wants to see")
    press(other, "Save")
    told(other, "your changes are saved")
    fill(main(page), "Evidence needed", "What Olga wants to see")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(main(page)).to_contain_text("What Otto wants to see")
    expect(main(page)).to_contain_text("What Olga wants to see")
    row.refresh_from_db()
    assert row.success_criteria == "What Otto wants to see"
    page.get_by_role("button", name=re.compile("^Apply")).click()
    told(page, "your changes are saved")
    row.refresh_from_db()
    assert row.success_criteria == "What Olga wants to see"


def test_a_form_that_is_refused_keeps_its_button_and_the_way_back(visit: Visit) -> None:
    page = visit("olga", "/c/C-2026-0023/cite/")
    page.evaluate("window.still = true")
    fill(main(page), "Document", "No such document")
    press(page, "Cite")
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.evaluate("window.still")
    expect(main(page).get_by_role("button", name="Cite")).to_have_class(re.compile("btn-primary"))
    press(page, "Cancel")
    expect(page).to_have_url(re.compile("/c/C-2026-0023/$"))


def test_staff_reschedule_confirm_and_dismiss(visit: Visit) -> None:
    page = visit("olga", "/c/C-2026-0014/reschedule/")
    fill(main(page), "Deadline, in the words of its source", "by the end of March 2027")
    fill(main(page), "Reason", "They need more time.")
    fill(main(page), "Source", "Call of 20 November 2026")
    press(page, "Reschedule")
    told(page, "is rescheduled")
    expect(page.get_by_role("region", name="Facts")).to_contain_text("by 31 March 2027")

    page.goto("/follow-ups/")
    page.get_by_role("link", name=re.compile("^Confirm or dismiss.*Estonia")).click()
    rows = page.locator("table.register tbody tr")
    expect(rows).to_have_count(4)
    rows.nth(0).get_by_role("link").first.click()
    make_move(page, "Confirm", Evidence_needed="A law that says so", Review_on="2027-01-15")
    told(page, "Confirmed as C-2026-")
    page.goto("/register/?state=candidate")
    rows.nth(0).get_by_role("link").first.click()
    make_move(page, "Dismiss", What_it_is="Not a commitment", Reason="Politeness, no more.")
    told(page, "dismissed")
    expect(next_box(page)).to_contain_text("It is not followed up: not a commitment.")


def test_the_auditor_sends_back_judges_and_reads_why_another_case_is_barred(
    visit: Visit, office: Office
) -> None:
    back, closed = (Commitment.objects.get(reference=f"C-2026-000{n}") for n in (7, 8))
    page = visit("amir", "/")
    review = page.get_by_role("region", name="For my review")
    review.get_by_role("link", name=re.compile(f"^Judge for {back.reference}")).click()
    make_move(page, "Send back", Reason="The page is gone since 2024.")
    told(page, "sent back")

    page.get_by_role("link", name="My follow-ups").click()
    review.get_by_role("link", name=re.compile(f"^Judge for {closed.reference}")).click()
    expect(next_box(page)).to_contain_text("You neither own nor reported it")
    make_move(page, "Close with a verdict", Verdict="Largely delivered", Note="Seen online.")
    told(page, "closed")
    expect(page.locator(".standing")).to_contain_text("Largely delivered")

    # With the evidence Amir himself adds, it is for somebody else to judge.
    actions.cite(
        back,
        actor=office.people["amir"],
        document=back.citations.get(role="origin").document,
        role="evidence",
        effective="2022",
    )
    mine = visit(back.owner.username, f"/c/{back.reference}/")  # type: ignore[union-attr]
    make_move(mine, "Report as done", Evidence="Evidence", Effective_on="2022")
    told(mine, "It needs a second auditor.")
    page.goto(f"/c/{back.reference}/")
    expect(next_box(page)).to_contain_text("You may not judge it")
    expect(next_box(page)).to_contain_text("Needs a second auditor")
    expect(next_box(page).get_by_text("Close with a verdict …")).to_have_count(0)
    page.goto(f"/c/{back.reference}/move/close/")
    expect(main(page)).to_contain_text("You may not do this")


def row_of(page: Page, name: str) -> Locator:
    """The row of the admin's list with this link."""
    link = page.get_by_role("link", name=name, exact=True)
    return page.locator("#result_list tbody tr").filter(has=link)


def test_the_administrator_merges_parties_voids_and_looks_at_rules_and_mail(visit: Visit) -> None:
    page = visit("ada", "/")
    page.get_by_role("link", name="Admin").click()
    page.locator("#content-main").get_by_role("link", name="Parties", exact=True).click()
    for name in ("ByteDance", "TikTok"):
        row_of(page, name).get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label="Merge into one …")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("The one that stays").select_option(label="TikTok")
    page.get_by_label("Reason").fill("One company.")
    page.get_by_role("button", name="Merge parties").click()
    expect(page.locator(".messagelist")).to_contain_text("Merged 2 parties into TikTok.")
    assert str(Party.objects.get(name="ByteDance").merged_into) == "TikTok"

    page.goto("/c/C-2026-0013/")
    make_move(page, "Void", Reason="Entered in error.")
    told(page, "voided")
    expect(next_box(page)).to_contain_text("Dismissed")

    page.goto("/admin/")
    page.locator("#content-main").get_by_role("link", name="Reminder rules").click()
    expect(page.locator("#result_list tbody tr").first).to_be_visible()
    page.goto("/follow-ups/")
    page.get_by_role("link", name="Outbox").click()
    expect(main(page)).to_contain_text("No mail yet.")


def counted(page: Page) -> None:
    """Wait for the numbers in the filter column, the last thing that the list asks for."""
    expect(page.locator("#facets .count").first).to_be_visible()


def test_filters_change_the_address_and_the_list_without_loading_the_page_anew(
    visit: Visit,
) -> None:
    page = visit("nils", "/register/")
    page.evaluate("window.still = true")
    rows, chips = page.locator("table.register tbody tr"), page.locator(".chips")
    everything = rows.count()
    page.get_by_role("group", name="Due").get_by_label("Overdue").check()
    expect(page).to_have_url(re.compile(r"due=overdue"))
    expect(chips).to_contain_text("Overdue")
    counted(page)
    overdue = rows.count()
    assert 0 < overdue < everything
    page.get_by_role("link", name="Commitment", exact=True).click()
    expect(page).to_have_url(re.compile(r"sort=title"))
    counted(page)
    assert page.evaluate("window.still")

    page.go_back()
    expect(page).not_to_have_url(re.compile(r"sort="))
    expect(chips).to_contain_text("Overdue")
    counted(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile(r"due="))
    expect(rows).to_have_count(everything)
    counted(page)
    page.go_forward()
    expect(rows).to_have_count(overdue)


def test_filters_sort_and_search_work_without_scripts(visit: Visit) -> None:
    page = visit("nils", "/register/", java_script_enabled=False)
    rows = page.locator("table.register tbody tr")
    everything = rows.count()
    page.get_by_role("group", name="Due").get_by_label("Overdue").check()
    press(page, "Apply")
    assert 0 < rows.count() < everything
    page.get_by_label("Search the register").fill("cybersecurity")
    page.get_by_label("Search the register").press("Enter")
    expect(page.locator(".chips")).to_contain_text("cybersecurity")


def test_the_chosen_theme_stays(visit: Visit) -> None:
    page = visit("nils", "/glossary/")
    with page.expect_response("**/account/theme/"):
        page.get_by_label("Dark").check()
    page.goto("/register/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    plain = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert plain != "rgb(255, 255, 255)"
