"""Addresses that need documents alone; pages with commitments on them are named elsewhere."""

from django.urls import path

from documents import views

urlpatterns = [path("<int:pk>/original/", views.original, name="original")]
