"""The roof as a Django app: commands, checks and the steps after migrate."""

from django.apps import AppConfig, apps
from django.core.checks import register
from django.db.models.signals import post_migrate

from tracker import checks, roles


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Tracker"

    def ready(self) -> None:
        """Register the checks and the step that completes the roles."""
        register(checks.role_permissions)
        register(checks.dotted_paths)
        # One run per migrate: the signal comes once for each app, and the roles are none's own.
        post_migrate.connect(
            roles.complete, sender=apps.get_app_config("auth"), dispatch_uid="tracker.roles"
        )
