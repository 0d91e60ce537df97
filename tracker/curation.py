"""The Django admin as an edge: it shows forms, and every change goes through one action.

Django's admin saves the object, its many-to-many rows and its inline rows by itself. Here it does
none of that: `save_related`, the last of the three steps, calls one action with everything that
was typed. What the action refuses is shown in the same form, beside the field it belongs to.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from tracker.ledger.writing import transaction
from tracker.refusals import Refused

Request = HttpRequest


class RefusableForm(forms.ModelForm):
    """A form that can be shown once more with what the action refused."""

    refused: Refused | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        errors = getattr(self.refused, "errors", None)
        if errors is None and self.refused is not None:
            errors = {"": str(self.refused)}
        for name, sentence in (errors or {}).items():
            self.add_error(name if name in self.fields else None, sentence)
        return cleaned


def with_reason(help_text: str) -> forms.CharField:
    """The field every correction has."""
    return forms.CharField(
        label="Reason", help_text=help_text, widget=forms.Textarea(attrs={"rows": 2})
    )


class CuratedAdmin(admin.ModelAdmin):
    """Curates one model through its actions; nothing is ever deleted here."""

    form = RefusableForm
    list_per_page = 50
    show_full_result_count = False
    save_as = False

    def act(self, request: Request, instance: Model | None, form: Any, formsets: Any) -> Model:
        """Call the one action; `instance` is None for a new row. Returns the row as it stands."""
        raise TypeError(f"{type(self).__name__} must say which action it calls")

    def has_delete_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: Request) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        visible = getattr(rows, "visible_to", None)
        return visible(request.user) if visible else rows

    def get_form(
        self, request: Request, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"refused": getattr(request, "refused", None)})

    def changeform_view(
        self,
        request: Request,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Django's page; a refusal comes back as the same form with its sentences."""
        try:
            # Django opens a transaction of its own around a POST; ours comes first, so that on
            # SQLite it queues as every other writer does.
            with transaction() if request.method == "POST" else nullcontext():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refused = refused  # type: ignore[attr-defined]
            page: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
            page.status_code = 422
            return page

    def save_form(self, request: Request, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: Request, obj: Any, form: Any, change: bool) -> None:
        """Left to the action in `save_related`."""

    def save_related(self, request: Request, form: Any, formsets: Any, change: bool) -> None:
        row = self.act(request, form.instance if change else None, form, formsets)
        form.instance.pk = row.pk
        for formset in formsets:
            formset.new_objects = formset.changed_objects = formset.deleted_objects = []

    def construct_change_message(
        self, request: Request, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        names = [name for name in form.changed_data if name != "reason"]
        return [{"added": {}} if add else {"changed": {"fields": names}}]


def changes_in(form: Any) -> dict[str, Any]:
    """What was changed on the form, by field name, as typed values; the reason is none of it."""
    return {name: form.cleaned_data[name] for name in form.changed_data if name != "reason"}


def values_of(form: Any) -> dict[str, Any]:
    """Everything on the form, by field name, as typed values."""
    return {name: value for name, value in form.cleaned_data.items() if name != "reason"}


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows that nobody changes by hand."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Request, obj: Any = None) -> bool:
        return False


def report(model_admin: Any, request: Request, done: list[str], refused: Iterable[str]) -> None:
    """Tell what a bulk action did, and for each row that it left alone, why."""
    if done:
        model_admin.message_user(request, f"Done: {', '.join(done)}.", messages.SUCCESS)
    for sentence in refused:
        model_admin.message_user(request, sentence, messages.ERROR)
