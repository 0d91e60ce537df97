"""An installation by hand: the processes of docker-compose.yml, on servers of the tests' own.

The commands, their settings and their health checks are read from docker-compose.yml and from the
Dockerfile, so that what is proved here is what is shipped.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tests.servers import free_port
from tracker.processes import die_with_parent, end_groups

ROOT = Path(settings.BASE_DIR)
HOST = "tracker.example.eu"
PATIENCE = 60.0  # seconds
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


class Installation:
    """Migrate, web, worker and beat, as a context manager; on leaving it every process ends.

    `database`, `broker` and `mail` are URLs; `folder` stands for the named volume; `environment`
    comes on top, for every process.
    """

    def __init__(
        self,
        *,
        database: str,
        broker: str,
        mail: str,
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
            "services"
        ]
        default = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.M)
        assert default
        self.default: list[str] = json.loads(default[1])
        programs = Path(sys.executable).parent
        self.environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.environment |= {
            "PATH": f"{programs}:{self.environment['PATH']}",
            "TRACKER_VAR": str(folder),
            "STATIC_ROOT": str(folder / "static"),
            "SECRET_KEY": "only for this test, and long enough to pass for a real key",
            "ALLOWED_HOSTS": HOST,
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": broker,
            "EMAIL_URL": mail,
            "BEHIND_TLS_PROXY": "true",
            "BIND": f"127.0.0.1:{self.port}",
            **(environment or {}),
        }

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, *exception: object) -> None:
        end_groups(self.running.values())

    @property
    def url(self) -> str:
        """Where the web server listens, behind the proxy that is not there."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, service: str) -> list[str]:
        """What this service runs."""
        found: list[str] = self.services[service].get("command", self.default)
        return found

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the installation to its end."""
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def prepare(self) -> None:
        """What the build of the image and the service migrate do."""
        for command in (
            ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            self.command("migrate"),
        ):
            ended = self.run(*command)
            assert ended.returncode == 0, ended.stderr

    def start(self, service: str, *more: str, name: str = "") -> subprocess.Popen[bytes]:
        """Start a service, with `more` on its command line; `name` tells two of a kind apart."""
        with (self.folder / f"{name or service}.log").open("ab") as log:
            process = subprocess.Popen(
                [*self.command(service), *more],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        self.running[name or service] = process
        return process

    def kill(self, name: str) -> None:
        """End a process and its children as a power cut would."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()

    def log(self, name: str) -> str:
        """What that process has printed so far."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    def healthy(self, service: str) -> str:
        """What its health check complains about; "" if it passes."""
        check = self.services[service]["healthcheck"]["test"]
        ended = self.run(*check[1:])
        return "" if ended.returncode == 0 else ended.stderr or "exit code without a sentence"

    def wait_until(self, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait for something to become true; `patience` is in seconds."""
        end = time.monotonic() + patience
        while not condition():
            logs = "\n".join(f"--- {name}\n{self.log(name)}" for name in self.running)
            assert time.monotonic() < end, logs
            time.sleep(0.1)
