"""Mistakes of deployment, as system checks: they fail at the start, with a hint, instead of in the night.

`manage.py check` runs the first part everywhere. `check --deploy --database default`, which
deploy/start runs before anything else, also refuses what only the embedded default may have.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from partnerships.common import translations

LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}
DEMO_DOMAIN = "@demo.example"
Apps = Sequence[AppConfig] | None


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


@register()
def demo_stays_on_loopback(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The demo's password is in the README."""
    if settings.DEMO and host_of(settings.BASE_URL) not in LOOPBACK:
        return [
            Error(
                f"Demo accounts with a known password are on, and the portal answers as {settings.BASE_URL}.",
                hint="Unset PORTAL_DEMO, or keep BASE_URL on localhost.",
                id="portal.E001",
            )
        ]
    return []


@register(Tags.translation)
def words_are_compiled(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    return [
        checks.Warning(
            f"The words for {language} are not compiled since they changed; pages would mix languages.",
            hint="Run manage.py compile_messages.",
            id="portal.W002",
        )
        for language in translations.languages()
        if translations.po_path(language).is_file() and translations.stale(translations.po_path(language))
    ]


@register(Tags.security, deploy=True)
def production_settings(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Everything that the embedded default may be and a public address may not."""
    refused = [
        (
            "E010",
            not settings.PRODUCTION,
            "PORTAL_ENV is not production: cookies, HTTPS and HSTS are not as a public address needs them.",
            "Set PORTAL_ENV=production.",
        ),
        ("E011", settings.DEBUG, "DEBUG shows settings and queries to every visitor.", "Unset PORTAL_DEBUG."),
        (
            "E012",
            settings.SECRET_KEY == settings.INSECURE_KEY,
            "SECRET_KEY is the embedded default, which everybody can read: sessions could be forged.",
            "Set SECRET_KEY to 50 random characters, such as those of: openssl rand -base64 48",
        ),
        ("E013", settings.DEMO, "Demo accounts with a known password are on.", "Unset PORTAL_DEMO."),
        (
            "E014",
            host_of(settings.BASE_URL) in LOOPBACK,
            f"BASE_URL is {settings.BASE_URL}: links in letters would lead nowhere.",
            "Set BASE_URL to the public address, such as https://portal.example.az.",
        ),
        (
            "E015",
            urlsplit(settings.BASE_URL).scheme != "https",
            "BASE_URL is not https: passkeys refuse it and the session cookie is not sent.",
            "Serve the portal by https and set BASE_URL accordingly.",
        ),
        (
            "E022",
            urlsplit(settings.BASE_URL).path.strip("/") != "",
            "BASE_URL has a path: links in letters would have it twice, and forms would be refused.",
            "Leave the host alone in BASE_URL, and set SCRIPT_NAME to the path.",
        ),
        (
            "E016",
            not set(settings.ALLOWED_HOSTS) - LOOPBACK - {"[::1]", "testserver"}
            or "*" in settings.ALLOWED_HOSTS,
            "ALLOWED_HOSTS names no public host, or every host.",
            "Set ALLOWED_HOSTS to the host of BASE_URL.",
        ),
        (
            "E017",
            settings.SQLITE,
            "The database is SQLite: one writer at a time, one machine.",
            "Set DATABASE_URL=postgres://user:password@host/name.",
        ),
        (
            "E018",
            settings.CELERY_BROKER_URL.startswith(("filesystem:", "memory:")),
            "The broker is a folder or the memory of one process: workers on other machines never see it.",
            "Set REDIS_URL=redis://host:6379/0.",
        ),
        (
            "E019",
            not settings.EMAIL_BACKEND.startswith("django.core.mail.backends.smtp")
            and not _known_mail_service(),
            f"Mail goes to {settings.EMAIL_BACKEND}: nobody receives it.",
            "Set EMAIL_URL=smtp+tls://user:password@host:587.",
        ),
    ]
    return [Error(text, hint=hint, id=f"portal.{number}") for number, wrong, text, hint in refused if wrong]


def _known_mail_service() -> bool:
    """A mail service's own backend is the operator's choice; ours and Django's toys are not."""
    return not settings.EMAIL_BACKEND.startswith(("django.core.mail.backends.", "partnerships."))


@register(Tags.database, deploy=True)
def no_demo_accounts(
    app_configs: Apps, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """A database once used for a demonstration keeps its accounts; they must not become public."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        users = get_user_model()
        try:
            if users._meta.db_table not in connection.introspection.table_names():
                continue  # before the first migrate
            count = users.objects.using(alias).filter(email__endswith=DEMO_DOMAIN, is_active=True).count()
        except DatabaseError as error:
            found.append(
                Error(
                    f"The database {alias!r} does not answer: {error}",
                    hint="See DATABASE_URL.",
                    id="portal.E020",
                )
            )
            continue
        if count:
            found.append(
                Error(
                    f"{count} active demo accounts (*{DEMO_DOMAIN}) with a known password are in it.",
                    hint="Start with an empty database, or deactivate them.",
                    id="portal.E021",
                )
            )
    return found
