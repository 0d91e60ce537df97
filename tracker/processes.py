"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

PR_SET_PDEATHSIG = 1  # linux/prctl.h


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


def end_group(process: subprocess.Popen[bytes], patience: float) -> None:
    """End a child that leads its own process group, and whatever is left of that group.

    First SIGTERM to the child, which stops its own workers in order; after `patience` seconds, or
    once it is gone, SIGKILL to everything still in the group.
    """
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=patience)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
