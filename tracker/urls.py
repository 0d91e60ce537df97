"""Every address of the product."""

from django.contrib import admin
from django.urls import path

from tracker import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("admin/", admin.site.urls),
]
