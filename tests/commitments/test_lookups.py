"""What forms are told while somebody types: names to choose from, and the reading of a deadline."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from tests.commitments.visiting import get
from tests.making import a_document, opened
from tracker.users.models import User

pytestmark = pytest.mark.usefixtures("monday")


def test_the_reading_of_a_deadline_is_told_while_it_is_typed(client: Client, olga: User) -> None:
    def told(words: str, made_on: str = "2019-03-05") -> str:
        client.force_login(olga)
        query = {"due_text": words, "made_on": made_on}
        return client.get("/lookups/reading/", query).content.decode()

    assert told("in March").startswith("Read as by 31 March 2019 (month)")
    assert told("none stated") == "No deadline stated: give a review date."
    assert told("soon").startswith("Not read as a date")
    assert told("") == ""
    assert told("in March", "junk").startswith("Not read as a date")


def test_parties_commitments_and_documents_are_offered_by_what_is_typed(
    client: Client, olga: User, otto: User
) -> None:
    group = Group.objects.create(name="inquiry")
    olga.groups.add(group)
    hidden = a_document(olga, restricted_to=group, title="Secret flash report")
    opened(olga, document=hidden, title="The secret repository")
    opened(olga)

    def offered(what: str, words: str) -> str:
        return get(client, otto, f"/lookups/{what}/?q={words}").markup

    assert 'value="Facebook"' in offered("parties", "FACE")
    assert "Run a public repository" in offered("commitments", "repository")
    assert "Flash report" in offered("documents", "flash")
    assert "ecret" not in offered("commitments", "repository") + offered("documents", "flash")
    assert "<option" not in offered("parties", "f")
    assert client.get("/lookups/parties/?q=%00%00ab").status_code == 200
