"""Fixtures that every app's tests share; named in pytest.ini, so loaded before Django is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from partnerships.testing.cast import Cast


@pytest.fixture
def cast(db: Any) -> Cast:
    """The named cast in the database."""
    from partnerships.testing.cast import build

    return build()


@pytest.fixture
def login(cast: Cast) -> Callable[[str], Client]:
    """login("hr") answers with a client signed in as that person."""
    from django.test import Client

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.user(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
