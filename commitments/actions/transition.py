"""The one function that makes a move, for page, API, admin, bulk edit, import and shell alike."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from commitments.actions.citing import copy_citations
from commitments.actions.core import Held, hold, keep
from commitments.actions.deadline import keep_first, set_deadline
from commitments.actions.linking import join
from commitments.actions.notices import notify
from commitments.actions.references import next_reference
from commitments.models import (
    Citation,
    CitationRole,
    Commitment,
    Direction,
    FollowUpItem,
    LinkKind,
)
from commitments.standing import actor_of, standing_of
from commitments.workflow import (
    MOVES,
    Asked,
    DismissedAs,
    Move,
    Standing,
    State,
    Verdict,
    bar,
    missing,
    road_after,
    target_of,
    unfit,
)
from tracker import clock, fuzzy
from tracker.ledger.models import Event
from tracker.refusals import NotAllowed, Refusal
from tracker.users.models import User

Data = Mapping[str, Any]
MUST_LIE_AHEAD = ("review_on", "reopens_on")


def transition(
    commitment: Commitment,
    move: str,
    *,
    actor: User,
    expected_version: int,
    data: Data | None = None,
    key: str = "",
) -> Commitment:
    """Make one move and return the commitment as it then stands.

    `data` holds what the move needs, by the names of the table, as typed values. Raises NotAllowed
    for a move this actor may not make, Refusal for one that is not possible or lacks something,
    Conflict where the version has moved on. A repeated `key` with the same content does nothing
    more.
    """
    asked = Asked(_move(move), dict(data or {}))
    others = [asked.data[name] for name in ("successor", "survivor") if asked.data.get(name)]
    with hold(
        commitment,
        actor=actor,
        action=move,
        expected_version=expected_version,
        key=key,
        asked=asked.data,
        also=others,
    ) as held:
        if held.again:
            return held.row
        standing = standing_of(held.row)
        _guard(held, asked, standing)
        EFFECTS.get(move, _nothing)(held, asked.data)
        held.row.came_from = road_after(asked.move, standing)
        held.row.state = target_of(asked.move, standing)
        _settle_verdict(held.row, asked)
        _check_planned(held.row)
        event = keep(held, move, str(asked.data.get("reason") or asked.data.get("note") or ""))
        AFTERWARDS.get(move, _nothing_after)(held, asked.data, event)
        return held.row


def _move(name: str) -> Move:
    if name not in MOVES:
        raise Refusal({"": f"There is no move called “{name}”."})
    return MOVES[name]


def _guard(held: Held, asked: Asked, standing: Standing) -> None:
    """Every rule that may forbid the move, before anything is changed."""
    refused = bar(asked.move, standing, actor_of(held.actor))
    if refused and refused.rule in ("state", "kind"):
        raise Refusal({"": refused.sentence})
    if refused:
        raise NotAllowed(refused.sentence)
    errors = missing(asked) | unfit(asked) | _past_dates(asked.data, clock.today())
    if errors:
        raise Refusal(errors)
    for name in ("successor", "survivor"):
        _check_other(held, asked.data.get(name), name)


def _past_dates(data: Data, today: date) -> dict[str, str]:
    return {
        name: "Choose a day from today on."
        for name in MUST_LIE_AHEAD
        if data.get(name) and data[name] < today
    }


def _check_other(held: Held, other: Commitment | None, name: str) -> None:
    """The commitment named must be another one, and one that this actor may see."""
    if other is None:
        return
    if other.pk == held.row.pk:
        raise Refusal({name: "Name another commitment, not this one."})
    seen = Commitment.objects.visible_to(held.actor).filter(pk=other.pk)
    if not seen.exclude(state=State.DISMISSED).exists():
        raise Refusal({name: "There is no such commitment, or it was dismissed."})


def _settle_verdict(row: Commitment, asked: Asked) -> None:
    """The only place that assigns a verdict: closed if and only if there is one."""
    if asked.move.target == State.CLOSED:
        row.verdict = asked.data["verdict"]
        row.closed_at = clock.now()
    elif row.state == State.CLOSED:
        row.verdict, row.verdict_before = row.verdict_before, ""
    else:
        if asked.move.target == State.DISMISSED:
            row.verdict_before = row.verdict
        row.verdict = ""


def _check_planned(row: Commitment) -> None:
    if row.live and row.due_on is None and row.review_on is None:
        raise Refusal(
            {"review_on": "It has no latest day, so give the day on which we look again."}
        )


def _nothing(held: Held, data: Data) -> None:
    return None


def _confirm(held: Held, data: Data) -> None:
    row = held.row
    row.obligor = data["obligor"]
    row.kind = data["kind"]
    row.success_criteria = data["success_criteria"].strip()
    set_deadline(row, data["due_text"], data.get("due_edtf") or "")
    row.review_on = data.get("review_on") or row.review_on
    if data.get("owner"):
        check_owner(row, data["owner"])
        row.owner = data["owner"]
    row.reference = row.reference or next_reference(clock.today().year)
    row.opened_at = clock.now()
    keep_first(row)


def check_owner(row: Commitment, owner: User) -> None:
    """Nobody can be made owner of what they cannot see, nor one who has left."""
    if not owner.is_active:
        raise Refusal({"owner": f"{owner} has left; choose somebody else."})
    if not Commitment.objects.visible_to(owner).filter(pk=row.pk).exists():
        raise Refusal({"owner": f"{owner} may not see this commitment."})


def _wait(held: Held, data: Data) -> None:
    held.row.condition = data["condition"].strip()
    held.row.review_on = data["review_on"]


def _report(held: Held, data: Data) -> None:
    row = held.row
    _check_basis(row, str(data["evidence"]))
    try:
        effective = fuzzy.parse(data["effective"])
    except ValueError as error:
        raise Refusal({"effective": str(error)}) from error
    if effective.earliest and effective.earliest > clock.today():
        raise Refusal({"effective": "What was done cannot take effect in the future."})
    row.reported_basis = str(data["evidence"])
    row.reported_effective = data["effective"]
    row.reported_at = clock.now()
    row.reported_by = held.actor


def _check_basis(row: Commitment, basis: str) -> None:
    """A report rests on a live citation of this commitment, or on an answer received."""
    kind, _, number = basis.partition(":")
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    if kind == "citation":
        cited = Citation.objects.filter(pk=pk, commitment=row, withdrawn_at=None)
        found = cited.exclude(role=CitationRole.CONTRADICTION).exists()
    else:
        answers = FollowUpItem.objects.filter(pk=pk, commitment=row)
        found = kind == "item" and answers.filter(follow_up__direction=Direction.RECEIVED).exists()
    if not found:
        raise Refusal({"evidence": "Choose one of this commitment's citations or replies."})


def _take_back(held: Held, data: Data) -> None:
    row = held.row
    row.reported_at = row.reported_by = None
    row.reported_basis = row.reported_effective = ""


def _close(held: Held, data: Data) -> None:
    if data["verdict"] == Verdict.NOT_PURSUED:
        held.row.reopens_on = data["reopens_on"]


def _confirm_period(held: Held, data: Data) -> None:
    row = held.row
    if data["period_until"] > clock.today():
        raise Refusal({"period_until": "A period can be judged once it is over."})
    row.period_outcome = data["outcome"]
    row.period_until = data["period_until"]
    row.review_on = data["review_on"]


def _reopen(held: Held, data: Data) -> None:
    row = held.row
    row.opened_at = clock.now()
    row.reopens_on = row.closed_at = None
    row.reported_at = row.reported_by = None
    row.reported_basis = row.reported_effective = ""
    row.review_on = data.get("review_on") or row.review_on


def _dismiss(held: Held, data: Data) -> None:
    held.row.dismissed_as = data["dismissed_as"]


def _restore(held: Held, data: Data) -> None:
    held.row.dismissed_as = ""
    held.row.merged_into = None
    held.row.review_on = data.get("review_on") or held.row.review_on


def _void(held: Held, data: Data) -> None:
    held.row.dismissed_as = DismissedAs.VOIDED


def _merge(held: Held, data: Data) -> None:
    held.row.dismissed_as = DismissedAs.MERGED
    held.row.merged_into = data["survivor"]


def _nothing_after(held: Held, data: Data, event: Event) -> None:
    return None


def _tell_owner(held: Held, data: Data, event: Event) -> None:
    """Being made the owner is a direct request."""
    notify("assigned", held.row, [held.row.owner], f"{held.actor} assigned it to you.", event)


def _tell_sent_back(held: Held, data: Data, event: Event) -> None:
    words = f"{held.actor} sent it back: {data['reason']}"
    notify("sent-back", held.row, [held.row.owner, held.row.reported_by], words, event)


def _link_successor(held: Held, data: Data, event: Event) -> None:
    if data["verdict"] == Verdict.SUPERSEDED:
        join(data["successor"], held.row, LinkKind.SUPERSEDES, held.actor)


def _link_duplicate(held: Held, data: Data, event: Event) -> None:
    if data.get("survivor"):
        join(held.row, data["survivor"], LinkKind.DUPLICATES, held.actor)


def _carry_over(held: Held, data: Data, event: Event) -> None:
    join(held.row, data["survivor"], LinkKind.DUPLICATES, held.actor)
    copy_citations(held.row, data["survivor"], held.actor, f"Merged from {held.row.name}.")


EFFECTS: dict[str, Callable[[Held, Data], None]] = {
    "confirm": _confirm,
    "wait": _wait,
    "report": _report,
    "take_back": _take_back,
    "close": _close,
    "close_without_delivery": _close,
    "confirm_period": _confirm_period,
    "reopen": _reopen,
    "dismiss": _dismiss,
    "restore": _restore,
    "void": _void,
    "merge": _merge,
}
AFTERWARDS: dict[str, Callable[[Held, Data, Event], None]] = {
    "confirm": _tell_owner,
    "send_back": _tell_sent_back,
    "close": _link_successor,
    "close_without_delivery": _link_successor,
    "dismiss": _link_duplicate,
    "merge": _carry_over,
}
