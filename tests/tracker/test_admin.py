"""The admin curates through the actions: every change leaves its event, nothing is deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commitments import actions
from commitments.models import Commitment, Party, ReminderRule, Topic
from commitments.workflow import State
from documents.models import Document
from tests.conftest import PASSWORD, person
from tests.making import a_candidate, a_document, a_party, in_state, opened, reported
from tracker import clock
from tracker.ledger.models import Event
from tracker.ledger.reading import history
from tracker.ledger.snapshots import stream_of
from tracker.ledger.verifying import verify
from tracker.users.models import Office, User

pytestmark = pytest.mark.django_db


def events(row: Any) -> list[str]:
    return [event.action for event in reversed(list(history(stream_of(row))))]


@pytest.fixture
def admin(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would send back from this page, unchanged."""
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for formset in page.context.get("inline_admin_formsets", []):
        inner = formset.formset
        data |= {f"{inner.prefix}-{k}": v for k, v in inner.management_form.initial.items()}
        for row in inner.forms:
            data |= {row.add_prefix(name): row[name].value() for name in row.fields}
    return {name: value for name, value in data.items() if value is not None}


def change(client: Client, row: Any, **typed: Any) -> Any:
    address = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
    return client.post(address, form_of(client.get(address)) | typed)


def add(client: Client, model: Any, **typed: Any) -> Any:
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")
    return client.post(address, form_of(client.get(address)) | typed)


def test_a_party_with_its_aliases_is_added_and_changed(admin: Client) -> None:
    answer = add(
        admin,
        Party,
        name="Facebook",
        kind="company",
        **{"aliases-TOTAL_FORMS": "2", "aliases-0-words": "FB", "aliases-1-words": "Meta"},
    )
    assert answer.status_code == 302
    party = Party.objects.get(name="Facebook")
    assert sorted(alias.words for alias in party.aliases.all()) == ["FB", "Meta"]
    change(admin, party, holder="Somebody", **{"aliases-0-DELETE": "on"})
    party.refresh_from_db()
    assert (party.holder, [a.words for a in party.aliases.all()]) == ("Somebody", ["Meta"])
    assert events(party) == ["enter", "change"]


def test_a_refusal_comes_back_in_the_form_with_everything_typed(admin: Client, ada: User) -> None:
    a_party(ada, "Google")
    answer = add(
        admin,
        Party,
        name="Google",
        kind="company",
        note="Typed with care",
        **{"aliases-TOTAL_FORMS": "0"},
    )
    assert answer.status_code == 422
    assert "already a party called “Google”" in answer.content.decode()
    assert "Typed with care" in answer.content.decode()
    assert Party.objects.count() == 1


def test_two_parties_are_merged_with_a_reason(admin: Client, ada: User, olga: User) -> None:
    row = opened(olga, obligor=a_party(olga, "FB Ireland"))
    stays, gone = a_party(olga, "Facebook"), Party.objects.get(name="FB Ireland")
    address = reverse("admin:commitments_party_changelist")
    chosen = {"action": "merge", "_selected_action": [stays.pk, gone.pk]}
    page = admin.post(address, chosen)
    assert "The one that stays" in page.content.decode()
    admin.post(address, chosen | {"into": stays.pk, "reason": "One company"})
    gone.refresh_from_db()
    row.refresh_from_db()
    assert (gone.merged_into, row.obligor) == (stays, stays)
    assert events(gone)[-1] == "merge"


def test_topics_and_rules_are_curated(admin: Client) -> None:
    add(admin, Topic, name="Elections")
    assert events(Topic.objects.get(name="Elections")) == ["enter"]
    rule = ReminderRule.objects.filter(active=True).exclude(anchor="at_once").first()
    assert rule is not None
    assert rule.active_from is not None
    ReminderRule.objects.filter(pk=rule.pk).update(active_from="2026-01-05")
    assert change(admin, rule, name="Renamed").status_code == 302
    rule.refresh_from_db()
    assert (rule.name, str(rule.active_from)) == ("Renamed", "2026-01-05")
    assert change(admin, rule, states=["open"]).status_code == 302
    rule.refresh_from_db()
    assert (rule.states, rule.active_from) == (["open"], clock.today())


def test_a_document_is_filed_corrected_and_withdrawn(admin: Client) -> None:
    file = SimpleUploadedFile("r.txt", b"We will publish it.")
    answer = add(admin, Document, file=file, title="A record", kind="letter", dated="March 2019")
    assert answer.status_code == 302
    document = Document.objects.get()
    assert document.dated == "2019-03"
    assert change(admin, document, title="A better title", reason="A slip").status_code == 302
    document.refresh_from_db()
    assert document.title == "A better title"
    address = reverse("admin:documents_document_changelist")
    chosen = {"action": "withdraw", "_selected_action": [document.pk]}
    assert "Why it is taken out" in admin.post(address, chosen).content.decode()
    admin.post(address, chosen | {"reason": "Sent by mistake"})
    document.refresh_from_db()
    assert document.withdrawn_reason == "Sent by mistake"
    assert events(document) == ["file", "correct", "withdraw"]


def test_an_unreadable_file_is_refused_with_a_sentence(admin: Client) -> None:
    file = SimpleUploadedFile("r.txt", bytes(range(256)) * 9)
    answer = add(admin, Document, file=file, title="A record", kind="letter", dated="sometime")
    assert answer.status_code in (200, 422)
    assert "is not read as a date" in answer.content.decode()
    file.seek(0)
    answer = add(admin, Document, file=file, title="A record", kind="letter", dated="")
    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_a_commitment_is_corrected_with_a_reason(admin: Client, olga: User) -> None:
    row = opened(olga)
    assert change(admin, row, title="In other words").status_code == 200
    assert change(admin, row, title="In other words", reason="A slip").status_code == 302
    row.refresh_from_db()
    assert row.title == "In other words"
    assert events(row)[-1] == "correct"


def test_a_correction_of_an_older_version_is_refused(admin: Client, olga: User) -> None:
    row = opened(olga)
    actions.edit(row, actor=olga, expected_version=row.version, changes={"title": "Olga's"})
    answer = change(admin, row, title="Ada's", reason="A slip", seen=str(row.version))
    assert answer.status_code == 422
    assert "Somebody changed this" in answer.content.decode()
    row.refresh_from_db()
    assert row.title == "Olga's"


def move(client: Client, move: str, *rows: Commitment, **typed: Any) -> str:
    address = reverse("admin:commitments_commitment_changelist")
    chosen = {"action": f"move_{move}", "_selected_action": [row.pk for row in rows]}
    client.post(address, chosen)
    typed = {"key": "k", "version": "1"} | typed
    return str(client.post(address, chosen | typed, follow=True).content.decode())


def test_moves_go_through_the_one_transition_row_by_row(admin: Client, olga: User) -> None:
    one, two = a_candidate(olga), opened(olga, title="Another")
    gone = in_state(State.DISMISSED, olga, olga)
    said = move(admin, "void", one, two, gone, reason="Entered in error")
    assert "was left alone" in said
    for row in (one, two):
        row.refresh_from_db()
        assert row.state == State.DISMISSED
        assert events(row)[-1] == "void"


def test_moves_without_the_right_are_not_offered_and_do_nothing(admin: Client, olga: User) -> None:
    row = reported(opened(olga), olga)
    page = admin.get(reverse("admin:commitments_commitment_changelist")).content.decode()
    assert "move_void" in page
    assert "move_close" not in page
    move(admin, "close", row, verdict="delivered", note="Looks fine")
    row.refresh_from_db()
    assert row.state == State.REPORTED


def test_four_eyes_hold_in_the_admin_for_a_superuser_too(client: Client, olga: User) -> None:
    boss = person("boss", "Boss", "", is_staff=True)
    boss.is_superuser = True
    boss.save()
    client.force_login(boss)
    row = opened(olga, owner=boss)
    said = move(
        client, "close_without_delivery", row, verdict="withdrawn", reason="They took it back"
    )
    assert "second pair of eyes" in said
    row.refresh_from_db()
    assert row.state == State.OPEN


def test_people_and_groups_are_changed_with_events(admin: Client) -> None:
    staff = Group.objects.get(name="staff")
    answer = add(
        admin,
        User,
        username="otto",
        first_name="Otto",
        new_password=f"{PASSWORD} 2026",
        groups=[staff.pk],
        is_active="on",
    )
    assert answer.status_code == 302
    otto = User.objects.get(username="otto")
    assert list(otto.groups.all()) == [staff]
    assert otto.check_password(f"{PASSWORD} 2026")
    assert change(admin, otto, first_name="Otto O.").status_code == 302
    otto.refresh_from_db()
    assert otto.check_password(f"{PASSWORD} 2026")
    assert len(events(otto)) == 2
    assert add(admin, Group, name="Second unit").status_code == 302
    assert Event.objects.filter(stream__startswith="group:").count() == 1


def test_the_office_is_one_row(admin: Client, ada: User) -> None:
    typed = {"name": "Court of Audit", "closure_days": "2026-12-25\nnonsense"}
    answer = add(admin, Office, **typed)
    assert "“nonsense” is not a date" in answer.content.decode()
    answer = add(admin, Office, **typed | {"closure_days": "2026-12-25"})
    assert answer.status_code == 302
    assert Office.current().closure_days == ["2026-12-25"]
    assert admin.get(reverse("admin:users_office_add")).status_code == 403


def test_every_page_of_the_admin_opens_and_nothing_can_be_deleted(
    admin: Client, ada: User, olga: User
) -> None:
    row = opened(olga)
    a_document(olga)
    for model, model_admin in site._registry.items():
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
        page = admin.get(address)
        assert page.status_code == 200, address
        assert "delete_selected" not in page.content.decode()
        assert not model_admin.has_delete_permission(page.wsgi_request, None)
    assert (
        admin.get(reverse("admin:commitments_commitment_delete", args=[row.pk])).status_code == 403
    )


@pytest.mark.parametrize("actor", ["olga", "amir", "nils"])
def test_the_admin_is_closed_to_everybody_else(
    actor: str, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(actor))
    page = client.get(reverse("admin:index"), follow=True)
    assert page.status_code == 403
    assert "for administrators" in page.content.decode()


def test_its_doors_are_those_of_the_other_pages(admin: Client) -> None:
    assert admin.get(reverse("admin:password_change")).url == reverse("password")  # type: ignore[attr-defined]
    admin.logout()
    answer = admin.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("sign-in"))


def test_what_the_admin_did_verifies(admin: Client, olga: User) -> None:
    steps: list[Callable[[], Any]] = [
        lambda: add(admin, Topic, name="Elections"),
        lambda: change(admin, opened(olga), title="New", reason="A slip"),
    ]
    for step in steps:
        step()
    assert [one for one in verify() if not one.stream.startswith("user:")] == []
