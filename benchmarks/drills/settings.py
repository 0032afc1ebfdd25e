# ruff: noqa: F403, F405  (settings on settings are a star import)
"""The portal as production runs it (PostgreSQL, Redis, SMTP), on loopback and with quick clocks.

Only what would make a drill wait is shortened: how long a lease holds, and how often the clock ticks.
"""

from datetime import timedelta

from partnerships.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
# Each letter by itself and at any hour, so that they can be counted.
QUIET_HOURS, LETTERS_ON_DAYS_OFF, BATCH_SECONDS, JOIN_FROM = None, True, 0, 0
# The scene has seats and people; what stands between the organisations is not what is broken here.
PLACEMENT_NEEDS_FRAMEWORK = False
OUTBOX_LEASE = env.int("DRILL_LEASE", 5)
_EVERY = env.float("DRILL_EVERY", 1.0)
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": timedelta(seconds=_EVERY), "options": {"expires": 60}}
    for name, entry in CELERY_BEAT_SCHEDULE.items()
    if name not in ("imports", "documents", "days_off")
}
