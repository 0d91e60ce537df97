"""The register's pages against the floor, at growing sizes.

python -m tests.bench.register [--sizes 10000 100000] [--rounds 40] [--bare]

Fills DATABASE_URL, or a new SQLite file, and prints one Markdown table a size. `--bare` leaves the
history out, which fills faster and changes nothing for these pages.
"""

import argparse
import time
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection

from commitments.models import Commitment
from tests.bench.filling import fill
from tests.bench.timing import Page, table, time_all

FLOOR = "floor: 50 rows, plain template"


def pages() -> dict[str, Page]:
    """What is measured; the filtered pages name a party and an owner that have rows."""
    party = Commitment.objects.filter(state="open").order_by("id").values_list("obligor", flat=True)
    some = urlencode([("obligor", party[0]), ("state", "live")])
    return {
        FLOOR: Page("/floor/"),
        "register": Page("/register/"),
        "register, part for HTMX": Page("/register/", target="register"),
        "page 20": Page("/register/?page=20"),
        "overdue": Page("/register/?due=overdue"),
        "mine, live": Page("/register/?state=live&owner=me"),
        "one obligor, live": Page(f"/register/?{some}"),
        "one obligor, live, by title": Page(f"/register/?{some}&sort=title"),
        "not assessed, promised": Page("/register/?verdict=none&kind=promised"),
        "by reference, last first": Page("/register/?sort=-reference"),
        "by due": Page("/register/?sort=due"),
        "by state": Page("/register/?sort=state"),
        "by verdict": Page("/register/?sort=verdict"),
        "by title": Page("/register/?sort=title"),
        "by obligor": Page("/register/?sort=obligor"),
        "by owner": Page("/register/?sort=owner"),
        "a common word": Page("/register/?q=publish"),
        "a rare word": Page("/register/?q=1234"),
        "counts of the filter column": Page("/register/?counts=1", target="facets"),
    }


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--bare", action="store_true", help="without a history")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    for size in sorted(options.sizes):
        start = time.perf_counter()
        reader = fill(size, history=not options.bare)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        taken = time.perf_counter() - start
        print(f"\n{connection.vendor}, {size:,} commitments (filled in {taken:.0f} s)\n")
        print(table(time_all(pages(), reader, rounds=options.rounds), FLOOR), flush=True)


if __name__ == "__main__":
    main()
