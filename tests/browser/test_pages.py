"""Every page, filled, empty and in error: for all readers, in both themes, on phones, and plain.

The pages and their states are listed in sights.py. Each is checked in light and in dark for
violations of WCAG 2.2 AA and best practice, at 390 and 320 pixels for a page that scrolls sideways,
with its console and its content policy, and without scripts.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

from tests.browser import scenes
from tests.browser.conftest import Office
from tests.browser.sights import DJANGOS_OWN, IN_AN_EMPTY_OFFICE, SIGHTS, Sight
from tests.browsing import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

AXE: str = Axe().axe_script
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Between the themes nothing changes but colours, so that dark is asked what depends on them.
COLOURS = ["color-contrast", "link-in-text-block"]
RULES = {
    "light": {"type": "tag", "values": TAGS},
    "dark": {"type": "rule", "values": COLOURS},
}
DESK, PHONE, NARROW = 1280, 390, 320
# A colour that is still on its way to another would be measured halfway.
STILL = """() => { const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { transition: none !important }");
    document.adoptedStyleSheets.push(sheet) }"""
# Unfolds all that can be unfolded, so that nothing is left out of what is looked at.
UNFOLD = """() => document.querySelectorAll("main details").forEach((part) => {
    part.removeAttribute("name"); part.open = true })"""
OVERHANG = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Somebody deletes what the fields hold and sends the form of the page.
EMPTY_AND_SEND = """() => {
    const forms = [...document.querySelectorAll("main form, #content form")];
    const form = forms.find((one) => one.method === "post" && !one.closest("details"));
    form.noValidate = true;
    for (const field of form.querySelectorAll("input, textarea, select")) {
        if (field.type === "hidden" || field.type === "submit") continue;
        if (field.type === "radio" || field.type === "checkbox") field.checked = false;
        else if (field.tagName === "SELECT") field.selectedIndex = field.multiple ? -1 : 0;
        else field.value = "";
    }
    form.querySelector("button:not([type=button]), input[type=submit]").click();
}"""
# Somebody gives the days of an absence the wrong way round.
SPOIL_AND_SEND = """() => {
    const form = document.querySelector("main form[method=post]");
    ["2026-12-20", "2026-12-10"].forEach((day, number) => {
        form.querySelectorAll("input[type=date]")[number].value = day });
    form.querySelector("button").click();
}"""
# Somebody sends the form of a page that was opened before another's change.
CHANGE_AND_SEND = """() => {
    const form = document.querySelector("main form");
    form.querySelector("[name=version]").value = "1";
    form.querySelector("[name=success_criteria]").value = "Another page";
    form.querySelector("button").click();
}"""
SENDING = {"emptied": EMPTY_AND_SEND, "spoilt": SPOIL_AND_SEND, "stale": CHANGE_AND_SEND}
# What a form needs to be of use without scripts: something to press in sight, or a single field,
# which Enter sends.
WITHOUT_A_BUTTON = """() => [...document.querySelectorAll("main form")].filter((form) => {
    const seen = (what) => [...form.querySelectorAll(what)].filter((one) => one.checkVisibility());
    return seen("input, select, textarea").length > 1 && !seen("button, input[type=submit]").length
}).map((form) => form.outerHTML.slice(0, 80))"""


class Seats:
    """One page for each reader, with and without scripts, kept from sight to sight."""

    def __init__(self, browser: Browser, office: Office) -> None:
        self.browser, self.office = browser, office
        self.kept: dict[tuple[str, bool], Page] = {}

    def of(self, who: str, *, scripts: bool = True) -> Page:
        """This reader's page."""
        if (who, scripts) not in self.kept:
            context = self.browser.new_context(
                base_url=self.office.url, java_script_enabled=scripts
            )
            context.set_default_timeout(PATIENCE)
            context.on("page", self.office.listen)
            if who:
                context.add_cookies([self.office.session(who)])  # type: ignore[list-item]
            self.kept[who, scripts] = context.new_page()
        return self.kept[who, scripts]


@pytest.fixture(scope="module")
def seats(browser: Browser, office: Office) -> Seats:
    """The pages of all readers."""
    return Seats(browser, office)


@pytest.fixture(scope="module")
def things(records: None, office: Office) -> dict[str, str]:
    """The records with a row for everything that can be on a page, named for the addresses."""
    return scenes.set_up(office.people, office.outbox)


@pytest.fixture(scope="module", autouse=True)
def tally(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What was checked; the number is printed at the end."""
    checked: list[str] = []
    yield checked
    capture: Any = request.config.pluginmanager.getplugin("capturemanager")
    quiet: AbstractContextManager[None] = capture.global_and_fixture_disabled()
    pages = {name.rpartition("-")[0] for name in checked}
    with quiet:
        print(f"\npages: {len(pages)}, in all their states {len(checked)}, each in two themes")


def open_sight(page: Page, sight: Sight, address: str) -> Response | None:
    """Go there, and send the form if that belongs to the sight; the last answer."""
    page.set_viewport_size({"width": DESK, "height": 900})
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    if sight.send:
        with page.expect_response(lambda got: got.request.method == "POST") as sent:
            page.evaluate(SENDING[sight.send])
        answer = sent.value
        page.locator(".error-summary, [role=alert], .errornote").first.wait_for()
    return answer


def violations(page: Page, theme: str) -> list[str]:
    """What axe finds on the page in this theme; one line for each rule."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    asked = {"runOnly": RULES[theme], "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("asked => axe.run(document, asked)", asked)["violations"]
    return [
        f"{rule['id']}: {rule['help']} – {'; '.join(str(n['target']) for n in rule['nodes'][:4])}"
        for rule in found
    ]


def faults_with_scripts(page: Page, sight: Sight, address: str) -> list[str]:
    """What is wrong with a sight in a browser as most people have it."""
    answer = open_sight(page, sight, address)
    faults = [] if answer and answer.status == sight.status else [f"answered {answer}"]
    for script in (UNFOLD, STILL, AXE):
        page.evaluate(script)
    allowed = DJANGOS_OWN if sight.page.startswith("admin") else ()
    for theme in RULES:
        found = violations(page, theme)
        faults += [f"{theme}: {line}" for line in found if not line.startswith(allowed)]
    for width in (PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        if over := page.evaluate(OVERHANG):
            faults.append(f"{over} pixels wider than {width}")
    return faults


def faults_without_scripts(page: Page, sight: Sight, address: str) -> list[str]:
    """What is wrong with it in a browser that runs no scripts."""
    answer = open_sight(page, sight, address)
    faults = [] if answer and answer.status == sight.status else [f"plain: answered {answer}"]
    if not page.locator("h1").first.is_visible():
        faults.append("plain: no heading in sight")
    if not page.locator("main").first.inner_text().strip():
        faults.append("plain: nothing on the page")
    return faults + [f"plain: no button in {form}" for form in page.evaluate(WITHOUT_A_BUTTON)]


@pytest.fixture
def look(seats: Seats, office: Office, tally: list[str]) -> Callable[[Sight, str], None]:
    """Checks one sight whole."""

    def check(sight: Sight, address: str) -> None:
        office.console.clear()
        faults = faults_with_scripts(seats.of(sight.who), sight, address)
        plain = seats.of(sight.who, scripts=False)
        faults += faults_without_scripts(plain, sight, address)
        tally.append(str(sight))
        heard = [one for one in office.complaints() if not one.startswith(f"{sight.status} for")]
        if found := faults + heard:
            pytest.fail("\n".join(found), pytrace=False)

    return check


@pytest.mark.parametrize("sight", IN_AN_EMPTY_OFFICE, ids=str)
def test_every_page_of_an_office_without_records_is_sound(
    look: Callable[[Sight, str], None], sight: Sight
) -> None:
    look(sight, sight.address)


@pytest.mark.parametrize("sight", SIGHTS, ids=str)
def test_every_page_is_sound_in_each_of_its_states(
    look: Callable[[Sight, str], None], things: dict[str, str], sight: Sight
) -> None:
    look(sight, sight.address.format(**things))
