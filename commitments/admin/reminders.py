"""Curate reminder rules; see what mail is on its way and what was given up."""

from typing import Any

from django import forms
from django.contrib import admin

from commitments import actions
from commitments.models import Mail, Notice, Priority, ReminderRule
from commitments.workflow import LIVE, Kind, State
from tracker.curation import CuratedAdmin, ReadOnlyAdmin, RefusableForm, values_of


class RuleForm(RefusableForm):
    """Lists as check boxes instead of JSON."""

    states = forms.MultipleChoiceField(
        choices=[(state.value, State(state).label) for state in LIVE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None ticked means all live ones.",
    )
    kinds = forms.MultipleChoiceField(
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None ticked means all.",
    )
    priorities = forms.MultipleChoiceField(
        choices=Priority.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None ticked means all.",
    )


@admin.register(ReminderRule)
class ReminderRuleAdmin(CuratedAdmin):
    form = RuleForm
    list_display = ("name", "active", "anchor", "offset_days", "repeat_every", "audience")
    list_filter = ("active", "anchor", "audience")
    search_fields = ("name", "code")
    fields = (
        "name",
        "code",
        "active",
        "active_from",
        "anchor",
        "offset_days",
        "repeat_every",
        "repeat_times",
        "audience",
        "states",
        "kinds",
        "priorities",
        "immediate",
    )
    readonly_fields = ("active_from",)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        """The code is what the history and the actions know a rule by."""
        return (*self.readonly_fields, "code") if obj else self.readonly_fields

    def act(self, request: Any, instance: Any, form: Any, formsets: Any) -> ReminderRule:
        return actions.save_rule(instance, actor=request.user, values=values_of(form))


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    list_display = ("recipient", "kind", "day", "state", "attempts", "sent_at", "error")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    date_hierarchy = "day"


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("recipient", "rule", "subject_kind", "subject_id", "occurrence_on", "mail")
    list_filter = ("rule",)
    list_select_related = ("recipient", "rule", "mail")
