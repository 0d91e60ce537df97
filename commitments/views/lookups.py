"""What forms ask for while somebody types: names to choose from, and the reading of a deadline.

The answers are fragments for HTMX; without scripts nobody asks.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.forms.fields import document_words, reading_in_words
from commitments.models import Alias, Commitment, Party
from commitments.models.party import fold
from commitments.views.request import reader_of
from documents.models import Document
from tracker import fuzzy

OFFERED = 12
SHORTEST = 2
LONGEST = 200


def _typed(request: HttpRequest) -> str:
    """The words in the field that asks; "" where they are too few to offer anything."""
    field = getattr(request, "htmx", None) and request.htmx.trigger_name  # type: ignore[attr-defined]
    words = request.GET.get(field or "q", "").replace("\0", " ").strip()[:LONGEST]
    return words if len(words) >= SHORTEST else ""


def _offer(request: HttpRequest, names: list[tuple[str, str]]) -> HttpResponse:
    return render(request, "commitments/_offered.html", {"names": names})


@require_safe
def parties(request: HttpRequest) -> HttpResponse:
    """Parties whose name or alias contains what is typed."""
    words = _typed(request)
    if not words:
        return _offer(request, [])
    current = Party.objects.current().order_by("name")
    aliased = Alias.objects.filter(folded__contains=fold(words)).values("party")
    found = current.filter(name__icontains=words) | current.filter(pk__in=aliased)
    return _offer(request, [(row.name, row.get_kind_display()) for row in found[:OFFERED]])


@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """Commitments whose reference begins, or whose title goes on, as typed."""
    words = _typed(request)
    if not words:
        return _offer(request, [])
    seen = Commitment.objects.visible_to(reader_of(request)).opened().order_by("-id")
    found = seen.filter(reference__istartswith=words) | seen.filter(title__icontains=words)
    rows = found.only("reference", "title")[:OFFERED]
    return _offer(request, [(row.name, row.title) for row in rows])


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Documents whose title or reference contains what is typed."""
    words = _typed(request)
    if not words:
        return _offer(request, [])
    seen = Document.objects.visible_to(reader_of(request)).in_force()
    found = seen.filter(title__icontains=words) | seen.filter(reference__icontains=words)
    rows = found.only("title", "reference", "dated")[:OFFERED]
    return _offer(request, [(document_words(row), _dated(row)) for row in rows])


def _dated(document: Document) -> str:
    return fuzzy.wording(document.dated) or document.reference


@require_safe
def reading(request: HttpRequest) -> HttpResponse:
    """What the grammar makes of `due_text`, said when the commitment was `made_on` (EDTF)."""
    made_on = request.GET.get("made_on", "")[:40]
    try:
        fuzzy.parse(made_on)
    except ValueError:
        made_on = ""
    sentence = reading_in_words(request.GET.get("due_text", "")[:300], made_on)
    return render(request, "commitments/_reading.html", {"sentence": sentence})
