"""Ways of rewriting a history once the triggers are down: each takes a die and does one thing."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import F, QuerySet

from tracker.ledger.canonical import canonical, digest
from tracker.ledger.chain import event_hash
from tracker.ledger.models import Event, EventBody, Stream
from tracker.users.models import User

FAR = 1_000_000


def any_event(die: Random, **conditions: Any) -> Event:
    return die.choice(list(Event.objects.filter(**conditions).order_by("pk")))


def change_an_event(die: Random) -> None:
    event = any_event(die)
    column = die.choice([field.attname for field in Event._meta.concrete_fields[1:]])
    others = User.objects.exclude(pk=event.actor_id).values_list("pk", flat=True)
    values = {
        "stream": die.choice(["user:0", f"{event.stream}0"]),
        "seq": event.seq + FAR,
        "at": event.at + die.choice([-1, 1]) * timedelta(milliseconds=die.randint(1, FAR)),
        "actor_id": others[0],
        "action": f"{event.action}s",
        "key": "forged",
    }
    to = values.get(column, secrets.token_hex(32))
    Event.objects.filter(pk=event.pk).update(**{column: to})


def change_a_body(die: Random) -> None:
    body = die.choice(list(EventBody.objects.exclude(text="").order_by("pk")))
    place = die.randrange(len(body.text))
    text = body.text[:place] + chr(ord(body.text[place]) ^ 1) + body.text[place + 1 :]
    EventBody.objects.filter(pk=body.pk).update(text=text)


def empty_a_body(die: Random) -> None:
    body = die.choice(list(EventBody.objects.exclude(text="").order_by("pk")))
    EventBody.objects.filter(pk=body.pk).update(text="")


def fill_a_redacted_body(die: Random) -> None:
    EventBody.objects.filter(text="").update(text=canonical({"note": "", "snapshot": {}}))


def swap_two_bodies(die: Random) -> None:
    one, two = die.sample(list(EventBody.objects.exclude(text="").order_by("pk")), 2)
    EventBody.objects.filter(pk=one.pk).update(text=two.text)
    EventBody.objects.filter(pk=two.pk).update(text=one.text)


def lose_a_body(die: Random) -> None:
    EventBody.objects.filter(event=any_event(die)).delete()


def move_a_body(die: Random) -> None:
    EventBody.objects.filter(event=any_event(die)).update(event_id=FAR)


def delete(events: QuerySet[Event]) -> None:
    EventBody.objects.filter(event__in=events).delete()
    events._raw_delete(events.db)


def delete_an_event(die: Random) -> None:
    delete(Event.objects.filter(pk=any_event(die).pk))


def delete_an_event_and_close_the_gap(die: Random) -> None:
    event = any_event(die)
    delete(Event.objects.filter(pk=event.pk))
    later = Event.objects.filter(stream=event.stream, seq__gt=event.seq)
    later.update(seq=F("seq") + FAR)
    later.update(seq=F("seq") - FAR - 1)
    Stream.objects.filter(name=event.stream).update(seq=F("seq") - 1)


def cut_the_tail(die: Random) -> None:
    event = any_event(die)
    delete(Event.objects.filter(stream=event.stream, seq__gte=event.seq))


def cut_a_whole_stream(die: Random) -> None:
    stream = any_event(die).stream
    delete(Event.objects.filter(stream=stream))
    Stream.objects.filter(name=stream).delete()


def swap_two_events(die: Random) -> None:
    event = any_event(die, seq__gt=1)
    own = Event.objects.filter(stream=event.stream)
    own.filter(seq=event.seq).update(seq=FAR)
    own.filter(seq=event.seq - 1).update(seq=event.seq)
    own.filter(seq=FAR).update(seq=event.seq - 1)


def forged(after: Event, **facts: Any) -> Event:
    """An event with its hash right, as somebody who knows the code would write it."""
    text = canonical({"note": "", "salt": secrets.token_hex(16), "snapshot": {"username": "eve"}})
    values: dict[str, Any] = {
        "stream": after.stream,
        "seq": after.seq + 1,
        "at": after.at,
        "action": "edit",
        "prev_hash": after.hash,
        "body_hash": digest(text),
        "key": "",
        "request_hash": "",
    } | facts
    sealed = event_hash(actor=after.actor_id, **values)
    event = Event.objects.create(actor_id=after.actor_id, hash=sealed, **values)
    EventBody.objects.create(event=event, text=text)
    return event


def insert_a_forged_event(die: Random) -> None:
    event = any_event(die)
    later = Event.objects.filter(stream=event.stream, seq__gt=event.seq)
    later.update(seq=F("seq") + FAR)
    forged(event)
    later.filter(seq__gt=FAR).update(seq=F("seq") - FAR + 1)


def last_event(die: Random) -> Event:
    stream = any_event(die).stream
    return Event.objects.filter(stream=stream).order_by("-seq")[0]


def append_a_forged_event(die: Random) -> None:
    forged(last_event(die))


def append_a_forged_event_and_move_the_head(die: Random) -> None:
    event = forged(last_event(die))
    Stream.objects.filter(name=event.stream).update(seq=event.seq, head=event.hash, at=event.at)


def begin_a_second_history(die: Random) -> None:
    forged(last_event(die), stream="user:0", seq=1, prev_hash="")


def change_a_head(die: Random) -> None:
    event = any_event(die)
    values = {"seq": FAR, "head": secrets.token_hex(32), "at": event.at + timedelta(days=1)}
    column = die.choice(list(values))
    Stream.objects.filter(name=event.stream).update(**{column: values[column]})


def lose_a_head(die: Random) -> None:
    Stream.objects.filter(name=any_event(die).stream).delete()


def invent_a_head(die: Random) -> None:
    Stream.objects.create(name="user:0", seq=3, head=secrets.token_hex(32))


def edit_a_row(die: Random) -> None:
    user = die.choice(list(User.objects.order_by("pk")))
    values: dict[str, Any] = {
        "username": f"{user.username}-2",
        "first_name": "Eve",
        "is_superuser": not user.is_superuser,
        "digest_hour": (user.digest_hour + 1) % 24,
        "absent_until": "2026-01-01",
        "deputy": user,
        "date_joined": user.date_joined - timedelta(days=1),
    }
    column = die.choice(list(values))
    User.objects.filter(pk=user.pk).update(**{column: values[column]})


def edit_the_groups_of_a_row(die: Random) -> None:
    user = die.choice(list(User.objects.order_by("pk")))
    user.groups.add(Group.objects.create(name="a group that lets in"))


def lose_a_row(die: Random) -> None:
    spare = User.objects.get(username="spare")
    User.objects.filter(pk=spare.pk)._raw_delete("default")


def slip_in_a_row(die: Random) -> None:
    User.objects.create(username="eve")


WAYS: list[Callable[[Random], None]] = [
    change_an_event,
    change_a_body,
    empty_a_body,
    fill_a_redacted_body,
    swap_two_bodies,
    lose_a_body,
    move_a_body,
    delete_an_event,
    delete_an_event_and_close_the_gap,
    cut_the_tail,
    cut_a_whole_stream,
    swap_two_events,
    insert_a_forged_event,
    append_a_forged_event,
    append_a_forged_event_and_move_the_head,
    begin_a_second_history,
    change_a_head,
    lose_a_head,
    invent_a_head,
    edit_a_row,
    edit_the_groups_of_a_row,
    lose_a_row,
    slip_in_a_row,
]
