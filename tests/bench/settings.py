"""The production settings without TLS and collected files, and the floor beside the product."""

from pathlib import Path

from tracker.settings import *  # noqa: F403
from tracker.settings import STORAGES as PRODUCT_STORAGES
from tracker.settings import TEMPLATES as PRODUCT_TEMPLATES

ROOT_URLCONF = "tests.bench.urls"
TEMPLATES = [
    engine | {"DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}  # type: ignore[misc]
    for engine in PRODUCT_TEMPLATES
]
STORAGES = PRODUCT_STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
