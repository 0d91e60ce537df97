"""The register as a page: what it shows, how it is asked, what it costs."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.models import Commitment, Party
from commitments.views.register import LAST, VIEWS, place_of, shown
from tests.commitments.registering import FILTERS, Three, a_repository, three
from tests.making import a_candidate, a_document, opened
from tracker.paging import COUNT_CAP
from tracker.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

MOST_QUERIES = 12
MOST_BYTES = 100_000
PART = {"HX-Request": "true", "HX-Target": "register"}
LINKS = {"HX-Request": "true", "HX-Target": "views"}
COLUMN = {"HX-Request": "true", "HX-Target": "facets"}


@pytest.fixture
def rows(olga: User, otto: User, amir: User) -> Three:
    return three(olga, otto, amir)


def look(client: Client, reader: User, address: str, **options: object) -> str:
    client.force_login(reader)
    response = client.get(address, **options)  # type: ignore[arg-type]
    assert response.status_code in (200, 422), address
    return response.content.decode()


def names(page: str) -> list[str]:
    """The references of the rows, in their order."""
    return re.findall(r'<th scope="row" class="ref">(.*?)</th>', page)


def test_the_register_shows_the_overdue_first_and_the_settled_last(
    rows: Three, client: Client, olga: User
) -> None:
    page = look(client, olga, "/register/")
    assert names(page) == ["C-2026-0002", "C-2026-0001", "C-2026-0003"]
    assert "3 commitments" in page
    assert '<q class="words">by 30 September 2021</q>' in page
    assert '<span class="late">overdue 5 years 54 days</span>' in page
    assert '<span class="none">none stated</span>' in page
    assert 'href="/c/C-2026-0002/"' in page
    assert '<span class="verdict" data-verdict="delivered">Delivered</span>' in page


def test_the_links_above_the_list_lead_to_as_many_as_they_say(
    rows: Three, client: Client, olga: User
) -> None:
    a_candidate(olga, title="Think of it")
    page = look(client, olga, "/register/")
    nav = page.split('id="views"')[1].split("</nav>")[0]
    found = re.findall(r'href="(.*?)".*?>([\w ]+) <span class="count">(\d+)</span>', nav)
    assert [label for _, label, _ in found] == [label for label, _ in VIEWS.values()]
    for query, _, number in found:
        there = look(client, olga, f"/register/{query}".replace("&amp;", "&"))
        assert len(names(there)) == int(number)
        assert there.split('id="views"')[1].count('aria-current="page"') == 1


def test_a_chip_takes_its_filter_back(rows: Three, client: Client, olga: User) -> None:
    page = look(client, olga, "/register/?state=live&obligor=Google&sort=-title")
    assert names(page) == ["C-2026-0002"]
    google = Party.objects.get(name="Google")
    chips = dict(re.findall(r'class="chip" href="(.*?)">(.*?) <span', page))
    assert chips == {
        f"?obligor={google.pk}&amp;sort=-title": "State: Live",
        "?state=live&amp;sort=-title": "Obligor: Google",
    }
    assert 'href="?sort=-title">Clear filters' in page


def test_a_heading_sorts_and_turns_round(rows: Three, client: Client, olga: User) -> None:
    page = look(client, olga, "/register/?state=live&sort=title")
    assert names(page) == ["C-2026-0001", "C-2026-0002"]
    assert 'aria-sort="ascending"><a href="?state=live&amp;sort=-title">' in page
    assert names(look(client, olga, "/register/?state=live&sort=-title"))[0] == "C-2026-0002"


def test_a_wrong_filter_is_marked_and_keeps_everything(
    rows: Three, client: Client, olga: User
) -> None:
    client.force_login(olga)
    response = client.get("/register/?due_from=abc&obligor=Nobody&state=open&q=word")
    page = response.content.decode()
    assert response.status_code == 422
    assert "There are 2 problems" in page
    assert 'href="#id_due_from"' in page
    assert 'href="#id_obligor"' in page
    assert 'value="abc"' in page
    assert 'value="Nobody"' in page
    assert 'value="word"' in page
    assert 'value="open" id="state-open" checked' in page
    assert "Nothing is listed yet." in page
    assert "Due from: abc" in page
    assert names(page) == []


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("0", "“0” is not a page number. This is page 1."),
        ("zzz", "“zzz” is not a page number. This is page 1."),
        ("-1", "“-1” is not a page number. This is page 1."),
        ("²", "“²” is not a page number. This is page 1."),
        ("2", "There is no page 2. This is page 1, the last one."),
        ("99999999999999999999", "There is no page 999999999. This is page 1, the last one."),
    ],
)
def test_a_page_that_is_not_there_is_said_and_another_shown(
    asked: str, sentence: str, client: Client, olga: User
) -> None:
    opened(olga)
    page = look(client, olga, f"/register/?page={asked}")
    assert sentence in page
    assert len(names(page)) == 1


def test_pages_end_where_counting_does() -> None:
    assert place_of(str(LAST), COUNT_CAP).number == LAST
    beyond = place_of(str(LAST + 1), COUNT_CAP)
    assert beyond.number == LAST
    assert beyond.error.startswith("Pages reach as far as the first 1,000.")
    assert place_of(None, 0).number == 1
    assert shown(COUNT_CAP) == "1,000+"
    assert shown(COUNT_CAP - 1) == "1,000"


def test_an_unknown_order_is_said(rows: Three, client: Client, olga: User) -> None:
    page = look(client, olga, "/register/?sort=colour")
    assert "There is no such order; this is the usual one." in page
    assert len(names(page)) == 3


def test_fifty_rows_a_page(client: Client, olga: User) -> None:
    row = opened(olga, title="A title of quite ordinary length for a commitment in the register")
    copies = [Commitment.objects.get(pk=row.pk) for _ in range(59)]
    for number, copy in enumerate(copies):
        copy.pk, copy.reference, copy.import_key = None, f"C-2025-{number:04}", f"copy {number}"
    Commitment.objects.bulk_create(copies)
    first, second = look(client, olga, "/register/"), look(client, olga, "/register/?page=2")
    assert (len(names(first)), len(names(second))) == (50, 10)
    assert not {*names(first)} & {*names(second)}
    assert "1–50 of 60" in first
    assert "51–60 of 60" in second
    assert 'href="?page=2"' in first
    assert len(first.encode()) < MOST_BYTES


def test_htmx_gets_the_middle_with_a_tidy_address(rows: Three, client: Client, olga: User) -> None:
    client.force_login(olga)
    response = client.get("/register/?state=live&q=&due_from=&obligor=&page=1", headers=PART)
    part = response.content.decode()
    assert response["HX-Push-Url"] == "/register/?state=live"
    assert "HX-Request" in response["Vary"]
    assert "<html" not in part
    assert "<title>Register, 2 commitments · Tracker</title>" in part
    assert names(part) == ["C-2026-0002", "C-2026-0001"]


def test_going_back_gets_the_whole_page(rows: Three, client: Client, olga: User) -> None:
    headers = PART | {"HX-History-Restore-Request": "true"}
    assert "<html" in look(client, olga, "/register/?state=live", headers=headers)


def test_the_counts_come_as_a_second_part_or_by_a_link(
    rows: Three, client: Client, olga: User
) -> None:
    plain = look(client, olga, "/register/?state=live")
    assert 'hx-get="?state=live&amp;counts=1"' in plain
    assert '<noscript><p class="gap"><a href="?state=live&amp;counts=1">' in plain
    column = look(client, olga, "/register/?state=live&counts=1", headers=COLUMN)
    assert "<html" not in column
    assert column.lstrip().startswith("<div")
    assert '<span>Overdue</span> <span class="count">1</span>' in column
    links = look(client, olga, "/register/?state=live&counts=1", headers=LINKS)
    assert links.count('class="count"') == len(VIEWS)
    assert "hx-get" not in links
    whole = look(client, olga, "/register/?state=live&counts=1")
    assert '<span>Overdue</span> <span class="count">1</span>' in whole
    assert 'hx-trigger="load"' not in whole


def test_names_are_suggested_as_options(rows: Three, client: Client, olga: User) -> None:
    options = look(client, olga, "/register/names/?of=obligor&obligor=goo")
    assert options.strip() == '<option value="Google"></option>'
    assert look(client, olga, "/register/names/?of=obligor").strip() == ""
    assert client.get("/register/names/?of=verdict&verdict=d").status_code == 404


def test_an_empty_register_teaches(client: Client, nils: User) -> None:
    page = look(client, nils, "/register/")
    assert "The register is empty." in page
    assert "No commitment matches." in look(client, nils, "/register/?state=live")


def test_only_reading_is_answered_and_only_after_signing_in(client: Client, olga: User) -> None:
    assert client.get("/register/").status_code == 302
    assert client.get("/register/names/?of=owner").status_code == 302
    client.force_login(olga)
    assert client.post("/register/").status_code == 405


@pytest.mark.parametrize("everybody", ["olga", "otto", "amir", "ada", "nils"])
def test_everybody_with_an_account_may_read_what_is_open(
    everybody: str, rows: Three, client: Client, request: pytest.FixtureRequest
) -> None:
    assert len(names(look(client, request.getfixturevalue(everybody), "/register/"))) == 3


def test_a_stranger_sees_nothing_of_what_is_restricted(
    client: Client, olga: User, otto: User
) -> None:
    circle = Group.objects.create(name="circle")
    olga.groups.add(circle)
    row = opened(
        olga,
        document=a_document(olga, title="Secret minutes", restricted_to=circle),
        title="Keep it to ourselves",
        obligor=Party.objects.create(name="Secret Ltd", kind="company"),
        owner=olga,
    )
    seen = look(client, olga, "/register/?counts=1")
    assert "ourselves" in seen
    assert "Secret Ltd" in seen
    for address in (
        "/register/",
        "/register/?counts=1",
        f"/register/?obligor={row.obligor_id}",
        f"/register/?document={row.citations.get().document_id}&counts=1",
        "/register/names/?of=obligor&obligor=secret",
        "/register/names/?of=document&document=secret",
    ):
        page = look(client, otto, address)
        assert "ourselves" not in page
        assert "Secret" not in page.replace('value="secret"', "")
        assert names(page) == []
        assert not re.search(r'class="count">[1-9]', page)


@pytest.mark.parametrize(
    ("address", "headers", "number"),
    [
        ("/register/", {}, 9),
        ("/register/", PART, 9),
        ("/register/?state=live&obligor=Facebook&owner=me&topic=Elections", {}, 10),
        ("/register/?sort=-owner&q=repository", {}, 9),
        ("/register/?counts=1", COLUMN, 9),
        ("/register/?counts=1", LINKS, 6),
        ("/register/?counts=1&obligor=Facebook&document=Minutes", {}, 11),
        ("/register/names/?of=obligor&obligor=face", {}, 6),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    address: str,
    headers: dict[str, str],
    number: int,
    client: Client,
    olga: User,
    otto: User,
    amir: User,
) -> None:
    client.force_login(olga)
    a_repository(olga, a_document(olga, title="Minutes"))
    look(client, olga, address, headers=headers)
    one = asked_by(client, address, headers)
    three(olga, otto, amir)
    assert asked_by(client, address, headers) == one == number <= MOST_QUERIES


def asked_by(client: Client, address: str, headers: dict[str, str]) -> int:
    """How many queries an answer took."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, headers=headers).status_code == 200
    return len(captured)


WORDS = st.one_of(
    st.text(max_size=10),
    st.sampled_from(["", "1", "0", "live", "none", "me", "-title", "2021-13", "1" * 25, "\x00"]),
)
OTHERS = ("sort", "page", "counts", "of", "other")
NAMES = st.sampled_from([*FILTERS, *OTHERS])


@settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(pairs=st.lists(st.tuples(NAMES, WORDS), max_size=6), fragment=st.booleans())
def test_no_address_breaks_the_page(
    pairs: list[tuple[str, str]], fragment: bool, rows: Three, client: Client, olga: User
) -> None:
    client.force_login(olga)
    asked: dict[str, list[str]] = {}
    for name, value in pairs:
        asked.setdefault(name, []).append(value)
    for address in ("/register/", "/register/names/"):
        answer = client.get(address, asked, headers=COLUMN if fragment else {})
        assert answer.status_code in (200, 404, 422)
