"""Fixtures that hand out the servers of tests/servers.py and empty databases on them."""

import os
import uuid
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis as redis_client

from tests import servers


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL on which databases may be made and dropped."""
    given = servers.named("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with servers.postgres() as server:
        yield server.url


@pytest.fixture
def empty_database(postgres_url: str) -> Iterator[str]:
    """The address of a new PostgreSQL database for processes of the test's own."""
    name = f"tracker_{uuid.uuid4().hex[:12]}"
    _run(postgres_url, f'CREATE DATABASE "{name}"')
    yield urlsplit(postgres_url)._replace(path=f"/{name}").geturl()
    _run(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def redis_server_url() -> Iterator[str]:
    """The address of a Redis, without a database in it."""
    given = servers.named("TEST_REDIS_URL")
    if given:
        yield urlsplit(given)._replace(path="").geturl()
        return
    with servers.redis() as server:
        yield server.url


@pytest.fixture
def redis_url(redis_server_url: str) -> Iterator[str]:
    """The address of an empty Redis database; each process of the test run has its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = f"{redis_server_url}/{int(worker) + 1}"
    with redis_client.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


def _run(url: str, statement: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
