"""Fixtures of this direction's tests."""

import pytest
from django.utils import translation

from partnerships.accounts.models import User


@pytest.fixture
def english(cast, settings):
    """Pages and accounts in English, so that a test reads the words that stand in the code."""
    settings.LANGUAGE_CODE = "en"
    User.objects.update(language="en")
    with translation.override("en"):
        yield
