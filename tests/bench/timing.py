"""What every benchmark shares: the pages asked in turn, honest medians, and a table of them."""

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.users.models import User


@dataclass(frozen=True)
class Page:
    """An address, and the part of it that HTMX would ask for."""

    address: str
    target: str = ""


@dataclass(frozen=True)
class Timed:
    """How one page did: milliseconds, queries and bytes.

    `cpu` is the median of what this process worked for it; unlike the time on the clock it hardly
    depends on what else the machine does. It holds SQLite, but not the work of a server.
    """

    name: str
    median: float
    p95: float
    cpu: float
    queries: int
    size: int


def time_all(pages: Mapping[str, Page], reader: User, *, rounds: int) -> list[Timed]:
    """Ask for every page in turn, `rounds` times, so that a slow moment hits all alike."""
    client = Client(headers={"host": "localhost"})
    client.force_login(reader)
    taken: dict[str, list[tuple[float, float]]] = {}
    queries, sizes = {}, {}
    for name, page in pages.items():
        taken[name] = []
        for _ in range(3):
            _ask(client, page)
        with CaptureQueriesContext(connection) as captured:
            sizes[name] = _ask(client, page)[2]
        queries[name] = len(captured)
    for _ in range(rounds):
        for name, page in pages.items():
            taken[name].append(_ask(client, page)[:2])
    return [_timed(name, times, queries[name], sizes[name]) for name, times in taken.items()]


def _timed(name: str, times: list[tuple[float, float]], queries: int, size: int) -> Timed:
    clock, cpu = [pair[0] for pair in times], [pair[1] for pair in times]
    p95 = statistics.quantiles(clock, n=20)[-1]
    return Timed(name, statistics.median(clock), p95, statistics.median(cpu), queries, size)


def _ask(client: Client, page: Page) -> tuple[float, float, int]:
    """Milliseconds on the clock and of work, and the bytes, of one answer."""
    headers = {"HX-Request": "true", "HX-Target": page.target} if page.target else {}
    start, worked = time.perf_counter(), time.process_time()
    response = client.get(page.address, headers=headers)
    taken, cpu = time.perf_counter() - start, time.process_time() - worked
    if response.status_code != 200:
        raise RuntimeError(f"{page.address} answered {response.status_code}")
    return taken * 1000, cpu * 1000, len(response.content)


def table(timed: list[Timed], floor: str) -> str:
    """The figures as a Markdown table, with the ratios to the page named `floor`."""
    base = next(row for row in timed if row.name == floor)
    lines = [
        "| page | median ms | p95 ms | × floor | CPU ms | × floor | queries | kB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.name} | {row.median:.1f} | {row.p95:.1f} | {row.median / base.median:.1f} "
        f"| {row.cpu:.1f} | {row.cpu / base.cpu:.1f} | {row.queries} | {row.size / 1000:.1f} |"
        for row in timed
    ]
    return "\n".join(lines)
