"""The rows of a list of commitments, made ready for a template that only prints.

Fifty rows of explicit columns, each shaped once here, cost a fraction of fifty model instances and
of a part included for every cell. State, verdict and deadline come as finished HTML: the same few
stand on every page and are made once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commitments.standing_words import DueWords, due_words
from commitments.workflow import State, Verdict
from tracker import wording

COLUMNS = (
    "id",
    "reference",
    "title",
    "obligor__name",
    "due_text",
    "due_edtf",
    "due_on",
    "due_confirmed",
    "review_on",
    "state",
    "verdict",
    "owner__first_name",
    "owner__username",
    "owner__is_active",
)
KEPT = 4096
STATES = {
    state: format_html('<span class="state" data-state="{}">{}</span>', state, label)
    for state, label in State.choices
}
VERDICTS = {
    verdict: format_html('<span class="verdict" data-verdict="{}">{}</span>', verdict, label)
    for verdict, label in Verdict.choices
} | {"": format_html('<span class="none">–<span class="vh"> {}</span></span>', "not assessed")}


@dataclass(frozen=True, slots=True)
class Row:
    """One commitment in a list."""

    name: str
    url: str
    title: str
    obligor: str
    due: SafeString
    state: SafeString
    judged: bool
    verdict: SafeString
    owner: str


def name_of(values: Mapping[str, Any]) -> str:
    """The name that stands in addresses, as Commitment.name."""
    return values["reference"] or f"candidate-{values['id']}"


def owner_of(values: Mapping[str, Any]) -> str:
    """The owner as people say it; who has left is marked."""
    owner = values["owner__first_name"] or values["owner__username"]
    if owner is None:
        return "No owner"
    return owner if values["owner__is_active"] else f"{owner} (left)"


@lru_cache(maxsize=KEPT)
def due_cell(due: DueWords, away: str = "") -> SafeString:
    """A deadline in lines, as components/due.html sets it; `away` is how far off it is."""
    words = format_html('<q class="words">{}</q>', due.words) if due.words else ""
    lines = [("" if due.read else "none", due.reading), ("late", due.late), ("none", away)]
    shown = format_html_join("", '<span class="{}">{}</span>', (line for line in lines if line[1]))
    review = review_line(due.review_on) if due.review_on else ""
    return format_html('<span class="due">{}{}{}</span>', words, shown, review)


def review_line(on: date) -> SafeString:
    """The day of the next review."""
    return format_html(
        '<span class="none">review <time datetime="{}">{}</time></span>',
        on.isoformat(),
        wording.day(on),
    )


def rows(found: Iterable[Mapping[str, Any]], today: date) -> list[Row]:
    """The rows of a page from the values of COLUMNS."""
    before, _, after = reverse("commitment", args=["NAME"]).partition("NAME")
    return [
        Row(
            name=name_of(values),
            url=f"{before}{name_of(values)}{after}",
            title=values["title"],
            obligor=values["obligor__name"] or "–",
            due=due_cell(due_words(values, today)),
            state=STATES[values["state"]],
            judged=bool(values["verdict"]),
            verdict=VERDICTS[values["verdict"]],
            owner=owner_of(values),
        )
        for values in found
    ]
