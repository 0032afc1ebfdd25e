"""How the portal writes its log, read by the settings."""

from typing import Any


def lines_from(level: str) -> dict[str, Any]:
    """The logging of the portal from this level up: a line each, with its request's number and no secrets."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "partnerships.common.middleware.RequestIdFilter"},
            "secrets": {"()": "partnerships.common.logs.SecretsFilter"},
        },
        "formatters": {
            "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request_id", "secrets"],
            }
        },
        # What was too large is refused and shows in the line of its request; it is nobody's mistake here.
        "loggers": {"django.security.RequestDataTooBig": {"handlers": [], "propagate": False}},
        "root": {"handlers": ["console"], "level": level},
    }
