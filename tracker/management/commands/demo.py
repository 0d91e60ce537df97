"""`manage.py demo`: Tracker on this machine, with the real records and people to sign in as."""

import os
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from tracker import demo
from tracker.processes import Crew
from tracker.tasks import tick

STARTING = 60.0  # seconds for the web server to answer
LAST_LINES = 15  # of a log, shown when its process has ended


class Command(BaseCommand):
    """Fill the demo's database, run its two processes, and leave neither behind."""

    help = "Run Tracker on this machine with the real records; Ctrl-C stops everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
        parser.add_argument("--port", type=int, default=8000, help="the first port to try")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Start the demo with ./start or “python manage.py demo”.")
        try:
            with demo.sole(settings.VAR_DIR / "demo.lock") as lock:
                bound = demo.listen(demo.loopback(options["host"]), options["port"])
                lock.write(f"{demo.address(bound)}/ (process {os.getpid()})\n")
                lock.flush()
                with demo.stopping_at_once():
                    known = self.fill()
                self.run(bound, known)
        except demo.Unfit as unfit:
            raise CommandError(str(unfit)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped before it was up.", returncode=130) from None

    def fill(self) -> Mapping[str, str]:
        """Tables, records, people; each step finds out by itself what there is left to do."""
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        known = demo.passwords(settings.VAR_DIR / "demo-logins.json")
        demo.people(known)
        commands = get_commands()
        if "load_records" in commands:
            call_command("load_records", str(settings.BASE_DIR / "seeds"), stdout=self.stdout)
        if "demo_data" in commands:
            call_command("demo_data", stdout=self.stdout)
        return known

    def run(self, bound: Any, known: Mapping[str, str]) -> None:
        """Run until somebody asks to stop; a child that ends by itself is an error."""
        url = demo.address(bound)
        environment = os.environ | {"TRACKER_DEMO": "true", "SITE_URL": url}
        parts = demo.parts(bound, settings.VAR_DIR / "log")
        with Crew(parts, environment) as crew:
            if crew.wait(lambda: demo.answers(url), limit=STARTING):
                self.welcome(url, known)
                tick.apply_async(expires=25)  # the beat's first one is half a minute away
                crew.wait(lambda: False)
            ended = None if crew.asked else crew.ended()
            asked = crew.asked
            self.stdout.write("\nStopping …")
        bound.close()
        if ended:
            raise CommandError(
                f"The {ended.name} ended by itself (exit code {ended.process.returncode}), so the"
                f" demo is stopped. The end of {ended.log}:\n{tail(ended.log)}"
            )
        if not asked:
            raise CommandError(f"The web server did not answer within {STARTING:.0f} seconds.")
        self.stdout.write("Stopped; nothing is left running.")

    def welcome(self, url: str, known: Mapping[str, str]) -> None:
        """The address and the logins."""
        lines = [f"\nTracker runs at {url}/  (on this machine only)\n", "Sign in as:"]
        lines += [
            f"  {login.username:<6} {known[login.username]:<16} {login.says}"
            for login in demo.PEOPLE
        ]
        var = os.path.relpath(settings.VAR_DIR)
        lines += [
            f"\nMail is kept in {var}/outbox and sent to nobody; logs are in {var}/log.",
            "Ctrl-C stops everything.",
        ]
        self.stdout.write("\n".join(lines))


def tail(log: Path) -> str:
    """The last lines of a log."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-LAST_LINES:])
