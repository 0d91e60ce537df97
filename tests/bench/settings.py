"""The product's settings with the floor's address and template beside the product's own."""

from pathlib import Path

from tracker.settings import *  # noqa: F403
from tracker.settings import TEMPLATES as PRODUCT_TEMPLATES

ROOT_URLCONF = "tests.bench.urls"
TEMPLATES = [
    engine | {"DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}  # type: ignore[misc]
    for engine in PRODUCT_TEMPLATES
]
