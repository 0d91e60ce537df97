"""The page of one commitment: what was said, where it stands, what comes next, what happened.

At most twelve queries, however much there is: citations with their places are one, siblings and
links one, letters one, a page of the history one, and every name that any of them needs one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments import actions
from commitments.actions.citing import SETTLED
from commitments.forms.editing import ConfirmForm, NoteForm, RescheduleForm
from commitments.forms.fields import by_name
from commitments.forms.moves import MoveForm, bases
from commitments.models import Commitment, Party, Topic
from commitments.standing import BACKEND, JUDGE, actor_of, standing_of
from commitments.views.editing import NOTERS
from commitments.views.handling import address_of, found
from commitments.views.moves import DANGEROUS
from commitments.views.naming import Names, commitment_name, look_up, person_name, select
from commitments.views.next_step import Now, next_step
from commitments.views.related import beside, letters, ties
from commitments.views.request import office_today, reader_of
from commitments.views.sources import cited_since, load_citations, origins, sources
from commitments.views.timeline import MENTIONED, History, entries, load_history
from commitments.workflow import (
    BARRED_THEY,
    BARRED_YOU,
    Actor,
    Move,
    Standing,
    State,
    four_eyes,
    legal_moves,
)
from tracker import wording
from tracker.users.models import User

OWED_TO, ABOUT, WATCHERS, JUDGES = "owed to", "about", "watcher", "judge"


@dataclass(frozen=True)
class MoveHere:
    """A legal move with its form, ready to be sent from the page."""

    move: Move
    form: MoveForm
    address: str

    @property
    def danger(self) -> bool:
        return self.move.name in DANGEROUS


@dataclass(frozen=True)
class Judging:
    """Who may judge it, and who is barred and why; `me` is why this reader is barred, or ""."""

    may: list[str]
    barred: list[tuple[str, str]]
    me: str


@require_safe
def commitment(request: HttpRequest, name: str) -> HttpResponse:
    """The page. `?before=` shows older events."""
    row = found(request, name)
    if row.name != name:
        return HttpResponseRedirect(address_of(row))
    context = page(row, request)
    # Who watches it has now seen what happened so far.
    if context["watching"] and context["seen"] < context["history"].latest:
        actions.mark_seen(row, actor=reader_of(request))
    return render(request, "commitments/commitment.html", context)


def page(row: Commitment, request: HttpRequest) -> dict[str, Any]:
    """Everything the template names."""
    reader, today = reader_of(request), office_today()
    citations = load_citations(row, reader)
    shown = sources(citations, request.build_absolute_uri("/"))
    said = letters(row, reader, today)
    past = load_history(row, request.GET.get("before", ""))
    standing, actor = standing_of(row), actor_of(reader)
    names = _names(row, reader, past)
    judging = judging_of(standing, names, reader)
    moves = legal_moves(standing, actor)
    rights = rights_of(row, actor)
    offered = bases([one.citation for one in shown if one.seen], [one.item for one in said])
    now = Now(
        row,
        today,
        said,
        [move.name for move in moves],
        rights["work_on"],
        judging.may,
    )
    return {
        "section": "register",
        "commitment": row,
        "today": today,
        "owed_to": _listed(names, OWED_TO),
        "topics": _listed(names, ABOUT),
        **_watched(names, reader),
        "origins": origins(shown),
        "cited": cited_since(shown),
        "step": next_step(now),
        "moves": _forms(moves, row, reader, offered),
        "judging": judging,
        "rights": rights,
        "note_form": NoteForm(commitment=row, user=reader) if rights["note"] else None,
        "reading_form": ConfirmForm(commitment=row, user=reader),
        "reschedule_form": _reschedule_form(row, reader) if rights["work_on"] else None,
        "beside": beside(names, reader),
        "letters": said,
        "awaited": next((one.item.follow_up for one in said if one.awaited), None),
        "entries": entries(past, names, citations),
        "history": past,
        "slipped": slipped(row),
        "rests_on": dict(offered).get(row.reported_basis, ""),
    }


def _reschedule_form(row: Commitment, reader: User) -> RescheduleForm:
    return RescheduleForm(commitment=row, user=reader, auto_id="reschedule-%s")


def _names(row: Commitment, reader: User, past: History) -> Names:
    """Every name on the page that is not in the row itself."""
    judges = User.objects.with_perm(JUDGE, backend=BACKEND)
    return look_up(
        reader,
        past.ids(),
        select(OWED_TO, Party.objects.filter(is_owed=row), "name"),
        select(ABOUT, Topic.objects.filter(commitments=row), "name"),
        select(
            WATCHERS,
            User.objects.filter(watches__commitment=row),
            person_name(),
            F("watches__seen_seq"),
        ),
        *ties(row),
        *_mentioned(row, reader, past),
        select(JUDGES, judges, person_name()),
    )


def _mentioned(row: Commitment, reader: User, past: History) -> list[QuerySet[Any]]:
    """Those commitments that the notes of the history name and this reader may see."""
    wanted = Q(pk__in=[])
    for name in past.mentioned():
        wanted |= by_name(name)
    seen = Commitment.objects.visible_to(reader).filter(wanted)
    return [select(MENTIONED, seen, commitment_name())] if wanted != Q(pk__in=[]) else []


def _listed(names: Names, kind: str) -> list[tuple[int, str]]:
    return [(pk, name) for _, pk, name, _ in names.rows[kind]]


def _watched(names: Names, reader: User) -> dict[str, Any]:
    """Who watches it, whether this reader does, and the last event this reader has seen."""
    rows = names.rows[WATCHERS]
    mine = [seen for _, pk, _, seen in rows if pk == reader.pk]
    return {
        "watchers": [name for _, _, name, _ in rows],
        "watching": bool(mine),
        "seen": max(mine, default=0),
    }


def judging_of(standing: Standing, names: Names, reader: User) -> Judging:
    """Everybody who holds the right to judge, parted by the four-eyes rule."""
    may, barred, me = [], [], ""
    for pk, name in _listed(names, JUDGES):
        reasons = four_eyes(standing, pk)
        if not reasons:
            may.append(name)
            continue
        barred.append((name, wording.listed([BARRED_THEY[reason] for reason in reasons])))
        if pk == reader.pk:
            me = wording.listed([BARRED_YOU[reason] for reason in reasons])
    return Judging(may, barred, me)


def rights_of(row: Commitment, actor: Actor) -> dict[str, bool]:
    """What this person may do besides moves, as the actions will judge it."""
    held = actor.permissions
    correct = "commitments.correct_commitment" in held
    settled = row.state in SETTLED
    work = correct if settled else correct or "commitments.work_commitment" in held
    return {
        "work": work,
        "edit": work and not settled,
        "correct": correct and settled,
        "assign": work and "commitments.assign_commitment" in held,
        "reschedule": work and not settled,
        "work_on": not settled and "commitments.work_commitment" in held,
        "split": work and not settled and row.state != State.REPORTED,
        "note": any(name in held for name in NOTERS),
        "write": "commitments.work_commitment" in held and bool(row.reference),
    }


def _forms(
    moves: Iterable[Move], row: Commitment, reader: User, offered: list[tuple[str, Any]]
) -> list[MoveHere]:
    return [
        MoveHere(
            move,
            MoveForm(move=move, commitment=row, user=reader, offered=offered),
            reverse("move", args=[row.name, move.name]),
        )
        for move in moves
    ]


def slipped(row: Commitment) -> str:
    """How far the deadline moved since the first one: "3 months later", "unchanged", or "".

    Only latest days are compared; from or to a deadline without one it is only said to differ.
    """
    first, last = row.first_due_on, row.due_on
    if (row.due_text, row.due_edtf) == (row.first_due_text, row.first_due_edtf):
        return "unchanged" if first else ""
    if not (row.first_due_text or row.first_due_edtf):
        return "not stated at first" if row.reference else ""
    if first is None or last is None or first == last:
        return "changed since"
    if first < last:
        return f"{wording.span(first, last)} later now"
    return f"{wording.span(last, first)} earlier now"
