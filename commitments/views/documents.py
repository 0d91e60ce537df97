"""The list of documents, with what hangs on each."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from commitments.margins import passages_shown_to
from commitments.models import Commitment
from commitments.models.party import fold
from documents.forms import SORTS, DocumentListForm
from documents.models import Document
from documents.querysets import DocumentQuerySet
from tracker.paging import COUNT_CAP, number_of, pager

SIZE = 50
MOST_FOUND = 1000


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """All documents this reader may see, searched, filtered, in order, 50 a page."""
    form = DocumentListForm(request.GET)
    rows = _asked_for(Document.objects.visible_to(request.user), form)
    total = rows.order_by()[:COUNT_CAP].count()
    number = number_of(request.GET.get("page"))
    page = list(_with_counts(rows, request.user)[(number - 1) * SIZE : number * SIZE])
    parameters = [(name, str(value)) for name, value in request.GET.items() if value]
    fragment = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    response = render(
        request,
        f"commitments/{'_documents' if fragment else 'documents'}.html",
        {
            "section": "documents",
            "form": form,
            "documents": page,
            "filtered": bool(form.asked("q") or form.asked("kind")),
            "pager": pager(
                number=number, size=SIZE, total=total, shown=len(page), parameters=parameters
            ),
            "fragment": fragment,
        },
    )
    # One address answers with a page or a part of it; no cache may mix them up.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _asked_for(rows: DocumentQuerySet, form: DocumentListForm) -> DocumentQuerySet:
    """The rows that the form's fields leave, in the order asked for."""
    if form.asked("q"):
        rows = rows.filter(pk__in=_holding(rows, form.asked("q")))
    if form.asked("kind"):
        rows = rows.filter(kind=form.asked("kind"))
    _, order = SORTS[form.asked("sort")]
    return rows.order_by(*order)


def _holding(rows: DocumentQuerySet, words: str) -> list[int]:
    """The ids of documents that hold every word in title, reference or participants.

    Compared here and not in the database, which folds accents otherwise on each system.
    """
    wanted = fold(words).split()
    found: list[int] = []
    for pk, title, reference, participants in rows.order_by().values_list(
        "pk", "title", "reference", "participants"
    ):
        heard = fold(" ".join([title, reference, *map(str, participants)]))
        if all(word in heard for word in wanted):
            found.append(pk)
    return found[:MOST_FOUND]


def _with_counts(rows: DocumentQuerySet, user: Any) -> DocumentQuerySet:
    """Each row with its original and what the reader may know to hang on it."""
    shown = passages_shown_to(user)
    here = Q(citations__document=OuterRef("pk"), citations__withdrawn_at=None)
    hanging = Commitment.objects.visible_to(user).filter(here)
    return rows.select_related("restricted_to").annotate(
        passage_count=_count(shown.filter(document=OuterRef("pk"))),
        orphan_count=_count(shown.orphaned().filter(document=OuterRef("pk"))),
        commitment_count=_count(hanging.opened(), group="citations__document"),
        candidate_count=_count(hanging.candidates(), group="citations__document"),
    )


def _count(rows: QuerySet[Any], group: str = "document") -> Coalesce:
    counted = rows.order_by().values(group).annotate(many=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("many")[:1]), Value(0))
