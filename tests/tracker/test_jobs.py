"""Announcing work: after the commit, once, and never at the cost of what was just saved."""

import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import transaction

from tracker import environment, jobs


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...], bool]]:
    calls: list[tuple[str, tuple[Any, ...], bool]] = []

    def take(task: str, args: tuple[Any, ...], retry: bool) -> None:
        calls.append((task, args, retry))

    monkeypatch.setattr("tracker.jobs.current_app.send_task", take)
    return calls


def test_work_is_announced_once_the_transaction_is_committed(
    committed: None, sent: list[tuple[str, tuple[Any, ...], bool]]
) -> None:
    with transaction.atomic():
        jobs.announce("commitments.write_digest", 42)
        assert sent == []
    assert sent == [("commitments.write_digest", (42,), False)]


def test_work_of_a_transaction_that_is_undone_is_not_announced(
    committed: None, sent: list[tuple[str, tuple[Any, ...], bool]]
) -> None:
    with transaction.atomic():
        jobs.announce("commitments.write_digest", 42)
        transaction.set_rollback(True)
    assert sent == []


def test_an_announcement_that_fails_is_logged_and_not_raised(
    committed: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("nobody there")

    monkeypatch.setattr("tracker.jobs.current_app.send_task", refuse)
    with transaction.atomic():
        jobs.announce("commitments.write_digest", 42)
    assert "could not be announced" in caplog.text


def silent() -> socket.socket:
    """A broker that takes connections and says nothing."""
    return socket.create_server(("127.0.0.1", 0))


def gone() -> socket.socket:
    """A broker that is not there: its port is taken but refuses."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound


@pytest.fixture
def announced_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], float]:
    """Announces to the broker at a URL; answers how many seconds that took."""

    def announce(url: str) -> float:
        app = Celery("here", broker=url, set_as_current=False)
        app.conf.update(
            broker_transport_options=environment.broker_options(url, tmp_path),
            broker_connection_timeout=2,
        )
        monkeypatch.setattr("tracker.jobs.current_app", app)
        begun = time.monotonic()
        jobs._send("commitments.write_digest", (42,))
        return time.monotonic() - begun

    return announce


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
@pytest.mark.parametrize("broker", [silent, gone])
def test_a_broker_that_does_not_answer_holds_nobody_up_for_long(
    announced_to: Callable[[str], float],
    caplog: pytest.LogCaptureFixture,
    scheme: str,
    broker: Callable[[], socket.socket],
) -> None:
    with closing(broker()) as bound:
        seconds = announced_to(f"{scheme}://127.0.0.1:{bound.getsockname()[1]}//")
    assert seconds < 4
    assert "could not be announced" in caplog.text
