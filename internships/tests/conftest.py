"""Fixtures of this direction's tests."""

import pytest
from django.utils import translation

from partnerships.testing.cast import all_read


@pytest.fixture
def english(cast, settings):
    """Pages and accounts in English, so that a test reads the words that stand in the code."""
    settings.LANGUAGE_CODE = "en"
    all_read(cast, "en")
    with translation.override("en"):
        yield
