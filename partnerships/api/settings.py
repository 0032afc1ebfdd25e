"""How the API is read, written and described; what differs by place is added in partnerships/settings.py."""

from datetime import timedelta
from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "partnerships.api.authentication.TokenAuthentication",
        "partnerships.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticatedOrReadOnly",
        "partnerships.common.scopes.WithinScope",
    ],
    "DEFAULT_SCHEMA_CLASS": "partnerships.common.schema.RowSchema",
    "DEFAULT_PAGINATION_CLASS": "partnerships.common.api.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["partnerships.common.parsers.SoundJSONParser"],
    "EXCEPTION_HANDLER": "partnerships.common.api.answer_exception",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "600/min", "verify": "30/min"},
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Partnership portal API",
    "DESCRIPTION": "Organisations, programmes and places in the open; signed in, what the pages show you.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "ThingKindEnum": "partnerships.bookings.enums.ThingKind",
        "ClosureKindEnum": "partnerships.bookings.enums.ClosureKind",
        "ReusableDocumentKindEnum": "internships.api_sending.KINDS",
    },
}
KNOX_TOKEN_MODEL = "api.Token"  # noqa: S105  (a model)
# Its migrations make a table for its own model although ours stands in its place; no flush knows it.
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"AUTO_REFRESH": False, "TOKEN_LIMIT_PER_USER": 10, "TOKEN_TTL": timedelta(days=30)}
