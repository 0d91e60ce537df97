"""Curate documents: file new ones, correct what is said about them, withdraw with a reason."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from documents.actions import correct_document, file_document, withdraw_document
from documents.models import Document, Passage
from tracker import fuzzy
from tracker.curation import (
    CuratedAdmin,
    ReadOnlyAdmin,
    RefusableForm,
    changes_in,
    report,
    with_reason,
)
from tracker.refusals import Refused

SAID = (
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


class NamesField(forms.CharField):
    """Names, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


class DocumentForm(RefusableForm):
    """What is said about a document; dates as vague as the record made them."""

    participants = NamesField(required=False, help_text="Names, one a line.")
    source_url = forms.URLField(required=False, assume_scheme="https", label="Source URL")

    def _read(self, name: str) -> str:
        try:
            return fuzzy.as_entered(self.cleaned_data.get(name) or "")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_dated(self) -> str:
        return self._read("dated")

    def clean_about(self) -> str:
        return self._read("about")


class FilingForm(DocumentForm):
    file = forms.FileField(help_text="A text file; what it holds is kept as it is.")


class CorrectionForm(DocumentForm):
    reason = with_reason("Why it is corrected. It stays in the history.")


class WithdrawForm(forms.Form):
    reason = with_reason("Why it is taken out of use. Nothing of it is deleted.")


class LanguageFilter(admin.AllValuesFieldListFilter):
    """The languages there are; what is in none that was recognised has a word of its own."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "not known"}


@admin.register(Document)
class DocumentAdmin(CuratedAdmin):
    list_display = ("title", "kind", "reference", "dated", "restricted_to", "withdrawn_at")
    list_filter = (
        "kind",
        ("language", LanguageFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("restricted_to",)
    search_fields = ("title", "reference")
    readonly_fields = ("page", "withdrawn_at", "withdrawn_reason", "added_by", "added_at")
    actions = ("withdraw",)

    @admin.display(description="In the reader")
    def page(self, row: Document) -> SafeString:
        return format_html('<a href="{}">Open “{}”</a>', row.get_absolute_url(), row.title)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = CorrectionForm if obj else FilingForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("file", *SAID)}),)
        return (
            (None, {"fields": self.readonly_fields}),
            ("What is said about it", {"fields": SAID}),
            (None, {"fields": ("reason",)}),
        )

    def has_add_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm("documents.capture_document"))

    def act(self, request: Any, instance: Any, form: Any, formsets: Any) -> Document:
        if instance is None:
            values = dict(form.cleaned_data)
            file = values.pop("file")
            return file_document(
                actor=request.user, data=file.read(), file_name=file.name, **values
            )
        return correct_document(
            instance,
            actor=request.user,
            changes=changes_in(form),
            reason=form.cleaned_data["reason"],
        )

    @admin.action(description="Withdraw …", permissions=["change"])
    def withdraw(self, request: Any, queryset: Any) -> HttpResponse:
        """Ask why, then withdraw each; what is withdrawn already is named."""
        asked = "reason" in request.POST
        form = WithdrawForm(request.POST if asked else None)
        if asked and form.is_valid():
            done, refused = [], []
            for document in queryset:
                try:
                    withdraw_document(
                        document, actor=request.user, reason=form.cleaned_data["reason"]
                    )
                    done.append(document.title)
                except Refused as why:
                    refused.append(f"{document.title}: {why}")
            report(self, request, done, refused)
            return redirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw documents",
            "opts": self.model._meta,
            "rows": queryset,
            "form": form,
            "action": "withdraw",
            "sentence": "Their words stay where they are cited, marked as withdrawn.",
        }
        return TemplateResponse(request, "admin/ask.html", context)


@admin.register(Passage)
class PassageAdmin(ReadOnlyAdmin):
    list_display = ("quote", "document", "marked_by", "marked_at")
    list_select_related = ("document", "marked_by")
    search_fields = ("quote", "document__title")

    def get_queryset(self, request: Any) -> Any:
        return Passage.objects.visible_to(request.user)
