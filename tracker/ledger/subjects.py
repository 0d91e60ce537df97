"""Which models have streams of their own: those that say `LEDGERED = True`.

A child row whose changes are told on its parent's stream says nothing.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error
from django.db.models import Model


def ledgered_models() -> dict[str, type[Model]]:
    """The models with streams of their own, by the word before the colon in a stream's name."""
    return {str(model._meta.model_name): model for model in _subjects()}


def check_names(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """System check: two ledgered models of one name would share their streams."""
    named: dict[str, type[Model]] = {}
    clashes: list[CheckMessage] = []
    for model in _subjects():
        other = named.setdefault(str(model._meta.model_name), model)
        if other is not model:
            clashes.append(
                Error(
                    f"{model._meta.label} and {other._meta.label} would write to the same streams.",
                    hint="Give one of the two models another name.",
                    obj=model,
                    id="ledger.E001",
                )
            )
    return clashes


def _subjects() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if getattr(model, "LEDGERED", False) and not model._meta.proxy
    ]
