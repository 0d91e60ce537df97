"""The forms in which people sign in and set what is theirs."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from tracker.users.models import DigestDays, User


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": (
            "User name and password do not match. Both are sensitive to capital letters."
        ),
        "inactive": "This account is switched off. Ask an administrator.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"


class PreferencesForm(forms.Form):
    """When the daily mail comes, and who stands in during an absence."""

    digest_hour = forms.TypedChoiceField(
        label="Hour of the daily mail",
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        help_text="In the office’s time. It holds everything that needs you; none, no mail.",
    )
    digest_days = forms.ChoiceField(label="On which days", choices=DigestDays.choices)
    deputy = forms.ModelChoiceField(
        label="Deputy",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="Gets a copy of your mail while you are away.",
    )
    absent_from = forms.DateField(
        label="Away from",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give the first day as a date, like 2026-11-23."},
    )
    absent_until = forms.DateField(
        label="Away until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day of absence. Left open, the absence has no end yet.",
        error_messages={"invalid": "Give the last day as a date, like 2026-11-30."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(is_active=True).exclude(pk=user.pk)
        self.fields["deputy"].queryset = colleagues.order_by("first_name", "username")  # type: ignore[attr-defined]


class PasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Your password now"
        self.fields["new_password1"].label = "New password"
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""
