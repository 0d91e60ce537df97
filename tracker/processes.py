"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 10.0  # seconds for the children to end in order
PAUSE = 0.1  # seconds between two looks at the children


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """What a child runs between fork and exec so that it is signalled when its parent ends.

    Even a parent killed with SIGKILL cannot leave it behind. Linux only: elsewhere the answer does
    nothing, and only a parent that ends in an orderly way stops its children.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    # Loaded before the fork: a child may not load libraries between fork and exec.
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arm() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)

    return arm


def end_groups(processes: Iterable[subprocess.Popen[bytes]], patience: float = PATIENCE) -> None:
    """End children that each lead a process group, and whatever is left of their groups.

    First SIGTERM to each child, which stops its own workers in order; after `patience` seconds in
    all, or once it is gone, SIGKILL to everything still in its group.
    """
    processes = list(processes)
    end = time.monotonic() + patience
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.0, end - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass
class Part:
    """One child of a crew: what it is called, how it is started, where its output goes."""

    name: str
    command: list[str]
    log: Path
    files: tuple[int, ...] = ()  # descriptors it inherits
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it as the leader of a process group, so that a Ctrl-C is the parent's alone."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.files,
                preexec_fn=die_with_parent(),
            )


class Crew:
    """Children that live and die together, as a context manager.

    Inside the context the signals that stop a program only set `asked`; on the way out, whatever
    the reason, every child and every child's child is ended.
    """

    def __init__(self, parts: Iterable[Part], environment: Mapping[str, str]) -> None:
        self.parts = list(parts)
        self.environment = environment
        self.asked = False
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> "Crew":
        for number in STOPPING:
            self._before[number] = signal.signal(number, self._ask)
        try:
            for part in self.parts:
                part.start(self.environment)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        end_groups(part.process for part in self.parts if hasattr(part, "process"))
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def ended(self) -> Part | None:
        """The first child found to have ended by itself."""
        return next((part for part in self.parts if part.process.poll() is not None), None)

    def wait(self, until: Callable[[], bool], limit: float | None = None) -> bool:
        """Wait for `until`; False if a child ends, somebody asks to stop or the time is up.

        `limit` is in seconds.
        """
        end = None if limit is None else time.monotonic() + limit
        while not until():
            if self.asked or self.ended() or (end is not None and time.monotonic() > end):
                return False
            time.sleep(PAUSE)
        return True
