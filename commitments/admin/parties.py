"""Curate parties with their aliases, merge two of them, and curate topics."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from commitments import actions
from commitments.models import Alias, Party, Topic
from tracker.curation import CuratedAdmin, changes_in, values_of
from tracker.refusals import Refused


class AliasInline(admin.TabularInline):
    model = Alias
    fields = ("words", "document")
    extra = 2
    raw_id_fields = ("document",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("commitments.curate")

    has_add_permission = has_delete_permission = has_change_permission


class MergeForm(forms.Form):
    """Which of the chosen parties stays, and why."""

    into = forms.ModelChoiceField(Party.objects.none(), label="The one that stays")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label="Reason")


@admin.register(Party)
class PartyAdmin(CuratedAdmin):
    list_display = ("name", "kind", "parent", "merged_into")
    list_filter = ("kind", ("merged_into", admin.EmptyFieldListFilter))
    list_select_related = ("parent", "merged_into")
    search_fields = ("name", "aliases__words")
    autocomplete_fields = ("parent", "members")
    fields = (
        "name",
        "kind",
        "parent",
        "members",
        "members_complete",
        "holder",
        "contact_email",
        "note",
    )
    inlines = (AliasInline,)
    actions = ("merge",)

    def act(self, request: Any, instance: Any, form: Any, formsets: Any) -> Party:
        return actions.save_party(
            instance,
            actor=request.user,
            values=changes_in(form) if instance else values_of(form),
            aliases=_aliases(formsets),
        )

    @admin.action(description="Merge into one …", permissions=["change"])
    def merge(self, request: Any, queryset: Any) -> HttpResponse | None:
        """Ask which stays and why, then merge the others into it, each with its history."""
        asked = "into" in request.POST
        form = MergeForm(request.POST if asked else None)
        form.fields["into"].queryset = queryset  # type: ignore[attr-defined]
        if asked and form.is_valid() and self._merged(request, queryset, form):
            return redirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": "Merge parties",
            "opts": self.model._meta,
            "rows": queryset,
            "form": form,
            "action": "merge",
            "sentence": "What they owe, are owed and said moves to the one that stays. The others"
            " keep their history and are marked as merged; their names become aliases.",
        }
        return TemplateResponse(request, "admin/ask.html", context)

    def _merged(self, request: Any, queryset: Any, form: MergeForm) -> bool:
        stays, reason = form.cleaned_data["into"], form.cleaned_data["reason"]
        others = [party for party in queryset if party.pk != stays.pk]
        if not others:
            form.add_error(None, "Choose at least two parties.")
            return False
        for party in others:
            try:
                actions.merge_parties(party, actor=request.user, into=stays, reason=reason)
            except Refused as refused:
                form.add_error(None, f"{party}: {refused}")
                return False
        self.message_user(request, f"Merged {len(others) + 1} parties into {stays}.")
        return True


def _aliases(formsets: Any) -> list[Any]:
    """The aliases as the page now has them."""
    rows = [row for formset in formsets for row in formset.cleaned_data]
    return [(row["words"], row.get("document")) for row in rows if row and not row.get("DELETE")]


@admin.register(Topic)
class TopicAdmin(CuratedAdmin):
    list_display = ("name", "note")
    search_fields = ("name",)
    fields = ("name", "note")

    def act(self, request: Any, instance: Any, form: Any, formsets: Any) -> Topic:
        return actions.save_topic(instance, actor=request.user, values=values_of(form))
