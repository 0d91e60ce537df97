"""What pages are shown with: the real records, and a row for each thing that can be on a page."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.mail import EmailMessage, get_connection

from commitments import actions
from commitments.models import Citation, Commitment, FollowUp, FollowUpItem, Link
from commitments.workflow import Kind, Verdict
from documents.actions import mark_passage, withdraw_document
from documents.models import Document
from tests.making import a_document, a_letter, a_party, moved, opened
from tracker import clock
from tracker.users.models import User

LONG = (
    "Die Bundesländer unterrichten über das"
    " Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und die"
    " Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung"
)
WIDE = "https://example.org/" + "a-very-long-address-without-a-single-blank/" * 4


def by(reference: str) -> Commitment:
    """The commitment of that reference in the real records."""
    found: Commitment = Commitment.objects.get(reference=reference)
    return found


def set_up(people: dict[str, User], outbox: str) -> dict[str, str]:
    """Add to the loaded records what they lack; the answer names the things for the addresses."""
    olga, otto, amir = (people[name] for name in ("olga", "otto", "amir"))
    rows = {
        "overdue": by("C-2026-0028"),
        "reported": by("C-2026-0007"),
        "closed": moved(
            by("C-2026-0008"), "close", amir, verdict=Verdict.LARGELY_DELIVERED, note="Seen online."
        ),
        "dismissed": moved(
            by("C-2026-0020"), "dismiss", olga, dismissed_as="out_of_remit", reason="Not ours."
        ),
        "waiting": moved(
            by("C-2026-0031"),
            "wait",
            otto,
            condition="The infrastructure in Ireland is ready",
            review_on=clock.today() + timedelta(days=14),
        ),
        "practice": moved(by("C-2026-0016"), "start", by("C-2026-0016").owner or olga),
        "candidate": Commitment.objects.candidates().order_by("id")[0],
        "long": opened(olga, owner=olga, title=LONG, note=WIDE, kind=Kind.REQUEST),
        "bare": actions.capture(actor=olga, title="Nothing but words", document=a_document(olga)),
    }
    actions.note(rows["overdue"], actor=olga, words=f"See {WIDE} @otto")
    return {
        **{state: row.name for state, row in rows.items()},
        **_documents(people, rows["overdue"]),
        **_letters(olga, rows["overdue"], rows["long"]),
        "party": str(rows["overdue"].obligor_id),
        "quiet_party": str(a_party(olga, "Nobody Much").pk),
        "linked": str(Link.objects.order_by("id")[0].source.name),
        "link": str(Link.objects.order_by("id")[0].pk),
        "mail": _mail(outbox),
    }


def _documents(people: dict[str, User], row: Commitment) -> dict[str, str]:
    """Documents that are withdrawn, restricted, unmarked; and citations of all sorts on one row."""
    olga, ada = people["olga"], people["ada"]
    plain = a_document(olga, f"A plain record.\n\n{WIDE}\n\n{LONG}", title=LONG, source_url=WIDE)
    gone = a_document(olga, "This was filed in error.", title="Filed in error")
    withdraw_document(gone, actor=ada, reason="It was a draft.")
    inquiry = Group.objects.create(name="inquiry")
    olga.groups.add(inquiry)
    sealed = a_document(olga, "For the inquiry alone.", title="Sealed", restricted_to=inquiry)
    passage = mark_passage(sealed, actor=olga, quote="For the inquiry alone.")
    actions.cite(row, actor=olga, document=sealed, passage=passage, role="progress")
    actions.cite(row, actor=olga, document=plain, role="contradiction", note=LONG)
    wrong = actions.cite(row, actor=olga, document=plain, role="evidence", effective="2022")
    actions.withdraw_citation(wrong, actor=olga, reason="It speaks of something else.")
    letter = Document.objects.get(title__startswith="Scene setter")
    evidence = mark_passage(letter, actor=olga, quote="made extensive commitments to them.")
    cited = actions.cite(
        row, actor=olga, document=letter, passage=evidence, role="evidence", effective="2022-03"
    )
    assert Citation.objects.filter(commitment=row).count() > 4
    return {
        "document": str(letter.pk),
        "plain": str(plain.pk),
        "gone": str(gone.pk),
        "sealed": str(sealed.pk),
        "citation": str(cited.pk),
    }


def _letters(olga: User, *rows: Commitment) -> dict[str, str]:
    """A letter half answered, its reply, and one of which nothing but the subject was kept."""
    sent = a_letter(olga, *rows, reply_due_on=clock.today() + timedelta(days=3))
    reply = actions.record_reply(
        sent,
        actor=olga,
        channel="e-mail",
        happened_on=clock.today(),
        title=f"Re: {LONG}"[:200],
        words=f"We did.\n\n{WIDE}",
        answers=[actions.Answer(rows[0], "agrees", LONG)],
    )
    assert FollowUpItem.objects.filter(follow_up=sent, answered_by=None).count() == 1
    assert FollowUp.objects.filter(answers=sent).get() == reply
    return {"letter": str(sent.pk), "reply": str(reply.pk), "call": str(a_letter(olga, *rows).pk)}


def _mail(folder: str) -> str:
    """A mail in the outbox; the address of its page."""
    backend = "django.core.mail.backends.filebased.EmailBackend"
    outbox = get_connection(backend, file_path=folder)
    words = f"2 overdue\n\n{WIDE}\n"
    EmailMessage(
        "2 follow-ups, 1 overdue",
        words,
        "t@office.example",
        ["olga@office.example"],
        connection=outbox,
    ).send()
    return f"{outbox._fname.rpartition('/')[2]}/1"  # type: ignore[attr-defined]
