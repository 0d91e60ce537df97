"""Curate commitments: correct with a reason, and make moves through the one transition."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments import actions
from commitments.actions.editing import OWN
from commitments.forms.moves import MoveForm
from commitments.models import Citation, Commitment, Link
from commitments.workflow import MOVES, Move
from documents.models import Document
from tracker.curation import (
    CuratedAdmin,
    ReadOnlyAdmin,
    RefusableForm,
    changes_in,
    report,
    with_reason,
)
from tracker.refusals import Refused

# Moves that need something of one commitment only (its citations, its period) are made on its page.
IN_BULK = tuple(name for name in MOVES if name not in ("confirm", "report", "confirm_period"))


class CorrectionForm(RefusableForm):
    """A correction holds only for the version that the page was made from."""

    reason = with_reason("Why it is corrected. It stays in the history.")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seen"].initial = self.instance.version


def _asking(move: Move) -> Callable[..., HttpResponse]:
    """The admin's action for one move of the workflow's table."""

    def ask(model_admin: Any, request: Any, queryset: Any) -> HttpResponse:
        return model_admin.ask_for_move(request, queryset, move)

    ask.__name__ = f"move_{move.name}"
    label = f"{move.label}{' …' if move.asks else ''}"
    return admin.action(description=label, permissions=["change"])(ask)


@admin.register(Commitment)
class CommitmentAdmin(CuratedAdmin):
    form = CorrectionForm
    list_display = ("name", "title", "obligor", "state", "verdict", "due_on", "owner")
    list_display_links = ("name", "title")
    list_filter = ("state", "verdict", "kind", "strength", "topics")
    list_select_related = ("obligor", "owner")
    search_fields = ("reference", "title", "obligor__name")
    autocomplete_fields = (
        "obligor",
        "on_behalf_of",
        "requested_by",
        "beneficiaries",
        "topics",
    )
    readonly_fields = (
        "page",
        "reference",
        "state",
        "verdict",
        "owner",
        "due_text",
        "due_edtf",
        "due_on",
        "review_on",
        "import_key",
        "version",
    )
    fieldsets = (
        (None, {"fields": ("page", "reference", "state", "verdict", "version", "import_key")}),
        (
            "Moved and dated on its page",
            {"fields": ("owner", "due_text", "due_edtf", "due_on", "review_on")},
        ),
        ("What is said of it", {"fields": OWN}),
        (None, {"fields": ("reason", "seen")}),
    )
    actions = tuple(_asking(MOVES[name]) for name in IN_BULK)

    @admin.display(description="On its page")
    def page(self, row: Commitment) -> SafeString:
        return format_html('<a href="{}">Open {}</a>', row.get_absolute_url(), row.name)

    def has_add_permission(self, request: Any) -> bool:
        """A commitment hangs on a passage, so it begins in the reader."""
        return False

    def get_actions(self, request: Any) -> dict[str, Any]:
        """Only the moves this person has the right to make."""
        offered = super().get_actions(request)
        return {
            name: row
            for name, row in offered.items()
            if not name.startswith("move_")
            or request.user.has_perm(MOVES[name.removeprefix("move_")].permission)
        }

    def act(self, request: Any, instance: Any, form: Any, formsets: Any) -> Commitment:
        changes = changes_in(form)
        changes.pop("seen", None)
        return actions.correct(
            instance,
            actor=request.user,
            expected_version=form.cleaned_data["seen"],
            changes=changes,
            reason=form.cleaned_data["reason"],
        )

    def ask_for_move(self, request: Any, queryset: Any, move: Move) -> HttpResponse:
        """Ask what the move needs, make it row by row, and say which were refused and why."""
        rows = list(queryset)
        asked = "key" in request.POST
        form = MoveForm(
            request.POST if asked else None, move=move, commitment=rows[0], user=request.user
        )
        if asked and form.is_valid():
            self._move_all(request, rows, move, form.data_for_move())
            return redirect(reverse("admin:commitments_commitment_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": move.label,
            "opts": self.model._meta,
            "rows": rows,
            "form": form,
            "action": f"move_{move.name}",
            "sentence": move.hint,
        }
        return TemplateResponse(request, "admin/ask.html", context)

    def _move_all(self, request: Any, rows: list[Commitment], move: Move, data: Any) -> None:
        done, refused = [], []
        for row in rows:
            try:
                moved = actions.transition(
                    row, move.name, actor=request.user, expected_version=row.version, data=data
                )
                done.append(moved.name)
            except Refused as why:
                refused.append(f"{row.name} was left alone: {why}")
        report(self, request, done, refused)


@admin.register(Citation)
class CitationAdmin(ReadOnlyAdmin):
    list_display = ("commitment", "role", "document", "added_by", "added_at", "withdrawn_at")
    list_filter = ("role",)
    list_select_related = ("commitment", "document", "added_by")
    search_fields = ("commitment__reference", "document__title")

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request)
        return rows.filter(
            commitment__in=Commitment.objects.visible_to(request.user),
            document__in=Document.objects.visible_to(request.user),
        )


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    list_display = ("source", "kind", "target", "added_by", "withdrawn_at")
    list_filter = ("kind",)
    list_select_related = ("source", "target", "added_by")

    def get_queryset(self, request: Any) -> Any:
        seen = Commitment.objects.visible_to(request.user)
        return super().get_queryset(request).filter(source__in=seen, target__in=seen)
