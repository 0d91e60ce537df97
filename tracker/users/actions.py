"""The only code that writes people, groups and the office."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from tracker.ledger.snapshots import snapshot, stream_of
from tracker.ledger.writing import record, transaction
from tracker.refusals import NotAllowed, Refusal
from tracker.users.models import Office, User

# What people may set for themselves.
PREFERENCES = ("digest_hour", "digest_days", "deputy", "absent_from", "absent_until", "theme")


def save_user(
    user: User | None,
    *,
    actor: User,
    values: Mapping[str, Any],
    groups: Iterable[Group] | None = None,
    permissions: Iterable[Permission] | None = None,
) -> User:
    """Add a person (None) or change one; `groups` and `permissions` replace what was given before.

    `values` are fields of the person; "password" is taken in the clear and kept as a hash.
    """
    right = "users.change_user" if user else "users.add_user"
    _require(actor, right, "Adding and changing people is for administrators.")
    with transaction(*([stream_of(user)] if user else [])):
        row = User.objects.get(pk=user.pk) if user else User()
        _may_raise(row, actor, values)
        _set(row, values)
        _check(row, exclude=("password",))
        row.save()
        if groups is not None:
            row.groups.set(groups)
        if permissions is not None:
            row.user_permissions.set(permissions)
        record(row, actor=actor, action="change" if user else "add")
    return row


def _may_raise(row: User, actor: User, values: Mapping[str, Any]) -> None:
    """Nobody raises themselves or others above what they are, or locks themselves out."""
    if values.get("is_superuser", row.is_superuser) != row.is_superuser and not actor.is_superuser:
        raise Refusal({"is_superuser": "Only somebody who has all rights can give or take them."})
    if row.is_superuser and not actor.is_superuser:
        raise NotAllowed("Only somebody who has all rights can change this account.")
    if row.pk == actor.pk and not values.get("is_active", True):
        raise Refusal({"is_active": "You cannot switch off your own account; ask a colleague."})


def _set(row: User, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name == "password":
            row.set_password(value)
        else:
            setattr(row, name, value)
    if not row.password:
        row.set_unusable_password()


def save_group(
    group: Group | None, *, actor: User, name: str, permissions: Iterable[Permission]
) -> Group:
    """Add a group (None) or change its name and its permissions."""
    right = "auth.change_group" if group else "auth.add_group"
    _require(actor, right, "Adding and changing groups is for administrators.")
    with transaction(*([stream_of(group)] if group else [])):
        row = Group.objects.get(pk=group.pk) if group else Group()
        row.name = name.strip()
        _check(row)
        row.save()
        row.permissions.set(permissions)
        record(row, actor=actor, action="change" if group else "add")
    return row


def save_office(*, actor: User, values: Mapping[str, Any]) -> Office:
    """Change the office's name, zone, sender or closure days."""
    _require(actor, "users.change_office", "Changing the office is for administrators.")
    with transaction("office:1"):
        row = Office.current()
        for name, value in values.items():
            setattr(row, name, value)
        _check(row)
        row.save()
        record(row, actor=actor, action="change")
    return row


def save_preferences(user: User, *, values: Mapping[str, Any]) -> User:
    """What people set for themselves; only what the history records leaves an event."""
    if set(values) - set(PREFERENCES):
        raise NotAllowed("Only an administrator can change this.")
    with transaction(stream_of(user)):
        row = User.objects.get(pk=user.pk)
        before = snapshot(row)
        for name, value in values.items():
            setattr(row, name, value)
        _check_absence(row)
        _check(row, exclude=("password",))
        row.save(update_fields=list(values))
        if snapshot(row) != before:
            record(row, actor=row, action="set preferences")
    return row


def _check_absence(row: User) -> None:
    if row.deputy_id == row.pk:
        raise Refusal({"deputy": "Choose a colleague: you cannot stand in for yourself."})
    if row.deputy and not row.deputy.is_active:
        raise Refusal({"deputy": f"{row.deputy} has left. Choose somebody else."})
    if row.absent_until and not row.absent_from:
        raise Refusal({"absent_from": "Give the first day of the absence too."})
    if row.absent_from and row.absent_until and row.absent_until < row.absent_from:
        raise Refusal({"absent_until": "The absence ends before it begins."})


def change_password(user: User, *, password: str) -> User:
    """Set one's own password; the event says that it changed, never to what."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal({"new_password1": " ".join(error.messages)}) from error
    with transaction(stream_of(user)):
        row = User.objects.get(pk=user.pk)
        row.set_password(password)
        row.save(update_fields=["password"])
        record(row, actor=row, action="change password")
    return row


def _require(actor: User, permission: str, sentence: str) -> None:
    if not actor.is_active or not actor.has_perm(permission):
        raise NotAllowed(sentence)


def _check(row: Model, exclude: Iterable[str] = ()) -> None:
    """What the model asks of its fields, as a refusal."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        raise Refusal(
            {
                "" if name == NON_FIELD_ERRORS else name: " ".join(sentences)
                for name, sentences in error.message_dict.items()
            }
        ) from error
