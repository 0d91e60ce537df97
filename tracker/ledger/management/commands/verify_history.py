"""`manage.py verify_history`: read the whole history and say whether it holds together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections

from tracker.ledger.findings import Counts
from tracker.ledger.verifying import verify


class Command(BaseCommand):
    help = (
        "Check every event, body, stream head and recorded row against the chain. One line per"
        " finding and exit code 1, or the counts and exit code 0."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stream", default="", help="One stream only, like commitment:42.")
        parser.add_argument(
            "--database",
            default=DEFAULT_DB_ALIAS,
            choices=list(connections),
            help="The database's name in the settings; “%(default)s” unless said otherwise.",
        )

    def handle(self, *args: Any, stream: str, database: str, **options: Any) -> None:
        counts, findings = Counts(), 0
        for finding in verify(stream=stream, using=database, counts=counts):
            self.stdout.write(str(finding))
            findings += 1
        if stream and not (counts.streams or findings):
            raise CommandError(f"there is no stream “{stream}”")
        self.stdout.write(
            f"{counts.streams} streams, {counts.events} events ({counts.redacted} redacted),"
            f" {counts.rows} rows compared"
        )
        if findings:
            raise CommandError(f"findings: {findings}; the history does not hold together")
        self.stdout.write("chain intact; not compared with an outside checkpoint")
