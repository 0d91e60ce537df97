"""The product's production settings with what makes tests quick.

DATABASE_URL chooses the database; without it the tests use an SQLite file. Everything that is
written lies in a temporary folder of this process's own.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path


def run_folder() -> Path:
    """One temporary folder for the whole run; its first process makes it and takes it away."""
    if "pytest" not in sys.modules:
        return Path(tempfile.gettempdir()) / f"tracker-tests-{os.getuid()}"  # the type checker
    if "TRACKER_TEST_FOLDER" not in os.environ:
        os.environ["TRACKER_TEST_FOLDER"] = tempfile.mkdtemp(prefix="tracker-tests-")
        atexit.register(remove_by, os.getpid(), os.environ["TRACKER_TEST_FOLDER"])
    return Path(os.environ["TRACKER_TEST_FOLDER"])


def remove_by(maker: int, folder: str) -> None:
    """Take the folder away, unless this process is only a fork of its maker."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


# Inside it, a folder for each process of the run.
os.environ.update(
    TRACKER_VAR=str(run_folder() / os.environ.get("PYTEST_XDIST_WORKER", "main")),
    SECRET_KEY="only for tests, and long enough to pass for a key of production",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    SITE_URL="https://tracker.test",
    LOG_LEVEL="WARNING",
)
for variable in ("TRACKER_DEMO", "DEBUG", "BEHIND_TLS_PROXY", "CELERY_BROKER_URL", "EMAIL_URL"):
    os.environ.pop(variable, None)

from tracker.settings import *  # noqa: E402, F403
from tracker.settings import DATABASES, STORAGES, VAR_DIR  # noqa: E402

# Tests speak plain HTTP; that production does not is tested on a process of its own.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
# Otherwise every new test client would list all static files first, for 20 ms.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nobody listens: what is announced here is found in the tables, as after a loss of the queue.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT = None
CELERY_BROKER_TRANSPORT_OPTIONS = {}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, since a database in memory has neither WAL nor waiting writers; no sync to disk.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
