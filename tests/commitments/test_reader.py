"""The document reader: clean paragraphs, numbered marks, and notes linked both ways."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from commitments import actions
from commitments.models import Party
from documents.actions import mark_passage, withdraw_document
from documents.models import Document, Text
from tests.making import a_candidate, a_document, a_party, in_state, moved, opened
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")

WORDS = "FB said that they will run a public repository of advertisements by 30 November 2026."
TEXT = f"""Flash report of the meeting

From: [REDACTED]

- {WORDS} Google also maintains one.

The meeting ended 👍 at noon in Malmö."""


def page_of(client: Client, user: User, document: Document, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(f"/documents/{document.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(page: str) -> str:
    """The article alone, without markup."""
    article = page[page.index("<article") : page.index("</article>")]
    return re.sub(r"<[^>]+>", "", article)


def test_the_text_is_shown_in_numbered_paragraphs_that_can_be_linked_to(
    client: Client, olga: User
) -> None:
    page = page_of(client, olga, a_document(olga, TEXT))
    for number in (1, 2, 3, 4):
        assert f'<div class="para" id="p{number}">' in page
    assert '<h2 class="source head" data-start="0">Flash report of the meeting</h2>' in page
    assert '<p class="source bullet"' in page
    assert "Page 1" not in page


def test_redactions_are_shown_as_such_and_counted(client: Client, olga: User) -> None:
    page = page_of(client, olga, a_document(olga, TEXT))
    assert '<span class="redacted"><span class="vh">[</span>REDACTED' in page
    assert "1, kept as received" in page


def test_a_mark_and_its_note_are_linked_both_ways(client: Client, olga: User) -> None:
    document = a_document(olga, TEXT)
    row = opened(olga, document=document, owner=olga)
    passage = row.citations.get().passage
    assert passage is not None
    page = page_of(client, olga, document)
    number = passage.pk
    assert f'<mark id="m{number}">{WORDS}<a class="to-note" href="#n{number}"' in page
    assert f'<li id="n{number}"><a class="no" href="#m{number}">' in page
    note = page[page.index(f'<li id="n{number}">') :]
    note = note[: note.index("</li>")]
    for words in ("Run a public repository", "Facebook", row.reference, 'data-state="open"'):
        assert str(words) in note
    assert f'href="/c/{row.reference}/"' in note
    assert passage.get_absolute_url() == f"/documents/{document.pk}/#m{number}"
    assert "1 marked passage, 1 commitment." in page


def test_a_note_tells_the_verdict_once_there_is_one_and_when_it_is_overdue(
    client: Client, olga: User, amir: User
) -> None:
    document = a_document(olga, TEXT)
    in_state("closed", olga, amir, document=document)
    opened(olga, document=document, due_text="by 1 November 2026", title="Late one")
    page = page_of(client, olga, document)
    assert 'data-verdict="delivered"' in page
    assert 'data-state="closed"' not in page
    assert page.count('<span class="late">Overdue</span>') == 1


def test_candidates_and_what_was_dismissed_are_dotted(client: Client, olga: User) -> None:
    document = a_document(olga, TEXT)
    row = a_candidate(olga, document)
    assert '<mark class="maybe"' in page_of(client, olga, document)
    moved(row, "dismiss", olga, dismissed_as="out_of_remit", reason="Not ours")
    assert '<mark class="maybe"' in page_of(client, olga, document)


def test_siblings_on_one_passage_stand_in_one_note_without_repeating_the_title(
    client: Client, olga: User
) -> None:
    document = a_document(olga, TEXT)
    opened(olga, document=document)
    opened(olga, document=document, obligor=a_party(olga, "Google"))
    page = page_of(client, olga, document)
    notes = page[page.index('<ol class="margin"') : page.index("</ol>")]
    assert notes.count("<li") == 2
    assert notes.count('class="no"') == 1
    assert '<span class="vh">Run a public repository, </span>Google</a>' in notes


def test_other_citations_say_what_they_are_and_by_whom(client: Client, olga: User) -> None:
    row = opened(olga)
    document = a_document(olga, TEXT, title="Second report")
    passage = mark_passage(document, actor=olga, quote="Google also maintains one.")
    actions.cite(row, actor=olga, document=document, passage=passage, role="progress")
    actions.cite(row, actor=olga, document=document, role="restatement")
    page = page_of(client, olga, document)
    assert "Cited as progress by Olga" in page
    assert "Cited as a whole" in page
    assert "1 marked passage, 0 commitments." in page


def test_a_mark_whose_citation_was_withdrawn_stays_and_says_so(client: Client, olga: User) -> None:
    row = opened(olga)
    document = a_document(olga, TEXT, title="Second report")
    passage = mark_passage(document, actor=olga, quote="at noon")
    cited = actions.cite(row, actor=olga, document=document, passage=passage, role="progress")
    actions.withdraw_citation(cited, actor=olga, reason="Wrong line")
    page = page_of(client, olga, document)
    assert "nothing rests on it at present" in page
    assert row.title not in page


def test_marks_of_commitments_the_reader_may_not_see_are_withheld(
    client: Client, olga: User, amir: User
) -> None:
    document = a_document(olga, TEXT)
    secret = opened(
        olga, document=document, restricted_to=Group.objects.get(name="staff"), title="Hush"
    )
    actions.cite(secret, actor=olga, document=document, role="restatement")
    assert "Hush" in page_of(client, olga, document)
    page = page_of(client, amir, document)
    assert "Hush" not in page
    assert "<mark" not in page
    assert "0 marked passages, 0 commitments." in page
    assert "Cited as a whole" not in page
    assert WORDS in text_of(page)


def test_a_passage_with_a_visible_and_a_hidden_commitment_shows_the_visible_one_only(
    client: Client, olga: User, amir: User
) -> None:
    document = a_document(olga, TEXT)
    opened(olga, document=document, restricted_to=Group.objects.get(name="staff"), title="Hush")
    opened(olga, document=document, title="For all")
    page = page_of(client, amir, document)
    assert "For all" in page
    assert "Hush" not in page


def test_words_are_found_and_numbered_without_scripts(client: Client, olga: User) -> None:
    document = a_document(olga, TEXT)
    page = page_of(client, olga, document, "?find=GOOGLE")
    assert '<span id="f1"><span class="sel">Google</span></span>' in page
    assert '1 place: <a href="#f1">1</a>' in page
    assert 'value="GOOGLE"' in page
    page = page_of(client, olga, document, "?find=malmo")
    assert '<span class="sel">Malmö</span>' in page
    page = page_of(client, olga, document, "?find=<script>")
    assert "These words do not stand in the text." in page
    assert "<script>&lt;" not in page
    assert 'value="&lt;script&gt;"' in page


def test_words_chosen_by_address_come_with_their_tools(
    client: Client, olga: User, amir: User
) -> None:
    document = a_document(olga, TEXT)
    start = TEXT.index("👍 at")
    query = f"?start={start}&end={start + 9}"
    page = page_of(client, olga, document, query)
    assert '<span id="here"><span class="sel">👍 at noon</span></span>' in page
    chosen = f"?start={start}&amp;end={start + 9}"
    assert f'href="/documents/{document.pk}/new-commitment/{chosen}"' in page
    assert f'href="/documents/{document.pk}/cite/{chosen}"' in page
    assert "“👍 at noon” (Flash report, 2 November 2026, characters" in page
    page = page_of(client, amir, document, query)
    assert "“👍 at noon”" in page
    assert "/new-commitment/" not in page
    assert "/cite/" not in page


def test_every_paragraph_number_chooses_its_words(client: Client, olga: User) -> None:
    document = a_document(olga, TEXT)
    page = page_of(client, olga, document)
    pins = re.findall(r'class="pin" href="\?start=(\d+)&amp;end=(\d+)#p(\d)"', page)
    assert [number for _, _, number in pins] == ["1", "2", "3", "4"]
    start, end, _ = map(int, pins[3])
    assert TEXT[start:end] == "The meeting ended 👍 at noon in Malmö."


@pytest.mark.parametrize(
    "query",
    ["?start=5", "?start=9&end=5", "?start=5&end=99999", "?start=-1&end=5", "?start=x&end=²"],
)
def test_a_place_that_is_none_is_ignored(client: Client, olga: User, query: str) -> None:
    page = page_of(client, olga, a_document(olga, TEXT), query)
    assert "Chosen words" not in page


def test_the_facts_of_the_document_stand_beside_it(client: Client, olga: User) -> None:
    document = a_document(
        olga,
        TEXT,
        about="2026-11-01",
        reference="Ares(2022)5123950",
        participants=["TikTok", "European Commission"],
        source_url="https://records.example/1",
        note="Released in part",
    )
    page = page_of(client, olga, document)
    for words in (
        "1 November 2026",
        "Ares(2022)5123950",
        "TikTok and European Commission",
        "https://records.example/1",
        "Released in part",
        "report.txt",
        f"{len(TEXT.encode())} bytes",
        document.original.sha256[:8],
        "Version 1 of 1, plain-text/1",
    ):
        assert words in page, words


def test_passages_without_a_place_in_the_new_text_are_listed(client: Client, olga: User) -> None:
    document = a_document(olga, TEXT)
    opened(olga, document=document)
    text = document.current_text()
    assert text is not None
    Text.objects.create(
        original=document.original,
        extractor="better/2",
        text="Page one.\n\nPage two.",
        page_starts=[0, 11],
        paragraph_starts=[0, 11],
        digest="0" * 64,
        extracted_at=text.extracted_at,
    )
    page = page_of(client, olga, document)
    assert "1 passage without a place in this text" in page
    assert WORDS in page
    assert "Version 2 of 2, better/2, 2 pages" in page
    assert '<p class="page-no" lang="en-GB">Page 2</p>' in page


def test_from_a_withdrawn_document_nothing_new_can_be_taken(
    client: Client, olga: User, ada: User
) -> None:
    document = a_document(olga, TEXT)
    withdraw_document(document, actor=ada, reason="Filed twice.")
    page = page_of(client, olga, document, "?start=0&end=12")
    assert "Filed twice." in page
    assert "/new-commitment/" not in page
    assert client.get(f"/documents/{document.pk}/new-commitment/").status_code == 404


def test_strangers_bad_ids_and_other_verbs(client: Client, olga: User, nils: User) -> None:
    document = a_document(olga, TEXT)
    assert client.get(f"/documents/{document.pk}/").status_code == 302
    client.force_login(nils)
    assert client.get(f"/documents/{document.pk}/").status_code == 200
    assert client.post(f"/documents/{document.pk}/").status_code == 405
    assert client.get("/documents/999999/").status_code == 404
    assert client.get("/documents/x/").status_code == 404


def test_the_reader_asks_the_same_few_questions_for_one_mark_and_for_three(
    client: Client, olga: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    document = a_document(olga, TEXT)
    opened(olga, document=document)
    client.force_login(olga)
    with django_assert_num_queries(10):
        client.get(f"/documents/{document.pk}/")
    for quote in ("Google also maintains one.", "The meeting ended"):
        passage = mark_passage(document, actor=olga, quote=quote)
        for obligor in ("Facebook", "Google"):
            party = Party.objects.filter(name=obligor).first() or a_party(olga, obligor)
            actions.capture(
                actor=olga,
                title="More",
                document=document,
                passage=passage,
                values={"obligor": party},
            )
    with django_assert_num_queries(10):
        page = client.get(f"/documents/{document.pk}/?find=the&start=0&end=5").content.decode()
    assert "3 marked passages" in page
