"""A document to be read: its words, the marks in them and the commitments that rest on them."""

from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.margins import Extras, Note, Span, lay_out, notes_of, passages_shown_to
from commitments.models import Citation, CitationRole, Commitment
from commitments.views.request import office_today, reader_of
from commitments.workflow import State
from documents.finding import find_words, trimmed
from documents.forms import FindForm
from documents.models import Document, Passage, Placement, Text
from documents.paragraphs import paragraphs, redactions
from documents.quoting import citation, named
from tracker.users.models import User

CAPTURE = "commitments.capture_commitment"
CITE = "commitments.work_commitment"


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader. `?find=` marks words, `?start=&end=` chooses them by their place."""
    user = reader_of(request)
    documents = Document.objects.visible_to(user).select_related("original", "restricted_to")
    found = get_object_or_404(documents, pk=pk)
    context: dict[str, Any] = {
        "section": "documents",
        "document": found,
        "named": named(found),
        "may_capture": user.has_perm(CAPTURE) and not found.withdrawn_at,
        "may_cite": user.has_perm(CITE) and not found.withdrawn_at,
        "today": office_today(),
        "find": FindForm(request.GET),
    }
    text = _current_text(found)
    if text:
        context |= {"text": text, **_marks(found, text, user), **_chosen(request, found, text)}
        context |= _laid_out(request, text, context)
    return render(request, "commitments/reader.html", context)


def _current_text(found: Document) -> Text | None:
    """The newest text, with the number of `versions` there are."""
    texts = Text.objects.filter(original=found.original_id)
    return texts.annotate(versions=Window(Count("pk"))).order_by("-id").first()


def _marks(found: Document, text: Text, user: User) -> dict[str, Any]:
    """The passages in their places, those without one, and what cites them."""
    shown = passages_shown_to(user).filter(document=found)
    citations = list(_citations(found, user))
    placements = Placement.objects.filter(text=text, passage__in=shown)
    origins = {one.commitment for one in citations if one.role == CitationRole.ORIGIN}
    return {
        "notes": notes_of(placements, citations),
        "orphans": list(_orphans(shown, text)),
        "whole": [one for one in citations if one.passage_id is None],
        "commitments": sum(bool(one.reference) for one in origins),
        "candidates": sum(one.state == State.CANDIDATE for one in origins),
    }


def _orphans(shown: QuerySet[Passage], text: Text) -> QuerySet[Passage]:
    return shown.exclude(placements__text=text).order_by("id")


def _citations(found: Document, user: User) -> QuerySet[Citation]:
    """What cites this document or words of it, as far as the reader may see the commitment."""
    seen = Commitment.objects.visible_to(user)
    rows = Citation.objects.filter(document=found, withdrawn_at=None, commitment__in=seen)
    return rows.select_related("commitment__obligor", "added_by").order_by("id")


def _chosen(request: HttpRequest, found: Document, text: Text) -> dict[str, Any]:
    """Words chosen by their place in the address, with what can be done with them."""
    span = span_in(text, request.GET.get("start"), request.GET.get("end"))
    if span is None:
        return {"chosen": None}
    start, end = span
    query = f"?start={start}&end={end}"
    url = request.build_absolute_uri(f"{reverse('document', args=[found.pk])}{query}#here")
    quote = text.text[start:end]
    words = citation(found, text.page_starts, quote, start, end, url)
    return {"chosen": span, "chosen_query": query, "chosen_citation": words}


def span_in(text: Text, start: str | None, end: str | None) -> Span | None:
    """The span an address names, without blanks at its ends; None where it names none."""
    if not (start and end and start.isdecimal() and end.isdecimal()):
        return None
    return trimmed(text.text, int(start[:12]), int(end[:12]))


def _laid_out(request: HttpRequest, text: Text, context: dict[str, Any]) -> dict[str, Any]:
    """The paragraphs with their pieces and notes, and the places of found words."""
    notes: list[Note] = context["notes"]
    hits = find_words(text.text, request.GET.get("find", "")[:400])
    blanked = redactions(text.text)
    extras = Extras(found=hits, chosen=context["chosen"], redactions=blanked)
    parts = paragraphs(text.text, text.paragraph_starts)
    return {
        "shown": lay_out(parts, notes, extras, text.page_starts),
        "hits": [f"f{number}" for number in range(1, len(hits) + 1)],
        "redactions": len(blanked),
        "pages": len(text.page_starts),
    }
