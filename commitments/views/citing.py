"""Cite words or a document for a commitment, and withdraw a citation."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from commitments import actions
from commitments.forms.base import ActionForm
from commitments.forms.citing import CiteForm, WithdrawForm
from commitments.models import Citation, CitationRole
from commitments.views.handling import ChangePage
from documents.actions import mark_passage
from documents.models import Document, Passage
from tracker.ledger.snapshots import stream_of
from tracker.ledger.writing import transaction


class CitePage(ChangePage):
    """Tie words, or a whole document, to a commitment.

    The address may name the document and the words (`?document=3&start=10&end=20`) and the role.
    """

    form_class: ClassVar[type[ActionForm]] = CiteForm
    heading = "Cite a passage"
    button = "Cite"
    hint = "What a document says of it since: evidence, progress, a contradiction."

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET
        initial: dict[str, Any] = {}
        if asked.get("role") in CitationRole.values:
            initial["role"] = asked["role"]
        number = asked.get("document", "")
        if number.isdecimal() and len(number) < 19:
            seen = Document.objects.visible_to(self.user).in_force()
            initial["document"] = seen.filter(pk=int(number)).first()
        if initial.get("document"):
            initial["quote"] = self._words(initial["document"])
        return initial

    def _words(self, document: Document) -> str:
        """The words that the address names by their span, "" where it names none."""
        start, end = self.request.GET.get("start", ""), self.request.GET.get("end", "")
        text = document.current_text()
        if text is None or not (start.isdecimal() and end.isdecimal()):
            return ""
        return text.text[int(start[:12]) : int(end[:12])]

    def act(self, form: Any) -> Citation:
        given = form.cleaned_data
        document = given["document"]
        # Together, so that no words stay marked for a citation that was refused.
        with transaction(stream_of(self.commitment), stream_of(document)):
            return actions.cite(
                self.commitment,
                actor=self.user,
                document=document,
                passage=self._passage(document, given["quote"]),
                role=given["role"],
                effective=given["effective"],
                note=given["note"],
                key=given["key"],
            )

    def _passage(self, document: Document, quote: str) -> Passage | None:
        if not quote:
            return None
        return mark_passage(document, actor=self.user, quote=quote)

    def said(self, result: Citation) -> str:
        return f"Cited as {result.get_role_display().lower()}."


class WithdrawPage(ChangePage):
    """Take a citation back, with a reason; it stays, marked."""

    form_class: ClassVar[type[ActionForm]] = WithdrawForm
    template_name = "commitments/withdraw.html"
    heading = "Withdraw a citation"
    button = "Withdraw it"
    danger = True

    def citation(self) -> Citation:
        """The commitment's citation with the number in the address, if this reader may see it."""
        seen: QuerySet[Any] = Citation.objects.filter(
            commitment=self.commitment, document__in=Document.objects.visible_to(self.user)
        )
        return get_object_or_404(
            seen.select_related("document", "passage"), pk=self.kwargs["citation"]
        )

    def context(self, form: Any) -> dict[str, Any]:
        return {**super().context(form), "citation": self.citation()}

    def act(self, form: Any) -> Citation:
        return actions.withdraw_citation(
            self.citation(),
            actor=self.user,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
        )

    def said(self, result: Citation) -> str:
        return "The citation is withdrawn. It stays in the history."
