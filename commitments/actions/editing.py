"""Change what is said of a commitment: capture, edit, correct, assign, reschedule, note, split."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from commitments.actions.citing import copy_citations, may_change, new_citation
from commitments.actions.core import Held, fingerprint, hold, keep, require, set_fuzzy
from commitments.actions.deadline import keep_first, set_deadline, set_stated_deadline
from commitments.actions.notices import notify
from commitments.actions.references import next_reference
from commitments.actions.transition import check_owner
from commitments.models import CitationRole, Commitment, DueBasis, Party
from commitments.workflow import State
from documents.models import Document, Passage
from tracker import clock
from tracker.ledger.models import Event
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import record, replay, transaction
from tracker.refusals import Refusal
from tracker.users.models import User

MANY = ("beneficiaries", "topics")
OWN = (
    "title",
    "obligor",
    "on_behalf_of",
    "requested_by",
    "kind",
    "strength",
    "strength_words",
    "priority",
    "priority_reason",
    "success_criteria",
    "condition",
    "made_on",
    "note",
    "restricted_to",
    *MANY,
)
DEADLINE = ("due_text", "due_edtf", "due_basis", "due_read_by")
AT_CAPTURE = (*OWN, *DEADLINE, "review_on", "owner", "confidence", "import_key")
MENTION = re.compile(r"(?<!\w)@([\w.+-]*\w)")


def capture(
    *,
    actor: User,
    title: str,
    document: Document,
    passage: Passage | None = None,
    values: Mapping[str, Any] | None = None,
    key: str = "",
) -> Commitment:
    """Enter a candidate that hangs on a passage (or on a whole document).

    `values` may hold any field of its own. A deadline given as words alone is read by the
    grammar; given with `due_read_by` it is taken as it stands.
    """
    require(
        actor,
        "commitments.capture_commitment",
        sentence="Capturing commitments is for oversight staff and administrators.",
    )
    given = dict(values or {})
    _check_known(given, AT_CAPTURE)
    asked = fingerprint("capture", {**given, "title": title, "passage": passage})
    with transaction(stream_of(document)):
        earlier = _captured_before(actor, key, asked)
        if earlier:
            return earlier
        document = Document.objects.visible_to(actor).in_force().get(pk=document.pk)
        row = Commitment(
            captured_at=clock.now(), schedule_changed_at=clock.now(), active_on=clock.today()
        )
        _set_own(row, {**given, "title": title}, actor)
        _set_at_capture(row, given)
        row.save(force_insert=True)
        _set_many(row, given)
        new_citation(row, actor, document, passage, CitationRole.ORIGIN)
        record(row, actor=actor, action="capture", key=key, request_hash=asked if key else "")
    return row


def _captured_before(actor: User, key: str, asked: str) -> Commitment | None:
    """The candidate that the same form already gave rise to."""
    if not key:
        return None
    event = Event.objects.filter(actor=actor, key=key, action="capture").first()
    if event is None:
        return None
    replay(event.stream, actor, key, asked)
    return Commitment.objects.visible_to(actor).get(pk=int(event.stream.partition(":")[2]))


def _set_at_capture(row: Commitment, given: Mapping[str, Any]) -> None:
    for name in ("confidence", "import_key", "review_on", "owner"):
        if given.get(name) is not None:
            setattr(row, name, given[name])
    if given.get("due_read_by") or given.get("due_basis"):
        set_stated_deadline(row, dict(given))
    else:
        set_deadline(row, given.get("due_text") or "", given.get("due_edtf") or "")


def _check_known(values: Mapping[str, Any], known: Sequence[str]) -> None:
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise Refusal({"": f"This cannot be set here: {', '.join(unknown)}."})


def _set_own(row: Commitment, values: Mapping[str, Any], actor: User) -> None:
    """Set the fields of its own, with the checks that hold whoever asks."""
    if "restricted_to" in values:
        _check_restriction(values["restricted_to"], actor)
    for name in OWN:
        if name in values and name not in MANY:
            value = values[name]
            setattr(row, name, value.strip() if isinstance(value, str) else value)
    if "made_on" in values:
        set_fuzzy(row, "made_on", values["made_on"] or "", "made_to", "made_from", "made_on")
    if not row.title:
        raise Refusal({"title": "Say in one sentence what is to be done."})
    if row.live and not row.obligor_id:
        raise Refusal({"obligor": "Say which party owes it."})


def _check_restriction(group: Any, actor: User) -> None:
    """Nobody restricts a commitment to a group through which they would lose sight of it."""
    if group is None or actor.has_perm("documents.view_restricted"):
        return
    if not actor.groups.filter(pk=group.pk).exists():
        raise Refusal({"restricted_to": "Choose a group you belong to."})


def _set_many(row: Commitment, values: Mapping[str, Any]) -> None:
    for name in MANY:
        if name in values:
            getattr(row, name).set(values[name])


def edit(
    commitment: Commitment,
    *,
    actor: User,
    expected_version: int,
    changes: Mapping[str, Any],
    key: str = "",
) -> Commitment:
    """Change fields of its own; owner, deadline, state and verdict have actions of their own."""
    _check_known(changes, OWN)
    with hold(
        commitment,
        actor=actor,
        action="edit",
        expected_version=expected_version,
        key=key,
        asked=changes,
    ) as held:
        if held.again:
            return held.row
        if held.row.state in (State.CLOSED, State.DISMISSED):
            raise Refusal({"": "It is settled. Auditors and administrators can correct it."})
        may_change(actor, held.row)
        return _change(held, "edit", changes, "")


def correct(
    commitment: Commitment,
    *,
    actor: User,
    expected_version: int,
    changes: Mapping[str, Any],
    reason: str,
    key: str = "",
) -> Commitment:
    """Change fields of its own with a reason, in any state: for auditors and administrators."""
    require(
        actor,
        "commitments.correct_commitment",
        sentence="Correcting is for auditors and administrators.",
    )
    if not reason.strip():
        raise Refusal({"reason": "Say why it is corrected."})
    _check_known(changes, OWN)
    with hold(
        commitment,
        actor=actor,
        action="correct",
        expected_version=expected_version,
        key=key,
        asked={**changes, "reason": reason},
    ) as held:
        return held.row if held.again else _change(held, "correct", changes, reason)


def _change(held: Held, action: str, changes: Mapping[str, Any], note: str) -> Commitment:
    if not _differs(held.row, changes):
        return held.row
    _set_own(held.row, changes, held.actor)
    _set_many(held.row, changes)
    keep(held, action, note)
    return held.row


def _differs(row: Commitment, changes: Mapping[str, Any]) -> bool:
    """Whether anything would change at all: an unchanged form writes no event."""
    for name, value in changes.items():
        if name in MANY:
            now = {other.pk for other in getattr(row, name).all()}
            if now != {other.pk for other in value}:
                return True
        elif getattr(row, name) != (value.strip() if isinstance(value, str) else value):
            return True
    return False


def assign(
    commitment: Commitment,
    *,
    actor: User,
    expected_version: int,
    owner: User | None,
    key: str = "",
) -> Commitment:
    """Give it to a member of staff, or to nobody; the new owner is told."""
    require(
        actor,
        "commitments.assign_commitment",
        sentence="Assigning is for oversight staff.",
    )
    with hold(
        commitment,
        actor=actor,
        action="assign",
        expected_version=expected_version,
        key=key,
        asked={"owner": owner},
    ) as held:
        if held.again or held.row.owner_id == (owner.pk if owner else None):
            return held.row
        may_change(actor, held.row)
        if owner is not None:
            check_owner(held.row, owner)
        held.row.owner = owner
        event = keep(held, "assign")
        notify("assigned", held.row, [owner], f"{actor} assigned it to you.", event)
        return held.row


def reschedule(
    commitment: Commitment,
    *,
    actor: User,
    expected_version: int,
    due_text: str,
    due_edtf: str = "",
    review_on: Any = None,
    reason: str,
    basis: str = DueBasis.SENTENCE,
    key: str = "",
) -> Commitment:
    """Set a new deadline, or a new review date, with reason and source; the first one stays."""
    if not reason.strip():
        raise Refusal({"reason": "Say why it is rescheduled, and what that rests on."})
    asked = {"due_text": due_text, "due_edtf": due_edtf, "review_on": review_on, "reason": reason}
    with hold(
        commitment,
        actor=actor,
        action="reschedule",
        expected_version=expected_version,
        key=key,
        asked=asked,
    ) as held:
        if held.again:
            return held.row
        may_change(actor, held.row)
        set_deadline(held.row, due_text, due_edtf, basis)
        held.row.review_on = review_on
        if held.row.live and held.row.due_on is None and review_on is None:
            raise Refusal({"review_on": "It has no latest day, so give a day to look again."})
        keep_first_if_live(held.row)
        keep(held, "reschedule", reason)
        return held.row


def keep_first_if_live(row: Commitment) -> None:
    """A candidate's deadline is still being read; the first one counts from confirming."""
    if row.live:
        keep_first(row)


def confirm_reading(
    commitment: Commitment, *, actor: User, expected_version: int, key: str = ""
) -> Commitment:
    """Stand by a person's reading of a deadline, so that it can be called overdue."""
    with hold(
        commitment,
        actor=actor,
        action="confirm_reading",
        expected_version=expected_version,
        key=key,
        asked={},
    ) as held:
        if held.again:
            return held.row
        may_change(actor, held.row)
        if held.row.due_confirmed:
            return held.row
        if not held.row.due_edtf:
            raise Refusal({"": "There is no reading to confirm."})
        held.row.due_confirmed = True
        keep(held, "confirm_reading", f"Stands by the reading {held.row.due_edtf}.")
        return held.row


def note(commitment: Commitment, *, actor: User, words: str, key: str = "") -> Event | None:
    """Write a note; people named as @username are told. None if the same note was sent before."""
    if not words.strip():
        raise Refusal({"words": "Write something first."})
    with hold(commitment, actor=actor, action="note", key=key, asked={"words": words}) as held:
        if held.again:
            return None
        require(
            actor,
            "commitments.work_commitment",
            "commitments.judge_commitment",
            "commitments.curate",
            sentence="Notes are for staff, auditors and administrators.",
        )
        event = keep(held, "note", words.strip(), own=False)
        named = User.objects.filter(username__in=set(MENTION.findall(words)))
        notify("mentioned", held.row, named, f"{actor} mentioned you: {words.strip()}", event)
        return event


def split(
    commitment: Commitment,
    *,
    actor: User,
    expected_version: int,
    obligors: Sequence[Party],
    key: str = "",
) -> list[Commitment]:
    """One commitment per obligor: the original keeps its reference and the first of them.

    The others open as siblings in the same state, with copied citations; the original is first in
    the answer.
    """
    if len({party.pk for party in obligors}) < 2:
        raise Refusal({"obligors": "Name at least two different parties."})
    with hold(
        commitment,
        actor=actor,
        action="split",
        expected_version=expected_version,
        key=key,
        asked={"obligors": list(obligors)},
    ) as held:
        if held.again:
            return [held.row]
        may_change(actor, held.row)
        if held.row.state == State.REPORTED:
            raise Refusal({"": "Take the report back first; each part needs its own."})
        held.row.obligor = obligors[0]
        siblings = [_sibling(held, party) for party in obligors[1:]]
        names = ", ".join(sibling.name for sibling in siblings)
        keep(held, "split", f"Split by obligor; the others are {names}.")
        return [held.row, *siblings]


def _sibling(held: Held, obligor: Party) -> Commitment:
    """A copy for another obligor, with a reference of its own where the original has one."""
    row = Commitment.objects.get(pk=held.row.pk)
    many = {name: list(getattr(row, name).all()) for name in MANY}
    row.pk, row.id, row._state.adding = None, None, True
    row.obligor = obligor
    row.import_key = None
    row.version = 1
    row.captured_at = row.schedule_changed_at = clock.now()
    row.active_on = clock.today()
    if row.reference:
        row.reference = next_reference(clock.today().year)
        row.opened_at = clock.now()
    row.save(force_insert=True)
    _set_many(row, many)
    record(row, actor=held.actor, action="split", note=f"Split from {held.row.name}.")
    copy_citations(held.row, row, held.actor, f"Citations copied from {held.row.name}.")
    return row
