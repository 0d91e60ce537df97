"""Cite words or documents for a commitment, and withdraw a citation."""

from commitments.actions.core import hold, keep, require, set_fuzzy
from commitments.actions.notices import notify
from commitments.models import Citation, CitationRole, Commitment
from commitments.standing import BACKEND, JUDGE
from commitments.workflow import State
from documents.models import Document, Passage
from tracker import clock
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import record, transaction
from tracker.refusals import Refusal
from tracker.users.models import User

SETTLED = (State.CLOSED, State.DISMISSED)
ROLES = "Say whether it is an origin, a restatement, progress, evidence or a contradiction."


def may_change(actor: User, commitment: Commitment) -> None:
    """Staff on what is live or a candidate; after closing only who may correct."""
    if commitment.state in SETTLED:
        require(
            actor,
            "commitments.correct_commitment",
            sentence="It is settled; only auditors and administrators may still correct it.",
        )
    else:
        require(
            actor,
            "commitments.work_commitment",
            "commitments.correct_commitment",
            sentence="Working on commitments is for oversight staff.",
        )


def cite(
    commitment: Commitment,
    *,
    actor: User,
    document: Document,
    passage: Passage | None = None,
    role: str,
    effective: str = "",
    note: str = "",
    key: str = "",
) -> Citation:
    """Tie words, or a whole document, to a commitment. Evidence needs its effective date (EDTF).

    Citing the same words in the same role again gives the citation that is there.
    """
    asked = {"document": document, "passage": passage, "role": role, "effective": effective}
    with hold(commitment, actor=actor, action="cite", key=key, asked=asked) as held:
        known = _same(held.row, document, passage, role)
        if held.again and known is None:
            raise Refusal({"": "This was cited before, and withdrawn since. Open the form again."})
        if not held.again:
            may_change(actor, held.row)
        if known:
            return known
        _check_source(actor, document, passage, role, effective)
        citation = new_citation(held.row, actor, document, passage, role, effective, note)
        event = keep(held, "cite", note, own=False)
        if role == CitationRole.CONTRADICTION:
            judges = User.objects.with_perm(JUDGE, backend=BACKEND)
            words = f"{actor} cited a contradiction."
            notify("contradicted", held.row, [held.row.owner, *judges], words, event)
    return citation


def _same(
    row: Commitment, document: Document, passage: Passage | None, role: str
) -> Citation | None:
    return row.citations.filter(
        document=document, passage=passage, role=role, withdrawn_at=None
    ).first()


def _check_source(
    actor: User, document: Document, passage: Passage | None, role: str, effective: str
) -> None:
    if role not in CitationRole.values:
        raise Refusal({"role": ROLES})
    if role == CitationRole.EVIDENCE and not effective:
        raise Refusal({"effective": "Evidence needs its date: when it took effect."})
    seen = Document.objects.visible_to(actor).in_force().filter(pk=document.pk)
    if not seen.exists():
        raise Refusal({"document": "There is no such document, or it was withdrawn."})
    if passage is not None and passage.document_id != document.pk:
        raise Refusal({"passage": "These words stand in another document."})


def new_citation(
    row: Commitment,
    actor: User,
    document: Document,
    passage: Passage | None,
    role: str,
    effective: str = "",
    note: str = "",
    added_by: User | None = None,
) -> Citation:
    """Write a citation and its event; the commitment's own event is the caller's."""
    citation = Citation(
        commitment=row,
        document=document,
        passage=passage,
        role=role,
        note=note,
        added_at=clock.now(),
        added_by=added_by or actor,
    )
    set_fuzzy(citation, "effective", effective, "effective_on", "effective_from", "effective")
    citation.save(force_insert=True)
    record(citation, actor=actor, action="cite", note=note)
    return citation


def copy_citations(source: Commitment, target: Commitment, actor: User, note: str) -> None:
    """Give another commitment the live citations of this one, as far as it lacks them."""
    # A copy keeps who added the words, or four eyes could be got round by merging.
    for citation in source.citations.filter(withdrawn_at=None).order_by("id"):
        if _same(target, citation.document, citation.passage, citation.role):
            continue
        new_citation(
            target,
            actor,
            citation.document,
            citation.passage,
            citation.role,
            citation.effective,
            citation.note,
            added_by=citation.added_by,
        )
    with transaction(stream_of(target)):
        fresh = Commitment.objects.get(pk=target.pk)
        record(fresh, actor=actor, action="cite", note=note)


def withdraw_citation(citation: Citation, *, actor: User, reason: str, key: str = "") -> Citation:
    """Take a citation back, with a reason; it is kept and marked."""
    if not reason.strip():
        raise Refusal({"reason": "Say why it is withdrawn."})
    with hold(
        citation.commitment,
        actor=actor,
        action="withdraw_citation",
        key=key,
        asked={"citation": citation, "reason": reason},
        also=[citation],
    ) as held:
        citation = Citation.objects.get(pk=citation.pk, commitment=held.row)
        if held.again:
            return citation
        may_change(actor, held.row)
        _check_withdrawable(held.row, citation)
        citation.withdrawn_at = clock.now()
        citation.withdrawn_by = actor
        citation.withdrawn_reason = reason.strip()
        citation.save()
        record(citation, actor=actor, action="withdraw", note=reason)
        keep(held, "withdraw_citation", reason, own=False)
    return citation


def _check_withdrawable(row: Commitment, citation: Citation) -> None:
    if citation.withdrawn_at:
        raise Refusal({"": "This citation is already withdrawn."})
    if row.state == State.REPORTED and row.reported_basis == f"citation:{citation.pk}":
        raise Refusal({"": "The report rests on this citation; take the report back first."})
    origins = row.citations.filter(role=CitationRole.ORIGIN, withdrawn_at=None)
    if citation.role == CitationRole.ORIGIN and not origins.exclude(pk=citation.pk).exists():
        raise Refusal({"": "A commitment hangs on at least one passage; cite another first."})
