"""Benchmarks, each a script: `python -m tests.bench.register`.

They run on DATABASE_URL (a database of their own, which they fill) or on a new SQLite file. Run as
a script, this package sets Django up the way production runs it; under pytest that is done already.
"""

import os
import secrets
import tempfile

import django

if "DJANGO_SETTINGS_MODULE" not in os.environ:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(60))
    os.environ.setdefault("ALLOWED_HOSTS", "localhost")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("TRACKER_VAR", tempfile.mkdtemp(prefix="tracker-bench-"))
    django.setup()
