"""Settings, all from the environment; the embedded defaults need nothing but Python.

Three ways to run: production (the default), the demo (TRACKER_DEMO, loopback only) and
development (DEBUG). README.md lists the variables.
"""

from pathlib import Path
from urllib.parse import quote

from csp.constants import NONE, SELF
from kombu import Exchange, Queue

from tracker import environment as env

# Where things are
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.folder("TRACKER_VAR", BASE_DIR / "var")

# How this process runs
DEMO = env.flag("TRACKER_DEMO")
DEBUG = env.flag("DEBUG")
GUARDED = not (DEMO or DEBUG)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
if GUARDED:
    SECRET_KEY = env.secret_key("SECRET_KEY")
    ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS")
else:
    SECRET_KEY = env.text("SECRET_KEY") or env.kept_secret(VAR_DIR / "secret-key")
    ALLOWED_HOSTS = LOOPBACK if DEMO else env.hosts("ALLOWED_HOSTS", default=LOOPBACK)
SITE_URL = env.site(
    "SITE_URL",
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if GUARDED else "http://127.0.0.1:8000",
)

# What it is made of. Django's people and groups come first, since our admin takes theirs over; the
# roof stands after what it covers; the rest of Django comes after ours, so that our templates win.
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "tracker.users",
    "tracker.ledger",
    "documents",
    "commitments",
    "tracker",
    "tracker.site_config.CurationConfig",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.web.OfficeTime",
]
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# What the tick does and what /readyz asks, by dotted path: the roof names the apps, never the
# other way round. tracker/tasks.py and tracker/health.py say what such a function looks like.
TICK_STEPS: list[str] = ["commitments.reminding.sweep.tick"]
READY_CHECKS: list[str] = [
    "tracker.health.database",
    "tracker.health.migrations",
    "tracker.health.history",
    "commitments.reminding.watchdog.reminders",
]

# Data. The demo keeps to its own files whatever else the environment names: its people and their
# passwords must never get into somebody's real database.
DATABASES = {
    "default": env.database("" if DEMO else "DATABASE_URL", VAR_DIR / "tracker.sqlite3"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files"},
    },
    # The bytes as received: under neither a static nor a media address, and read-only on disk.
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "originals",
            "base_url": None,
            "file_permissions_mode": 0o440,
            "directory_permissions_mode": 0o750,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if GUARDED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")) if GUARDED else None
WHITENOISE_USE_FINDERS = not GUARDED

# People and words
AUTH_USER_MODEL = "users.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LANGUAGE_CODE = "en-gb"
USE_TZ = True
# Only until the office's row is read: tracker/web.py switches each request to the office's zone.
TIME_ZONE = "Europe/Brussels"

# What a browser may do
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = GUARDED
CSRF_COOKIE_SECURE = GUARDED
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = GUARDED
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000, lowest=1) if GUARDED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = GUARDED
SECURE_HSTS_PRELOAD = GUARDED
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.flag("BEHIND_TLS_PROXY"):
    # Only for a proxy that always sets this header itself: otherwise any reader could claim TLS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Mail. Demo mail is kept as files, where an admin can read it.
OUTBOX_DIR = VAR_DIR / "outbox"
globals().update(
    env.mail("", f"filemail://{quote(str(OUTBOX_DIR))}")
    if DEMO
    else env.mail("EMAIL_URL", "smtp://localhost:25")
)
EMAIL_TIMEOUT = 10  # seconds; a mail must be out within 45 in all

# Work in the background. The queue is a hint, the table is the truth: nothing waits in the queue
# for a later time, no result is kept, and a task that dies with its worker is delivered again.
CELERY_BROKER_URL = env.broker("" if DEMO else "CELERY_BROKER_URL")
CELERY_BROKER_TRANSPORT = (
    "tracker.broker:Transport" if CELERY_BROKER_URL == "filesystem://" else None
)
CELERY_BROKER_TRANSPORT_OPTIONS = env.broker_options(CELERY_BROKER_URL, VAR_DIR / "broker")
CELERY_BROKER_CONNECTION_TIMEOUT = 2  # seconds; a silent broker must not hold up a page
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = CELERY_BROKER_TRANSPORT is None
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "celery"
# Each with an exchange of its own: left to their defaults, both would get every message.
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", "tick")]
CELERY_TASK_ROUTES = {"tracker.tick": {"queue": "tick"}}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SYNC_EVERY = 1
CELERY_BEAT_SCHEDULE = {
    # Once the next one is near, a late tick is worth nothing: it expires.
    "tick": {"task": "tracker.tick", "schedule": 30.0, "options": {"expires": 25}}
}

# Logs go to stderr, one line each.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.level("LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers would print some lines twice and mail others to nobody.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
