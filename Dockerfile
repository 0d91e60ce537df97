# The image of Tracker: web server, worker, beat and migrate are the same image with other commands
# (docker-compose.yml). Every dependency comes as a wheel, so no compiler is in it.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    TRACKER_VAR=/var/lib/tracker \
    WORKER_TMP_DIR=/dev/shm

RUN useradd --system --uid 10001 --home-dir /var/lib/tracker --create-home tracker

WORKDIR /srv/tracker
COPY requirements.txt .
RUN pip install --require-hashes --only-binary :all: -r requirements.txt

COPY . .
# The build needs a key and a host to read the settings; neither is kept in the image.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    ALLOWED_HOSTS=localhost TRACKER_VAR=/tmp/build \
    python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build

USER tracker
VOLUME /var/lib/tracker
EXPOSE 8000
CMD ["gunicorn", "--config", "python:tracker.gunicorn", "tracker.wsgi"]
