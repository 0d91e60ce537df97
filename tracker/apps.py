"""The roof as a Django app: commands, checks and the steps after migrate."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Tracker"
