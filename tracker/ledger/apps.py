"""The append-only history."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "tracker.ledger"
    label = "ledger"
    verbose_name = "History"

    def ready(self) -> None:
        """Connect the step after `migrate` and the checks."""
        # Models cannot be imported before the registry is ready, and triggers name their tables.
        from tracker.ledger import subjects, triggers  # noqa: PLC0415

        post_migrate.connect(
            triggers.install_after_migrate, sender=self, dispatch_uid="ledger.triggers"
        )
        checks.register(subjects.check_names, checks.Tags.models)
        checks.register(triggers.check_triggers, checks.Tags.database)
