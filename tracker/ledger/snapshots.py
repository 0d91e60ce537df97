"""A row as the history keeps it: plain values, ready for `canonical`.

A model may say two things about itself:
- `UNRECORDED`: names of its own fields that never enter the history;
- `ledger_extra()`: more facts, under names of their own (a commitment's live citations).
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import DecimalField, Field, ManyToManyField, Model
from django.db.models.fields.files import FieldFile
from django.utils.duration import duration_microseconds

from tracker.ledger.chain import to_the_millisecond, written_at


def stream_of(instance: Model) -> str:
    """The name of the row's own stream, like "commitment:42".

    Raises ValueError for a row that has not been saved.
    """
    meta = (instance._meta.concrete_model or type(instance))._meta
    if instance.pk is None:
        raise ValueError(f"save the {meta.verbose_name} before asking for its stream")
    return f"{meta.model_name}:{instance.pk}"


def snapshot(instance: Model) -> dict[str, Any]:
    """The row's own columns, its many-to-many ids and what its `ledger_extra` adds.

    Keys are field names; a foreign key is the id it holds; dates are ISO text, instants in UTC to
    the millisecond, decimals text with the column's places. Raises TypeError when a field still
    holds an expression such as F(): refresh the row first.
    """
    return snapshots([instance])[0]


def snapshots(instances: Sequence[Model]) -> list[dict[str, Any]]:
    """`snapshot` of many rows of one model: one query per many-to-many field for all of them."""
    if not instances:
        return []
    meta = instances[0]._meta
    left_out = getattr(instances[0], "UNRECORDED", ())
    columns = [
        field
        for field in meta.concrete_fields
        if not (field.name in left_out or getattr(field, "generated", False))
    ]
    sets = {
        field.name: _linked_ids(field, instances)
        for field in meta.many_to_many
        if field.name not in left_out
    }
    return [
        {field.name: _column(field, instance) for field in columns}
        | {name: ids.get(instance.pk, []) for name, ids in sets.items()}
        | _extra(instance)
        for instance in instances
    ]


def plain(value: Any) -> Any:
    """The value in the few types that `canonical` takes; what it does not know stays as it is."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return written_at(to_the_millisecond(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, timedelta):
        return duration_microseconds(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return f"sha256:{sha256(value).hexdigest()}"
    if isinstance(value, uuid.UUID | FieldFile | str):
        return str(value)
    return value


def _column(field: "Field[Any, Any]", instance: Model) -> Any:
    """The column's value as the database will give it back, whatever was assigned to it."""
    value = getattr(instance, field.attname)
    if hasattr(value, "resolve_expression"):
        raise TypeError(f"{field.name} holds an expression; refresh the row before recording it")
    value = field.to_python(value)
    if isinstance(field, DecimalField) and isinstance(value, Decimal):
        value = value.quantize(Decimal(1).scaleb(-field.decimal_places))
    return plain(value)


def _extra(instance: Model) -> dict[str, Any]:
    more = getattr(instance, "ledger_extra", None)
    extra = plain(more()) if more else {}
    for name in extra:
        if any(field.name == name for field in instance._meta.get_fields()):
            raise ValueError(f"ledger_extra() may not speak of “{name}”: it is a field")
    return extra


def _linked_ids(
    field: "ManyToManyField[Any, Any]", instances: Sequence[Model]
) -> dict[Any, list[Any]]:
    """Per row's id the sorted ids on the other side, read from the joining table itself."""
    here, there = field.m2m_field_name(), field.m2m_reverse_field_name()
    through: Any = field.remote_field.through
    pairs = (
        through._base_manager.using(instances[0]._state.db)
        .filter(**{f"{here}__in": [instance.pk for instance in instances]})
        .order_by(f"{there}_id")
        .values_list(f"{here}_id", f"{there}_id")
    )
    ids: dict[Any, list[Any]] = {}
    for mine, other in pairs:
        ids.setdefault(mine, []).append(plain(other))
    return ids
