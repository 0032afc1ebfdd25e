"""Fixtures that every app's tests share; loaded by pytest.ini."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from partnerships.testing.cast import Cast, build


@pytest.fixture
def cast(db: Any) -> Cast:
    """The named cast in the database."""
    return build()


@pytest.fixture
def login(cast: Cast) -> Callable[[str], Client]:
    """login("hr") answers with a client signed in as that person."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.user(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
