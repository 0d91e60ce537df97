"""Curate people, their groups, and the office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password

from tracker.curation import CuratedAdmin, RefusableForm, changes_in, values_of
from tracker.users.actions import save_group, save_office, save_user
from tracker.users.models import Office, User


class PersonForm(RefusableForm):
    """A person; the password is only set here, never shown."""

    new_password = forms.CharField(
        label="New password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Leave empty to keep the present one; without any, nobody can sign in.",
    )

    def clean_new_password(self) -> str:
        words: str = self.cleaned_data["new_password"]
        if words:
            validate_password(words, self.instance)
        return words


@admin.register(User)
class UserAdmin(CuratedAdmin):
    form = PersonForm
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ("groups", "user_permissions")
    autocomplete_fields = ("supervisor", "deputy")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "new_password")}),
        (
            "Rights",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (
            "Mail and absence",
            {
                "fields": (
                    "language",
                    "digest_hour",
                    "digest_days",
                    "supervisor",
                    "deputy",
                    "absent_from",
                    "absent_until",
                )
            },
        ),
        (None, {"fields": ("last_login", "date_joined")}),
    )

    def act(self, request: Any, instance: Any, form: Any, formsets: Any) -> User:
        values = changes_in(form) if instance else values_of(form)
        groups = values.pop("groups", None)
        permissions = values.pop("user_permissions", None)
        if password := values.pop("new_password", ""):
            values["password"] = password
        return save_user(
            instance, actor=request.user, values=values, groups=groups, permissions=permissions
        )


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(CuratedAdmin, DjangoGroupAdmin):
    list_display = ("name",)
    search_fields = ("name",)
    filter_horizontal = ("permissions",)
    fields = ("name", "permissions")

    def act(self, request: Any, instance: Any, form: Any, formsets: Any) -> Group:
        values = values_of(form)
        return save_group(
            instance,
            actor=request.user,
            name=values["name"],
            permissions=values["permissions"],
        )


class DaysField(forms.CharField):
    """Dates, one a line, as 2026-12-25."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (value or "").splitlines() if line.strip()]
        return [_day(line) for line in lines]


def _day(line: str) -> str:
    field = forms.DateField(
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"],
        error_messages={"invalid": f"“{line}” is not a date. Write it like 2026-12-25."},
    )
    day = field.clean(line)
    assert day is not None  # noqa: S101  # a required field answers with a date or refuses
    return day.isoformat()


class OfficeForm(RefusableForm):
    closure_days = DaysField(required=False, help_text="Days the office is closed, one a line.")


@admin.register(Office)
class OfficeAdmin(CuratedAdmin):
    form = OfficeForm
    list_display = ("name", "zone_name", "sender")
    fields = ("name", "zone_name", "sender", "closure_days")

    def has_add_permission(self, request: Any) -> bool:
        """There is one office; its page is open before anybody has saved it."""
        return not Office.objects.exists() and super().has_add_permission(request)

    def act(self, request: Any, instance: Any, form: Any, formsets: Any) -> Office:
        return save_office(actor=request.user, values=values_of(form))
