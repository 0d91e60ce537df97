"""Curate parties, topics and reminder rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from commitments.actions.core import require
from commitments.models import (
    Alias,
    Commitment,
    FollowUp,
    Party,
    PartyKind,
    ReminderRule,
    Topic,
)
from commitments.models.party import fold
from documents.models import Document
from tracker import clock
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import record, transaction
from tracker.refusals import Refusal
from tracker.users.models import User

Words = tuple[str, Document | None]
# What decides whom a reminder rule reaches, and when.
REACHES = (
    "anchor",
    "offset_days",
    "repeat_every",
    "repeat_times",
    "audience",
    "states",
    "kinds",
    "priorities",
)
PARTY_FIELDS = (
    "name",
    "kind",
    "parent",
    "members",
    "members_complete",
    "holder",
    "contact_email",
    "note",
    "import_key",
)


def may_curate(actor: User) -> None:
    """Parties and topics arise while staff capture; rules are for administrators."""
    require(
        actor,
        "commitments.curate",
        "commitments.capture_commitment",
        sentence="Changing the lists is for staff and administrators.",
    )


def save_party(
    party: Party | None,
    *,
    actor: User,
    values: Mapping[str, Any],
    aliases: Sequence[Words] | None = None,
    reason: str = "",
) -> Party:
    """Enter or change a party and, where given, all its aliases."""
    may_curate(actor)
    with transaction(*([stream_of(party)] if party else ["party-names"])):
        row = Party.objects.get(pk=party.pk) if party else Party()
        for name, value in values.items():
            if name not in PARTY_FIELDS:
                raise Refusal({"": f"This cannot be set here: {name}."})
            if name != "members":
                setattr(row, name, value.strip() if isinstance(value, str) else value)
        _check_party(row)
        row.save()
        if "members" in values:
            row.members.set(values["members"])
        if aliases is not None:
            _set_aliases(row, aliases)
        record(row, actor=actor, action="change" if party else "enter", note=reason)
    return row


def _check_party(row: Party) -> None:
    if not row.name:
        raise Refusal({"name": "Give the party a name."})
    if row.kind not in PartyKind.values:
        raise Refusal({"kind": "Say what kind of party it is."})
    same = Party.objects.current().filter(name=row.name).exclude(pk=row.pk)
    if row.merged_into_id is None and same.exists():
        raise Refusal({"name": f"There is already a party called “{row.name}”."})
    above = row.parent
    while above is not None:
        if above.pk == row.pk:
            raise Refusal({"parent": "A party cannot stand above itself."})
        above = above.parent


def _set_aliases(row: Party, aliases: Sequence[Words]) -> None:
    wanted = {
        (fold(words), document.pk if document else None): words for words, document in aliases
    }
    for alias in list(row.aliases.all()):
        if (alias.folded, alias.document_id) not in wanted:
            alias.delete()
    known = {(alias.folded, alias.document_id) for alias in row.aliases.all()}
    Alias.objects.bulk_create(
        Alias(party=row, words=words.strip(), folded=folded, document_id=document)
        for (folded, document), words in wanted.items()
        if folded and (folded, document) not in known
    )


def merge_parties(party: Party, *, actor: User, into: Party, reason: str) -> Party:
    """Make two parties one: everything owed, owed to and said moves to the one that stays.

    The merged party keeps its history and its row, marked; its names become aliases.
    """
    require(actor, "commitments.curate", sentence="Merging parties is for administrators.")
    if not reason.strip():
        raise Refusal({"reason": "Say why they are the same."})
    with transaction(stream_of(party), stream_of(into)):
        gone, stays = Party.objects.get(pk=party.pk), Party.objects.get(pk=into.pk)
        if gone.pk == stays.pk:
            raise Refusal({"into": "Choose another party, not the same one."})
        if gone.merged_into_id or stays.merged_into_id:
            raise Refusal({"into": "One of the two is already merged."})
        _move_commitments(gone, stays, actor, reason)
        _move_others(gone, stays, actor, reason)
        gone.merged_into = stays
        gone.aliases.all().delete()
        gone.save()
        record(gone, actor=actor, action="merge", note=reason)
        record(stays, actor=actor, action="absorb", note=reason)
    return stays


def _move_commitments(gone: Party, stays: Party, actor: User, reason: str) -> None:
    """Each commitment that named the merged party, with an event of its own."""
    named = (
        Commitment.objects.filter(obligor=gone)
        | Commitment.objects.filter(on_behalf_of=gone)
        | Commitment.objects.filter(requested_by=gone)
        | Commitment.objects.filter(beneficiaries=gone)
    )
    ids = sorted(set(named.values_list("id", flat=True)))
    with transaction(*(f"commitment:{pk}" for pk in ids)):
        for row in Commitment.objects.filter(pk__in=ids).order_by("id"):
            for name in ("obligor", "on_behalf_of", "requested_by"):
                if getattr(row, f"{name}_id") == gone.pk:
                    setattr(row, name, stays)
            if row.beneficiaries.filter(pk=gone.pk).exists():
                row.beneficiaries.remove(gone)
                row.beneficiaries.add(stays)
            row.version += 1
            row.active_on = clock.today()
            row.save()
            note = f"{gone.name} was merged into {stays.name}: {reason}"
            record(row, actor=actor, action="correct", note=note)


def _move_others(gone: Party, stays: Party, actor: User, reason: str) -> None:
    """Letters, children, memberships and the words by which records call it."""
    for letter in FollowUp.objects.filter(party=gone):
        letter.party = stays
        letter.save()
        record(letter, actor=actor, action="correct", note=reason)
    for child in Party.objects.filter(parent=gone):
        child.parent = stays if child.pk != stays.pk else gone.parent
        child.save()
        record(child, actor=actor, action="change", note=reason)
        if child.pk == stays.pk:
            stays.parent = child.parent
    for group in Party.objects.filter(members=gone):
        group.members.remove(gone)
        group.members.add(stays)
        record(group, actor=actor, action="change", note=reason)
    words: list[Words] = [(alias.words, alias.document) for alias in stays.aliases.all()]
    words += [(alias.words, alias.document) for alias in gone.aliases.all()]
    _set_aliases(stays, [*words, (gone.name, None)])


def save_topic(topic: Topic | None, *, actor: User, values: Mapping[str, Any]) -> Topic:
    """Enter or change a topic."""
    may_curate(actor)
    row: Topic = _save(topic, Topic, values, ("name", "note"), actor, "topic-names")
    return row


def save_rule(rule: ReminderRule | None, *, actor: User, values: Mapping[str, Any]) -> ReminderRule:
    """Enter or change a reminder rule.

    Switched on, or changed in whom it reaches when, it counts from today and never reaches back.
    """
    require(actor, "commitments.curate", sentence="Reminder rules are for administrators.")
    given = dict(values)
    # A form may have set its values on the row in hand; what stands in the table is compared.
    before = ReminderRule.objects.get(pk=rule.pk) if rule else None
    if given.get("active", bool(before and before.active)) and _starts_afresh(before, given):
        given["active_from"] = clock.today()
    fields = tuple(
        field.name for field in ReminderRule._meta.concrete_fields if not field.primary_key
    )
    row: ReminderRule = _save(rule, ReminderRule, given, fields, actor, "reminder-rules")
    return row


def _starts_afresh(rule: ReminderRule | None, given: Mapping[str, Any]) -> bool:
    """Whether a rule was not on before, or reaches others, or at other times, than before."""
    if rule is None or not rule.active:
        return True
    return any(given.get(name, getattr(rule, name)) != getattr(rule, name) for name in REACHES)


def _save(
    instance: Any,
    model: type[Model],
    values: Mapping[str, Any],
    fields: Sequence[str],
    actor: User,
    lock: str,
) -> Any:
    with transaction(*([stream_of(instance)] if instance else [lock])):
        row = model._default_manager.get(pk=instance.pk) if instance else model()
        for name, value in values.items():
            if name not in fields:
                raise Refusal({"": f"This cannot be set here: {name}."})
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        _check_unique(row)
        row.save()
        record(row, actor=actor, action="change" if instance else "enter")
    return row


def _check_unique(row: Model) -> None:
    for name in ("name", "code"):
        field = next((f for f in row._meta.concrete_fields if f.name == name), None)
        if field is None:
            continue
        value = getattr(row, name)
        if not value:
            raise Refusal({name: "This needs a name."})
        same = type(row)._default_manager.filter(**{name: value}).exclude(pk=row.pk)
        if field.unique and same.exists():
            raise Refusal({name: f"There is already one called “{value}”."})
