"""Pictures of the pages, taken from a demo of their own: `python -m tests.screens docs/screens`.

Starts the demo on a temporary folder, signs in as its people, and takes each page wide, on a phone
and in dark.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import servers
from tests.palettes import shrunk

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TALLEST = 1500  # pixels; what is below is cut off, so that the pictures stay light
MAIL = "the newest mail in the outbox"
PATIENCE = 90.0  # seconds for the next tick to send it
# name: (who, address)
PAGES = {
    "inbox": ("olga", "/follow-ups/"),
    "register": ("olga", "/register/"),
    "commitment": ("olga", "/c/C-2026-0028/"),
    "reader": ("olga", "/documents/1/"),
    "new-commitment": ("olga", "/documents/1/new-commitment/?paragraph=14"),
    "letter": ("olga", "/letters/1/"),
    "documents": ("olga", "/documents/"),
    "judging": ("amir", "/c/C-2026-0007/"),
    "glossary": ("amir", "/glossary/"),
    "admin": ("ada", "/admin/commitments/commitment/"),
    "mail": ("ada", MAIL),
}
LOOKS = {
    "": {"viewport": {"width": 1280, "height": 860}},
    "-phone": {"viewport": {"width": 390, "height": 860}},
    "-dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
}


@contextmanager
def demo() -> Iterator[tuple[str, dict[str, str]]]:
    """A demo of our own: its address, and everybody's password."""
    with tempfile.TemporaryDirectory(prefix="tracker-screens-") as folder:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(servers.free_port())],
            env=os.environ | {"TRACKER_VAR": folder, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield address(process), json.loads((Path(folder) / "demo-logins.json").read_text())
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def address(process: "subprocess.Popen[str]") -> str:
    """Where the demo says it runs; its people are told before its last line."""
    assert process.stdout is not None
    found = ""
    for line in process.stdout:
        found = found or "".join(re.findall(r"http://[\d.:]+", line))
        if "Ctrl-C" in line:
            return found
    raise RuntimeError("the demo ended before it ran")


def take(browser: Browser, base: str, passwords: dict[str, str], folder: Path) -> None:
    """Every page in every look."""
    for look, options in LOOKS.items():
        for who in sorted({who for who, _ in PAGES.values()}):
            page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
            sign_in(page, base, who, passwords[who])
            for name, (reader, path) in PAGES.items():
                if reader == who:
                    url = newest_mail(page, base) if path == MAIL else f"{base}{path}"
                    shoot(page, url, folder / f"{name}{look}.png")
            page.context.close()


def sign_in(page: Page, base: str, who: str, password: str) -> None:
    page.goto(f"{base}/sign-in/")
    page.fill("[name=username]", who)
    page.fill("[name=password]", password)
    page.click("main button")


def ask_for_mail(browser: Browser, base: str, passwords: dict[str, str]) -> None:
    """Olga wants her daily mail from midnight on, so the next tick sends it."""
    page = browser.new_context().new_page()
    sign_in(page, base, "olga", passwords["olga"])
    page.goto(f"{base}/account/")
    page.select_option("[name=digest_days]", "daily")
    page.select_option("[name=digest_hour]", "0")
    page.click("main form .btn-primary")
    page.context.close()


def newest_mail(page: Page, base: str) -> str:
    """The address of the newest mail; waits until there is one."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        page.goto(f"{base}/outbox/")
        link = page.locator("main table a").first
        if link.count():
            return f"{base}{link.get_attribute('href')}"
        page.wait_for_timeout(1000)
    raise RuntimeError("no mail came")


def shoot(page: Page, url: str, file: Path) -> None:
    """The page from its top, as far down as the picture goes."""
    answer = page.goto(url)
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{url} answers {answer.status if answer else 'nothing'}")
    page.wait_for_load_state("networkidle")
    size = page.viewport_size or {"width": 1280, "height": 860}
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
    clip = {"x": 0, "y": 0, "width": size["width"], "height": height}
    picture = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    file.write_bytes(shrunk(picture))
    print(f"{file} {file.stat().st_size // 1000} kB")


def main(folder: Path) -> None:
    """Take all pictures into this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with demo() as (base, passwords), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(servers.find_chromium()), args=FLAGS
        )
        ask_for_mail(browser, base, passwords)
        take(browser, base, passwords, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
