"""manage.py demo_data: what the demonstration adds to the loaded records."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.demo_data import add_demo_data
from tracker.users.models import User


class Command(BaseCommand):
    help = "Share the owning among the demo staff, spread review dates, log two demo letters."

    def handle(self, *args: Any, **options: Any) -> None:
        people = {user.username: user for user in User.objects.all()}
        missing = [name for name in ("olga", "otto", "amir") if name not in people]
        if missing:
            raise CommandError(f"The demo account “{missing[0]}” is missing; use manage.py demo.")
        added = add_demo_data([people["olga"], people["otto"]], people["amir"])
        self.stdout.write("Added the demo's owners and letters." if added else "Nothing to do.")
