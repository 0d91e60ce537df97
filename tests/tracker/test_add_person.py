"""manage.py add_person: the first account, and what it leaves in the history."""

import io
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tracker.ledger.reading import history
from tracker.ledger.verifying import verify
from tracker.users.models import User

pytestmark = pytest.mark.django_db
GOOD = "four plain words here"


def add(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = GOOD) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    said = io.StringIO()
    call_command("add_person", *arguments, "--stdin", stdout=said)
    return said.getvalue()


def test_the_first_administrator_can_sign_in_to_the_admin_site(
    monkeypatch: pytest.MonkeyPatch, client: Any
) -> None:
    assert add(monkeypatch, "ada", "--email", "ada@office.example") == "Added ada, administrator.\n"
    ada = User.objects.get(username="ada")
    assert ada.is_staff
    assert not ada.is_superuser
    assert ada.has_perm("users.add_user")
    assert not ada.has_perm("commitments.judge_commitment")
    assert client.login(username="ada", password=GOOD)
    assert client.get("/admin/users/user/").status_code == 200


def test_the_person_stands_in_the_history_and_it_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch, "olga", "--role", "staff", "--first-name", "Olga")
    olga = User.objects.get(username="olga")
    assert [group.name for group in olga.groups.all()] == ["staff"]
    assert not olga.is_staff
    assert [event.action for event in history(f"user:{olga.pk}")] == ["add"]
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("password", "sentence"), [("12345678", "entirely numeric"), ("short", "too short")]
)
def test_a_weak_password_is_refused_with_its_reasons(
    monkeypatch: pytest.MonkeyPatch, password: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        add(monkeypatch, "ada", password=password)
    assert not User.objects.filter(username="ada").exists()


def test_a_name_that_is_taken_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch, "ada")
    with pytest.raises(CommandError, match="already exists"):
        add(monkeypatch, "ada")


def test_a_mistyped_password_adds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([GOOD, "something else"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="not the same"):
        call_command("add_person", "ada")
    assert not User.objects.filter(username="ada").exists()
