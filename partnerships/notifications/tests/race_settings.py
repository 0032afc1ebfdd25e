# ruff: noqa: F403, F405  (settings on settings are a star import)
"""The embedded default as it stands, with a mail server, the sample's letters and short leases."""

from datetime import timedelta

from partnerships.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LETTER_SOURCES = ["partnerships.notifications.tests.sample"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", env.int("RACE_SMTP_PORT")
# Each letter by itself and at any hour, so that they can be counted.
QUIET_HOURS, LETTERS_ON_DAYS_OFF, BATCH_SECONDS, JOIN_FROM = None, True, 0, 0
OUTBOX_LEASE = 3
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "notifications.sweep", "schedule": timedelta(seconds=1)},
    "heartbeat": {"task": "notifications.heartbeat", "schedule": timedelta(seconds=1)},
}
