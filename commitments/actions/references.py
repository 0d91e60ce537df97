"""References: C-YEAR-NUMBER, gapless, given out under lock, never taken back."""

from commitments.models import ReferenceYear


def next_reference(year: int) -> str:
    """The next reference of a year; call it inside the transaction that opens the commitment.

    The year's row stays locked until that transaction ends, so that a number is only ever used
    or, with everything else, rolled back.
    """
    ReferenceYear.objects.bulk_create([ReferenceYear(year=year)], ignore_conflicts=True)
    counter = ReferenceYear.objects.select_for_update().get(pk=year)
    counter.last += 1
    counter.save()
    return f"C-{year}-{counter.last:04d}"
