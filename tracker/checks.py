"""System checks of the roof: what it names must be there."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from tracker import roles


def role_permissions(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every permission in the matrix of roles stands for something."""
    return [
        Error(
            f"tracker.roles gives the permission {name}, which no model has.",
            hint="Add it to the model's Meta.permissions, or take it out of ROLES.",
            id="tracker.E001",
        )
        for name in roles.unknown()
    ]


def dotted_paths(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every function that TICK_STEPS and READY_CHECKS name can be imported."""
    errors: list[CheckMessage] = []
    for setting in ("TICK_STEPS", "READY_CHECKS"):
        for path in getattr(settings, setting):
            try:
                import_string(path)
            except ImportError as error:
                errors.append(Error(f"{setting}: {error}", id="tracker.E002"))
    return errors
