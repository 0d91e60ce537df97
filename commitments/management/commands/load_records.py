"""manage.py load_records FOLDER: load records and the commitments found in them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.loading import BadRecords, load_records
from tracker.users.models import User


class Command(BaseCommand):
    help = "Load a folder of records with its commitments.json; a second run writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = User.objects.filter(username="tracker").first()
        if actor is None:
            raise CommandError("The account “tracker” is missing; run migrate first.")
        try:
            written = load_records(options["folder"], actor)
        except BadRecords as error:
            raise CommandError(f"{error} Nothing was loaded.") from error
        if not written.total():
            self.stdout.write("Nothing to do: everything is loaded already.")
            return
        counts = ", ".join(f"{count} {what}" for what, count in sorted(written.items()) if count)
        self.stdout.write(self.style.SUCCESS(f"Loaded {counts}."))
