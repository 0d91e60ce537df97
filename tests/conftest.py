"""What every test can ask for: the cast, a Monday, real commits, a browser, private servers.

The cast is fixed, so that a test reads as a story: Olga and Otto are members of staff, Amir is the
auditor, Ada the administrator, and Nils has an account but no role.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection

from tests import servers
from tracker.ledger.triggers import drop_triggers
from tracker.users.actions import save_user
from tracker.users.models import User

pytest_plugins = ["tests.browsing", "tests.server_fixtures"]

# A busy machine must not fail a test: what is slow is measured in tests/bench.
hypothesis.settings.register_profile("tracker", deadline=None, print_blob=True)
hypothesis.settings.load_profile("tracker")

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
PASSWORD = "kept by the cast"
TOUCHING_DATA = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to each of the two runs of ./test what is its own; a plain pytest runs everything.

    The run on SQLite takes all but what needs servers; the run on PostgreSQL and Redis takes that
    and repeats what touches the database, without the browser.
    """
    run = os.environ.get("TEST_RUN", "")
    mine = {"": _anything, "sqlite": _first_run, "postgresql": _second_run}[run]
    kept = [item for item in items if mine(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _anything(item: pytest.Item) -> bool:
    return True


def _first_run(item: pytest.Item) -> bool:
    return item.get_closest_marker("services") is None


def _second_run(item: pytest.Item) -> bool:
    if item.get_closest_marker("services"):
        return True
    touches = TOUCHING_DATA & set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db")
    return bool(touches or marked) and item.get_closest_marker("browser") is None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip by name what this machine cannot run; fail it where everything is required."""
    if item.get_closest_marker("services") and not servers.have_servers():
        servers.lack("PostgreSQL and Redis")
    if item.get_closest_marker("browser") and servers.find_chromium() is None:
        servers.lack("Chromium")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The SQLite file needs no suffix for its process: it lies in that process's own folder."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database["TEST"]["NAME"] = str(settings.VAR_DIR / "test.sqlite3")


@pytest.fixture(autouse=True)
def _triggers_down_for_the_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test with real commits Django empties every table, which the history refuses.

    So the triggers go down before that; the migrate signal that follows puts them up again.
    """
    marker = request.node.get_closest_marker("django_db")
    real = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not real and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    drop_triggers(connection)


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Real commits, which other threads and processes see; the tables are emptied afterwards."""


def person(username: str, first_name: str, role: str, *, is_staff: bool = False) -> User:
    """Somebody with an account, in the group of that role ("" for none)."""
    return save_user(
        None,
        actor=User.objects.get(username="tracker"),
        values={
            "username": username,
            "email": f"{username}@office.example",
            "password": PASSWORD,
            "first_name": first_name,
            "is_staff": is_staff,
        },
        groups=Group.objects.filter(name=role),
    )


@pytest.fixture
def olga(db: None) -> User:
    """A member of staff."""
    return person("olga", "Olga", "staff")


@pytest.fixture
def otto(db: None) -> User:
    """Another member of staff."""
    return person("otto", "Otto", "staff")


@pytest.fixture
def amir(db: None) -> User:
    """The auditor."""
    return person("amir", "Amir", "auditor")


@pytest.fixture
def ada(db: None) -> User:
    """The administrator, who may open the admin site."""
    return person("ada", "Ada", "administrator", is_staff=True)


@pytest.fixture
def nils(db: None) -> User:
    """Somebody with an account and no role."""
    return person("nils", "Nils", "")


@pytest.fixture
def monday() -> Iterator[datetime]:
    """Stands still at Monday, 23 November 2026, 10:00 in Brussels; answers that instant."""
    with time_machine.travel(MONDAY, tick=False):
        yield MONDAY


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    """A clock that stands still at the same Monday and is moved by the test: `move_to`, `shift`."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock
