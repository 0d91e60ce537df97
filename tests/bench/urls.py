"""The product's addresses and, beside them, the floor: the least a list page can be."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from commitments.models import Commitment
from tracker.urls import urlpatterns as product


def floor(request: HttpRequest) -> HttpResponse:
    """Fifty rows of values through a plain template, for whoever is signed in."""
    rows = Commitment.objects.order_by("id").values(
        "reference", "title", "obligor__name", "due_on", "state", "verdict", "owner__first_name"
    )
    return render(request, "floor.html", {"rows": rows[:50], "reader": str(request.user)})


urlpatterns = [*product, path("floor/", floor)]
