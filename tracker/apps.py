"""The roof as a Django app: commands, checks and the steps after migrate."""

from django.apps import AppConfig, apps
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from tracker import checks

# Named, not imported: models may be imported only once the registry is complete.
STEPS = (
    "tracker.roles.complete",
    "tracker.account.write_down",
    "commitments.reminding.rules.after_migrate",
)


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Tracker"

    def ready(self) -> None:
        """Register the checks, and connect the steps after migrate, in their order."""
        register(checks.role_permissions)
        register(checks.dotted_paths)
        # One run per migrate: the signal comes once for each app, and the steps are none's own.
        # Each rests on the one before: the rules are entered by the account the roles make.
        for dotted in STEPS:
            post_migrate.connect(
                import_string(dotted), sender=apps.get_app_config("auth"), dispatch_uid=dotted
            )
