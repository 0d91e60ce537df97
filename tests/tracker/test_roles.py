"""The groups as a matrix, completed after every migrate, and the account "Tracker"."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client

from tracker import checks, roles
from tracker.users.models import User

RIGHTS = [
    # permission, staff, auditor, administrator
    ("commitments.view_commitment", True, True, True),
    ("documents.view_document", True, True, True),
    ("documents.capture_document", True, False, True),
    ("documents.correct_document", False, False, True),
    ("documents.withdraw_document", False, False, True),
    ("commitments.capture_commitment", True, False, True),
    ("commitments.confirm_commitment", True, False, False),
    ("commitments.work_commitment", True, False, False),
    ("commitments.assign_commitment", True, False, False),
    ("commitments.dismiss_commitment", True, False, True),
    ("commitments.restore_commitment", True, False, True),
    ("commitments.judge_commitment", False, True, False),
    ("commitments.reopen_commitment", False, True, False),
    ("commitments.correct_commitment", False, True, True),
    ("commitments.void_commitment", False, False, True),
    ("commitments.curate", False, False, True),
    ("documents.view_restricted", False, False, False),
    ("users.change_user", False, False, True),
    ("auth.change_group", False, False, True),
    ("commitments.delete_commitment", False, False, False),
    ("documents.delete_document", False, False, False),
    ("ledger.change_event", False, False, False),
    ("ledger.delete_event", False, False, False),
]


@pytest.mark.parametrize(("permission", "staff", "auditor", "administrator"), RIGHTS)
def test_each_role_may_what_its_row_says(
    olga: User,
    amir: User,
    ada: User,
    nils: User,
    permission: str,
    staff: bool,
    auditor: bool,
    administrator: bool,
) -> None:
    assert olga.has_perm(permission) is staff
    assert amir.has_perm(permission) is auditor
    assert ada.has_perm(permission) is administrator
    assert not nils.has_perm(permission)


def test_nobody_may_delete_anything(olga: User, amir: User, ada: User) -> None:
    for user in (olga, amir, ada):
        assert not [name for name in user.get_all_permissions() if ".delete_" in name]


def test_every_permission_of_the_matrix_is_there() -> None:
    assert roles.unknown() == []
    assert checks.role_permissions(None) == []


def test_a_permission_that_no_model_has_is_named_by_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(roles.ROLES, "staff", ("commitments.fly_commitment",))
    [error] = checks.role_permissions(None)
    assert "commitments.fly_commitment" in error.msg


def test_a_permission_of_an_app_whose_models_are_not_there_yet_is_left_to_later(
    db: None,
) -> None:
    early = type(apps)([])  # a registry with no model in it
    assert roles.unknown(early) == []
    roles.complete(apps=early)  # neither people nor groups: nothing to do, nothing breaks


def test_completing_twice_changes_nothing(db: None) -> None:
    before = _groups()
    roles.complete()
    assert _groups() == before
    assert User.objects.filter(username=roles.TRACKER).count() == 1


def test_a_permission_that_went_missing_comes_back_with_the_next_migrate(db: None) -> None:
    before = _groups()
    Group.objects.get(name="auditor").permissions.clear()
    call_command("migrate", verbosity=0)
    assert _groups() == before


def test_what_an_administrator_added_to_a_group_stays(db: None) -> None:
    group = Group.objects.get(name="auditor")
    extra = Permission.objects.get(codename="view_restricted")
    group.permissions.add(extra)
    roles.complete()
    assert extra in group.permissions.all()


def test_a_star_stands_for_the_plain_permission_of_each_model_and_for_nothing_else() -> None:
    spelt_out = set(roles.expand(["documents.view_*"]))
    assert ("documents", "view_document") in spelt_out
    assert ("documents", "view_passage") in spelt_out
    assert ("documents", "view_restricted") not in spelt_out


def test_the_account_tracker_works_like_staff_and_cannot_sign_in(db: None, client: Client) -> None:
    account = User.objects.get(username="tracker")
    assert account.is_active
    assert not account.is_staff
    assert not account.is_superuser
    assert not account.groups.exists()
    assert not account.has_usable_password()
    for password in ("", "tracker", account.password):
        assert not client.login(username="tracker", password=password)
    assert account.has_perm("commitments.confirm_commitment")
    assert account.has_perm("commitments.work_commitment")
    assert not account.has_perm("commitments.judge_commitment")


def test_a_password_given_to_the_account_tracker_does_not_outlive_the_next_migrate(
    db: None,
) -> None:
    account = User.objects.get(username="tracker")
    account.set_password("let me in, please")
    account.save()
    roles.complete()
    account.refresh_from_db()
    assert not account.has_usable_password()


def _groups() -> dict[str, set[str]]:
    return {
        group.name: set(group.permissions.values_list("codename", flat=True))
        for group in Group.objects.all()
    }
