"""Who owes what by when, and what happened since."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "commitments"
