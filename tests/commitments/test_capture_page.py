"""From words in a document to a commitment, by a plain form."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from commitments import actions
from commitments.models import Commitment, Party
from documents.models import Document, Passage
from tests.making import WORDS, a_document, a_party, opened
from tracker.ledger.models import Event
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")

QUOTE = "FB said that they will run a public repository"


def form_for(document: Document, **changes: Any) -> dict[str, Any]:
    """What somebody types to confirm at once."""
    return {
        "key": "once",
        "quote": QUOTE,
        "title": "Run a public repository",
        "obligors": ["Facebook", ""],
        "kind": "pledge",
        "made_on": "2 November 2026",
        "due_text": "by 30 November 2026",
        "success_criteria": "A public page",
        "then": "confirm",
        **changes,
    }


def send(client: Client, user: User, document: Document, **changes: Any) -> Any:
    client.force_login(user)
    return client.post(f"/documents/{document.pk}/new-commitment/", form_for(document, **changes))


def test_the_form_starts_with_the_words_chosen_and_the_day_they_were_said(
    client: Client, olga: User
) -> None:
    document = a_document(olga, about="2026-11-01")
    client.force_login(olga)
    address = f"/documents/{document.pk}/new-commitment/"
    page = client.get(f"{address}?paragraph=2").content.decode()
    assert WORDS in page
    assert 'value="1 November 2026"' in page
    page = client.get(f"{address}?start=0&end=12").content.decode()
    assert ">\nFlash report</textarea>" in page
    assert '<input type="hidden" name="end" value="12"' in page
    assert client.get(f"{address}?paragraph=99").status_code == 200
    assert client.get(address).status_code == 200


def test_a_commitment_is_captured_and_opened_at_once(client: Client, olga: User) -> None:
    document = a_document(olga)
    a_party(olga)
    topic = actions.save_topic(None, actor=olga, values={"name": "Elections"})
    answer = send(
        client,
        olga,
        document,
        beneficiaries=["facebook"],
        owner=str(olga.pk),
        strength="firm",
        strength_words="will",
        topics=[str(topic.pk)],
        review_on="2026-12-01",
    )
    row = Commitment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/c/{row.reference}/")
    assert (row.reference, row.state, row.owner) == ("C-2026-0001", "open", olga)
    assert (row.kind, row.strength, row.strength_words) == ("pledge", "firm", "will")
    assert (row.made_on, row.due_text, row.due_edtf) == (
        "2026-11-02",
        "by 30 November 2026",
        "../2026-11-30",
    )
    assert [str(party) for party in row.beneficiaries.all()] == ["Facebook"]
    assert list(row.topics.all()) == [topic]
    citation = row.citations.get()
    assert citation.passage is not None
    assert (citation.role, citation.passage.quote) == ("origin", QUOTE)


def test_a_candidate_needs_only_the_words_a_title_and_who_owes_it(
    client: Client, olga: User
) -> None:
    document = a_document(olga)
    a_party(olga)
    blank = {"kind": "", "due_text": "", "success_criteria": "", "made_on": ""}
    answer = send(client, olga, document, then="capture", **blank)
    row = Commitment.objects.get()
    assert row.state == "candidate"
    assert answer["Location"] == f"/c/candidate-{row.pk}/"


def test_each_obligor_gets_a_commitment_of_its_own_on_the_same_words(
    client: Client, olga: User
) -> None:
    document = a_document(olga)
    a_party(olga)
    a_party(olga, "Google")
    answer = send(client, olga, document, obligors=["Facebook", "Google"])
    rows = Commitment.objects.order_by("id")
    assert [str(row.obligor) for row in rows] == ["Facebook", "Google"]
    assert [row.reference for row in rows] == ["C-2026-0001", "C-2026-0002"]
    passage = Passage.objects.get()
    assert answer["Location"] == f"/documents/{document.pk}/#m{passage.pk}"
    page = client.get(f"/documents/{document.pk}/").content.decode()
    assert "C-2026-0001 and C-2026-0002 are open." in page


def test_the_same_form_sent_twice_is_carried_out_once(client: Client, olga: User) -> None:
    document = a_document(olga)
    first = send(client, olga, document, obligors=["A new one"])
    assert first.status_code == 422
    party = next(name for name in first.context["form"].unknown)
    for _ in range(2):
        answer = send(client, olga, document, obligors=["A new one"], **{party: "company"})
        assert answer.status_code == 303
    assert Commitment.objects.count() == 1
    assert Party.objects.count() == 1


def test_an_unknown_party_is_asked_for_and_entered_with_its_kind(
    client: Client, olga: User
) -> None:
    document = a_document(olga)
    answer = send(client, olga, document, obligors=["ByteDance"], beneficiaries=["bytedance"])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "No party is called “ByteDance”." in page
    assert "“ByteDance” is" in page
    assert 'value="ByteDance"' in page
    assert not Party.objects.exists()
    [field] = answer.context["form"].unknown
    answer = send(
        client,
        olga,
        document,
        obligors=["ByteDance"],
        beneficiaries=["bytedance"],
        **{field: "company"},
    )
    assert answer.status_code == 303
    row = Commitment.objects.get()
    party = Party.objects.get()
    assert (party.name, party.kind, row.obligor) == ("ByteDance", "company", party)
    assert list(row.beneficiaries.all()) == [party]


def test_a_name_that_two_parties_answer_to_is_asked_back(client: Client, olga: User) -> None:
    document = a_document(olga)
    for name in ("Facebook", "Fair Ballot"):
        actions.save_party(
            None, actor=olga, values={"name": name, "kind": "company"}, aliases=[("FB", None)]
        )
    page = send(client, olga, document, obligors=["FB"]).content.decode()
    assert "“FB” may be" in page
    assert "No party is called" not in page


def test_an_alias_that_holds_in_this_document_is_understood(client: Client, olga: User) -> None:
    document = a_document(olga)
    actions.save_party(
        None,
        actor=olga,
        values={"name": "TikTok", "kind": "company"},
        aliases=[("the company", document)],
    )
    send(client, olga, document, obligors=["The  Company"])
    assert str(Commitment.objects.get().obligor) == "TikTok"
    other = a_document(olga, title="Other")
    answer = send(client, olga, other, obligors=["The company"], key="twice")
    assert answer.status_code == 422


def test_words_that_do_not_stand_in_the_document_are_refused_at_their_field(
    client: Client, olga: User
) -> None:
    document = a_document(olga)
    a_party(olga)
    answer = send(client, olga, document, quote="FB promised a repository", title="Kept as typed")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("These words do not stand in the document.") == 2
    assert 'href="#id_quote"' in page
    assert "FB promised a repository</textarea>" in page
    assert 'value="Kept as typed"' in page
    assert 'value="by 30 November 2026"' in page
    assert not Passage.objects.exists()


def test_spaces_and_line_breaks_of_the_typed_quote_do_not_matter(
    client: Client, olga: User
) -> None:
    document = a_document(olga)
    a_party(olga)
    send(client, olga, document, quote="  FB said that\r\nthey   will run a public repository ")
    assert Passage.objects.get().quote == QUOTE


def test_the_place_chosen_decides_between_like_words(client: Client, olga: User) -> None:
    document = a_document(olga, "We agree to it.\n\nYes: We agree to it.")
    a_party(olga)
    again = "These words stand in 2 places"
    assert again in send(client, olga, document, quote="We agree to it.").content.decode()
    answer = send(client, olga, document, quote="We agree to it.", start="21", end="37")
    assert answer.status_code == 303
    assert Passage.objects.get().placements.get().start == 22
    other = send(client, olga, document, quote="Yes: We", start="0", end="15", key="twice")
    assert other.status_code == 303
    assert set(Passage.objects.values_list("quote", flat=True)) == {"We agree to it.", "Yes: We"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, 'href="#id_title"'),
        ({"obligors": ["", ""]}, "Say which party owes it"),
        ({"kind": ""}, 'href="#id_kind"'),
        ({"due_text": ""}, 'href="#id_due_text"'),
        ({"success_criteria": ""}, 'href="#id_success_criteria"'),
        ({"due_text": "soon"}, "It has no latest day, so give the day on which we look again."),
        ({"due_text": "soon", "due_edtf": "next Ember days"}, "is not read as a date"),
        ({"made_on": "once upon a time"}, "is not read as a date"),
        ({"review_on": "2026-11-01"}, "Choose a day from today on."),
    ],
)
def test_what_confirming_lacks_is_told_and_nothing_is_kept(
    client: Client, olga: User, typed: dict[str, Any], sentence: str
) -> None:
    document = a_document(olga)
    a_party(olga)
    events = Event.objects.count()
    answer = send(client, olga, document, **typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Commitment.objects.exists()
    assert not Passage.objects.exists()
    assert Event.objects.count() == events


def test_the_reading_of_the_deadline_is_shown_beside_the_words(client: Client, olga: User) -> None:
    document = a_document(olga)
    page = send(client, olga, document, title="", due_text="in March").content.decode()
    assert "Read as by 31 March 2027 (month)" in page
    page = send(client, olga, document, title="", due_text="soon").content.decode()
    assert "Not read as a date" in page


def test_none_stated_needs_a_review_date(client: Client, olga: User) -> None:
    document = a_document(olga)
    a_party(olga)
    send(client, olga, document, due_text="none stated", review_on="2026-12-24")
    row = Commitment.objects.get()
    assert (row.due_text, row.due_on, row.state) == ("", None, "open")


def test_a_reading_of_ones_own_waits_to_be_confirmed(client: Client, olga: User) -> None:
    document = a_document(olga)
    a_party(olga)
    send(client, olga, document, due_text="soon", due_edtf="about 2027", review_on="2026-12-24")
    row = Commitment.objects.get()
    assert (row.due_edtf, row.due_read_by, row.due_confirmed) == ("2027~", "reader", False)


def test_what_hangs_on_the_words_already_is_shown_before_it_is_entered_twice(
    client: Client, olga: User, amir: User
) -> None:
    document = a_document(olga)
    row = opened(olga, document=document)
    hidden = opened(olga, document=document, restricted_to=Group.objects.get(name="staff"))
    client.force_login(olga)
    page = client.get(f"/documents/{document.pk}/new-commitment/?paragraph=2").content.decode()
    assert "2 commitments hang on these words already" in page
    assert str(row.reference) in page
    assert str(hidden.reference) in page
    page = client.get(f"/documents/{document.pk}/new-commitment/?paragraph=1").content.decode()
    assert "on these words already" not in page


def test_auditors_and_strangers_capture_nothing_and_administrators_do_not_confirm(
    client: Client, olga: User, amir: User, ada: User, nils: User
) -> None:
    document = a_document(olga)
    a_party(olga)
    address = f"/documents/{document.pk}/new-commitment/"
    assert client.get(address).status_code == 302
    for user in (amir, nils):
        answer = send(client, user, document)
        assert answer.status_code == 403
        assert "is for oversight staff" in answer.content.decode()
    client.force_login(ada)
    assert 'value="confirm"' not in client.get(address).content.decode()
    assert send(client, ada, document).status_code == 403
    assert not Commitment.objects.exists()
    assert send(client, ada, document, then="capture").status_code == 303


def test_hidden_documents_bad_ids_and_other_verbs(client: Client, olga: User, ada: User) -> None:
    secret = a_document(olga, restricted_to=Group.objects.get(name="staff"))
    assert send(client, ada, secret, then="capture").status_code == 404
    for page in ("new-commitment", "cite"):
        client.force_login(olga)
        assert client.get(f"/documents/999999/{page}/").status_code == 404
        assert client.put(f"/documents/{secret.pk}/{page}/").status_code == 405


def cite(client: Client, user: User, document: Document, **changes: Any) -> Any:
    client.force_login(user)
    typed = {"key": "once", "quote": QUOTE, "role": "evidence", "effective": "November 2026"}
    return client.post(f"/documents/{document.pk}/cite/", typed | changes)


def test_chosen_words_are_cited_for_a_commitment_that_is_there(client: Client, olga: User) -> None:
    row = opened(olga)
    document = a_document(olga, title="Second report")
    client.force_login(olga)
    page = client.get(f"/documents/{document.pk}/cite/?paragraph=2").content.decode()
    assert WORDS in page
    answer = cite(client, olga, document, commitment=str(row.reference).lower())
    assert (answer.status_code, answer["Location"]) == (303, f"/c/{row.reference}/")
    citation = row.citations.get(document=document)
    assert citation.passage is not None
    assert (citation.passage.quote, citation.role, citation.effective) == (
        QUOTE,
        "evidence",
        "2026-11",
    )
    assert cite(client, olga, document, commitment=row.reference).status_code == 303
    assert row.citations.filter(document=document).count() == 1


def test_a_citation_that_lacks_something_is_refused_at_its_field(
    client: Client, olga: User, amir: User
) -> None:
    row = opened(olga)
    document = a_document(olga, title="Second report")
    for typed, sentence in (
        ({"commitment": "C-1999-0001"}, "There is no commitment “C-1999-0001”"),
        ({"commitment": row.reference, "effective": ""}, "Evidence needs its date"),
        ({"commitment": row.reference, "quote": "No such"}, "do not stand in the document"),
        ({"commitment": ""}, "Name the commitment."),
    ):
        answer = cite(client, olga, document, **typed)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert cite(client, amir, document, commitment=row.reference).status_code == 403
    assert row.citations.count() == 1


def test_the_form_asks_the_same_few_questions_whatever_hangs_on_the_words(
    client: Client, olga: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    document = a_document(olga)
    address = f"/documents/{document.pk}/new-commitment/?paragraph=2"
    opened(olga, document=document)
    client.force_login(olga)
    with django_assert_num_queries(10):
        client.get(address)
    opened(olga, document=document, title="Two")
    opened(olga, document=document, title="Three")
    with django_assert_num_queries(10):
        client.get(address)
