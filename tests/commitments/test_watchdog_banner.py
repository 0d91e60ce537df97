"""The watchdog's banner on the pages of administrators."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tracker.users.models import User

SILENT = "No tick has run yet"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_administrators_are_told_that_reminders_do_not_run_and_nobody_else(
    client: Client, ada: User, olga: User
) -> None:
    client.force_login(olga)
    assert SILENT not in client.get("/documents/").content.decode()
    client.force_login(ada)
    page = client.get("/documents/").content.decode()
    assert "Reminders need a look." in page
    assert SILENT in page


def test_the_banner_goes_once_the_tick_has_run(client: Client, ada: User) -> None:
    call_command("tick")
    client.force_login(ada)
    assert "Reminders need a look." not in client.get("/documents/").content.decode()


def test_the_banner_is_asked_for_once_in_a_while_only(
    client: Client, ada: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(ada)
    client.get("/account/")
    with django_assert_num_queries(5):
        page = client.get("/account/").content.decode()
    assert SILENT in page
