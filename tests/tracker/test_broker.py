"""The folder that stands in for a broker: messages appear whole, and each is taken once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from tracker import environment
from tracker.broker import Channel


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    options = environment.broker_options("filesystem://", tmp_path)
    with Connection(transport="tracker.broker:Transport", transport_options=options) as opened:
        yield opened


@pytest.fixture
def channel(connection: Connection) -> Channel:
    return reader_of(connection)


def reader_of(connection: Connection) -> Channel:
    opened = connection.channel()
    assert isinstance(opened, Channel)
    return opened


def test_messages_come_back_in_the_order_they_were_put(channel: Channel) -> None:
    for number in range(20):
        channel._put("tick", {"body": number})
    assert [channel._get("tick")["body"] for _ in range(20)] == list(range(20))


def test_a_message_waits_in_its_own_queue(channel: Channel) -> None:
    channel._put("tick", {"body": "tick"})
    with pytest.raises(Empty):
        channel._get("celery")
    assert channel._get("tick") == {"body": "tick"}
    with pytest.raises(Empty):
        channel._get("tick")


def test_each_message_is_taken_by_one_reader_only(connection: Connection) -> None:
    writer = reader_of(connection)
    for number in range(200):
        writer._put("celery", {"body": number})

    def take(reader: Channel) -> list[int]:
        taken = []
        while True:
            try:
                taken.append(reader._get("celery")["body"])
            except Empty:
                return taken

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(take, [reader_of(connection) for _ in range(4)]))
    assert sorted(number for share in shares for number in share) == list(range(200))


def test_a_message_still_being_written_is_not_seen(channel: Channel, tmp_path: Path) -> None:
    (tmp_path / "messages" / ".00000000000000000001_x.celery.msg").write_text("")
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_cut_short_does_not_stop_the_reader(channel: Channel, tmp_path: Path) -> None:
    (tmp_path / "messages" / "00000000000000000001_x.celery.msg").write_text('{"body": ')
    channel._put("celery", {"body": "whole"})
    assert channel._get("celery") == {"body": "whole"}
