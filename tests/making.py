"""What tests start from, made through the actions, so that every row has its history."""

from datetime import date, timedelta
from typing import Any

from commitments import actions
from commitments.models import Commitment, FollowUp, Party, PartyKind
from commitments.workflow import Kind, State, Verdict
from documents.actions import file_document, mark_passage
from documents.models import Document, Passage
from tracker import clock
from tracker.users.models import User

WORDS = "FB said that they will run a public repository of advertisements by 30 November 2026."
RECORD = f"Flash report of the meeting with the platforms.\n\n{WORDS}\n\nThe meeting ended at noon."


def a_document(actor: User, text: str = RECORD, **given: Any) -> Document:
    """A filed document with this text."""
    values: dict[str, Any] = {
        "title": "Flash report",
        "dated": "2026-11-02",
        "kind": "flash_report",
    }
    return file_document(
        actor=actor, data=text.encode(), file_name="report.txt", **(values | given)
    )


def a_passage(actor: User, document: Document, quote: str = WORDS) -> Passage:
    """Marked words in it."""
    return mark_passage(document, actor=actor, quote=quote)


def a_party(actor: User, name: str = "Facebook", kind: str = PartyKind.COMPANY) -> Party:
    """A party by this name, entered once."""
    known = Party.objects.filter(name=name).first()
    return known or actions.save_party(None, actor=actor, values={"name": name, "kind": kind})


def a_candidate(
    actor: User,
    document: Document | None = None,
    title: str = "Run a public repository",
    **values: Any,
) -> Commitment:
    """A candidate with an obligor, hanging on a passage."""
    document = document or a_document(actor)
    passage = a_passage(actor, document) if WORDS in str(document.current_text().text) else None  # type: ignore[union-attr]
    given: dict[str, Any] = {"made_on": "2026-11-02", "kind": Kind.PLEDGE, **values}
    given.setdefault("obligor", a_party(actor))
    return actions.capture(
        actor=actor, title=title, document=document, passage=passage, values=given
    )


def opened(
    actor: User,
    *,
    owner: User | None = None,
    due_text: str = "by 30 November 2026",
    review_on: date | None = None,
    kind: str = Kind.PLEDGE,
    **values: Any,
) -> Commitment:
    """A confirmed commitment."""
    row = a_candidate(actor, kind=kind, **values)
    return actions.transition(
        row,
        "confirm",
        actor=actor,
        expected_version=row.version,
        data={
            "obligor": row.obligor,
            "kind": kind,
            "due_text": due_text,
            "success_criteria": "A public page",
            "review_on": review_on or clock.today() + timedelta(days=30),
            "owner": owner,
        },
    )


def moved(row: Commitment, move: str, actor: User, **data: Any) -> Commitment:
    """The commitment after a move on its present version."""
    row.refresh_from_db()
    return actions.transition(row, move, actor=actor, expected_version=row.version, data=data)


def reported(row: Commitment, actor: User) -> Commitment:
    """Reported as done on the strength of its own passage."""
    citation = row.citations.filter(withdrawn_at=None).first()
    assert citation is not None
    return moved(row, "report", actor, evidence=f"citation:{citation.pk}", effective="2026-11-02")


def in_state(state: str, staff: User, auditor: User, **values: Any) -> Commitment:
    """A commitment that came to this state by legal moves of these two."""
    if state == State.CANDIDATE:
        return a_candidate(staff, **values)
    row = opened(staff, **values)
    if state == State.IN_PROGRESS:
        return moved(row, "start", staff)
    if state == State.WAITING:
        later = clock.today() + timedelta(days=14)
        return moved(row, "wait", staff, condition="The page is built", review_on=later)
    if state == State.REPORTED:
        return reported(row, staff)
    if state == State.CLOSED:
        reported(row, staff)
        return moved(row, "close", auditor, verdict=Verdict.DELIVERED, note="Seen online")
    if state == State.DISMISSED:
        return moved(
            row, "dismiss", staff, dismissed_as="out_of_remit", reason="Not ours to follow"
        )
    return row


def a_letter(actor: User, *rows: Commitment, reply_due_on: date | None = None) -> FollowUp:
    """A letter sent to the obligor about these commitments."""
    assert rows[0].obligor is not None
    return actions.log_follow_up(
        actor=actor,
        party=rows[0].obligor,
        channel="letter",
        direction="sent",
        happened_on=clock.today(),
        title="Please say where this stands",
        commitments=list(rows),
        reply_due_on=reply_due_on,
    )
