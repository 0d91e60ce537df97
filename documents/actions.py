"""The only code that writes documents, originals, texts, passages and placements."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile

from documents.anchoring import Ambiguous, NotFound, locate, selector
from documents.extraction import Extracted, Unreadable, extract
from documents.models import Document, Original, Passage, Placement, Text
from tracker import clock, fuzzy
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import record, transaction
from tracker.refusals import NotAllowed, Refusal
from tracker.users.models import User

CAPTURE = "documents.capture_document"
CORRECT = "documents.correct_document"
WITHDRAW = "documents.withdraw_document"
CORRECTABLE = (
    "title",
    "kind",
    "reference",
    "dated",
    "about",
    "released_on",
    "language",
    "source_url",
    "participants",
    "note",
    "restricted_to",
)


def _require(actor: User, permission: str, sentence: str) -> None:
    if not actor.is_active or not actor.has_perm(permission):
        raise NotAllowed(sentence)


class Described(TypedDict, total=False):
    """What can be said about a document when it is filed; dates as EDTF."""

    kind: str
    reference: str
    dated: str
    about: str
    released_on: date | None
    language: str
    source_url: str
    participants: Sequence[str]
    note: str
    restricted_to: Group | None
    import_key: str | None


def file_document(
    *, actor: User, data: bytes, file_name: str, title: str, **said: Unpack[Described]
) -> Document:
    """Keep the bytes, extract their text and file the document.

    The bytes are stored under their SHA-256 before anything is written to the database, so a
    crash in between leaves at most a file that the same upload finds again.
    """
    _require(actor, CAPTURE, "Filing documents is for staff and administrators.")
    if not title.strip():
        raise Refusal({"title": "Give the document a title."})
    try:
        extracted = extract(data, file_name)
    except Unreadable as error:
        raise Refusal({"file": str(error)}) from error
    sha256 = hashlib.sha256(data).hexdigest()
    stored = _store(sha256, data)
    with transaction(f"original-bytes:{sha256}"):
        original = _original(actor, sha256, stored, len(data), file_name)
        _text(actor, original, extracted)
        document = Document(
            original=original,
            title=title.strip(),
            added_at=clock.now(),
            added_by=actor,
            **{"language": extracted.language}
            | {name: value for name, value in said.items() if value or name != "language"},
        )
        document.participants = list(document.participants)
        _set_bounds(document)
        document.save(force_insert=True)
        record(document, actor=actor, action="file")
    return document


def _store(sha256: str, data: bytes) -> str:
    """Write the bytes under their digest, once; the name in the store."""
    storage = Original._meta.get_field("file").storage
    name = f"{sha256[:2]}/{sha256[2:]}"
    if not storage.exists(name):
        return str(storage.save(name, ContentFile(data)))
    return name


def _original(actor: User, sha256: str, stored: str, size: int, file_name: str) -> Original:
    known = Original.objects.filter(sha256=sha256).first()
    if known:
        return known
    original = Original(
        sha256=sha256,
        size=size,
        media_type="text/plain",
        file_name=file_name,
        file=stored,
        received_at=clock.now(),
    )
    original.save(force_insert=True)
    record(original, actor=actor, action="receive")
    return original


def _text(actor: User, original: Original, extracted: Extracted) -> Text:
    digest = hashlib.sha256(extracted.text.encode()).hexdigest()
    known = original.texts.filter(extractor=extracted.extractor, digest=digest).first()
    if known:
        return known
    text = Text(
        original=original,
        extractor=extracted.extractor,
        language=extracted.language,
        text=extracted.text,
        page_starts=list(extracted.page_starts),
        paragraph_starts=list(extracted.paragraph_starts),
        digest=digest,
        extracted_at=clock.now(),
    )
    text.save(force_insert=True)
    record(text, actor=actor, action="extract")
    return text


def _set_bounds(document: Document) -> None:
    """Read the fuzzy dates and keep their strict bounds beside them."""
    for name in ("dated", "about"):
        edtf = getattr(document, name)
        try:
            bounds = fuzzy.parse(edtf) if edtf else None
        except ValueError as error:
            raise Refusal({name: str(error)}) from error
        setattr(document, f"{name}_from", bounds.earliest if bounds else None)
        setattr(document, f"{name}_to", bounds.latest if bounds else None)


def mark_passage(
    document: Document,
    *,
    actor: User,
    start: int | None = None,
    end: int | None = None,
    quote: str = "",
    prefix: str = "",
    suffix: str = "",
) -> Passage:
    """Mark words in the current text, by their span or by the words themselves.

    The same words at the same place give the same passage. Offsets are code points.
    """
    _require(actor, CAPTURE, "Marking passages is for staff and administrators.")
    with transaction(stream_of(document)):
        document = Document.objects.visible_to(actor).get(pk=document.pk)
        text = document.current_text()
        if text is None:
            raise Refusal({"quote": "This document has no text to mark words in."})
        span = _span(text.text, start, end, quote, prefix, suffix)
        known = Placement.objects.filter(
            passage__document=document, text=text, start=span.start, end=span.end, exact=True
        ).first()
        if known:
            return known.passage
        return _new_passage(actor, document, text, span)


class _Span:
    """A span with the way in which it was found."""

    def __init__(self, start: int, end: int, exact: bool, method: str, score: int) -> None:
        self.start, self.end = start, end
        self.exact, self.method, self.score = exact, method, score


def _span(
    text: str, start: int | None, end: int | None, quote: str, prefix: str, suffix: str
) -> _Span:
    if start is not None and end is not None:
        if not 0 <= start < end <= len(text):
            raise Refusal({"quote": "The selection does not lie within the text."})
        if not text[start:end].strip():
            raise Refusal({"quote": "Select some words first."})
        return _Span(start, end, True, "selection", 100)
    if not quote.strip():
        raise Refusal({"quote": "Give the words of the passage."})
    try:
        match = locate(text, quote.strip(), prefix, suffix)
    except (NotFound, Ambiguous) as error:
        raise Refusal({"quote": str(error)}) from error
    # The words stored are the text's own, so the place is exact whatever was typed.
    return _Span(match.start, match.end, True, match.method, 100)


def _new_passage(actor: User, document: Document, text: Text, span: _Span) -> Passage:
    words = selector(text.text, span.start, span.end)
    passage = Passage(
        document=document,
        quote=words.quote,
        prefix=words.prefix,
        suffix=words.suffix,
        marked_at=clock.now(),
        marked_by=actor,
    )
    passage.save(force_insert=True)
    placement = Placement(
        passage=passage,
        text=text,
        start=span.start,
        end=span.end,
        exact=span.exact,
        method=span.method,
        score=span.score,
    )
    placement.save(force_insert=True)
    record(passage, actor=actor, action="mark")
    record(placement, actor=actor, action="place")
    return passage


def correct_document(
    document: Document, *, actor: User, changes: Mapping[str, Any], reason: str
) -> Document:
    """Correct what is said about a document; its bytes and texts never change."""
    _require(actor, CORRECT, "Correcting documents is for administrators.")
    if not reason.strip():
        raise Refusal({"reason": "Say why it is corrected."})
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise Refusal({"": f"This cannot be corrected: {', '.join(sorted(unknown))}."})
    if "title" in changes and not changes["title"].strip():
        raise Refusal({"title": "Give the document a title."})
    with transaction(stream_of(document)):
        document = Document.objects.visible_to(actor).get(pk=document.pk)
        for name, value in changes.items():
            setattr(document, name, value)
        _set_bounds(document)
        document.save()
        record(document, actor=actor, action="correct", note=reason)
    return document


def withdraw_document(document: Document, *, actor: User, reason: str) -> Document:
    """Take a document out of use, with a reason; nothing of it is deleted."""
    _require(actor, WITHDRAW, "Withdrawing documents is for administrators.")
    if not reason.strip():
        raise Refusal({"reason": "Say why it is withdrawn."})
    with transaction(stream_of(document)):
        document = Document.objects.visible_to(actor).get(pk=document.pk)
        if document.withdrawn_at:
            raise Refusal({"": "This document is already withdrawn."})
        document.withdrawn_at = clock.now()
        document.withdrawn_reason = reason
        document.save()
        record(document, actor=actor, action="withdraw", note=reason)
    return document
