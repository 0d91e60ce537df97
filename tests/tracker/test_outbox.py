"""The demo's mail, as an administrator reads it."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tracker.users.models import User


@pytest.fixture
def outbox(settings: Settings, tmp_path: Path) -> Path:
    """The demo's folder of kept mail."""
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")
    return Path(settings.EMAIL_FILE_PATH)


def keep(subject: str, to: str, words: str = "Nothing is lost.\n") -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    mail = EmailMultiAlternatives(
        subject, words, "tracker@office.example", [to], connection=connection
    )
    mail.attach_alternative("<p>Hidden part</p>", "text/html")
    mail.send()


def test_an_administrator_reads_the_kept_mail(client: Client, ada: User, outbox: Path) -> None:
    keep("15 follow-ups, 3 overdue", "olga@office.example", "See http://127.0.0.1/c/C-1/ č\n")
    client.force_login(ada)
    page = client.get("/outbox/").content.decode()
    assert "15 follow-ups, 3 overdue" in page
    assert "olga@office.example" in page
    file_name = next(outbox.glob("*.log")).name
    mail = client.get(f"/outbox/{file_name}/1/").content.decode()
    assert '<a href="http://127.0.0.1/c/C-1/"' in mail
    assert "č" in mail
    assert "Hidden part" not in mail


def test_several_mails_of_one_connection_lie_in_one_file(
    client: Client, ada: User, outbox: Path
) -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    connection.send_messages(
        [
            EmailMultiAlternatives(f"Mail {n}", "x", "tracker@x.example", ["o@x.example"])
            for n in (1, 2)
        ]
    )
    client.force_login(ada)
    page = client.get("/outbox/").content.decode()
    assert page.index("Mail 2") < page.index("Mail 1")
    file_name = next(outbox.glob("*.log")).name
    assert "Mail 2" in client.get(f"/outbox/{file_name}/2/").content.decode()
    assert client.get(f"/outbox/{file_name}/3/").status_code == 404


def test_an_empty_outbox_says_how_mail_gets_there(client: Client, ada: User, outbox: Path) -> None:
    client.force_login(ada)
    assert "No mail yet." in client.get("/outbox/").content.decode()


def test_the_outbox_is_for_administrators_of_the_demo_only(
    client: Client, olga: User, ada: User, outbox: Path, settings: Settings
) -> None:
    assert client.get("/outbox/").status_code == 302
    client.force_login(olga)
    assert client.get("/outbox/").status_code == 403
    client.force_login(ada)
    assert client.post("/outbox/").status_code == 405
    settings.DEMO = False
    assert client.get("/outbox/").status_code == 404
    assert client.get("/outbox/x.log/1/").status_code == 404


def test_no_other_file_can_be_read_through_the_outbox(
    client: Client, ada: User, outbox: Path
) -> None:
    outbox.mkdir()
    (outbox.parent / "secret.log").write_text("Subject: secret\n\nsecret")
    (outbox / "notes.txt").write_text("Subject: secret\n\nsecret")
    client.force_login(ada)
    for name in ("..%2Fsecret.log", "%2e%2e/secret.log", "notes.txt", "..", "no-such.log"):
        assert client.get(f"/outbox/{name}/1/").status_code == 404, name


def test_the_list_asks_no_more_for_many_mails(
    client: Client,
    ada: User,
    outbox: Path,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(ada)
    keep("One", "olga@office.example")
    client.get("/outbox/")  # the watchdog's banner is asked for once in a while only
    with django_assert_num_queries(3):
        client.get("/outbox/")
    keep("Two", "olga@office.example")
    with django_assert_num_queries(3):
        client.get("/outbox/")
