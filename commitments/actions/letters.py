"""Log what was said to and by the other side, and record replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from commitments.actions.core import fingerprint, require
from commitments.models import (
    Channel,
    Commitment,
    Direction,
    FollowUp,
    FollowUpItem,
    Party,
    Position,
)
from documents.models import Document
from tracker import clock
from tracker.ledger.models import Event
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import record, replay, transaction
from tracker.refusals import Refusal
from tracker.users.models import User

WRONG = {
    "title": "Give it a subject.",
    "channel": "Say whether it was a letter, an e-mail, a call or a meeting.",
    "direction": "Say whether it was sent or received.",
    "happened_on": "Give the day on which it happened; that is not in the future.",
    "reply_due_on": "The reply cannot be due before the letter was sent.",
    "commitments": "Say which commitments it is about.",
    "position": "Choose a position from the list.",
}


@dataclass(frozen=True)
class Answer:
    """What a reply says of one commitment."""

    commitment: Commitment
    position: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Said:
    """One letter, e-mail, call or meeting as it is to be logged."""

    party: Party
    channel: str
    direction: str
    happened_on: date
    title: str
    words: str = ""
    reply_due_on: date | None = None
    answers: FollowUp | None = None


def log_follow_up(
    *,
    actor: User,
    party: Party,
    channel: str,
    direction: str,
    happened_on: date,
    title: str,
    words: str = "",
    commitments: Sequence[Commitment],
    reply_due_on: date | None = None,
    documents: Sequence[Document] = (),
    key: str = "",
) -> FollowUp:
    """Log a letter, e-mail, call or meeting about one or many commitments."""
    said = Said(party, channel, direction, happened_on, title, words, reply_due_on)
    return _log(said, [Answer(row) for row in commitments], documents, actor, key)


def record_reply(
    follow_up: FollowUp,
    *,
    actor: User,
    channel: str,
    happened_on: date,
    title: str,
    words: str = "",
    answers: Sequence[Answer],
    documents: Sequence[Document] = (),
    key: str = "",
) -> FollowUp:
    """Record the other side's reply: its position and answer for each commitment it speaks of.

    A letter awaits its reply until each of its commitments is answered.
    """
    if follow_up.direction != Direction.SENT:
        raise Refusal({"": "Only what we sent can be answered."})
    said = Said(
        follow_up.party,
        channel,
        Direction.RECEIVED,
        happened_on,
        title,
        words,
        answers=follow_up,
    )
    return _log(said, answers, documents, actor, key)


def _log(
    said: Said, answers: Sequence[Answer], documents: Sequence[Document], actor: User, key: str
) -> FollowUp:
    require(
        actor,
        "commitments.work_commitment",
        sentence="Writing to the other side is for oversight staff.",
    )
    _check(said, answers)
    streams = [stream_of(answer.commitment) for answer in answers]
    if said.answers:
        streams.append(stream_of(said.answers))
    asked = fingerprint("log", {**vars(said), "answers_to": [vars(a) for a in answers]})
    with transaction(*streams):
        earlier = _logged_before(actor, key, asked)
        if earlier:
            return earlier
        rows = _rows(actor, answers)
        follow_up = _write(said, actor)
        follow_up.documents.set(documents)
        _write_items(follow_up, answers, said.answers)
        record(follow_up, actor=actor, action="log", key=key, request_hash=asked if key else "")
        _write_down(follow_up, rows, said, actor)
    return follow_up


def _check(said: Said, answers: Sequence[Answer]) -> None:
    """Everything wrong with a letter at once, each at its field."""
    due, sent = said.reply_due_on, said.direction == Direction.SENT
    sentences = WRONG if sent else WRONG | {"reply_due_on": "Only what we sent can await a reply."}
    positions = {answer.position for answer in answers}
    wrong = {
        "title": not said.title.strip(),
        "channel": said.channel not in Channel.values,
        "direction": said.direction not in Direction.values,
        "happened_on": said.happened_on > clock.today(),
        "reply_due_on": bool(due and (not sent or due < said.happened_on)),
        "commitments": not answers,
        "position": not positions <= {"", *Position.values},
    }
    errors = {name: sentences[name] for name, holds in wrong.items() if holds}
    if errors:
        raise Refusal(errors)


def _logged_before(actor: User, key: str, asked: str) -> FollowUp | None:
    if not key:
        return None
    event = Event.objects.filter(actor=actor, key=key, action="log").first()
    if event is None:
        return None
    replay(event.stream, actor, key, asked)
    return FollowUp.objects.get(pk=int(event.stream.partition(":")[2]))


def _rows(actor: User, answers: Sequence[Answer]) -> list[Commitment]:
    """The commitments afresh; one that the actor may not see, or a candidate, is refused."""
    wanted = {answer.commitment.pk for answer in answers}
    rows = list(Commitment.objects.visible_to(actor).opened().filter(pk__in=wanted).order_by("id"))
    if len(rows) < len(wanted):
        raise Refusal({"commitments": "One of these is not in the register."})
    return rows


def _write(said: Said, actor: User) -> FollowUp:
    follow_up = FollowUp(
        title=said.title.strip(),
        channel=said.channel,
        direction=said.direction,
        party=said.party,
        happened_on=said.happened_on,
        words=said.words,
        reply_due_on=said.reply_due_on,
        answers=said.answers,
        logged_at=clock.now(),
        logged_by=actor,
        schedule_changed_at=clock.now(),
    )
    follow_up.save(force_insert=True)
    return follow_up


def _write_items(follow_up: FollowUp, answers: Sequence[Answer], letter: FollowUp | None) -> None:
    items = {
        answer.commitment.pk: FollowUpItem(
            follow_up=follow_up,
            commitment_id=answer.commitment.pk,
            position=answer.position,
            answer=answer.answer.strip(),
        )
        for answer in answers
    }
    FollowUpItem.objects.bulk_create(items.values())
    if letter is None:
        return
    for item in FollowUpItem.objects.filter(follow_up=follow_up):
        letter.items.filter(commitment_id=item.commitment_id, answered_by=None).update(
            answered_by=item
        )


def _write_down(follow_up: FollowUp, rows: Sequence[Commitment], said: Said, actor: User) -> None:
    """An event on each commitment, and on the letter that was answered."""
    line = f"{follow_up.get_channel_display()}, {follow_up.get_direction_display().lower()}: "
    for row in rows:
        row.active_on = clock.today()
        row.save(update_fields=["active_on"])
        record(row, actor=actor, action="follow_up", note=f"{line}{follow_up.title}")
    if said.answers:
        letter = FollowUp.objects.get(pk=said.answers.pk)
        letter.schedule_changed_at = clock.now()
        letter.save(update_fields=["schedule_changed_at"])
        record(letter, actor=actor, action="answered", note=f"{line}{follow_up.title}")
