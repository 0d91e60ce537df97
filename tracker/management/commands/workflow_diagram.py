"""`manage.py workflow_diagram`: the workflow as a picture, read from the table of moves."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from commitments.workflow import drawing
from tracker import generated


class Command(BaseCommand):
    """Print the diagram, or write every generated part of the documentation anew."""

    help = "Print the workflow as a Mermaid diagram; --write renews README.md and docs/."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--write",
            action="store_true",
            help="renew every part of README.md and docs/ that is read from the code",
        )

    def handle(self, *args: Any, write: bool, **options: Any) -> None:
        if not write:
            self.stdout.write(drawing.diagram())
            return
        for path in generated.pages():
            page = path.read_text(encoding="utf-8")
            renewed = generated.filled(page)
            if renewed != page:
                path.write_text(renewed, encoding="utf-8")
                self.stdout.write(f"Renewed {path.relative_to(settings.BASE_DIR)}.")
