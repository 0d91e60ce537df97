"""People and the office."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "tracker.users"
    label = "users"
    verbose_name = "People and office"
