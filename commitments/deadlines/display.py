"""How a deadline's reading is shown beside the words of the record."""

from commitments.deadlines.reading import LANGUAGES, read, whole_wording
from tracker.fuzzy import Point, ends, in_words, since, until


def describe(due_text: str, due_edtf: str) -> str:
    """The reading for display after the words: "by 31 March 2019 (month)", "about December 2021",
    "from 1 June 2019 on"; without a reading, in a few words why there is none.

    Raises ValueError when `due_edtf` is not an EDTF date of tracker/fuzzy.py.
    """
    first, last = ends(due_edtf)
    if last:
        return _by(last, open_start=first is None) + _vagueness(first, last)
    return f"from {since(first)} on" if first else _without_date(due_text)


def _by(last: Point, *, open_start: bool) -> str:
    """An end that is only about right is not made to look like a limit, unless the words set one
    or it is told to the day."""
    if last.mark and last.precision != "day" and not open_start:
        return in_words(last)
    return f"by {until(last)}"


_MONTHS = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}


def _vagueness(first: Point | None, last: Point) -> str:
    """Why the day is not in the words, for a limit told in months or years: " (month)"."""
    if last.mark or last.precision == "day":
        return ""
    if first is None or first == last:
        return f" ({last.precision})"
    months = (last.latest.year - first.earliest.year) * 12 + last.latest.month
    months -= first.earliest.month - 1
    whole = first.precision == last.precision == "month" and not first.mark
    aligned = months in _MONTHS and (first.earliest.month - 1) % months == 0
    return f" ({_MONTHS[months]})" if whole and aligned else ""


def _without_date(words: str) -> str:
    reading = read(words, "")
    wording = whole_wording(words)
    if reading.status == "none":
        return "none stated"
    if any(wording in language.repeated for language in LANGUAGES):
        return "no interval stated"
    if reading.status == "vague":
        return "not read as a date"
    for kind, shown in _OPENINGS:
        if any(_opens(wording, getattr(language, kind)) for language in LANGUAGES):
            return shown
    return "not read as a date"


_OPENINGS = (
    ("condition", "on a condition"),
    ("before", "before an undated event"),
    ("after", "after an undated event"),
)


def _opens(wording: str, openings: tuple[str, ...]) -> bool:
    return any(wording.startswith(f"{opening} ") for opening in openings)
