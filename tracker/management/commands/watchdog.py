"""`manage.py watchdog`: whether reminders still come; for a cron outside of Tracker."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from commitments.reminding.watchdog import findings
from tracker import clock


class Command(BaseCommand):
    """Says nothing is wrong and ends with 0, or what is wrong and ends with 1."""

    help = "Say what is wrong with reminders and mail; the exit code is 1 if anything is."

    def handle(self, *args: Any, **options: Any) -> None:
        found = findings(clock.now())
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            sys.exit(1)
        self.stdout.write("Reminders run: the last tick is recent, and no mail is stuck.")
