"""What a start refuses."""

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import DEFAULT_DB_ALIAS

from partnerships import checks
from partnerships.accounts.models import User
from partnerships.common import translations


@pytest.fixture
def production(settings: Any) -> Any:
    """Settings with which nothing is refused; each test spoils one."""
    settings.PRODUCTION = True
    settings.DEBUG = settings.DEMO = False
    settings.SECRET_KEY = "k" * 60
    settings.BASE_URL = "https://portal.example.az"
    settings.ALLOWED_HOSTS = ["portal.example.az"]
    settings.SQLITE = False
    settings.CELERY_BROKER_URL = "redis://redis:6379/0"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_right_production_settings_are_refused_nothing(production: Any) -> None:
    assert checks.production_settings(None) == []


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("PRODUCTION", False, "portal.E010"),
        ("DEBUG", True, "portal.E011"),
        ("DEMO", True, "portal.E013"),
        ("BASE_URL", "https://localhost:8000", "portal.E014"),
        ("BASE_URL", "https://127.0.0.1", "portal.E014"),
        ("BASE_URL", "http://portal.example.az", "portal.E015"),
        ("BASE_URL", "https://portal.example.az/portal/", "portal.E022"),
        ("ALLOWED_HOSTS", ["localhost", "testserver"], "portal.E016"),
        ("ALLOWED_HOSTS", ["*", "portal.example.az"], "portal.E016"),
        ("SQLITE", True, "portal.E017"),
        ("CELERY_BROKER_URL", "filesystem://", "portal.E018"),
        ("EMAIL_BACKEND", "partnerships.notifications.backends.EmlBackend", "portal.E019"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "portal.E019"),
    ],
)
def test_each_thing_that_only_the_embedded_default_may_be_is_refused_alone(
    production: Any, name: str, value: Any, refusal: str
) -> None:
    setattr(production, name, value)
    assert ids(checks.production_settings(None)) == [refusal]


def test_the_default_secret_key_is_refused(production: Any) -> None:
    production.SECRET_KEY = production.INSECURE_KEY
    assert ids(checks.production_settings(None)) == ["portal.E012"]


def test_a_mail_service_of_another_package_is_the_operators_choice(production: Any) -> None:
    production.EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
    assert checks.production_settings(None) == []


@pytest.mark.parametrize(
    ("demo", "url", "refused"),
    [
        (True, "http://localhost:8000", []),
        (True, "http://192.168.1.5:8000", ["portal.E001"]),
        (False, "https://portal.example.az", []),
    ],
)
def test_the_demo_is_refused_away_from_loopback(
    settings: Any, demo: bool, url: str, refused: list[str]
) -> None:
    settings.DEMO, settings.BASE_URL = demo, url
    assert ids(checks.demo_stays_on_loopback(None)) == refused


def test_words_changed_since_they_were_compiled_are_a_warning(settings: Any, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    po = translations.po_path("az")
    assert checks.words_are_compiled(None) == []
    po.parent.mkdir(parents=True)
    po.write_text(translations.HEADER.format(language="az"), encoding="utf-8")
    assert ids(checks.words_are_compiled(None)) == ["portal.W002"]
    translations.compile_catalogues()
    assert checks.words_are_compiled(None) == []


@pytest.mark.django_db
def test_demo_accounts_in_the_database_are_refused_until_they_are_deactivated() -> None:
    User.objects.create_user(email="someone@university.example", password="x" * 12)
    assert checks.no_demo_accounts(None, databases=[DEFAULT_DB_ALIAS]) == []
    demo = User.objects.create_user(email="hr@demo.example", password="demo-2026")
    assert ids(checks.no_demo_accounts(None, databases=[DEFAULT_DB_ALIAS])) == ["portal.E021"]
    demo.is_active = False
    demo.save()
    assert checks.no_demo_accounts(None, databases=[DEFAULT_DB_ALIAS]) == []


@pytest.mark.django_db
def test_the_checks_are_registered() -> None:
    User.objects.create_user(email="hr@demo.example", password="demo-2026")
    found = ids(run_checks(include_deployment_checks=True, databases=[DEFAULT_DB_ALIAS]))
    assert {"portal.E010", "portal.E014", "portal.E021"} <= set(found)
    assert "portal.E021" not in ids(run_checks(include_deployment_checks=True))
