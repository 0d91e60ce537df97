"""A register in which a given number of reminders fall due today, with a history that verifies."""

from datetime import timedelta

from commitments.models import Commitment, DueBasis, Party, PartyKind, ReadBy, ReminderRule
from commitments.workflow import Kind, State
from tracker import clock, wording
from tracker.ledger.writing import record_many, transaction
from tracker.users.models import DigestDays, User

# The rules that speak of a coming deadline, and how far off it then is.
RULES = {"due-today": 0, "due-in-7-days": 7, "due-in-30-days": 30}
BATCH = 2_000


def fill(people: int, notices: int) -> None:
    """So many owners, and one commitment for each notice, shared out evenly."""
    ReminderRule.objects.exclude(code__in=RULES).update(active=False)
    actor = User.objects.get(username="tracker")
    owners = User.objects.bulk_create(
        User(
            username=f"reader{number:05}",
            first_name=f"Reader {number}",
            email=f"reader{number:05}@office.example",
            password="!",  # nobody signs in
            digest_hour=0,
            digest_days=DigestDays.DAILY,
        )
        for number in range(people)
    )
    obligor = Party.objects.create(name="Facebook", kind=PartyKind.COMPANY)
    with transaction():
        record_many(owners, actor=actor, action="add")
        record_many([obligor], actor=actor, action="enter")
    for start in range(0, notices, BATCH):
        numbers = range(start, min(start + BATCH, notices))
        rows = [_row(number, owners[number % people], obligor) for number in numbers]
        with transaction():
            Commitment.objects.bulk_create(rows)
            record_many(rows, actor=actor, action="confirm")


def _row(number: int, owner: User, obligor: Party) -> Commitment:
    today = clock.today()
    due_on = today + timedelta(days=[*RULES.values()][number % len(RULES)])
    return Commitment(
        reference=f"C-2020-{number + 1:06}",
        title=f"Keep promise no. {number + 1}",
        obligor=obligor,
        kind=Kind.PLEDGE,
        owner=owner,
        success_criteria="A public page that shows it",
        due_text=f"by {wording.day(due_on)}",
        due_edtf=due_on.isoformat(),
        due_from=due_on,
        due_on=due_on,
        due_basis=DueBasis.SENTENCE,
        due_read_by=ReadBy.GRAMMAR,
        due_confirmed=True,
        due_set_on=today - timedelta(days=365),
        state=State.OPEN,
        opened_at=clock.now(),
        schedule_changed_at=clock.now() - timedelta(days=365),
        active_on=today,
        captured_at=clock.now(),
    )
