"""Comparing rows with the snapshot their last event left: it finds edits round the actions."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, Model, OuterRef, Value
from django.db.models.functions import Cast, Concat

from tracker.ledger.canonical import canonical
from tracker.ledger.chain import DELETE
from tracker.ledger.findings import Counts, End, Finding
from tracker.ledger.models import Event
from tracker.ledger.reading import differences
from tracker.ledger.snapshots import snapshots, stream_of
from tracker.ledger.subjects import ledgered_models

CHUNK = 2000


def compare_rows(ends: Iterable[End], using: str, counts: Counts) -> Iterator[Finding]:
    """The rows that are gone, or are not as their last event left them.

    Streams of models that have no streams of their own (any more) are passed over. A column that
    was added or taken away since the event is not compared.
    """
    models = ledgered_models()
    by_word: dict[str, list[End]] = {}
    for end in ends:
        by_word.setdefault(str(end.stream).partition(":")[0], []).append(end)
    for word in by_word.keys() & models.keys():
        rows = _rows(models[word], by_word[word], using)
        counts.rows += len(rows)
        states = _states(list(rows.values()))
        for end in by_word[word]:
            yield from _compare(end, states.get(end.stream))


def rows_without_history(using: str) -> Iterator[Finding]:
    """The rows of ledgered models that no event tells of."""
    for word, model in ledgered_models().items():
        own_stream = Concat(Value(f"{word}:"), Cast(OuterRef("pk"), CharField()))
        told = Event.objects.using(using).filter(stream=own_stream)
        rows = model._base_manager.using(using).exclude(Exists(told)).order_by("pk")
        for pk in rows.values_list("pk", flat=True).iterator(CHUNK):
            yield Finding(f"{word}:{pk}", None, "the row stands but no event tells of it")


def _rows(model: type[Model], ends: Sequence[End], using: str) -> dict[str, Model]:
    """The rows by the names of their streams."""
    names: dict[Any, str] = {}
    for end in ends:
        try:
            names[model._meta.pk.to_python(end.stream.partition(":")[2])] = end.stream
        except ValidationError:
            continue
    rows = model._base_manager.using(using).in_bulk(list(names))
    return {names[pk]: row for pk, row in rows.items()}


def _states(rows: list[Model]) -> dict[str, dict[str, Any] | str]:
    """Each row's snapshot as it would be written now, or why it cannot be written."""
    try:
        taken = [json.loads(canonical(snapshot)) for snapshot in snapshots(rows)]
    except (TypeError, ValueError) as error:
        if len(rows) == 1:
            return {stream_of(rows[0]): str(error)}
        return {name: state for row in rows for name, state in _states([row]).items()}
    return {stream_of(row): state for row, state in zip(rows, taken, strict=True)}


def _compare(end: End, state: dict[str, Any] | str | None) -> Iterator[Finding]:
    if end.action == DELETE:
        if state is not None:
            yield Finding(end.stream, end.seq, "the row stands although this event deleted it")
    elif state is None:
        yield Finding(end.stream, end.seq, "the row is gone")
    elif isinstance(state, str):
        yield Finding(end.stream, end.seq, f"the row holds what no event could: {state}")
    elif end.snapshot is not None:
        both = end.snapshot.keys() & state.keys()
        fields = [change.field for change in differences(end.snapshot, state)]
        if changed := [field for field in fields if field in both]:
            yield Finding(
                end.stream, end.seq, f"the row is not as this event left it: {', '.join(changed)}"
            )
