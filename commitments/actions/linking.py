"""Link two commitments, and take a link back."""

from commitments.actions.citing import may_change
from commitments.actions.core import hold, keep
from commitments.models import Commitment, Link, LinkKind
from tracker import clock
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import record, transaction
from tracker.refusals import Refusal
from tracker.users.models import User


def join(source: Commitment, target: Commitment, kind: str, actor: User) -> Link:
    """Write a link and its events, inside the caller's transaction; known links are returned."""
    known = Link.objects.filter(source=source, target=target, kind=kind, withdrawn_at=None).first()
    if known:
        return known
    link = Link(source=source, target=target, kind=kind, added_at=clock.now(), added_by=actor)
    link.save(force_insert=True)
    record(link, actor=actor, action="link")
    for end in (source, target):
        record(Commitment.objects.get(pk=end.pk), actor=actor, action="link", note=_says(link))
    return link


def _says(link: Link) -> str:
    return f"{link.source.name} {link.get_kind_display()} {link.target.name}."


def link(source: Commitment, *, actor: User, target: Commitment, kind: str) -> Link:
    """Say what one commitment has to do with another."""
    if kind not in LinkKind.values:
        raise Refusal({"kind": "Choose what one has to do with the other."})
    if source.pk == target.pk:
        raise Refusal({"target": "Name another commitment, not this one."})
    with transaction(stream_of(source), stream_of(target)):
        seen = Commitment.objects.visible_to(actor)
        source = seen.get(pk=source.pk)
        target = seen.get(pk=target.pk)
        may_change(actor, source)
        return join(source, target, kind, actor)


def unlink(old: Link, *, actor: User) -> Link:
    """Take a link back; it is kept and marked."""
    with hold(old.source, actor=actor, action="unlink", also=[old, old.target]) as held:
        may_change(actor, held.row)
        old = Link.objects.select_related("source", "target").get(pk=old.pk)
        if old.withdrawn_at:
            raise Refusal({"": "This link is already taken back."})
        old.withdrawn_at = clock.now()
        old.save()
        record(old, actor=actor, action="withdraw")
        keep(held, "unlink", _says(old), own=False)
    return old
