"""The engine is tested with a type of its own, and with files in a folder of each test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from partnerships.certificates import actions
from partnerships.certificates.models import Certificate
from partnerships.certificates.tests.sample.certificates import KEY
from partnerships.testing.cast import Cast

SAMPLE = "partnerships.certificates.tests.sample"


@pytest.fixture(autouse=True)
def sample_type(settings: Any, tmp_path: Path) -> None:
    settings.CERTIFICATE_SOURCES = [SAMPLE]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None},
        },
    }


@pytest.fixture
def issued(cast: Cast) -> Callable[..., Certificate]:
    """issued("mentor"): the certificate of that person, issued by the human resources of their company."""

    def make(who: str = "mentor", by: str = "hr") -> Certificate:
        return actions.issue(cast.affiliation(who), kind=KEY, actor=cast.user(by))

    return make
