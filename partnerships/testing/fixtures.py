"""Fixtures that every app's tests share; named in pytest.ini, so loaded before Django is set up."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from partnerships.testing.cast import Cast

# Until everything is loaded nothing is thrown away, and the collector walks through it all in vain: a tenth
# of the time of loading.
gc.disable()


def pytest_collection_finish() -> None:
    from partnerships.common import collector

    collector.spare()
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def quickly_emptied() -> None:
    """Tables after a test that commits."""
    from django.db import connection

    if connection.vendor == "postgresql":
        from partnerships.testing import emptying

        emptying.by_deleting()


@pytest.fixture
def cast(request: pytest.FixtureRequest, db: Any) -> Iterator[Cast]:
    """The named cast in the database."""
    from partnerships.testing import worlds
    from partnerships.testing.cast import build

    if commits(request):
        yield build()
    else:
        patch = request.getfixturevalue("monkeypatch") if changes_code(request) else None
        with worlds.known_ground(patch):
            yield build()


def commits(request: pytest.FixtureRequest) -> bool:
    """Whether the tables are emptied after this test, instead of rolled back."""
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(request.fixturenames)
    )


@pytest.fixture(autouse=True)
def kept_worlds(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that empties the tables at its end takes the ground from under what is kept."""
    yield
    if commits(request):
        from partnerships.testing import worlds

        worlds.forget()


class Drawers:
    """Words of questions are kept from test to test, as a process of the web server keeps them from page to
    page: apart for each setting, and not at all where code is replaced."""

    MOST = 40

    def __init__(self) -> None:
        self.kept: dict[Any, dict[Any, Any]] = {}
        self.replaced = False  # the code under the words of the test that runs

    def open(self, **_changed: Any) -> None:
        """The one of the settings that hold now."""
        from partnerships.directory import asked
        from partnerships.testing.worlds import settings_of_test

        if self.replaced:
            asked.keep_in({})
            return
        name = settings_of_test()
        if name not in self.kept and len(self.kept) >= self.MOST:
            self.kept = {(): self.kept.get((), {})}
        asked.keep_in(self.kept.setdefault(name, {}))


drawers = Drawers()


@pytest.fixture(autouse=True, scope="session")
def words_of_other_settings() -> None:
    """A test that sets something has the words of those that set the same, and the next one its own."""
    from django.core.signals import setting_changed

    drawers.open()
    setting_changed.connect(drawers.open, weak=False)


@pytest.fixture(autouse=True)
def kept_words(request: pytest.FixtureRequest) -> Iterator[None]:
    """What words were made by differs too where code is replaced, and where the tables are emptied: content
    types have other keys then."""
    commit = commits(request)
    drawers.replaced = commit or changes_code(request)
    if drawers.replaced:
        drawers.open()
    yield
    if drawers.replaced:
        drawers.replaced = False
        if commit:
            drawers.kept.clear()
        drawers.open()


@pytest.fixture
def login(cast: Cast) -> Callable[[str], Client]:
    """login("hr") answers with a client signed in as that person."""
    from django.test import Client

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.user(name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def changes_code(request: pytest.FixtureRequest) -> bool:
    """Whether the test, or a fixture of ours that it uses, replaces something under the makers."""
    info = request.node._fixtureinfo  # noqa: SLF001 - pytest has no other word for who asks for what
    ours = [one for named in info.name2fixturedefs.values() for one in named if one.baseid.endswith(".py")]
    return "monkeypatch" in info.argnames or any("monkeypatch" in one.argnames for one in ours)
