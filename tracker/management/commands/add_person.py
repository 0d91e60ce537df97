"""`manage.py add_person`: an account made by the account "Tracker"; above all the first one.

Django's own createsuperuser goes round the history, and gives every right at once: to judge, to
see what is restricted. This one leaves its event and gives the rights of one role.
"""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from tracker import roles
from tracker.refusals import Refusal
from tracker.users.actions import save_user
from tracker.users.models import User

# The role whose work is done in the admin site.
ADMINISTRATOR = "administrator"


class Command(BaseCommand):
    """Ask for a password, and add the person."""

    help = "Add somebody who may sign in, with the rights of one role, and an event that says so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=sorted(roles.ROLES), default=ADMINISTRATOR)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--email", default="", help="where their reminders go")
        parser.add_argument(
            "--stdin",
            action="store_true",
            help="read the password from the first line of standard input instead of asking",
        )

    def handle(self, *args: Any, username: str, role: str, stdin: bool, **options: Any) -> None:
        values = {
            "username": username,
            "is_staff": role == ADMINISTRATOR,
            **{name: options[name] for name in ("first_name", "last_name", "email")},
        }
        account = User.objects.filter(username=roles.TRACKER).first()
        if account is None:
            raise CommandError("The account “tracker” is missing; run migrate first.")
        values["password"] = self.password(User(**values), stdin)
        try:
            save_user(None, actor=account, values=values, groups=Group.objects.filter(name=role))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Added {username}, {role}.")

    def password(self, person: User, stdin: bool) -> str:
        """The password given; CommandError for one that is too weak, or mistyped."""
        words = sys.stdin.readline().rstrip("\n") if stdin else getpass.getpass("Password: ")
        if not stdin and words != getpass.getpass("The same again: "):
            raise CommandError("The two are not the same; nothing was added.")
        try:
            validate_password(words, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return words
