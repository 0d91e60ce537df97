"""Benchmarks, each a script: `python -m tests.bench.register`.

They run on DATABASE_URL (a database of their own, which they fill) or on a new SQLite file. Run as
a script, this package sets Django up the way the demo runs; under pytest that is done already.
"""

import os
import tempfile

import django

if "DJANGO_SETTINGS_MODULE" not in os.environ:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ.setdefault("TRACKER_DEMO", "true")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("TRACKER_VAR", tempfile.mkdtemp(prefix="tracker-bench-"))
    django.setup()
