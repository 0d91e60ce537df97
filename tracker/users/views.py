"""Signing in and out, and what people set for themselves."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from tracker.refusals import Refusal
from tracker.users import actions
from tracker.users.forms import PasswordForm, PreferencesForm, SignInForm
from tracker.users.models import Theme, User


class SignIn(LoginView):
    """The door. Who is in already goes on."""

    form_class = SignInForm
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(LogoutView):
    """Out again; by POST only, so that no link can do it."""


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Daily mail, deputy and absence."""
    user = cast(User, request.user)
    initial = {name: getattr(user, name) for name in PreferencesForm.base_fields}
    form = PreferencesForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_preferences(user, values=form.cleaned_data)
        except Refusal as refusal:
            show(form, refusal)
        else:
            messages.success(request, "Your preferences are saved.")
            return HttpResponseRedirect(reverse("account"), status=303)
    return render(
        request,
        "users/account.html",
        {"section": "account", "form": form, "groups": user.groups.order_by("name")},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; this session stays open, all others of this person end."""
    user = cast(User, request.user)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_password(user, password=form.cleaned_data["new_password1"])
        except Refusal as refusal:
            show(form, refusal)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, "Your password is changed. Other sessions have ended.")
            return HttpResponseRedirect(reverse("account"), status=303)
    return render(
        request,
        "users/password.html",
        {"section": "account", "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of the footer, and go back to where it was made."""
    chosen = request.POST.get("theme", "")
    if chosen in Theme.values:
        actions.save_preferences(cast(User, request.user), values={"theme": chosen})
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(back if ours else reverse("account"), status=303)


def show(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put the sentences of a refusal beside the fields they belong to."""
    for name, sentence in refusal.errors.items():
        form.add_error(name if name in form.fields else None, sentence)
