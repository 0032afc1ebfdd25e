from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from partnerships.portal import registry
from partnerships.portal.tests.sample import direction
from partnerships.portal.tests.walkers import everybody
from partnerships.testing import demonstration as demo
from partnerships.testing.crawling import Crawler


@pytest.fixture(scope="session")
def demonstration_kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        demo.drop()


@pytest.fixture(scope="module")
def demonstration(demonstration_kept: None, django_db_blocker: Any) -> Iterator[None]:
    """The tests of this file find the demonstration in the database."""
    with django_db_blocker.unblock(), demo.standing():
        yield


@pytest.fixture(scope="module")
def crawler(demonstration: None, django_db_blocker: Any) -> Iterator[Crawler]:
    """Everybody of the demonstration, to walk as. Of a refusal to strangers the status alone is drawn."""
    with django_db_blocker.unblock(), everybody(ROOT_URLCONF="partnerships.testing.crawling.bare") as found:
        yield found


@pytest.fixture
def warm(login: Callable[[str], Client], settings: Any) -> Callable[[str], Client]:
    """warm("hr"): signed in, the consent asked for; what keeps the list of sessions is counted elsewhere."""
    settings.USERSESSIONS_TRACK_ACTIVITY = False

    def sign_in(name: str) -> Client:
        client = login(name)
        client.get("/menu/")
        return client

    return sign_in


@pytest.fixture
def sample(settings: Any) -> Iterator[list[Any]]:
    """The sample direction alone stands in the portal; answers with its rows, to be filled."""
    get_resolver().url_patterns  # noqa: B018 - the addresses are those of the real directions
    settings.DIRECTIONS = ["partnerships.portal.tests.sample"]
    registry.directions.cache_clear()
    yield direction.ROWS
    direction.ROWS.clear()
    registry.directions.cache_clear()
