"""What the whole run shares: services and a browser where they are, an honest word about what was left out.

A test marked `postgres`, `redis` or `browser` is skipped with its reason where that thing is missing, and the
end of the run says how to run it. PORTAL_REQUIRE=postgres,redis,browser turns such a skip into a failure.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from partnerships.testing.template import Template, copied

# Its asserts are made for tests: one that fails says whom it found and whom it looked for.
pytest.register_assert_rewrite("partnerships.testing.proofs")

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium() -> str:
    """The browser of this machine, empty when there is none."""
    named = os.environ.get("PORTAL_CHROMIUM", "")
    return named or next((path for name in CHROMIUMS if (path := shutil.which(name))), "")


@dataclass(frozen=True)
class Need:
    """Something outside Python that a marked test cannot do without."""

    mark: str
    is_there: Callable[[], bool]
    missing: str
    remedy: str


NEEDS = {
    need.mark: need
    for need in (
        Need(
            "postgres",
            lambda: os.environ.get("DATABASE_URL", "").startswith(("postgres:", "postgresql:")),
            "no PostgreSQL: DATABASE_URL is not set",
            "DATABASE_URL=postgres://user:password@host/name make test-all",
        ),
        Need(
            "redis",
            lambda: bool(os.environ.get("REDIS_URL")),
            "no Redis: REDIS_URL is not set",
            "REDIS_URL=redis://host:6379/0 make test-all",
        ),
        Need(
            "browser",
            lambda: bool(chromium()),
            "no Chromium on the PATH and no PORTAL_CHROMIUM",
            "install Chromium (Debian: apt install chromium), then make test-all",
        ),
    )
}
REQUIRED = {name for name in os.environ.get("PORTAL_REQUIRE", "").replace(" ", "").split(",") if name}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--day", default="", help='run at another moment in Baku: --day "2026-12-31 22:00"')


def pytest_configure(config: pytest.Config) -> None:
    if day := config.getoption("--day"):
        _begin_at(day)
    if unknown := REQUIRED - set(NEEDS):
        raise pytest.UsageError(f"PORTAL_REQUIRE knows {', '.join(NEEDS)}; not {', '.join(sorted(unknown))}")
    if missing := [NEEDS[name].missing for name in sorted(REQUIRED) if not NEEDS[name].is_there()]:
        raise pytest.UsageError(f"PORTAL_REQUIRE asks for what is not here: {'; '.join(missing)}")


def _begin_at(day: str) -> None:
    """The clock of this process goes on from there; processes that tests start have the machine's own."""
    try:
        moment = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Asia/Baku"))
    except ValueError:
        raise pytest.UsageError(f'--day wants "2026-12-31" or "2026-12-31 22:00", not "{day}"') from None
    from partnerships.testing import worlds

    # In UTC: with a zone of its own the moment would change that of the process too.
    time_machine.travel(moment.astimezone(UTC)).start()
    worlds.around_the_run = 1


def pytest_sessionstart(session: pytest.Session) -> None:
    """Tests read the pages in Azerbaijani, so the words must be compiled; fast when nothing changed."""
    if hasattr(session.config, "workerinput"):  # a part of a parallel run: the whole has done it
        return
    from partnerships.common.translations import compile_catalogues

    compile_catalogues()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"page", "context", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            # Playwright's loop runs in this thread; Django would take it for asynchronous code and refuse
            # queries, from the making of its database on where such a test is the first.
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        for need in NEEDS.values():
            if item.get_closest_marker(need.mark) and not need.is_there():
                item.add_marker(pytest.mark.skip(reason=f"{need.missing} ({need.remedy})"))
    _long_ones_first(items)


def _long_ones_first(items: list[pytest.Item]) -> None:
    """Of two that run the tests, the first begins with the first half and the other with the second: each has
    its long ones before it, and takes from the other at the end, where what is left is short.

    What is made for the crawl, for the generated requests and for the browser is made by one of them alone.
    Long ones that need no database begin: the one that all copy is being migrated meanwhile.
    """
    kinds = {"fuzz": 0, "browser": 0, "crawl": 1, "race": 1, "wide": 1, "long": 1}
    begins: list[list[pytest.Item]] = [[], []]
    long: dict[str, list[pytest.Item]] = {kind: [] for kind in kinds}
    rest = []
    for item in items:
        kind = next((kind for kind in kinds if _is(item, kind)), None)
        if kind is None:
            rest.append(item)
        elif kind not in ("fuzz", "browser") and not _needs_database(item):
            begins[len(begins[0]) > len(begins[1])].append(item)
        else:
            long[kind].append(item)
    first, second = (
        [*begins[side], *(item for kind, its in kinds.items() if its == side for item in long[kind])]
        for side in (0, 1)
    )
    if rest and (first or second):
        room = max((len(items) + 1) // 2 - len(first), 0)
        items[:] = [*first, *rest[:room], *second, *rest[room:]]


def _is(item: pytest.Item, kind: str) -> bool:
    return bool(item.get_closest_marker(kind))


def _needs_database(item: pytest.Item) -> bool:
    return _is(item, "django_db") or bool(
        {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A required thing that a test finds missing for itself is a failure as well."""
    report = yield
    asked = sorted(name for name in REQUIRED if item.get_closest_marker(name))
    if report.skipped and asked and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"PORTAL_REQUIRE={','.join(asked)} and yet: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name what this run left out for want of a service, and how to run it."""
    left_out: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        left_out.update(name for name in NEEDS if name in report.keywords)
    if left_out:
        terminalreporter.section("left out here")
        for name, count in sorted(left_out.items()):
            terminalreporter.write_line(
                f"{count} {name}: {NEEDS[name].missing}. To run: {NEEDS[name].remedy}"
            )


# The database -----------------------------------------------------------------------------------------
TEMPLATE = pytest.StashKey["Template"]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Before the first of a parallel run is started: what all of them copy is begun."""
    config = node.config
    if NEEDS["postgres"].is_there() and not (config.option.reuse_db or config.option.nomigrations):
        if TEMPLATE not in config.stash:
            from django.conf import settings

            folder = Path(tempfile.mkdtemp(prefix="portal-template-"))
            config.stash[TEMPLATE] = Template(folder, settings.DATABASES["default"]["NAME"])
        template = config.stash[TEMPLATE]
        node.workerinput["template"] = (str(template.folder), template.name)


def pytest_unconfigure(config: pytest.Config) -> None:
    if template := config.stash.get(TEMPLATE, None):
        template.drop()
        shutil.rmtree(template.folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> None:
    """As pytest-django has it; in a parallel run on PostgreSQL the migrations run once for all."""
    if template := getattr(request.config, "workerinput", {}).get("template"):
        from django.conf import settings

        folder, name = template
        copied(settings.DATABASES["default"], Path(folder), name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the end nobody else holds the database that is dropped: a thread of the live server or a worker that
    a test has killed may be slow to let go of it."""
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        # Since the browser's loop ended this is the connection from before it, and may have been ended.
        connection.close()
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _counted_again() -> None:
    """What another test counted to a cap is not known: its rows went, and their keys come again."""
    from partnerships.common import reaching

    reaching.forget()


# The browser ----------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; nothing is downloaded."""
    # --no-sandbox: CI runs as root, where Chromium's sandbox refuses.
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desk; a phone is asked for by page.set_viewport_size. The browser's language must decide nothing."""
    return {**browser_context_args, "viewport": {"width": 1360, "height": 900}, "locale": "de-DE"}


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """page.goto("/") leads to the portal."""
    return live_server.url


@pytest.fixture(scope="session")
def real_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files as production serves them: collected, hashed, by WhiteNoise; a missing one is an error."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import override_settings

    real = override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
        },
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_USE_FINDERS=False,
    )
    with real:
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, real_static_files: None) -> Iterator[LiveServer]:
    """The portal on a port of its own, with real static files and the real content security policy."""
    from django.test.testcases import LiveServerThread
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("localhost", start=False)
    old = server.thread
    server.thread = LiveServerThread(
        "localhost",
        static_handler=lambda application: application,
        connections_override=old.connections_override,
    )
    server.thread.daemon = True
    server.start()
    yield server
    server.stop()
