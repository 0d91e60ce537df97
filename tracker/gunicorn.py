"""Settings of the web server: `gunicorn --config python:tracker.gunicorn tracker.wsgi`."""

from tracker import environment as env

bind = env.text("BIND", "127.0.0.1:8000")
workers = env.number("WEB_WORKERS", 2, lowest=1, highest=64)
worker_class = "gthread"
threads = env.number("WEB_THREADS", 4, lowest=1, highest=64)
# Loaded before the workers are forked, so that a setting that cannot be used stops the start with
# its sentence and is not tried again and again; the workers share the memory as well.
preload_app = True
timeout = 30  # seconds
graceful_timeout = 20
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# The heartbeat's file must not wait for a slow disk.
worker_tmp_dir = env.text("WORKER_TMP_DIR") or None
# Nothing here is run by remote control.
control_socket_disable = True
errorlog = "-"
loglevel = env.level("LOG_LEVEL", "INFO").lower()
