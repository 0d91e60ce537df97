"""The page of one commitment: what each reader sees of it, and at what cost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.models import Commitment, LinkKind, Watch
from documents.actions import mark_passage
from documents.models import Document, Placement, Text
from tests.commitments.visiting import get
from tests.conftest import person
from tests.making import (
    WORDS,
    a_candidate,
    a_document,
    a_letter,
    a_party,
    in_state,
    moved,
    opened,
    reported,
)
from tracker import clock
from tracker.ledger.reading import history
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")

CONTEXT = (
    "The mood was good. The platforms were thanked. FB said that they will run a public repository"
    " of advertisements by 30 November 2026. Google listened. Nobody else spoke."
)


def at(row: Commitment) -> str:
    return row.get_absolute_url()


# What it shows


def test_what_a_report_rests_on_is_said(client: Client, olga: User, amir: User) -> None:
    page = get(client, amir, at(reported(opened(olga), olga)))
    assert "It rests on Origin: FB said that they will run a public repository" in page.words


def test_the_quote_stands_in_its_sentence_between_its_neighbours(
    client: Client, olga: User
) -> None:
    document = a_document(olga, CONTEXT, title="Minutes of the meeting", reference="Ares(2026)1")
    page = get(client, olga, at(a_candidate(olga, document)))
    assert f"<mark>{WORDS}</mark>" in page.markup
    assert '<span class="dim">The platforms were thanked. </span>' in page.markup
    assert '<span class="dim"> Google listened.</span>' in page.markup
    assert "The mood was good" not in page.markup
    assert "Minutes of the meeting" in page.words
    assert "Ares(2026)1, characters 47–132" in page.words
    passage = document.passages.get()
    assert f'href="/documents/{document.pk}/#m{passage.pk}"' in page.markup


def test_several_origins_are_all_quoted(client: Client, olga: User) -> None:
    row = opened(olga)
    other = a_document(olga, "Later it was said again: ads will be listed.", title="A letter")
    passage = mark_passage(other, actor=olga, quote="ads will be listed")
    actions.cite(row, actor=olga, document=other, passage=passage, role="origin")
    page = get(client, olga, at(row))
    assert page.markup.count('<blockquote class="source context"') == 2


def test_a_whole_document_can_be_the_origin(client: Client, olga: User) -> None:
    page = get(client, olga, at(a_candidate(olga, a_document(olga, "Nothing of the sort."))))
    assert "The whole document is cited." in page.words


def a_better_text(document: Document, words: str) -> Text:
    """A newer extraction of the document's original."""
    return Text.objects.create(
        original=document.original,
        extractor="better 2",
        text=words,
        page_starts=[0],
        paragraph_starts=[0],
        digest="better",
        extracted_at=clock.now(),
    )


def test_the_quote_is_shown_where_it_stands_in_the_newest_text(client: Client, olga: User) -> None:
    row = opened(olga)
    passage = row.citations.get().passage
    assert passage is not None
    text = a_better_text(passage.document, f"A sentence more. {WORDS} An end.")
    Placement.objects.create(
        passage=passage, text=text, start=17, end=17 + len(WORDS), exact=True, method="exact"
    )
    page = get(client, olga, at(row))
    assert '<span class="dim">A sentence more. </span>' in page.markup
    assert page.markup.count("<blockquote") == 1
    assert f"characters 17–{17 + len(WORDS)}" in page.words


def test_words_that_lost_their_place_stand_as_they_were_marked(client: Client, olga: User) -> None:
    row = opened(olga)
    a_better_text(row.citations.get().document, "Nothing of the sort.")
    page = get(client, olga, at(row))
    assert f"<mark>{WORDS}</mark>" in page.markup
    assert "lost their place in the newest text" in page.words


def test_redacted_words_are_set_apart(client: Client, olga: User) -> None:
    text = f"[REDACTED] chaired. {WORDS}"
    page = get(client, olga, at(a_candidate(olga, a_document(olga, text))))
    assert '<span class="redacted">' in page.markup


def test_who_owes_whom_stands_at_the_top(client: Client, olga: User) -> None:
    owed_to = [a_party(olga, "Member States", "group"), a_party(olga, "Voters", "group")]
    page = get(client, olga, at(opened(olga, beneficiaries=owed_to)))
    assert "Facebook owes it to Member States and Voters" in page.words


def test_a_passed_deadline_is_called_overdue_with_its_length(client: Client, olga: User) -> None:
    page = get(client, olga, at(opened(olga, due_text="by the end of September 2021")))
    assert "Overdue 5 years 54 days" in page.words
    assert "Next: ask Facebook for it" in page.words


def test_a_reading_by_a_person_waits_to_be_confirmed_and_claims_nothing_overdue(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    row = actions.reschedule(
        row,
        actor=olga,
        expected_version=row.version,
        due_text="before the elections",
        due_edtf="../2019-05-26",
        reason="Read from the heading",
    )
    page = get(client, olga, at(row))
    assert "Confirm this reading" in page.words
    assert "reading not confirmed" in page.words
    assert "verdue" not in page.words.replace("called overdue", "")
    client.post(
        f"{at(row)}confirm-reading/",
        {"version": page.value("version"), "key": page.value("key")},
    )
    after = get(client, olga, at(row))
    assert "Overdue" in after.words
    assert "Confirm this reading" not in after.words


def test_the_first_deadline_stays_and_what_slipped_is_counted_from_it(
    client: Client, olga: User
) -> None:
    row = opened(olga, due_text="by 30 November 2026")
    assert "First due 30 November 2026, unchanged" in get(client, olga, at(row)).words
    actions.reschedule(
        row,
        actor=olga,
        expected_version=row.version,
        due_text="by 31 January 2027",
        reason="They asked for time",
    )
    assert "First due 30 November 2026, 62 days later now" in get(client, olga, at(row)).words


def test_the_outcome_of_the_last_period_of_a_continuing_practice_is_a_fact(
    client: Client, olga: User, amir: User
) -> None:
    row = moved(opened(olga, kind="continuing_practice"), "start", olga)
    moved(
        row,
        "confirm_period",
        amir,
        outcome="kept",
        period_until=date(2026, 10, 31),
        review_on=date(2027, 4, 30),
    )
    assert "Last period Kept, until 31 October 2026" in get(client, olga, at(row)).words


def test_siblings_on_the_same_words_and_links_both_ways_are_listed(
    client: Client, olga: User
) -> None:
    document = a_document(olga)
    row = opened(olga, document=document)
    google = a_party(olga, "Google")
    sibling = opened(olga, document=document, title="Run Google’s own", obligor=google)
    later, earlier = opened(olga, title="A later one"), opened(olga, title="An earlier one")
    actions.link(row, actor=olga, target=earlier, kind=LinkKind.RESTATES)
    actions.link(later, actor=olga, target=row, kind=LinkKind.SUPERSEDES)
    words = get(client, olga, at(row)).words
    assert f"Run Google’s own {sibling.name} Google" in words
    assert "It restates An earlier one" in words
    assert "It is superseded by A later one" in words


def test_citations_since_show_role_date_words_and_their_withdrawal(
    client: Client, olga: User, otto: User
) -> None:
    row = opened(olga)
    report = a_document(olga, "The repository went online. It was praised.", title="A report")
    passage = mark_passage(report, actor=olga, quote="The repository went online.")
    cited = actions.cite(
        row, actor=otto, document=report, passage=passage, role="evidence", effective="2026-11"
    )
    words = get(client, olga, at(row)).words
    assert "Evidence November 2026" in words
    assert "Cited by Otto, 23 November 2026" in words
    actions.withdraw_citation(cited, actor=otto, reason="Another repository")
    page = get(client, olga, at(row))
    assert "<del>Evidence</del>" in page.markup
    assert "Withdrawn by Otto, 23 November 2026: Another repository" in page.words


def test_letters_show_what_they_cover_and_what_is_late(client: Client, olga: User) -> None:
    row, other = opened(olga), opened(olga, title="Another one")
    a_letter(olga, row, other, reply_due_on=clock.today())
    words = get(client, olga, at(row)).words
    assert "2 commitments due 23 November 2026" in words
    assert "Awaiting a reply from Facebook" in words


def test_the_history_tells_each_difference_in_words(client: Client, olga: User, otto: User) -> None:
    row = opened(olga)
    actions.assign(row, actor=olga, expected_version=row.version, owner=otto)
    row.refresh_from_db()
    actions.edit(
        row,
        actor=otto,
        expected_version=row.version,
        changes={"kind": "request", "beneficiaries": [a_party(olga, "Voters", "group")]},
    )
    actions.note(row, actor=otto, words="@olga have a look")
    page = get(client, olga, at(row))
    assert "Note Otto “@olga have a look”" in page.words
    assert "Owner Otto" in page.words
    assert "<del>Pledge</del> <ins>Request</ins>" in page.markup
    assert "Owed to Voters" in page.words
    newest = history(f"commitment:{row.pk}").first()
    assert newest is not None
    assert newest.hash[:8] in page.markup
    assert page.markup.index("have a look") < page.markup.index("Confirmed</b>")


def test_a_history_of_more_than_fifty_events_goes_on_on_a_second_page(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    for number in range(52):
        actions.note(row, actor=olga, words=f"Note number {number}.")
    first = get(client, olga, at(row))
    assert first.markup.count('id="e') == 50
    assert 'href="?before=5#h-time"' in first.markup
    second = get(client, olga, f"{at(row)}?before=5")
    assert "Captured" in second.words
    assert second.markup.count('id="e') == 4
    assert get(client, olga, f"{at(row)}?before=nonsense").status == 200


# What each reader may do


def names_of_moves(page: Any) -> set[str]:
    return {
        name
        for name in ("confirm", "start", "wait", "report", "close", "send_back", "dismiss", "void")
        if f"/move/{name}/" in page.markup
    }


def test_only_the_legal_moves_are_there_for_each_person(
    client: Client, olga: User, amir: User, ada: User, nils: User
) -> None:
    row = opened(olga)
    assert names_of_moves(get(client, olga, at(row))) == {"start", "wait", "report", "dismiss"}
    assert names_of_moves(get(client, amir, at(row))) == set()
    assert "close_without_delivery" in get(client, amir, at(row)).markup
    assert names_of_moves(get(client, ada, at(row))) == {"dismiss", "void"}
    reader = get(client, nils, at(row))
    assert names_of_moves(reader) == set()
    assert "Change" not in reader.words
    assert "Edit" not in reader.words


def test_the_page_says_who_is_barred_from_judging_and_why_and_who_may(
    client: Client, olga: User, amir: User
) -> None:
    row = reported(opened(olga, owner=amir), olga)
    page = get(client, amir, at(row))
    assert "You may not judge it: you own it" in page.words
    assert "close" not in names_of_moves(page)
    assert "Needs a second auditor" in page.words
    zoe = person("zoe", "Zoe", "auditor")
    assert "May judge it: Zoe." in get(client, amir, at(row)).words
    assert "close" in names_of_moves(get(client, zoe, at(row)))


def test_what_is_closed_can_only_be_corrected_and_only_by_those_with_the_right(
    client: Client, olga: User, amir: User
) -> None:
    row = in_state("closed", olga, amir)
    assert "Change" not in get(client, olga, at(row)).words
    page = get(client, amir, at(row))
    assert f"{at(row)}correct/?only=obligor" in page.markup
    assert f"{at(row)}edit/" not in page.markup
    assert "Closed: delivered" in page.words


def test_a_watcher_has_seen_what_the_page_showed(client: Client, olga: User, amir: User) -> None:
    row = opened(olga)
    actions.watch(row, actor=amir)
    actions.note(row, actor=olga, words="News")
    assert "Watched by Amir" in get(client, amir, at(row)).words
    latest = history(f"commitment:{row.pk}").first()
    assert latest is not None
    assert Watch.objects.get(user=amir).seen_seq == latest.seq


# What it costs


def grow(row: Commitment, number: int, olga: User) -> None:
    """Give it one more citation, sibling, link, letter, topic and watcher, and their events."""
    origin = row.citations.get(role="origin")
    sibling = opened(
        olga,
        document=origin.document,
        title=f"Sibling {number}",
        obligor=a_party(olga, f"Party {number}"),
    )
    actions.link(row, actor=olga, target=sibling, kind=LinkKind.RESTATES)
    report = a_document(olga, f"Progress was made, part {number}.", title=f"Report {number}")
    actions.cite(
        row,
        actor=olga,
        document=report,
        passage=mark_passage(report, actor=olga, quote="Progress was made"),
        role="evidence",
        effective="2026",
    )
    if row.reference:
        a_letter(olga, row, sibling, reply_due_on=clock.today() + timedelta(days=5))
    row.refresh_from_db()
    topic = actions.save_topic(None, actor=olga, values={"name": f"Topic {number}"})
    actions.edit(
        row,
        actor=olga,
        expected_version=row.version,
        changes={"topics": [*row.topics.all(), topic], "title": f"Grown {number}"},
    )
    actions.watch(row, actor=person(f"reader{number}", f"Reader {number}", ""))


@pytest.mark.parametrize("state", ["candidate", "open", "reported"])
def test_the_page_takes_twelve_queries_at_most_however_much_it_shows(
    client: Client, olga: User, otto: User, amir: User, state: str
) -> None:
    row = in_state(state, otto, amir)
    counts = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            grow(row, number, olga)
        client.force_login(olga)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(at(row)).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12, counts
