"""The portal's settings as the tests run them: the same house, with tasks run on commit in the same
process, cheap password hashes, and files in a folder of this run alone."""

import os
import tempfile

os.environ.setdefault("PORTAL_ENV", "test")
os.environ.setdefault("PORTAL_VAR", tempfile.mkdtemp(prefix="portal-test-"))

from partnerships.settings import *  # noqa: E402, F403

CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_URL = "memory://"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ACCOUNT_RATE_LIMITS = False
VERIFY_LIMIT = 0
JOIN_LIMIT = 0
# Letters go by themselves and at any hour; what holds and joins them has tests of its own.
QUIET_HOURS, LETTERS_ON_DAYS_OFF, BATCH_SECONDS, JOIN_FROM = None, True, 0, 0
REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = []  # noqa: F405
# A practice in a test begins without a contract unless the test is about contracts.
PLACEMENT_NEEDS_CONTRACT = False
PLACEMENT_NEEDS_FRAMEWORK = False
if SQLITE:  # noqa: F405
    # A file, as the embedded default has it: threads of one test race over it as processes would.
    # Its tables come from the models at once; that the migrations make the very same is a test of its own
    # (common/tests/test_migrations.py). On PostgreSQL, as in production, the migrations run.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3"), "MIGRATE": False}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
    # One process asks what many pages ask: a statement that was prepared once is not prepared anew.
    DATABASES["default"]["OPTIONS"]["cached_statements"] = 1000  # noqa: F405
else:
    # A thread of the live server must not hold the database that is dropped at the end.
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
    # A query that was planned badly is named, instead of being waited for.
    DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=120000"  # noqa: F405
