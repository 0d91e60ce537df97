"""Letters, e-mails, calls and meetings: shown here, logged on their own pages."""

from typing import Any

from django.contrib import admin

from commitments.models import FollowUp
from tracker.curation import ReadOnlyAdmin


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin):
    list_display = ("happened_on", "title", "channel", "direction", "party", "reply_due_on")
    list_filter = ("channel", "direction")
    list_select_related = ("party",)
    search_fields = ("title", "party__name")
    date_hierarchy = "happened_on"

    def get_queryset(self, request: Any) -> Any:
        return FollowUp.objects.visible_to(request.user)
