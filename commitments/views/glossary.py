"""The words of the product, read from the workflow's table: nothing here is written twice."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.forms.moves import FIELDS, VERDICT_HINTS
from commitments.models import CitationRole, LinkKind, Position, Strength
from commitments.querysets import SOON_DAYS, STALE_DAYS
from commitments.workflow import ASKED, MOVES, PROMISED, Move, State, Verdict

STATES = {
    State.CANDIDATE: "Captured from a record; not confirmed, and without a reference.",
    State.OPEN: "Confirmed, with a reference; nobody has begun to follow it up.",
    State.IN_PROGRESS: "We are following it up with the obligor.",
    State.WAITING: "Nothing can be asked until a condition is met.",
    State.REPORTED: "It is said to be done, with evidence; an auditor is to judge.",
    State.CLOSED: "An auditor gave a verdict.",
    State.DISMISSED: "It is not followed up; it can be restored.",
}
# What is worked out from facts and dates, and stored nowhere.
DERIVED = {
    "Overdue": "The latest day its deadline allows is past, somebody stands by the reading, and it"
    " is neither reported nor closed.",
    "Due soon": f"Its latest day, or its review, lies within {SOON_DAYS} days.",
    "In window": "Today lies between the first and the latest day its deadline allows.",
    "Undated": "Its deadline has no latest day; it has a review date instead.",
    "Stale": f"Live, and nothing has happened to it for more than {STALE_DAYS} days.",
    "Unowned": "It has no owner, or its owner has left.",
    "Orphaned passage": "Words that a newer text of their document no longer has in their place.",
}


@dataclass(frozen=True)
class Row:
    """One move as the glossary shows it."""

    move: Move
    sources: list[str]
    target: str
    who: str
    needs: list[str]
    takes: list[str]


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """States, verdicts, moves and the words that are derived."""
    rights = dict(Permission.objects.values_list("codename", "name"))
    context = {
        "section": "glossary",
        "states": [(state, STATES[state]) for state in State],
        "verdicts": [(verdict, VERDICT_HINTS[verdict]) for verdict in Verdict],
        "moves": [_row(move, rights) for move in MOVES.values()],
        "derived": DERIVED.items(),
        "promised": [kind.label for kind in PROMISED],
        "asked": [kind.label for kind in ASKED],
        "strengths": [strength.label for strength in Strength],
        "roles": [role.label for role in CitationRole],
        "links": [kind.label for kind in LinkKind],
        "positions": [position.label for position in Position],
    }
    return render(request, "commitments/glossary.html", context)


def _row(move: Move, rights: dict[str, str]) -> Row:
    codename = move.permission.partition(".")[2]
    return Row(
        move=move,
        sources=[state.label for state in move.sources],
        target=move.target.label if move.target else "the state it came from",
        who=rights.get(codename, codename).removeprefix("Can ").capitalize(),
        needs=[_label(name) for name in move.needs],
        takes=[_label(name) for name in move.takes],
    )


def _label(name: str) -> str:
    label = str(FIELDS[name]().label)
    return label[:1].lower() + label[1:]
