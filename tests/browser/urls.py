"""The addresses of the product, and two that go wrong on purpose."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def broken(request: HttpRequest) -> HttpResponse:
    """As if there were a fault in the product."""
    raise RuntimeError("on purpose")


def odd(request: HttpRequest) -> HttpResponse:
    """As if somebody had sent what no browser sends."""
    raise SuspiciousOperation("on purpose")


urlpatterns = [path("broken/", broken), path("odd/", odd), path("", include("tracker.urls"))]
