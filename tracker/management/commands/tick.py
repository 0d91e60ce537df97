"""`manage.py tick`: what the beat asks for every 30 seconds, done here and now, without Celery."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.tasks import run_steps


class Command(BaseCommand):
    """For an office without Celery: call it from cron, every minute or every five."""

    help = "Plan reminders, make the mail that is due and send it, once and at once."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = run_steps()
        if failed:
            raise CommandError(
                f"Not everything could be done: {', '.join(failed)}. The log says why."
            )
        self.stdout.write("Everything that was due is done.")
