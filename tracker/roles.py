"""Who may do what: the three groups as a matrix, and the account "Tracker".

Code asks for permissions and never names a role. The groups are completed after every migrate,
because on a fresh database no permission exists before that; what an administrator added to a
group by hand stays.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.hashers import is_password_usable, make_password
from django.contrib.auth.management import create_permissions
from django.db.models import Model, Q

# "view_*" stands for that permission on each model of the app, and for no other permission:
# documents.view_restricted is given to a person by name and comes with no role.
READ = ("commitments.view_*", "documents.view_*")
ROLES: dict[str, tuple[str, ...]] = {
    "staff": (
        *READ,
        "documents.capture_document",
        "commitments.capture_commitment",
        "commitments.confirm_commitment",
        "commitments.work_commitment",
        "commitments.dismiss_commitment",
        "commitments.restore_commitment",
        "commitments.assign_commitment",
    ),
    "auditor": (
        *READ,
        "ledger.view_event",
        "commitments.judge_commitment",
        "commitments.reopen_commitment",
        "commitments.correct_commitment",
    ),
    "administrator": (
        *READ,
        "documents.capture_document",
        "documents.correct_document",
        "documents.withdraw_document",
        "commitments.capture_commitment",
        "commitments.dismiss_commitment",
        "commitments.restore_commitment",
        "commitments.void_commitment",
        "commitments.correct_commitment",
        "commitments.curate",
        # the admin site; nobody deletes
        "commitments.add_*",
        "commitments.change_*",
        "documents.add_*",
        "documents.change_*",
        "users.view_*",
        "users.add_*",
        "users.change_*",
        "auth.view_group",
        "auth.add_group",
        "auth.change_group",
        "ledger.view_*",
    ),
}
# The account that acts for the system: it works as a member of staff does, adds the demo's people,
# enters the default reminder rules, reopens what was closed until a date, restricted or not, and
# cannot sign in.
TRACKER = "tracker"
TRACKER_MAY = (
    *ROLES["staff"],
    "users.add_user",
    "commitments.curate",
    "commitments.reopen_commitment",
    "documents.view_restricted",
)


def expand(names: Iterable[str], apps: Apps = installed) -> Iterator[tuple[str, str]]:
    """Each permission as (app label, codename), with every "*" spelt out."""
    for name in names:
        label, codename = name.split(".")
        if not codename.endswith("*"):
            yield label, codename
            continue
        verb = codename.removesuffix("_*")
        for model in _models(label, apps):
            if verb in model._meta.default_permissions:
                yield label, f"{verb}_{model._meta.model_name}"


def unknown(apps: Apps = installed) -> list[str]:
    """The names in the matrix that no model of an app with models stands for."""
    asked = {pair for names in ROLES.values() for pair in expand(names, apps)}
    return sorted(
        f"{label}.{codename}"
        for label, codename in asked
        if _models(label, apps) and codename not in _codenames(label, apps)
    )


def complete(apps: Apps = installed, using: str = "default", **kwargs: Any) -> None:
    """After migrate: give each group what the matrix says, and see to the account "Tracker".

    Idempotent. Does nothing while the tables of people and groups are not there (a partial
    migrate); a permission whose model is not migrated yet is left to the next one.
    """
    try:
        groups = apps.get_model("auth", "Group")._default_manager.using(using)
        users = apps.get_model("users", "User")._default_manager.using(using)
    except LookupError:
        return
    labels = {name.split(".")[0] for names in ROLES.values() for name in names}
    for label in sorted(labels):
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=apps)
    for role, names in ROLES.items():
        group, _ = groups.get_or_create(name=role)
        group.permissions.add(*_permissions(names, apps, using))
    account, _ = users.get_or_create(
        username=TRACKER,
        defaults={"first_name": "Tracker", "password": make_password(None)},
    )
    if is_password_usable(account.password):
        account.password = make_password(None)
        account.save(update_fields=["password"])
    account.user_permissions.add(*_permissions(TRACKER_MAY, apps, using))


def _permissions(names: Iterable[str], apps: Apps, using: str) -> Iterable[Any]:
    """The rows of the permissions named, as far as they are there."""
    wanted = Q(pk=None)
    for label, codename in expand(names, apps):
        wanted |= Q(content_type__app_label=label, codename=codename)
    permissions = apps.get_model("auth", "Permission")._default_manager.using(using)
    return permissions.filter(wanted)


def _models(label: str, apps: Apps) -> list[type[Model]]:
    """The models of an app as far as they are migrated; none for an app that is not there."""
    return [model for model in apps.get_models() if model._meta.app_label == label]


def _codenames(label: str, apps: Apps) -> set[str]:
    names = set()
    for model in _models(label, apps):
        meta = model._meta
        names |= {f"{verb}_{meta.model_name}" for verb in meta.default_permissions}
        names |= {codename for codename, _ in meta.permissions}
    return names
