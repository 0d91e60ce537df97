"""Who gets what at every address: a written table of all routes, people and methods.

The table is access.txt. Each of its lines is an address with the status that each of the people in
its heading gets there; `door` is the way to the sign-in page. Every address is then asked for again
with each of its parts in turn missing, malformed, far too large, or naming what is hidden.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from pytest_django import Settings

from commitments import actions
from commitments.models import LinkKind
from tests.conftest import person
from tests.making import a_candidate, a_document, a_letter, in_state, opened
from tracker.users.actions import save_user
from tracker.users.models import User

TABLE = Path(__file__).with_name("access.txt")
DOOR = "door"
BELOW_ADMIN = "admin/"
SHUT_OUT = ("nobody", "gone")
# What stands in turn for a part of an address, by the kind of the part.
NAMES = ("C-2026-9999", f"candidate-{'9' * 40}", "C-2026-%00")
NUMBERS = ("999999", "9" * 40, "x1")
WORDS = ("nonsense", "%00", "..%2F..%2Fsecret-key")
OTHERS = {
    **dict.fromkeys(("open", "candidate", "reported", "closed", "dismissed"), NAMES),
    **dict.fromkeys(("document", "letter", "party", "link", "citation", "place"), NUMBERS),
    **dict.fromkeys(("move", "file"), WORDS),
}
PART = re.compile(r"\{(\w+)(?:=(\w+))?\}")


@dataclass(frozen=True)
class Line:
    """One line of the table; `wrong` is what who is in gets where a part of it is wrong."""

    method: str
    address: str
    expected: Mapping[str, str]
    wrong: str


def table() -> list[Line]:
    """The lines of access.txt; the first that is no comment names the columns."""
    rows = [row.split() for row in TABLE.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row and not row[0].startswith("#")]
    people = rows[0][2:-1]
    return [
        Line(row[0], row[1], dict(zip(people, row[2:-1], strict=True)), row[-1]) for row in rows[1:]
    ]


@pytest.fixture
def parts(
    olga: User, otto: User, amir: User, settings: Settings, tmp_path: Path
) -> dict[str, tuple[str, str]]:
    """What the names in the addresses stand for: a thing everybody sees, and a hidden one."""
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path)
    outbox = get_connection("django.core.mail.backends.filebased.EmailBackend")
    EmailMessage("A mail", "x", "t@x.example", ["o@x.example"], connection=outbox).send()
    vera = person("vera", "Vera", "staff")
    vera.groups.add(Group.objects.create(name="inquiry"))
    hidden_in = a_document(vera, restricted_to=Group.objects.get(name="inquiry"))
    hidden = opened(vera, document=hidden_in, title="Answer the inquiry", owner=vera)
    rows = {"open": opened(olga, owner=otto), "candidate": a_candidate(olga, title="A second one")}
    for state in ("reported", "closed", "dismissed"):
        rows[state] = in_state(state, otto, amir, title=f"This one is {state}")
    row, other = rows["open"], rows["reported"]
    letters = [a_letter(olga, row), a_letter(vera, hidden)]
    links = [
        actions.link(row, actor=vera, target=one, kind=LinkKind.DEPENDS_ON)
        for one in (other, hidden)
    ]
    cited = actions.cite(row, actor=vera, document=hidden_in, role="progress")
    origin = row.citations.get(role="origin")
    assert row.obligor_id is not None
    return {
        **{state: (one.name, hidden.name) for state, one in rows.items()},
        "document": (str(origin.document_id), str(hidden_in.pk)),
        "letter": (str(letters[0].pk), str(letters[1].pk)),
        "link": (str(links[0].pk), str(links[1].pk)),
        "citation": (str(origin.pk), str(cited.pk)),
        "party": (str(row.obligor_id), ""),
        "move": ("", ""),
        "file": (next(tmp_path.glob("*.log")).name, ""),
        "place": ("1", ""),
    }


@pytest.fixture
def cookies(olga: User, otto: User, amir: User, ada: User, nils: User) -> dict[str, str]:
    """The cookie of everybody's session, also of one who has lost the account since."""
    gone = person("gone", "Gone", "administrator", is_staff=True)
    kept = {"nobody": ""}
    for user in (olga, otto, amir, ada, nils, gone):
        client = Client()
        client.force_login(user)
        kept[user.username] = client.cookies[configured.SESSION_COOKIE_NAME].value
    save_user(gone, actor=ada, values={"is_active": False})
    return kept


@contextmanager
def rolled_back() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answer(method: str, address: str, cookie: str) -> str:
    """The status, or `door` where the answer leads to the sign-in page."""
    client = Client(raise_request_exception=False)
    if cookie:
        client.cookies[configured.SESSION_COOKIE_NAME] = cookie
    with rolled_back():
        # No form is ever quite empty: a browser sends at least its token.
        response = client.get(address) if method == "GET" else client.post(address, {"sent": "1"})
        if response.streaming:
            response.getvalue()
    location = response.headers.get("Location", "")
    if location.startswith(("/sign-in/", "/admin/login/")) and "next=" in location:
        return DOOR
    return str(response.status_code)


def filled(address: str, parts: Mapping[str, tuple[str, str]], changed: str = "") -> str:
    """The address with the things that everybody sees; `changed` keeps one part open."""

    def put(found: re.Match[str]) -> str:
        if found[1] == changed:
            return "{}"
        return found[2] or parts[found[1]][0]

    return "/" + PART.sub(put, address).removeprefix("/")


def variants(line: Line, parts: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each part of the address, and the address with this part wrong or hidden."""
    for name, _ in PART.findall(line.address):
        shown = filled(line.address, parts, changed=name)
        for value in (*OTHERS[name], parts[name][1]):
            if value:
                yield name, shown.replace("{}", value)


def route_of(address: str) -> str | None:
    """The pattern that an address leads to; None where there is none."""
    try:
        return resolve(unquote(address.split("?")[0])).route
    except Resolver404:
        return None


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every pattern of the product."""
    for found in resolver.url_patterns:
        shown = before + str(found.pattern)
        if isinstance(found, URLPattern):
            yield shown
        else:
            yield from routes(found, shown)


def asked_for(
    parts: Mapping[str, tuple[str, str]],
) -> Iterator[tuple[Line, str, str]]:
    """Every address to ask for, with its line and, where one is wrong, the name of that part.

    The wrong parts of a route are tried once for each method, on the first of its lines.
    """
    tried = set()
    for line in table():
        shown = filled(line.address, parts)
        yield line, shown, ""
        route = line.method, route_of(shown)
        if line.wrong != "-" and route not in tried:
            tried.add(route)
            yield from ((line, address, part) for part, address in variants(line, parts))


def due(line: Line, address: str, part: str, who: str) -> str:
    """What the table says that somebody gets there."""
    usual = line.expected[who]
    if not part:
        return usual
    if route_of(address) is None:
        return "404"
    told_first = line.wrong == "rights" and OTHERS[part] is not NAMES and usual == "403"
    return usual if who in SHUT_OUT or told_first else "404"


def test_every_address_of_the_product_stands_in_the_table(
    parts: dict[str, tuple[str, str]],
) -> None:
    known = {(line.method, route_of(filled(line.address, parts))) for line in table()}
    ours = {route for route in routes(get_resolver()) if not route.startswith(BELOW_ADMIN)}
    wanted = {(method, route) for route in {*ours, BELOW_ADMIN} for method in ("GET", "POST")}
    assert sorted(wanted - known) == []


def test_everybody_gets_what_the_table_says_at_every_address(
    parts: dict[str, tuple[str, str]], cookies: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    cells, wrong = 0, []
    for line, address, part in asked_for(parts):
        for who, cookie in cookies.items():
            found, wanted = answer(line.method, address, cookie), due(line, address, part, who)
            cells += 1
            if found != wanted:
                wrong.append(f"{line.method} {address} {who}: {found}, not {wanted}")
    with capsys.disabled():
        print(f"\naccess: {cells} cells, {len(wrong)} wrong")
    assert wrong == []
