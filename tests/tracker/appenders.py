"""A process that writes history: `python -m tests.tracker.appenders append 6 20` or `… hold 3`.

`append` starts so many threads, each of which opens so many transactions over two random people;
`hold` opens one over the person with that id, says so, and waits to be killed.
"""

import sys
import threading
import time
from random import Random

import django
from django.db import connection

django.setup()

from tracker.ledger.writing import record, transaction  # noqa: E402
from tracker.users.models import User  # noqa: E402


def append(threads: int, transactions: int) -> int:
    """Run the threads; the answer is how many of them failed."""
    failures: list[BaseException] = []
    pool = [threading.Thread(target=work, args=(transactions, failures)) for _ in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    for failure in failures:
        print(repr(failure), file=sys.stderr)
    return len(failures)


def work(transactions: int, failures: list[BaseException]) -> None:
    die = Random()
    try:
        everybody = list(User.objects.filter(is_staff=True).values_list("pk", flat=True))
        for _ in range(transactions):
            edit_both(die.sample(everybody, 2), die)
    except Exception as failure:
        failures.append(failure)
    finally:
        connection.close()


def edit_both(pks: list[int], die: Random) -> None:
    with transaction(*(f"user:{pk}" for pk in pks)):
        for user in User.objects.filter(pk__in=pks):
            user.digest_hour = die.randrange(24)
            user.save()
            record(user, actor=user, action="edit")


def hold(pk: int) -> None:
    with transaction(f"user:{pk}"):
        user = User.objects.get(pk=pk)
        record(user, actor=user, action="lost")
        print("holding", flush=True)
        time.sleep(60)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[2:]]
    if sys.argv[1] == "hold":
        hold(*numbers)
    sys.exit(append(*numbers))
