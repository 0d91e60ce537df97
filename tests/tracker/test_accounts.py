"""Signing in and out, and what people set for themselves."""

from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD
from tracker.ledger.models import Event
from tracker.refusals import NotAllowed, Refusal
from tracker.users import actions
from tracker.users.models import Office, User

PREFERENCES = {
    "digest_hour": "9",
    "digest_days": "daily",
    "deputy": "",
    "absent_from": "",
    "absent_until": "",
}


def actions_on(user: User) -> list[str]:
    """What was done to the account since it was added."""
    events = Event.objects.filter(stream=f"user:{user.pk}", seq__gt=1).order_by("seq")
    return list(events.values_list("action", flat=True))


def test_a_stranger_is_shown_the_door_and_comes_back_to_the_page_asked_for(
    client: Client, olga: User
) -> None:
    door = client.get("/account/")
    assert door.status_code == 302
    assert door["Location"] == "/sign-in/?next=/account/"
    page = client.get(door["Location"])
    assert "you will come to the page you asked for" in page.content.decode()
    into = client.post("/sign-in/", {"username": "olga", "password": PASSWORD, "next": "/account/"})
    assert into["Location"] == "/account/"


def test_a_wrong_password_is_told_calmly_and_the_name_is_kept(client: Client, olga: User) -> None:
    page = client.post("/sign-in/", {"username": "olga", "password": "wrong"})
    assert page.status_code == 422
    words = page.content.decode()
    assert "User name and password do not match" in words
    assert 'value="olga"' in words
    assert "wrong" not in words


def test_nobody_is_sent_to_another_site_after_signing_in(client: Client, olga: User) -> None:
    into = client.post(
        "/sign-in/",
        {"username": "olga", "password": PASSWORD, "next": "https://elsewhere.example/"},
    )
    assert "elsewhere" not in into["Location"]


def test_the_account_tracker_cannot_sign_in(client: Client, db: None) -> None:
    page = client.post("/sign-in/", {"username": "tracker", "password": ""})
    assert page.status_code == 422
    assert not User.objects.get(username="tracker").has_usable_password()


def test_signing_out_is_a_post(client: Client, olga: User) -> None:
    client.force_login(olga)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302


def test_preferences_are_kept_and_leave_an_event(client: Client, olga: User, otto: User) -> None:
    client.force_login(olga)
    answer = client.post(
        "/account/",
        PREFERENCES
        | {"deputy": str(otto.pk), "absent_from": "2026-12-24", "absent_until": "2027-01-01"},
        follow=True,
    )
    assert answer.redirect_chain == [("/account/", 303)]
    assert "Your preferences are saved." in answer.content.decode()
    olga.refresh_from_db()
    assert (olga.digest_hour, olga.digest_days, olga.deputy) == (9, "daily", otto)
    assert (olga.absent_from, olga.absent_until) == (date(2026, 12, 24), date(2027, 1, 1))
    assert actions_on(olga) == ["set preferences"]


def test_saving_the_same_again_leaves_no_event(client: Client, olga: User) -> None:
    client.force_login(olga)
    client.post("/account/", PREFERENCES)
    client.post("/account/", PREFERENCES)
    assert actions_on(olga) == ["set preferences"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"absent_from": "2026-12-24", "absent_until": "2026-12-23"},
            "The absence ends before it begins.",
        ),
        ({"absent_until": "2026-12-23"}, "Give the first day of the absence too."),
        ({"absent_from": "soon"}, "Give the first day as a date, like 2026-11-23."),
        ({"digest_hour": "24"}, "Select a valid choice"),
    ],
)
def test_a_refused_preference_is_told_at_its_field_and_what_was_typed_stays(
    client: Client, olga: User, typed: dict[str, str], sentence: str
) -> None:
    client.force_login(olga)
    page = client.post("/account/", PREFERENCES | typed)
    assert page.status_code == 422
    words = page.content.decode()
    assert words.count(sentence) == 2  # in the summary and beside the field
    if "absent_from" in typed:
        assert f'value="{typed["absent_from"]}"' in words
    assert actions_on(olga) == []


def test_nobody_stands_in_for_themselves_or_is_stood_in_for_by_who_has_left(
    olga: User, otto: User
) -> None:
    with pytest.raises(Refusal, match="cannot stand in for yourself"):
        actions.save_preferences(olga, values={"deputy": olga})
    otto.is_active = False
    otto.save()
    with pytest.raises(Refusal, match="has left"):
        actions.save_preferences(olga, values={"deputy": otto})


def test_nobody_gives_themselves_rights_through_preferences(olga: User) -> None:
    with pytest.raises(NotAllowed):
        actions.save_preferences(olga, values={"is_staff": True})


def test_the_theme_is_kept_without_an_event_and_leads_back(client: Client, olga: User) -> None:
    client.force_login(olga)
    answer = client.post("/account/theme/", {"theme": "dark", "next": "/account/?a=1"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/?a=1")
    assert 'data-theme="dark"' in client.get("/account/").content.decode()
    assert actions_on(olga) == []


def test_a_theme_that_is_none_changes_nothing_and_leads_to_no_other_site(
    client: Client, olga: User
) -> None:
    client.force_login(olga)
    answer = client.post("/account/theme/", {"theme": "neon", "next": "https://evil.example/"})
    assert answer["Location"] == "/account/"
    olga.refresh_from_db()
    assert olga.theme == "system"
    assert client.get("/account/theme/").status_code == 405


def test_a_new_password_keeps_this_session_and_ends_the_others(client: Client, olga: User) -> None:
    other = Client()
    other.force_login(olga)
    client.force_login(olga)
    new = "a longer and better one"
    answer = client.post(
        "/account/password/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )
    assert answer.status_code == 303
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert client.login(username="olga", password=new)
    assert actions_on(olga) == ["change password"]


def test_a_weak_or_mistyped_password_is_refused(client: Client, olga: User) -> None:
    client.force_login(olga)
    typed = {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"}
    assert "too short" in client.post("/account/password/", typed).content.decode()
    typed = {"old_password": "no", "new_password1": "a b c d e f", "new_password2": "a b c"}
    page = client.post("/account/password/", typed)
    assert page.status_code == 422
    assert actions_on(olga) == []
    with pytest.raises(Refusal):
        actions.change_password(olga, password="olga")


def test_the_navigation_shows_the_admin_to_whoever_may_enter_it(
    client: Client, olga: User, ada: User
) -> None:
    client.force_login(olga)
    assert reverse("admin:index") not in client.get("/account/").content.decode()
    client.force_login(ada)
    assert reverse("admin:index") in client.get("/account/").content.decode()


def test_an_administrator_adds_people_with_their_groups_and_an_event(ada: User) -> None:
    staff = Group.objects.get(name="staff")
    eva = actions.save_user(
        None,
        actor=ada,
        values={"username": "eva", "first_name": "Eva", "email": "eva@office.example"},
        groups=[staff],
    )
    assert list(eva.groups.all()) == [staff]
    assert not eva.has_usable_password()
    changed = actions.save_user(
        eva, actor=ada, values={"supervisor": ada, "password": "one to begin with"}
    )
    assert changed.supervisor == ada
    assert changed.check_password("one to begin with")
    assert list(changed.groups.all()) == [staff]
    assert actions_on(eva) == ["change"]


def test_only_administrators_add_or_change_people_groups_and_the_office(
    olga: User, amir: User
) -> None:
    for actor in (olga, amir):
        with pytest.raises(NotAllowed):
            actions.save_user(None, actor=actor, values={"username": "eva"})
        with pytest.raises(NotAllowed):
            actions.save_user(actor, actor=actor, values={"first_name": "X"})
        with pytest.raises(NotAllowed):
            actions.save_group(None, actor=actor, name="new", permissions=[])
        with pytest.raises(NotAllowed):
            actions.save_office(actor=actor, values={"name": "X"})


def test_nobody_hands_out_more_than_they_have_or_locks_themselves_out(ada: User) -> None:
    with pytest.raises(Refusal, match="all rights"):
        actions.save_user(ada, actor=ada, values={"is_superuser": True})
    with pytest.raises(Refusal, match="switch off your own account"):
        actions.save_user(ada, actor=ada, values={"is_active": False})
    chief = User.objects.create_superuser("chief", password=PASSWORD)
    with pytest.raises(NotAllowed):
        actions.save_user(chief, actor=ada, values={"password": "taken over"})


def test_a_taken_user_name_is_refused_at_its_field(ada: User, olga: User) -> None:
    with pytest.raises(Refusal) as refused:
        actions.save_user(None, actor=ada, values={"username": "olga"})
    assert list(refused.value.errors) == ["username"]


def test_a_group_is_kept_with_its_permissions_and_an_event(ada: User) -> None:
    staff = Group.objects.get(name="staff")
    rights = list(staff.permissions.all()[:2])
    made = actions.save_group(None, actor=ada, name="Readers", permissions=rights)
    assert set(made.permissions.all()) == set(rights)
    actions.save_group(made, actor=ada, name="Inner circle", permissions=[])
    assert Event.objects.filter(stream=f"group:{made.pk}").count() == 2


def test_the_office_is_one_row_whose_zone_must_exist(db: None) -> None:
    chief = User.objects.create_superuser("chief", password=PASSWORD)
    actions.save_office(actor=chief, values={"name": "The office", "zone_name": "Europe/Madrid"})
    assert Office.current().zone_name == "Europe/Madrid"
    with pytest.raises(Refusal, match="not a time zone"):
        actions.save_office(actor=chief, values={"zone_name": "Brussels"})
    assert Event.objects.filter(stream="office:1").count() == 1


def test_the_pages_for_mistakes_say_what_to_do(client: Client, olga: User) -> None:
    client.force_login(olga)
    page = client.get("/no-such-page/")
    assert page.status_code == 404
    assert "There is nothing here" in page.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olga)
    page = strict.post("/account/", PREFERENCES)
    assert page.status_code == 403
    assert "Please send it again" in page.content.decode()
    assert settings.LOGIN_URL == "sign-in"
