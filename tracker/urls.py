"""Every address of the product."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import include, path

from tracker import health, outbox


@login_not_required
def icon(request: HttpRequest) -> HttpResponseRedirect:
    """Browsers ask here for the icon of pages that name none."""
    return HttpResponseRedirect(static("tracker/favicon.svg"))


urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("favicon.ico", icon),
    path("admin/", admin.site.urls),
    path("", include("tracker.users.urls")),
    path("outbox/", outbox.mails, name="outbox"),
    path("outbox/<str:file_name>/<int:place>/", outbox.mail, name="outbox-mail"),
    path("documents/", include("documents.urls")),
    path("", include("commitments.urls")),
]
