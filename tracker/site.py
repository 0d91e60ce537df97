"""The admin site as this office's: its name, and the doors it shares with the other pages."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class CurationSite(AdminSite):
    """Django's admin site; signing in and passwords are those of the other pages.

    Its own forms would save people without an event in the history.
    """

    site_title = "Tracker"
    site_header = "Tracker: curate"
    index_title = "What there is to curate"
    empty_value_display = "–"

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied("Curating is for administrators.")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("password")
