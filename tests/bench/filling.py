"""A register of any size for benchmarks, with a history that verifies.

Made in bulk: rows first, then one event for each through the ledger. The shape follows a working
office: a third settled, a few candidates, most dates within some years, a little of it restricted.
"""

import random
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import Group

from commitments.models import (
    Citation,
    CitationRole,
    Commitment,
    DueBasis,
    Party,
    PartyKind,
    ReadBy,
    Topic,
)
from commitments.workflow import Kind, State, Verdict
from documents.models import Document, Original, Passage
from tracker import clock, wording
from tracker.ledger.writing import record_many, transaction
from tracker.users.models import User

BATCH = 2_000
PARTIES, TOPICS, DOCUMENTS, OWNERS = 300, 30, 400, 8
STATES = {
    State.CANDIDATE: 5,
    State.OPEN: 20,
    State.IN_PROGRESS: 25,
    State.WAITING: 10,
    State.REPORTED: 5,
    State.CLOSED: 32,
    State.DISMISSED: 3,
}
VERBS = ("Publish", "Provide", "Report on", "Explain", "Run", "Test", "Withdraw", "Share")
THINGS = ("the contact list", "a repository of advertisements", "the monitoring results")
ADVERBS = ("every quarter", "in all Member States", "with the network", "before the elections")


def people() -> tuple[User, list[User]]:
    """Who reads (a member of staff), and who owns; one of these has left."""
    names = ["reader", *(f"owner{number}" for number in range(1, OWNERS))]
    known = {user.username: user for user in User.objects.filter(username__in=names)}
    for name in names:
        if name not in known:
            known[name] = User.objects.create(
                username=name, first_name=name.title(), is_active=name != "owner1"
            )
            known[name].groups.add(Group.objects.get(name="staff"))
            with transaction():
                record_many([known[name]], actor=known["reader"], action="add")
    return known["reader"], [known[name] for name in names]


def surroundings(actor: User, chance: random.Random) -> None:
    """Parties, topics and documents, once; one document in fifty is restricted."""
    if Party.objects.exists():
        return
    closed, _ = Group.objects.get_or_create(name="closed circle")
    Party.objects.bulk_create(
        Party(name=f"Party {n:03}", kind=chance.choice(PartyKind.values)) for n in range(PARTIES)
    )
    Topic.objects.bulk_create(Topic(name=f"Topic {n:02}") for n in range(TOPICS))
    Original.objects.bulk_create(
        Original(
            sha256=sha256(str(n).encode()).hexdigest(),
            size=1,
            media_type="text/plain",
            file_name=f"record-{n}.txt",
            received_at=clock.now(),
        )
        for n in range(DOCUMENTS)
    )
    Document.objects.bulk_create(
        Document(
            original=original,
            title=f"Record {n:03} of a meeting",
            dated_from=clock.today() - timedelta(days=chance.randrange(3_000)),
            restricted_to=closed if n % 50 == 0 else None,
            added_at=clock.now(),
            added_by=actor,
        )
        for n, original in enumerate(Original.objects.order_by("id"))
    )
    with transaction():
        for model in (Party, Topic, Original, Document):
            record_many(list(model._default_manager.order_by("pk")), actor=actor, action="import")


def fill(size: int, *, history: bool = True) -> User:
    """Grow the register to `size` commitments; answers the person who reads it."""
    chance = random.Random(size)
    reader, owners = people()
    surroundings(reader, chance)
    have = Commitment.objects.count()
    parties, topics = list(Party.objects.all()), list(Topic.objects.all())
    documents = list(Document.objects.all())
    for start in range(have, size, BATCH):
        numbers = range(start, min(start + BATCH, size))
        rows = [_row(n, chance, owners, parties) for n in numbers]
        with transaction():
            Commitment.objects.bulk_create(rows)
            passages, citations = _tie(rows, chance, reader, parties, topics, documents)
            if history:
                record_many(passages, actor=reader, action="import")
                record_many(citations, actor=reader, action="import")
                _write_down(rows, citations, reader)
    return reader


def _row(
    number: int, chance: random.Random, owners: list[User], parties: list[Party]
) -> Commitment:
    """One commitment that keeps every rule of the database."""
    today = clock.today()
    state = chance.choices([*STATES], weights=[*STATES.values()])[0]
    candidate, closed = state == State.CANDIDATE, state == State.CLOSED
    words = (chance.choice(VERBS), chance.choice(THINGS), chance.choice(ADVERBS))
    return Commitment(
        **_deadline(chance),
        reference=None if candidate else f"C-2020-{number:06}",
        title=f"{' '.join(words)}, no. {number}",
        obligor=chance.choice(parties),
        kind=chance.choice(Kind.values),
        owner=chance.choice([None, *owners]),
        success_criteria="A public page that shows it",
        made_on="2020-03-04",
        review_on=today + timedelta(days=chance.randrange(-30, 400)),
        state=state,
        verdict=chance.choice(Verdict.values) if closed else "",
        opened_at=None if candidate else clock.now(),
        schedule_changed_at=clock.now(),
        active_on=today - timedelta(days=chance.randrange(300)),
        captured_at=clock.now(),
    )


def _deadline(chance: random.Random) -> dict[str, Any]:
    """Three in five have a day; most of these stand by its reading."""
    if chance.random() > 0.6:
        return {}
    due_on = clock.today() + timedelta(days=chance.randrange(-1_800, 1_100))
    return {
        "due_text": f"by {wording.day(due_on)}",
        "due_edtf": due_on.isoformat(),
        "due_from": due_on,
        "due_on": due_on,
        "due_basis": DueBasis.SENTENCE,
        "due_read_by": ReadBy.GRAMMAR,
        "due_confirmed": chance.random() < 0.9,
    }


def _tie(
    rows: list[Commitment],
    chance: random.Random,
    actor: User,
    parties: list[Party],
    topics: list[Topic],
    documents: list[Document],
) -> tuple[list[Passage], list[Citation]]:
    """A passage with its origin citation, a beneficiary and a topic for each."""
    passages = Passage.objects.bulk_create(
        Passage(
            document=chance.choice(documents),
            quote=f"They agreed to {row.title.lower()}.",
            marked_at=clock.now(),
            marked_by=actor,
        )
        for row in rows
    )
    citations = Citation.objects.bulk_create(
        Citation(
            commitment=row,
            document_id=passage.document_id,
            passage=passage,
            role=CitationRole.ORIGIN,
            added_at=clock.now(),
            added_by=actor,
        )
        for row, passage in zip(rows, passages, strict=True)
    )
    owed, about = Commitment.beneficiaries.through, Commitment.topics.through
    owed.objects.bulk_create(
        owed(commitment_id=row.pk, party_id=chance.choice(parties).pk) for row in rows
    )
    about.objects.bulk_create(
        about(commitment_id=row.pk, topic_id=chance.choice(topics).pk) for row in rows
    )
    return passages, citations


def _write_down(rows: list[Commitment], citations: list[Citation], actor: User) -> None:
    """One event for each row; what its live citations are is known and need not be asked."""
    for row, citation in zip(rows, citations, strict=True):
        cited = [[citation.pk, citation.role, citation.passage_id, citation.document_id]]
        extra = {"cited": cited, "linked": []}
        row.ledger_extra = lambda extra=extra: extra  # type: ignore[method-assign,misc]
    record_many(rows, actor=actor, action="import")
