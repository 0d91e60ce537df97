"""Who owes what by when, and what happened since."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CommitmentsConfig(AppConfig):
    name = "commitments"

    def ready(self) -> None:
        """Connect the step after migrate that enters the default reminder rules."""
        # Models may be imported only from here on. The signal of contenttypes comes after that
        # of auth, at which the account that enters the rules is made.
        rules = import_module("commitments.reminding.rules")
        post_migrate.connect(
            rules.after_migrate,
            sender=apps.get_app_config("contenttypes"),
            dispatch_uid="commitments.default_rules",
        )
