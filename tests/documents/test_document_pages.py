"""The list of documents, and the original as it was received."""

import hashlib

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from commitments import actions
from documents.actions import withdraw_document
from documents.models import Document, Text
from tests.making import RECORD, a_candidate, a_document, a_passage, opened
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")


def page_of(client: Client, user: User, address: str = "/documents/") -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_list_says_how_records_get_in(client: Client, olga: User) -> None:
    page = page_of(client, olga)
    assert "No document is filed yet." in page
    assert "manage.py load_records seeds/" in page


def test_a_document_is_listed_with_what_hangs_on_it(client: Client, olga: User) -> None:
    document = a_document(olga, reference="Ares(2022)5123950", participants=["TikTok"])
    opened(olga, document=document)
    a_candidate(olga, document, title="Another")
    page = page_of(client, olga)
    for words in ("Flash report", "2 November 2026", "Ares(2022)5123950", "TikTok"):
        assert words in page
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert '<td class="num">1<span class="narrow"> passages' in row
    assert '<td class="num">1<span class="narrow"> commitments' in row
    assert "1 candidate" in row
    assert "orphaned" not in row


def test_words_are_found_in_title_reference_and_participants_whatever_their_accents(
    client: Client, olga: User
) -> None:
    a_document(olga, title="Letter of Věra Jourová", reference="Ares(2019)1")
    a_document(olga, title="Scene setter", participants=["Věra Jourová", "TikTok"])
    a_document(olga, title="Minutes")
    both = page_of(client, olga, "/documents/?q=JOUROVA")
    assert "Letter of Věra Jourová" in both
    assert "Scene setter" in both
    assert "Minutes</a>" not in both
    assert "Scene setter" not in page_of(client, olga, "/documents/?q=jourova+ares(2019)")
    none = page_of(client, olga, "/documents/?q=%25&kind=letter")
    assert "No document matches." in none
    assert 'value="%"' in none


def test_the_list_is_filtered_by_kind_and_put_in_order(client: Client, olga: User) -> None:
    a_document(olga, title="Zebra", kind="letter", dated="2020")
    a_document(olga, title="Aardvark", kind="minutes", dated="2019-05")
    a_document(olga, title="Moth", kind="letter", dated="")
    letters = page_of(client, olga, "/documents/?kind=letter")
    assert "Zebra" in letters
    assert "Aardvark" not in letters

    def order(query: str) -> list[str]:
        page = page_of(client, olga, f"/documents/{query}")
        return sorted(("Zebra", "Aardvark", "Moth"), key=page.index)

    assert order("?sort=title") == ["Aardvark", "Moth", "Zebra"]
    assert order("?sort=added") == ["Moth", "Aardvark", "Zebra"]
    assert order("?sort=nonsense&kind=nonsense") == order("")


def test_a_long_list_has_pages_that_keep_the_filter(client: Client, olga: User) -> None:
    for number in range(51):
        a_document(olga, title=f"Letter {number:02}", kind="letter")
    first = page_of(client, olga, "/documents/?kind=letter&sort=title")
    assert "1–50 of 51" in first
    assert "?kind=letter&amp;sort=title&amp;page=2" in first
    second = page_of(client, olga, "/documents/?kind=letter&sort=title&page=2")
    assert "Letter 50" in second
    assert "Letter 49" not in second
    for beyond in ("9", "9" * 30):
        page = page_of(client, olga, f"/documents/?page={beyond}")
        assert "There is no such page." in page


def test_what_is_restricted_is_not_there_for_others(
    client: Client, olga: User, amir: User, ada: User
) -> None:
    staff = Group.objects.get(name="staff")
    secret = a_document(olga, title="Inner note", restricted_to=staff)
    opened(olga, document=secret)
    assert "Restricted to staff" in page_of(client, olga)
    for other in (amir, ada):
        assert "Inner note" not in page_of(client, other)
        assert "Inner note" not in page_of(client, other, "/documents/?q=inner")
        assert client.get(f"/documents/{secret.pk}/").status_code == 404
        assert client.get(f"/documents/{secret.pk}/original/").status_code == 404


def test_a_commitment_the_reader_may_not_see_counts_nowhere(
    client: Client, olga: User, amir: User
) -> None:
    document = a_document(olga)
    opened(olga, document=document, restricted_to=Group.objects.get(name="staff"))
    row = '<td class="num">{}<span class="narrow"> {}'
    page = page_of(client, olga)
    assert row.format(1, "passages") in page
    assert row.format(1, "commitments") in page
    page = page_of(client, amir)
    assert row.format(0, "passages") in page
    assert row.format(0, "commitments") in page


def test_a_withdrawn_document_stays_and_is_marked(client: Client, olga: User, ada: User) -> None:
    document = a_document(olga)
    withdraw_document(document, actor=ada, reason="Filed twice")
    assert "Withdrawn" in page_of(client, olga)


def test_passages_that_lost_their_place_are_counted(client: Client, olga: User) -> None:
    document = a_document(olga)
    a_passage(olga, document)
    better = document.current_text()
    assert better is not None
    Text.objects.create(
        original=document.original,
        extractor="better/2",
        text="Quite other words.",
        page_starts=[0],
        paragraph_starts=[0],
        digest="0" * 64,
        extracted_at=better.extracted_at,
    )
    page = page_of(client, olga)
    assert f'<a href="/documents/{document.pk}/#orphaned">1 orphaned</a>' in page


def test_strangers_are_shown_the_door_and_other_verbs_refused(
    client: Client, olga: User, nils: User
) -> None:
    document = a_document(olga)
    for address in ("/documents/", f"/documents/{document.pk}/original/"):
        assert client.get(address).status_code == 302
        client.force_login(nils)
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 405
        client.logout()


def test_the_original_comes_as_it_was_received_and_cannot_run(client: Client, olga: User) -> None:
    document = a_document(olga, title="Page", kind="other")
    client.force_login(olga)
    answer = client.get(f"/documents/{document.pk}/original/")
    body = answer.getvalue()
    assert body == RECORD.encode()
    assert hashlib.sha256(body).hexdigest() == document.original.sha256
    assert answer["Content-Disposition"] == 'attachment; filename="report.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get("/documents/999999/original/").status_code == 404


def test_the_list_asks_the_same_few_questions_for_one_row_and_for_three(
    client: Client, olga: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(olga)
    opened(olga, document=a_document(olga, title="One"))
    with django_assert_num_queries(7):
        client.get("/documents/")
    for title in ("Two", "Three"):
        document = a_document(olga, title=title)
        opened(olga, document=document)
        a_candidate(olga, document, title="Another")
    assert Document.objects.count() == 3
    with django_assert_num_queries(7):
        client.get("/documents/")
    with django_assert_num_queries(8):
        client.get("/documents/?q=o")


def test_counts_do_not_multiply_when_one_commitment_is_cited_twice(
    client: Client, olga: User
) -> None:
    document = a_document(olga)
    row = opened(olga, document=document)
    actions.cite(row, actor=olga, document=document, role="restatement")
    assert '<td class="num">1<span class="narrow"> commitments' in page_of(client, olga)


def test_the_list_answers_with_its_changing_part_where_htmx_asks(
    client: Client, olga: User
) -> None:
    a_document(olga)
    client.force_login(olga)
    part = client.get("/documents/?q=flash", headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="documents">')
    assert '<div id="said" hx-swap-oob="innerHTML">1–1 of 1</div>' in part.content.decode()
    assert "HX-Request" in part["Vary"]
    again = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<!DOCTYPE html>" in client.get("/documents/", headers=again).content.decode()
