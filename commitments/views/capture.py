"""From words in a document to a commitment, or to a citation for one that is there."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments import actions
from commitments.forms.capture import CONFIRM, CiteForForm, NewCommitmentForm, Unknown
from commitments.models import Citation, Commitment, Party
from commitments.models.party import fold
from commitments.views.reader import CAPTURE, CITE, span_in
from commitments.views.request import reader_of
from documents.actions import mark_passage
from documents.models import Document, Passage, Text
from documents.paragraphs import paragraphs
from tracker import wording
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import transaction
from tracker.refusals import NotAllowed, Refusal, Refused
from tracker.users.models import User

MAY_CONFIRM = "commitments.confirm_commitment"


@require_http_methods(["GET", "POST"])
def new_commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """`?start=&end=` or `?paragraph=` names the words; the form can still change them."""
    user = reader_of(request)
    if not user.has_perm(CAPTURE):
        raise PermissionDenied("Capturing commitments is for oversight staff and administrators.")
    document, text = _source(user, pk)
    initial = {**_chosen(request, text), "made_on": document.about or document.dated}
    form = NewCommitmentForm(request.POST or None, document=document, text=text, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            passage, rows = _enter(user, document, form)
        except Refused as refused:
            status = _refuse(form, refused)
        else:
            messages.success(request, _done(rows))
            return HttpResponseRedirect(_after(passage, rows), status=303)
    context = {
        "form": form,
        "may_confirm": user.has_perm(MAY_CONFIRM),
        "already": _already(document, text, form, user),
    }
    return _page(request, "commitments/new.html", document, context, status)


@require_http_methods(["GET", "POST"])
def cite_passage(request: HttpRequest, pk: int) -> HttpResponse:
    """Cite chosen words for a commitment that is there already."""
    user = reader_of(request)
    if not user.has_perm(CITE):
        raise PermissionDenied("Citing for a commitment is for oversight staff.")
    document, text = _source(user, pk)
    initial = _chosen(request, text)
    form = CiteForForm(request.POST or None, user=user, text=text, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            citation = _cite(user, document, form)
        except Refused as refused:
            status = _refuse(form, refused)
        else:
            messages.success(request, f"Cited as {citation.get_role_display().lower()}.")
            return HttpResponseRedirect(citation.commitment.get_absolute_url(), status=303)
    return _page(request, "commitments/cite_passage.html", document, {"form": form}, status)


def _page(
    request: HttpRequest, template: str, document: Document, context: dict[str, Any], status: int
) -> HttpResponse:
    if status == 200 and context["form"].errors:
        status = 422
    context |= {"section": "documents", "document": document}
    return render(request, template, context, status=status)


def _source(user: User, pk: int) -> tuple[Document, Text]:
    """The document and its text; 404 for what is hidden, withdrawn or not read yet."""
    documents = Document.objects.visible_to(user).in_force().select_related("original")
    document = get_object_or_404(documents, pk=pk)
    text = document.current_text()
    if text is None:
        raise Http404
    return document, text


def _chosen(request: HttpRequest, text: Text) -> dict[str, Any]:
    """The words that the address names by their place or by their paragraph, as a form's start."""
    span = span_in(text, request.GET.get("start"), request.GET.get("end"))
    number = request.GET.get("paragraph", "")
    if span is None and number.isdecimal():
        parts = paragraphs(text.text, text.paragraph_starts)
        span = next(((p.words_start, p.end) for p in parts if p.number == int(number[:9])), None)
    if span is None:
        return {}
    return {"quote": text.text[span[0] : span[1]], "start": span[0], "end": span[1]}


def _already(
    document: Document, text: Text, form: NewCommitmentForm, user: User
) -> list[Commitment]:
    """What hangs on these words or on some of them already, so that nothing is entered twice."""
    chosen = form.initial.get("start"), form.initial.get("end")
    start, end = form.span if form.is_bound else chosen
    if not end:
        return []
    here = Passage.objects.filter(
        document=document, placements__text=text, placements__start__lt=end
    ).filter(placements__text=text, placements__end__gt=start)
    cited = Citation.objects.filter(passage__in=here, withdrawn_at=None)
    rows = Commitment.objects.visible_to(user).filter(pk__in=cited.values("commitment"))
    return list(rows.select_related("obligor").order_by("id"))


def _enter(
    user: User, document: Document, form: NewCommitmentForm
) -> tuple[Passage, list[Commitment]]:
    """Mark the words, enter parties not known yet, and capture one commitment per obligor."""
    given, values = form.cleaned_data, form.own_values()
    with transaction(stream_of(document)):
        start, end = form.span
        passage = mark_passage(document, actor=user, start=start, end=end)
        parties = _parties(user, [*given["obligors"], *given["beneficiaries"]])
        values["beneficiaries"] = [_of(parties, party) for party in given["beneficiaries"]]
        rows = []
        for number, named in enumerate(given["obligors"], start=1):
            row = actions.capture(
                actor=user,
                title=given["title"],
                document=document,
                passage=passage,
                values={**values, "obligor": _of(parties, named)},
                key=f"{given['key']}-{number}" if given["key"] else "",
            )
            rows.append(_confirmed(user, row, form, number) if form.confirming else row)
    return passage, rows


def _parties(user: User, named: list[Party | Unknown]) -> dict[str, Party]:
    """The parties entered just now, by their folded words."""
    entered: dict[str, Party] = {}
    for party in named:
        if isinstance(party, Unknown) and fold(party.words) not in entered:
            values = {"name": party.words, "kind": party.kind}
            entered[fold(party.words)] = actions.save_party(None, actor=user, values=values)
    return entered


def _of(entered: Mapping[str, Party], party: Party | Unknown) -> Party:
    return entered[fold(party.words)] if isinstance(party, Unknown) else party


def _confirmed(user: User, row: Commitment, form: NewCommitmentForm, number: int) -> Commitment:
    names = ("kind", "due_text", "due_edtf", "success_criteria", "review_on", "owner")
    data = {name: form.cleaned_data[name] for name in names if form.cleaned_data.get(name)}
    key = form.cleaned_data["key"]
    return actions.transition(
        row,
        CONFIRM,
        actor=user,
        expected_version=row.version,
        data={**data, "obligor": row.obligor},
        key=f"{key}-{number}-{CONFIRM}" if key else "",
    )


def _cite(user: User, document: Document, form: CiteForForm) -> Citation:
    given = form.cleaned_data
    with transaction(stream_of(document)):
        start, end = form.span
        return actions.cite(
            given["commitment"],
            actor=user,
            document=document,
            passage=mark_passage(document, actor=user, start=start, end=end),
            role=given["role"],
            effective=given["effective"],
            note=given["note"],
            key=given["key"],
        )


def _refuse(form: NewCommitmentForm | CiteForForm, refused: Refused) -> int:
    """Show why nothing was done, beside the field where there is one; the answer's status."""
    errors = refused.errors if isinstance(refused, Refusal) else {"": str(refused)}
    form.refuse({"obligors" if name == "obligor" else name: said for name, said in errors.items()})
    return 403 if isinstance(refused, NotAllowed) else 422


def _done(rows: list[Commitment]) -> str:
    """What was entered, for the reader."""
    if rows[0].reference:
        opened = [str(row.reference) for row in rows]
        return f"{wording.listed(opened)} {'is' if len(rows) == 1 else 'are'} open."
    if len(rows) == 1:
        return "Captured as a candidate. Confirm it to follow it up."
    return f"Captured as {len(rows)} candidates, one for each who owes it."


def _after(passage: Passage, rows: list[Commitment]) -> str:
    """One commitment: its page. Several: the words on which they all rest."""
    if len(rows) == 1:
        return rows[0].get_absolute_url()
    return f"{reverse('document', args=[passage.document_id])}#m{passage.pk}"
