"""The history in the admin: to read, never to change."""

from django.contrib import admin

from tracker.curation import ReadOnlyAdmin
from tracker.ledger.models import Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "stream", "seq", "action", "actor", "hash")
    list_filter = ("action",)
    list_select_related = ("actor",)
    search_fields = ("stream__exact",)
    ordering = ("-id",)
