"""The demonstration in a database of its own: loaded once by whoever runs tests on it, and kept for the next.

To load it takes ten seconds. Tests on it undo what they do, so those of several files have it one after the
other; all others have their empty tables meanwhile.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

_loaded: list[str] = []  # the name of the database, once it is there


@contextmanager
def standing() -> Iterator[None]:
    """Meanwhile the connection leads to the demonstration; what is done there is to be undone."""
    own = connection.settings_dict["NAME"]
    connection.close()
    if not _loaded:
        _loaded.append(_copy(own))
        with _leading_to(own, _loaded[0]):
            _load()
    with _leading_to(own, _loaded[0]):
        yield


def drop() -> None:
    """At the end of the run; on SQLite its folder goes."""
    if _loaded and connection.vendor == "postgresql":
        _outside(f'DROP DATABASE IF EXISTS "{_loaded[0]}"')
    _loaded.clear()


@contextmanager
def _leading_to(own: str, name: str) -> Iterator[None]:
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _copy(own: str) -> str:
    """Of the tests' tables, which are empty between two tests."""
    name = f"{own}_demonstration"
    if connection.vendor == "postgresql":
        # Nobody may be connected to what is copied: a thread of the live server may be slow to let go of it.
        _outside(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{own}'")
        _outside(f'DROP DATABASE IF EXISTS "{name}"')
        _outside(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')
    else:
        shutil.copy(own, name)
    return name


def _outside(sql: str) -> None:
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 - as Django makes the tests' database
        cursor.execute(sql)


def _load() -> None:
    with override_settings(DEMO=True), transaction.atomic():
        call_command("load_demo", verbosity=0)
        connection.run_on_commit.clear()  # letters and jobs stay in their queues
