"""What is restricted to a group stays out of everything that others are shown.

One commitment hangs on a restricted document. The letters, links, citations, notes and parties that
it shares with what everybody sees must not give it away, anywhere.
"""

import re
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils.html import escape

from commitments import actions
from commitments.models import Commitment, FollowUp, LinkKind
from documents.actions import mark_passage
from documents.models import Document
from tests.conftest import person
from tests.making import WORDS, a_document, a_letter, a_party, opened, reported
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")

SEALED = "The sealed file on zebras"
SECRET = "Answer what the zebra inquiry asked"
SAID = "Nobody is to read about these zebras."
SECRET_RECORD = f"{SEALED}\n\n{WORDS}\n\n{SAID}"
TELLING = re.compile("zebra", re.IGNORECASE)
COUNT = re.compile(r"([\d,]+) commitments?\b")


@dataclass
class Records:
    """Vera's restricted document and commitment beside what everybody sees."""

    vera: User
    sealed: Document
    secret: Commitment
    shown: Commitment
    letter: FollowUp

    @property
    def document(self) -> Document:
        """The document of the commitment that everybody sees."""
        found: Document = self.shown.citations.get(role="origin").document
        return found

    def pages(self) -> list[str]:
        """Every page, list, fragment and look-up on which the secret would stand."""
        shown, party = self.shown, self.shown.obligor_id
        return [
            "/follow-ups/",
            "/register/",
            "/register/?counts=1",
            "/register/?state=live&sort=-title",
            "/register/?q=zebra",
            "/register/?state=candidate",
            f"/register/?obligor={party}&counts=1",
            f"/register/?document={self.sealed.pk}",
            "/register/names/?of=document&document=sealed",
            "/documents/",
            "/documents/?q=sealed",
            f"/documents/{self.document.pk}/",
            f"/documents/{self.document.pk}/?find=zebra",
            f"/documents/{self.document.pk}/new-commitment/?paragraph=2",
            f"/c/{shown.name}/",
            f"/c/{shown.name}/move/report/",
            f"/c/{shown.name}/link/",
            f"/c/{shown.name}/cite/?document={self.sealed.pk}&start=0&end=60",
            f"/parties/{party}/",
            f"/letters/{self.letter.pk}/",
            f"/letters/{self.letter.pk}/reply/",
            f"/letters/new/?c={self.secret.name}&c={shown.name}&party={party}",
            "/lookups/commitments/?q=zebra",
            f"/lookups/commitments/?q={self.secret.name}",
            "/lookups/documents/?q=sealed",
        ]


@pytest.fixture
def records(olga: User) -> Records:
    """The secret and what it shares with everybody's records."""
    vera = person("vera", "Vera", "staff")
    inquiry = Group.objects.create(name="inquiry")
    vera.groups.add(inquiry)
    sealed = a_document(
        vera, SECRET_RECORD, title=SEALED, restricted_to=inquiry, reference="Zebra(2026)1"
    )
    secret = opened(vera, document=sealed, title=SECRET, owner=vera)
    shown = opened(olga, owner=olga)
    for user, row in ((vera, secret), (vera, shown), (olga, shown)):
        actions.watch(row, actor=user)
    # The secret also rests on words that everybody may read.
    theirs = shown.citations.get(role="origin")
    actions.cite(
        secret, actor=vera, document=theirs.document, passage=theirs.passage, role="restatement"
    )
    letter = a_letter(vera, shown, secret)
    actions.link(shown, actor=vera, target=secret, kind=LinkKind.DEPENDS_ON)
    said = mark_passage(sealed, actor=vera, quote=SAID)
    actions.cite(shown, actor=vera, document=sealed, passage=said, role="progress", note=SEALED)
    for row in (shown, secret):
        row.refresh_from_db()
    return Records(vera, sealed, secret, shown, letter)


def telling(client: Client, records: Records, address: str) -> str:
    """The words on that page that give the secret away."""
    found = client.get(address)
    assert found.status_code in (200, 422), (address, found.status_code)
    page = found.content.decode()
    # What was asked for comes back in the address and the field, and tells nothing.
    page = re.sub(r'value="zebra"|=zebra|: zebra\b|“zebra”', "", page)
    page = page.replace(escape(address), "")
    tells = TELLING.findall(page)
    tells += re.findall(rf"{records.secret.name}\b", page)
    tells += re.findall(rf'href="/documents/{records.sealed.pk}/', page)
    return ", ".join(tells)


def test_the_one_who_may_see_the_secret_finds_it(client: Client, records: Records) -> None:
    client.force_login(records.vera)
    for address in ("/register/", "/documents/", f"/c/{records.shown.name}/"):
        assert telling(client, records, address)


@pytest.mark.parametrize("who", ["olga", "amir", "ada", "nils"])
def test_others_find_no_trace_of_a_restricted_commitment(
    client: Client, records: Records, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    tried = [page for page in records.pages() if allowed(client, page)]
    found = {page: words for page in tried if (words := telling(client, records, page))}
    assert found == {}


def allowed(client: Client, page: str) -> bool:
    """Whether this person has the right to open such a page at all."""
    return client.get(page).status_code != 403


def test_counts_leave_out_what_is_restricted(client: Client, records: Records, olga: User) -> None:
    counted = {}
    for user in (olga, records.vera):
        client.force_login(user)
        page = client.get("/register/?counts=1").content.decode()
        found = COUNT.search(page)
        assert found is not None
        counted[user.username] = int(found[1])
    assert counted == {"olga": 1, "vera": 2}


def test_a_withheld_citation_leaves_the_page_as_it_is(
    client: Client, records: Records, olga: User
) -> None:
    client.force_login(olga)
    page = client.get(f"/c/{records.shown.name}/").content.decode()
    assert "It stands in a document that you may not see" in page
    assert "that you may not see" in client.get(f"/letters/{records.letter.pk}/").content.decode()


def test_nothing_can_be_done_with_what_one_cannot_see(
    client: Client, records: Records, olga: User
) -> None:
    client.force_login(olga)
    name = records.secret.name
    for page in ("", "edit/", "move/start/", "note/", "watch/", "cite/", "assign/"):
        assert client.post(f"/c/{name}/{page}", {"version": "1"}).status_code in (404, 405), page
    sent = {
        "party": records.shown.obligor.name,  # type: ignore[union-attr]
        "commitments": [str(records.secret.pk)],
        "channel": "letter",
        "direction": "sent",
        "happened_on": "2026-11-20",
        "title": "About something",
    }
    assert client.post("/letters/new/", sent).status_code == 422
    assert FollowUp.objects.count() == 1


def test_evidence_from_a_restricted_document_cannot_be_named_by_others(
    client: Client, records: Records, olga: User
) -> None:
    client.force_login(olga)
    hidden = records.shown.citations.get(document=records.sealed)
    sent = {
        "version": str(records.shown.version),
        "key": "once",
        "evidence": f"citation:{hidden.pk}",
        "effective": "2026-11-02",
    }
    answer = client.post(f"/c/{records.shown.name}/move/report/", sent)
    assert answer.status_code == 422
    assert not TELLING.search(answer.content.decode())


@pytest.mark.parametrize(
    "page",
    [
        "commitments/commitment",
        "commitments/citation",
        "commitments/link",
        "commitments/followup",
        "documents/document",
        "documents/passage",
        "ledger/event",
        "commitments/notice",
        "commitments/mail",
        "commitments/party",
    ],
)
def test_the_admin_site_shows_an_administrator_no_more_than_the_pages_do(
    client: Client, records: Records, ada: User, page: str
) -> None:
    client.force_login(ada)
    shown = client.get(f"/admin/{page}/")
    assert shown.status_code == 200
    body = shown.content.decode()
    assert TELLING.findall(body) == []
    assert records.secret.name not in body


def test_a_report_on_the_secret_reaches_only_who_may_see_it(
    client: Client, records: Records, amir: User
) -> None:
    reported(records.secret, records.vera)
    client.force_login(amir)
    assert not telling(client, records, "/follow-ups/")
    assert records.secret.name not in client.get("/register/?state=reported").content.decode()


def test_a_party_is_there_for_all_but_owes_only_what_each_may_see(
    client: Client, records: Records, olga: User
) -> None:
    party = a_party(records.vera)
    for user, live in ((olga, "1 live"), (records.vera, "2 live")):
        client.force_login(user)
        assert live in client.get(f"/parties/{party.pk}/").content.decode()
