"""`verify_history` finds what was rewritten, and nothing else."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from random import Random

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from django.db.transaction import atomic

from tests.tracker import tampering
from tests.tracker.histories import account, blank_page, edit
from tracker.ledger import comparing, subjects, verifying
from tracker.ledger.findings import Counts, Finding
from tracker.ledger.models import Event, EventBody, Stream
from tracker.ledger.snapshots import stream_of
from tracker.ledger.triggers import drop_triggers
from tracker.ledger.verifying import verify
from tracker.ledger.writing import record, record_many, redact, transaction
from tracker.users.models import User

INTACT = "chain intact; not compared with an outside checkpoint"


@pytest.fixture(autouse=True)
def only_our_people_have_streams(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is compared, and the history begins with these tests."""
    monkeypatch.setattr(comparing, "ledgered_models", lambda: {"user": User})
    blank_page()


@pytest.fixture
def members() -> list[User]:
    """Seven people with some forty events of every kind the ledger writes."""
    die = Random(1)
    everybody = [account(name) for name in ("ada", "otto", "olga", "amir", "nils", "zoë", "spare")]
    staff = Group.objects.create(name="those on duty")
    for user in everybody:
        for hour in range(die.randint(3, 5)):
            edit(user, die.choice(everybody[:-1]), {"digest_hour": hour}, note=f"{hour} o’clock")
    with transaction(*map(stream_of, everybody[:4])):
        for user in everybody[:4]:
            user.groups.add(staff)
        record_many(everybody[:4], actor=everybody[0], action="join")
    redact(everybody[2], [2, 3], actor=everybody[3], reason="Request 4")
    with suppress(ZeroDivisionError), transaction(stream_of(everybody[1])):
        record(everybody[1], actor=everybody[1], action="lost")
        raise ZeroDivisionError
    return everybody


def found(**options: str) -> list[Finding]:
    return list(verify(**options))  # type: ignore[arg-type]


def verify_history(*arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of the command."""
    out = StringIO()
    try:
        call_command("verify_history", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_an_untouched_history_raises_no_alarm(members: list[User]) -> None:
    counts = Counts()
    assert list(verify(counts=counts)) == []
    people = User.objects.count()
    assert (counts.streams, counts.rows, counts.redacted) == (people, people, 2)
    assert counts.events == Event.objects.count() > 35


def test_a_hundred_random_tamperings_are_all_found(members: list[User]) -> None:
    die = Random(20261123)
    ways = tampering.WAYS * 4 + die.sample(tampering.WAYS, 8)
    drop_triggers(connection)
    missed, false_alarms = [], 0
    for way in ways:
        false_alarms += len(found())
        with suppress(ZeroDivisionError), atomic():
            way(die)
            if not found():
                missed.append(way.__name__)
            raise ZeroDivisionError
    print(f"{len(ways)} tamperings, {len(missed)} missed, {false_alarms} false alarms")
    assert len(ways) == 100
    assert (missed, false_alarms) == ([], 0)


@pytest.fixture
def ada() -> User:
    """Somebody with three events, and nothing in the way of whoever rewrites them."""
    user = account("ada")
    edit(user, user, {"first_name": "Augusta"}, note="As she signs.")
    edit(user, user, {"last_name": "King"})
    drop_triggers(connection)
    return user


def says(finding: str) -> None:
    assert finding in [str(one) for one in found()]


def own(seq: int) -> QuerySet[Event]:
    return Event.objects.filter(actor__username="ada", seq=seq)


def own_body(seq: int) -> QuerySet[EventBody]:
    return EventBody.objects.filter(event__in=own(seq))


def head() -> QuerySet[Stream]:
    return Stream.objects.filter(name__in=own(1).values("stream"))


# What is done, and the line that must come of it; "ada" stands for her stream.
CASES: list[tuple[Callable[[], object], str]] = [
    (lambda: own(2).update(action="x"), "ada 2: the event is not the one its hash was taken of"),
    (lambda: own(2).update(seq=9), "ada 3: event 2 is missing before it"),
    (lambda: own(3).update(prev_hash="x"), "ada 3: prev_hash is not the hash of the event before"),
    (
        lambda: own(3).update(at="2020-01-01T00:00:00Z"),
        "ada 3: it is dated before the event before",
    ),
    (
        lambda: own_body(1).update(text="x"),
        "ada 1: the body is not the one its hash was taken of",
    ),
    (
        lambda: own_body(1).update(text=""),
        "ada 1: the body is empty and no later event says it was redacted",
    ),
    (lambda: own_body(1).delete(), "ada 1: the body is missing"),
    (
        lambda: own_body(1).update(event_id=987654),
        "a body stands without its event (id 987654)",
    ),
    (lambda: head().update(seq=2), "ada 3: it is the last, but the head is at 2"),
    (lambda: head().delete(), "ada 3: the stream has no head"),
    (
        lambda: Stream.objects.create(name="user:0", seq=4),
        "user:0 4: the head stands but no event does",
    ),
    (
        lambda: User.objects.filter(username="ada").update(last_name="Eve", is_staff=True),
        "ada 3: the row is not as this event left it: is_staff, last_name",
    ),
    (lambda: tampering.begin_a_second_history(Random(1)), "user:0 1: the row is gone"),
]


def test_each_finding_names_the_place_and_the_fault(ada: User) -> None:
    for way, expected in CASES:
        with suppress(ZeroDivisionError), atomic():
            way()
            says(expected.replace("ada ", f"{stream_of(ada)} "))
            raise ZeroDivisionError
        assert found() == []


def test_a_row_nobody_told_of_is_found(ada: User) -> None:
    eve = User.objects.create(username="eve")
    assert found() == [Finding(stream_of(eve), None, "the row stands but no event tells of it")]


def test_a_body_that_holds_no_snapshot_is_found_although_its_hash_fits(ada: User) -> None:
    event = tampering.forged(Event.objects.get(seq=3))
    for text in ("[]", "not json", '{"snapshot": 3}'):
        Event.objects.filter(pk=event.pk).update(body_hash=tampering.digest(text))
        EventBody.objects.filter(pk=event.pk).update(text=text)
        says(f"{event.stream} 4: the body holds no snapshot")


def test_a_redaction_covers_only_what_came_before_it_and_only_if_it_is_genuine(ada: User) -> None:
    redact(ada, [1], actor=ada, reason="…")
    assert found() == []
    EventBody.objects.filter(event__seq=3).update(text="")
    says(f"{stream_of(ada)} 3: the body is empty and no later event says it was redacted")
    EventBody.objects.filter(event__seq=4).update(text="")
    says(f"{stream_of(ada)} 1: the body is empty and no later event says it was redacted")


def test_a_deleted_row_may_be_gone_and_must_be(ada: User) -> None:
    spare = account("spare", actor=ada)
    with transaction(stream_of(spare)):
        record(spare, actor=ada, action="delete")
    says(f"{stream_of(spare)} 2: the row stands although this event deleted it")
    spare.delete()
    assert found() == []


def test_a_stream_of_something_without_a_model_is_checked_and_not_compared(ada: User) -> None:
    tampering.forged(Event.objects.get(seq=3), stream="office:1", seq=1, prev_hash="")
    assert [str(finding) for finding in found()] == ["office:1 1: the stream has no head"]


def test_one_stream_can_be_verified_alone(ada: User) -> None:
    nils = account("nils")
    User.objects.filter(pk=nils.pk).update(first_name="Eve")
    assert found(stream=stream_of(ada)) == []
    assert len(found(stream=stream_of(nils))) == 1


def test_a_column_added_or_dropped_since_is_not_compared(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(User, "UNRECORDED", (*User.UNRECORDED, "email"))
    assert found() == []
    edit(ada, ada, {})
    monkeypatch.undo()
    monkeypatch.setattr(comparing, "ledgered_models", lambda: {"user": User})
    assert found() == []


def test_a_row_that_no_event_could_hold_is_found(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("nils")
    monkeypatch.setattr(
        User, "ledger_extra", lambda u: {"r": 0.5 if u.pk == ada.pk else 1}, raising=False
    )
    assert [finding.what for finding in found()] == [
        "the row holds what no event could: r: a float has no canonical text"
        " (a float least of all: two machines may write the same one differently)"
    ]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite takes any type anywhere")
@pytest.mark.parametrize("value", ["x'ff00'", "1.5", "'what'", "''"])
def test_values_of_the_wrong_type_are_found_and_stop_nothing(ada: User, value: str) -> None:
    nils = account("nils")
    User.objects.filter(pk=nils.pk).update(first_name="Eve")
    for field in Event._meta.concrete_fields[1:]:
        if value == "''" and field.blank:
            continue
        with suppress(ZeroDivisionError), atomic(), connection.cursor() as run:
            run.execute(
                f"UPDATE ledger_event SET {field.column} = {value} WHERE seq = 2"  # noqa: S608
            )
            # Bytes that are no text end the reading; anything else is found beside Nils’s row.
            assert len(found()) >= (1 if value == "x'ff00'" else 2), field.name
            raise ZeroDivisionError


# The command


def test_the_command_prints_counts_and_what_it_could_not_compare(members: list[User]) -> None:
    code, lines = verify_history()
    people, events = User.objects.count(), Event.objects.count()
    assert code == 0
    assert lines == [
        f"{people} streams, {events} events (2 redacted), {people} rows compared",
        INTACT,
    ]


def test_the_command_prints_one_line_per_finding_and_exits_1(ada: User) -> None:
    Event.objects.filter(seq=2).update(action="x")
    User.objects.create(username="eve")
    code, lines = verify_history("--database", "default")
    assert code == 1
    assert lines[0] == f"{stream_of(ada)} 2: the event is not the one its hash was taken of"
    assert lines[1].endswith(": the row stands but no event tells of it")
    assert "events (0 redacted)" in lines[2]
    assert len(lines) == 3


def test_the_command_can_look_at_one_stream(ada: User) -> None:
    account("nils")
    code, lines = verify_history("--stream", stream_of(ada))
    assert (code, lines[0]) == (0, "1 streams, 3 events (0 redacted), 1 rows compared")
    assert verify_history("--stream", "user:0") == (1, [])


# Models and memory


def peak_of_verifying(many: list[User], actor: User, rounds: int) -> int:
    """Bytes at the highest point of verifying, after that many more events for everybody."""
    for _ in range(rounds):
        with transaction():
            record_many(many, actor=actor, action="edit")
    tracemalloc.start()
    assert found() == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_two_ledgered_models_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert subjects.check_names(None) == []

    twin = type("User", (), {"_meta": User._meta, "LEDGERED": True})
    monkeypatch.setattr(subjects, "_subjects", lambda: [User, twin])
    (clash,) = subjects.check_names(None)
    assert clash.id == "ledger.E001"


def test_memory_stays_flat_however_long_the_history(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "CHUNK", 100)
    monkeypatch.setattr(verifying, "STREAMS_AT_ONCE", 25)
    many = [User(username=f"member-{number}") for number in range(100)]
    with transaction():
        many = User.objects.bulk_create(many)
        record_many(many, actor=ada, action="create")
    peaks = [peak_of_verifying(many, ada, rounds) for rounds in (3, 25)]
    assert Event.objects.count() > 2900
    assert peaks[1] < peaks[0] * 1.5, "seven times the events"
