"""Who may see a commitment's page, and what is withheld from whom."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from commitments import actions
from commitments.models import Commitment, LinkKind
from documents.actions import mark_passage
from tests.commitments.visiting import get
from tests.making import a_document, opened
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")


def at(row: Commitment) -> str:
    return row.get_absolute_url()


def restricted_to(user: User) -> Group:
    group = Group.objects.create(name="inquiry")
    user.groups.add(group)
    return group


def test_what_hangs_on_a_restricted_document_is_not_found_by_others(
    client: Client, olga: User, otto: User
) -> None:
    group = restricted_to(olga)
    row = opened(olga, document=a_document(olga, restricted_to=group))
    assert get(client, olga, at(row)).status == 200
    assert get(client, otto, at(row)).status == 404


def test_a_citation_of_a_restricted_document_is_withheld_and_the_page_is_not(
    client: Client, olga: User, otto: User
) -> None:
    secret = a_document(
        olga,
        "The audit found the server empty.",
        title="Secret audit",
        restricted_to=restricted_to(olga),
    )
    passage = mark_passage(secret, actor=olga, quote="the server empty")
    row = opened(olga)
    actions.cite(
        row,
        actor=olga,
        document=secret,
        passage=passage,
        role="contradiction",
        effective="2026-11",
        note="The empty server proves it",
    )
    assert "the server empty" in get(client, olga, at(row)).words
    page = get(client, otto, at(row))
    assert page.status == 200
    assert "Restricted." in page.words
    for hidden in ("server", "Secret audit", "November 2026 Restricted"):
        assert hidden not in page.words


def test_links_to_what_a_reader_may_not_see_are_left_out(
    client: Client, olga: User, otto: User
) -> None:
    hidden = opened(
        olga, document=a_document(olga, restricted_to=restricted_to(olga)), title="The hidden one"
    )
    row = opened(olga)
    actions.link(row, actor=olga, target=hidden, kind=LinkKind.DEPENDS_ON)
    assert "The hidden one" in get(client, olga, at(row)).words
    assert hidden.name in get(client, olga, at(row)).words
    page = get(client, otto, at(row)).words
    assert "The hidden one" not in page
    assert hidden.name not in page
    assert f"{row.name} depends on one you may not see." in page


def test_strangers_bad_names_and_wrong_verbs_are_turned_away(client: Client, olga: User) -> None:
    row = opened(olga)
    assert client.get(at(row))["Location"].startswith("/sign-in/")
    for name in ("C-2026-9999", "candidate-99999", "candidate-x", "nonsense", "C-2026-%00"):
        assert get(client, olga, f"/c/{name}/").status == 404
    assert client.post(at(row)).status_code == 405


def test_a_candidates_address_leads_to_the_reference_once_it_is_opened(
    client: Client, olga: User
) -> None:
    row = opened(olga)
    page = get(client, olga, f"/c/candidate-{row.pk}/")
    assert (page.status, page.location) == (302, at(row))
    assert get(client, olga, at(row).lower()).location == at(row)
