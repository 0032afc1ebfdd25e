"""Settings. Without any environment variable this is the embedded default: SQLite, a file-system
broker and mail files under var/, on loopback. PORTAL_ENV=production turns on everything that a
public address needs and refuses what it must not have (see checks.py)."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

from partnerships.api.settings import (  # noqa: F401  (settings of packages)
    KNOX_TOKEN_MODEL,
    MIGRATION_MODULES,
    REST_KNOX,
    SPECTACULAR_SETTINGS,
)
from partnerships.api.settings import REST_FRAMEWORK as API
from partnerships.logging_settings import lines_from
from partnerships.policy import CONTENT_SECURITY_POLICY  # noqa: F401
from partnerships.schedule import CELERY_BEAT_SCHEDULE  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PORTAL_ENV = env.str("PORTAL_ENV", "embedded")  # embedded | test | production
EMBEDDED = PORTAL_ENV == "embedded"
PRODUCTION = PORTAL_ENV == "production"
VAR_DIR = Path(env.str("PORTAL_VAR", str(BASE_DIR / "var")))
PORT = env.int("PORT", 8000)

DEBUG = env.bool("PORTAL_DEBUG", False)
# The embedded default answers on loopback only, so a key in the open costs nothing there;
# checks.py refuses it in production.
INSECURE_KEY = "embedded-default-key-for-loopback-only-never-for-a-public-address"
SECRET_KEY = env.str("SECRET_KEY", INSECURE_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
BASE_URL = env.str("BASE_URL", f"http://localhost:{PORT}")
# Below which path of BASE_URL the portal stands ("/portal"); gunicorn reads the same, workers link by it.
FORCE_SCRIPT_NAME = env.str("SCRIPT_NAME", "").rstrip("/") or None
ROOT = f"{FORCE_SCRIPT_NAME or ''}/"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []

# The menu, the front page and every collected list keep this order.
DIRECTIONS = ["research", "internships", "training", "events", "technopark"]
INSTALLED_APPS = [
    "modeltranslation",  # before admin, which it extends
    "partnerships.portal.apps.PortalAdminConfig",  # django.contrib.admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its widgets, for a renderer that looks into templates/ first
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "rules",
    "auditlog",
    "csp",
    "partnerships.common",
    "partnerships.workflow",
    "partnerships.accounts",
    "partnerships.directory",
    "partnerships.documents",
    "partnerships.notifications",
    "partnerships.calls",
    "partnerships.seats",
    "partnerships.agreements",
    "partnerships.certificates",
    "partnerships.bookings",
    "partnerships.reviews",
    "partnerships.privacy",
    "partnerships.joining",
    "partnerships.ideas",
    "partnerships.indicators",
    "partnerships.portal.apps.PortalConfig",
    "partnerships.api",
    *DIRECTIONS,
]

MIDDLEWARE = [
    "partnerships.common.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "partnerships.common.middleware.LineBreaksMiddleware",  # of a form that is read by now
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partnerships.accounts.middleware.PrivateMiddleware",
    "partnerships.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "partnerships.common.middleware.UploadLimitMiddleware",  # the language is known, no body is asked for yet
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "partnerships.accounts.middleware.LateCodesMiddleware",
    "partnerships.accounts.middleware.SecondFactorMiddleware",
    "partnerships.accounts.middleware.ConsentMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "partnerships.portal.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "partnerships.urls"
WSGI_APPLICATION = "partnerships.wsgi.application"

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
                "partnerships.portal.context.shell",
            ],
            "builtins": ["partnerships.common.templatetags.figures", "partnerships.common.templatetags.ui"],
        },
    }
]

# Database ---------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
_db = DATABASES["default"]
SQLITE = _db["ENGINE"].endswith("sqlite3")
if SQLITE:
    _db["OPTIONS"] = {
        # A writer waits for the other one instead of failing (see docs/house.md).
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
else:
    _db["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 600)
    _db["CONN_HEALTH_CHECKS"] = True
    # A page's queries join ten to twenty small tables in an order that is already right. Weighing every other
    # order took the server longer than reading the rows (55 ms against 2 for one agreement), at each request.
    # A page in memory or on a solid-state disk costs the same wherever it lies. By the figure for disks that
    # turn, the server read all people of a middling table for the thirty that a page shows.
    _planned = "-c join_collapse_limit=4 -c jit=off -c random_page_cost=1.1"
    _db["OPTIONS"] = {**_db.get("OPTIONS", {}), "options": _planned}
    # Megabytes of plans that the server keeps for each connection; 0 behind a pool that hands a connection on
    # after each transaction.
    if _megabytes := env.int("DATABASE_PREPARES", 160):
        from partnerships.common import planning

        _db["OPTIONS"] |= {
            "connection_factory": planning.keeping(_megabytes),
            "cursor_factory": planning.Cursor,
            "options": f"{_db['OPTIONS']['options']} {planning.OPTIONS}",
        }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache, sessions, broker -------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "partnerships.common.caching.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 3600}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    }
    CELERY_BROKER_URL = "filesystem://localhost"  # without a host kombu warns at every connection
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # One folder for both directions: what is put in is what is taken out.
        "data_folder_in": str(VAR_DIR / "broker" / "queue"),
        "data_folder_out": str(VAR_DIR / "broker" / "queue"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "store_processed": False,
        # Seconds between looks into the folder; with kombu's own second a busy worker does two tasks in one.
        "polling_interval": 0.1,
    }
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "portal_session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
LANGUAGE_COOKIE_NAME = "portal_language"

CELERY_TIMEZONE = "Asia/Baku"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What one process of a worker may take; 0 for no limit. One that has taken half is replaced after its task.
WORKER_MEMORY = env.int("WORKER_MEMORY_MB", 1024) * 1024 * 1024
CELERY_WORKER_MAX_MEMORY_PER_CHILD = WORKER_MEMORY // 2048 or None  # in kB
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY = False  # the sweep finds what the broker did not take
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# Mail ---------------------------------------------------------------------------------------------
if env.str("EMAIL_URL", ""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "partnerships.notifications.backends.EmlBackend"
MAIL_DIR = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Əməkdaşlıq portalı <portal@azerishiq.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where the public pages send somebody who wants to become a partner.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", parseaddr(DEFAULT_FROM_EMAIL)[1])
EMAIL_TIMEOUT = 15
# Letters that can wait do so in these hours (Baku) and on days off, unless their reader has chosen otherwise.
QUIET_HOURS = tuple(hours.split("-")) if (hours := env.str("QUIET_HOURS", "22:00-08:00")) else None
LETTERS_ON_DAYS_OFF = env.bool("LETTERS_ON_DAYS_OFF", False)
BATCH_SECONDS = env.int("BATCH_SECONDS", 600)  # a kind with many of it waits so long for more
# So many waiting letters of one kind to one person become one; 0 for never.
JOIN_FROM = env.int("JOIN_FROM", 3)

# Proxies of ours in front: so many addresses at the end of X-Forwarded-For are true. Limits and consents need
# the visitor's address; behind a proxy that is not counted everybody would share the proxy's.
PROXIES = env.int("PROXIES", 1 if PRODUCTION else 0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# Sign-in ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front"
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_ADAPTER = "partnerships.directory.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "signup": "partnerships.accounts.forms.SignupForm",
    "confirm_email_verification_code": "partnerships.accounts.forms.EmailCodeForm",
    "reset_password": "partnerships.accounts.forms.NewPasswordForm",
    "confirm_password_reset_code": "partnerships.accounts.forms.PasswordCodeForm",
}
# Six digits, five tries, one hour: a letter may come late, a guess has 1 chance in 200,000.
_CODE = {"length": 6, "numeric": True, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = ACCOUNT_PASSWORD_RESET_BY_CODE_CODE_FORMAT = _CODE
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 60 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "partnerships.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "partnerships.accounts.forms.SecondFactorForm",
    "add_webauthn": "partnerships.accounts.forms.NewKeyForm",
    "edit_webauthn": "partnerships.accounts.forms.KeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Əməkdaşlıq portalı"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Rows are made at sign-in; tracking every request would write to the database on every page.
USERSESSIONS_TRACK_ACTIVITY = False
# Demo accounts with a known password exist only here.
DEMO = env.bool("PORTAL_DEMO", EMBEDDED)
DEMO_PASSWORD = "demo-2026"

# API ----------------------------------------------------------------------------------------------
REST_FRAMEWORK = {**API, "NUM_PROXIES": PROXIES}

# Languages, time ----------------------------------------------------------------------------------
LANGUAGE_CODE = "az"
LANGUAGES = [("az", _("Azerbaijani")), ("en", _("English"))]
MODELTRANSLATION_DEFAULT_LANGUAGE = "az"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("az",)
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["partnerships.common.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Baku"

# Files --------------------------------------------------------------------------------------------
STATIC_URL = f"{ROOT}static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": env.str("FILE_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": {
            "location": str(VAR_DIR / "files"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        if not env.str("FILE_STORAGE", "")
        else {},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "files"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# A form that was open before the deadline to apply may arrive this long after it. Promised nowhere.
CODE_TRIES = env.int("CODE_TRIES", 10)  # access codes that one address may try in ten minutes
SUBMIT_GRACE = env.int("SUBMIT_GRACE", 300)  # seconds

# Files stay in memory up to UPLOAD_LIMIT and touch the disk only once they are accepted.
FILE_UPLOAD_HANDLERS = ["partnerships.documents.uploads.CappedUploadHandler"]
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT", 10 * 1024 * 1024)  # bytes, one file
SCAN_COMMAND = env.str("SCAN_COMMAND", "")  # reads a file, answers 0 clean or 1 infected
REQUEST_LIMIT = env.int("REQUEST_LIMIT", 40 * 1024 * 1024)  # bytes, a whole request with its files
DOCUMENT_QUOTA_FILES = env.int("DOCUMENT_QUOTA_FILES", 60)  # one person's, copies not counted
DOCUMENT_QUOTA_BYTES = env.int("DOCUMENT_QUOTA_BYTES", 200 * 1024 * 1024)
IMAGE_SIDE = 2000  # pixels, the longer side of a picture that is kept
IMAGE_PIXELS = 64_000_000  # a picture that would unpack to more is refused
PDF_PAGES = 20  # photos that become one PDF
IMPORT_ROWS = env.int("IMPORT_ROWS", 20_000)
IMPORT_RETENTION_DAYS = env.int("IMPORT_RETENTION_DAYS", 90)  # then rows and file of a table go
IMPORT_CELL = 2000  # characters in one cell
IMPORT_UNPACKED = 96 * 1024 * 1024  # bytes of an .xlsx once unpacked
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Practice: figures of the national rules as settings, no legal advice -------------------------------
PRACTICE_WEEKLY_HOURS = env.int("PRACTICE_WEEKLY_HOURS", 20)  # at least, on a five-day week
PRACTICE_WEEKLY_MOST = env.int("PRACTICE_WEEKLY_MOST", 40)  # of all practices of one student in one week
PRACTICE_CREDITS_PER_WEEK = env.str("PRACTICE_CREDITS_PER_WEEK", "1.5")
PRACTICE_REPORT_DAYS = env.int("PRACTICE_REPORT_DAYS", 7)  # after the last day: the report is due
PRACTICE_MARK_DAYS = env.int("PRACTICE_MARK_DAYS", 21)  # after the last day: the final mark is due
INDICATORS_OPEN_DAYS = env.int("INDICATORS_OPEN_DAYS", 60)  # after its end a year is counted each night
SMALL_CELL = env.int("SMALL_CELL", 5)  # fewer answers than this are shown to nobody they are about
POOL_MEAN = env.str("POOL_MEAN", "4")  # mean mark of the mentor, 1 to 5, that opens the talent pool
POOL_CONSENT_DAYS = env.int("POOL_CONSENT_DAYS", 730)  # the longest a consent to the pool may run
# Not one day of practice before its contract is signed by all.
PLACEMENT_NEEDS_CONTRACT = env.bool("PLACEMENT_NEEDS_CONTRACT", True)
# No place is given where university and company have no valid framework agreement.
PLACEMENT_NEEDS_FRAMEWORK = env.bool("PLACEMENT_NEEDS_FRAMEWORK", True)
MENTOR_MOST = env.int("MENTOR_MOST", 5)  # interns of one mentor at once
MENTOR_LINK_DAYS = env.int("MENTOR_LINK_DAYS", 60)  # a mentor's link opens for so long after the practice

# Personal data: how long a copy of one's data lies ready, how long erasure can still be called off, and how
# long the law has signed agreements kept.
COPY_DAYS = env.int("COPY_DAYS", 7)
ERASURE_DAYS = env.int("ERASURE_DAYS", 7)
AGREEMENT_YEARS = env.int("AGREEMENT_YEARS", 5)

# Lists of up to so many rows are handed out at once; longer ones a worker makes, and keeps for so many days.
EXPORT_DIRECT = env.int("EXPORT_DIRECT", 10_000)
EXPORT_ROWS = env.int("EXPORT_ROWS", 500_000)  # the longest list that is written into one file
EXPORT_DAYS = env.int("EXPORT_DAYS", 7)
PAPERS_DAYS = env.int("PAPERS_DAYS", 7)  # a file with the papers of many is kept so long for printing

# Of one address, 0 for no limit: codes of certificates checked in a minute, requests to join in an hour.
VERIFY_LIMIT, JOIN_LIMIT = env.int("VERIFY_LIMIT", 30), env.int("JOIN_LIMIT", 5)

# Security -----------------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "partnerships.portal.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = ROOT  # the rest of the host is another's
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [rf"^{ROOT[1:]}healthz/$", rf"^{ROOT[1:]}readyz/$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

AUDITLOG_LOGENTRY_MODEL = "auditlog.LogEntry"
LOGGING = lines_from(env.str("LOG_LEVEL", "WARNING" if not PRODUCTION else "INFO"))
