"""Writing and reading the history."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection
from django.db.models import F
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext

from tests.tracker.histories import account, edit
from tracker.ledger import writing
from tracker.ledger.canonical import digest
from tracker.ledger.chain import event_hash
from tracker.ledger.models import Event, EventBody, Stream
from tracker.ledger.reading import at_seq, changes, history
from tracker.ledger.snapshots import snapshot, stream_of
from tracker.ledger.writing import (
    ReusedKey,
    record,
    record_many,
    redact,
    replay,
    transaction,
)
from tracker.users.models import User

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, 0, 0, 123_456, tzinfo=UTC)


def set_clock(monkeypatch: pytest.MonkeyPatch, *instants: datetime) -> None:
    """The clock shows these instants, one at each reading, and stays at the last."""
    left = list(instants)
    monkeypatch.setattr(writing, "now", lambda: left.pop(0) if len(left) > 1 else left[0])


def test_events_of_a_stream_are_numbered_from_one_and_chained() -> None:
    ada = account("ada")
    edit(ada, ada, {"first_name": "Ada L."})
    edit(ada, ada, {"first_name": "Augusta"}, note="As she signs.")

    first, second, third = Event.objects.filter(stream=stream_of(ada)).order_by("seq")

    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert [first.prev_hash, second.prev_hash] == ["", first.hash]
    assert third.prev_hash == second.hash
    head = Stream.objects.get(name=stream_of(ada))
    assert (head.seq, head.head, head.at) == (3, third.hash, third.at)


def test_hashes_can_be_computed_again_from_what_is_stored() -> None:
    ada = account("ada")
    event = edit(ada, ada, {"first_name": "Augusta"}, note="Zoë’s wish")
    stored = Event.objects.select_related("body").get(pk=event.pk)

    assert digest(stored.body.text) == stored.body_hash
    assert stored.hash == event_hash(
        stream=stored.stream,
        seq=stored.seq,
        at=stored.at,
        actor=stored.actor_id,
        action=stored.action,
        prev_hash=stored.prev_hash,
        body_hash=stored.body_hash,
        key=stored.key,
        request_hash=stored.request_hash,
    )


def test_a_body_holds_note_snapshot_and_a_salt_of_its_own() -> None:
    ada = account("ada")
    one, two = (edit(ada, ada, {}, note="The same words.") for _ in range(2))

    contents = [json.loads(EventBody.objects.get(event=event).text) for event in (one, two)]

    assert [content["note"] for content in contents] == ["The same words."] * 2
    assert contents[0]["snapshot"] == contents[1]["snapshot"] == json_of(snapshot(ada))
    assert len(bytes.fromhex(contents[0]["salt"])) == 16
    assert contents[0]["salt"] != contents[1]["salt"]
    assert contents[0].keys() == {"note", "salt", "snapshot"}


def json_of(value: Any) -> Any:
    return json.loads(json.dumps(value))


def test_recording_outside_the_write_transaction_is_refused() -> None:
    ada = account("ada")
    with pytest.raises(RuntimeError, match="transaction"):
        record(ada, actor=ada, action="edit")
    with pytest.raises(RuntimeError, match="transaction"):
        record_many([ada], actor=ada, action="edit")
    assert history(stream_of(ada)).count() == 1


def test_an_unsaved_row_has_no_stream() -> None:
    with pytest.raises(ValueError, match="save the user"):
        stream_of(User(username="nobody"))


def test_instants_never_go_back_within_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOON)
    ada, otto = account("ada"), account("otto")
    set_clock(monkeypatch, NOON - timedelta(hours=1))

    late, free = edit(ada, ada, {}), account("nils")
    edit(otto, ada, {})

    assert late.at == NOON.replace(microsecond=123_000)
    assert history(stream_of(free)).get().at == late.at - timedelta(hours=1)


def test_a_refused_change_leaves_no_event_and_no_gap() -> None:
    ada = account("ada")
    with suppress(ZeroDivisionError), transaction(stream_of(ada)):
        record(ada, actor=ada, action="edit")
        raise ZeroDivisionError
    assert edit(ada, ada, {}).seq == 2


def test_a_nested_transaction_joins_and_its_failure_takes_only_its_own_events() -> None:
    ada, otto = account("ada"), account("otto")
    with transaction(stream_of(ada)):
        record(ada, actor=ada, action="edit")
        with suppress(ZeroDivisionError), transaction(stream_of(otto)):
            record(ada, actor=ada, action="lost")
            record(otto, actor=ada, action="lost")
            raise ZeroDivisionError
        with transaction(stream_of(otto), stream_of(ada)):
            record(otto, actor=ada, action="edit")
        assert record(ada, actor=ada, action="edit").seq == 3
        assert record(otto, actor=ada, action="edit").seq == 3
    assert not Event.objects.filter(action="lost").exists()
    assert Stream.objects.get(name=stream_of(ada)).seq == 3


def test_a_savepoint_of_somebody_else_may_fail_as_well() -> None:
    ada = account("ada")
    with transaction():
        with suppress(ZeroDivisionError), atomic():
            nils = User.objects.create(username="nils")
            record(nils, actor=ada, action="lost")
            record(ada, actor=ada, action="lost")
            raise ZeroDivisionError
        assert record(ada, actor=ada, action="edit").seq == 2
    assert not Stream.objects.filter(name=f"user:{nils.pk}").exists()


def test_an_event_on_a_locked_stream_costs_three_statements() -> None:
    ada = account("ada")
    with transaction(stream_of(ada)):
        snapshot(ada)
        with CaptureQueriesContext(connection) as took:
            record(ada, actor=ada, action="edit")
    written = [query["sql"] for query in took if not query["sql"].startswith("SELECT")]
    read = [query["sql"] for query in took if query["sql"].startswith("SELECT")]
    assert len(written) == 3
    assert len(read) == 2, "one for each many-to-many field of a user, none for the ledger"


def test_many_rows_are_recorded_in_a_handful_of_statements() -> None:
    ada = account("ada")
    everybody = [ada, *(account(f"member-{number}") for number in range(9))]
    with transaction(*map(stream_of, everybody)), CaptureQueriesContext(connection) as took:
        events = record_many(everybody, actor=ada, action="invite", note="All of you.")
        with pytest.raises(ValueError, match="only once"):
            record_many([ada, ada], actor=ada, action="invite")
    assert len(took) <= 8
    assert {event.seq for event in events} == {2}
    assert {event.note for event in history(stream_of(everybody[5]))} == {"", "All of you."}
    assert edit(ada, ada, {}).prev_hash == events[0].hash


def test_words_that_do_not_fit_their_column_are_refused_on_every_database() -> None:
    ada = account("ada")
    with transaction(stream_of(ada)), pytest.raises(ValueError, match="action is longer than 40"):
        record(ada, actor=ada, action="x" * 41)


def test_a_request_sent_twice_finds_its_first_answer() -> None:
    ada, otto = account("ada"), account("otto")
    stream = stream_of(ada)
    with transaction(stream):
        first = record(ada, actor=ada, action="edit", key="k1", request_hash="a" * 64)

    assert replay(stream, ada, "k1", "a" * 64) == first
    assert replay(stream, ada, "k2", "a" * 64) is None
    assert replay(stream, ada, "", "a" * 64) is None
    assert replay(stream, otto, "k1", "b" * 64) is None
    assert replay(stream_of(otto), ada, "k1", "b" * 64) is None
    with pytest.raises(ReusedKey, match="already sent with other content"):
        replay(stream, ada, "k1", "b" * 64)


def test_the_database_keeps_a_key_unique_per_actor_and_stream() -> None:
    ada = account("ada")
    with transaction(stream_of(ada)):
        record(ada, actor=ada, action="edit", key="k1")
        with pytest.raises(IntegrityError), transaction():
            record(ada, actor=ada, action="edit", key="k1")


def test_hooks_run_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    called: list[str] = []
    with django_capture_on_commit_callbacks(execute=True), transaction():
        connection.on_commit(lambda: called.append("hook"))
        assert not called
    assert called == ["hook"]


# Snapshots


def test_a_snapshot_has_columns_and_sorted_ids_but_nothing_unrecorded() -> None:
    ada, otto = account("ada"), account("otto")
    groups = [Group.objects.create(name=name) for name in ("a", "b", "c")]
    ada.supervisor, ada.date_joined = otto, NOON
    ada.groups.set(reversed(groups))

    shot = snapshot(ada)

    assert shot["supervisor"] == otto.pk
    assert shot["groups"] == sorted(group.pk for group in groups)
    assert shot["date_joined"] == "2026-03-04T12:00:00.123000+00:00"
    assert shot["absent_from"] is None
    assert shot["user_permissions"] == []
    assert shot.keys().isdisjoint(User.UNRECORDED)


def test_a_snapshot_shows_what_the_database_will_give_back() -> None:
    ada = account("ada")
    ada.absent_from = "2026-08-01"  # as a form may leave it
    ada.digest_hour = "9"
    ada.save()
    assert snapshot(ada) == snapshot(User.objects.get(pk=ada.pk))


def test_a_field_that_holds_an_expression_must_be_refreshed_first() -> None:
    ada = account("ada")
    ada.digest_hour = F("digest_hour") + 1
    with pytest.raises(TypeError, match="digest_hour holds an expression"):
        snapshot(ada)


def test_extra_facts_join_the_snapshot_under_names_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = account("ada")
    facts: dict[str, Any] = {"absences": [{"since": NOON.date(), "days": (1, 2)}]}
    monkeypatch.setattr(User, "ledger_extra", lambda user: facts, raising=False)
    assert snapshot(ada)["absences"] == [{"since": "2026-03-04", "days": [1, 2]}]
    facts["username"] = "somebody else"
    with pytest.raises(ValueError, match="it is a field"):
        snapshot(ada)


# Reading


def test_history_is_newest_first_with_bodies_and_actors_in_one_query() -> None:
    ada = account("ada")
    edit(ada, ada, {"first_name": "Augusta"}, note="As she signs.")
    with CaptureQueriesContext(connection) as took:
        told = [(event.seq, event.note, event.actor) for event in history(stream_of(ada))]
    assert told == [(2, "As she signs.", ada), (1, "", ada)]
    assert len(took) == 1


def test_changes_come_field_by_field_from_neighbouring_snapshots() -> None:
    ada = account("ada")
    edit(ada, ada, {"first_name": "Augusta", "digest_hour": 9})
    edit(ada, ada, {"digest_hour": 10})

    newest, middle, oldest = changes(history(stream_of(ada)))

    assert newest[1] == [("digest_hour", 9, 10)]
    assert middle[1] == [("digest_hour", 7, 9), ("first_name", "Ada", "Augusta")]
    assert oldest[1] == []
    page = changes(history(stream_of(ada))[:1])
    assert page == [newest]


def test_changes_across_streams_fetch_all_missing_neighbours_at_once() -> None:
    ada, otto = account("ada"), account("otto")
    events = [edit(user, ada, {"digest_hour": 8}) for user in (ada, otto)]
    with CaptureQueriesContext(connection) as took:
        assert [diff for _, diff in changes(events)] == [[("digest_hour", 7, 8)]] * 2
    assert len(took) == 1


def test_the_state_after_any_event_can_be_read() -> None:
    ada = account("ada")
    edit(ada, ada, {"first_name": "Augusta"})
    first = at_seq(stream_of(ada), 1)
    assert first is not None
    assert first["first_name"] == "Ada"
    with pytest.raises(Event.DoesNotExist):
        at_seq(stream_of(ada), 3)


def test_a_redacted_event_keeps_its_place_and_loses_its_words() -> None:
    ada = account("ada")
    edit(ada, ada, {"last_name": "Wrongly Named", "digest_hour": 8}, note="A name.")
    edit(ada, ada, {"last_name": "", "digest_hour": 9})
    redact(ada, [2], actor=ada, reason="Data protection request 4", extra={"agreed_by": 7})

    last, after, emptied, _ = changes(history(stream_of(ada)))

    assert (last[0].action, last[0].note) == ("redact", "Data protection request 4")
    assert last[0].extra == {"redacted": [2], "agreed_by": 7}
    assert emptied[0].redacted
    assert (emptied[0].note, emptied[0].snapshot, emptied[1]) == ("", None, [])
    assert after[1] == [("digest_hour", 7, 9)], "compared with the last readable state"
    assert at_seq(stream_of(ada), 2) is None


@pytest.mark.parametrize("seqs", [[], [9], [1, 2]])
def test_only_events_that_stand_and_are_no_redactions_can_be_redacted(seqs: list[int]) -> None:
    ada = account("ada")
    redact(ada, [1], actor=ada, reason="…")
    with pytest.raises(ValueError, match="can be redacted"):
        redact(ada, seqs, actor=ada, reason="…")
    assert history(stream_of(ada)).count() == 2
