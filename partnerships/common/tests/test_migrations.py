"""The migrations, from the first to the last, make of nothing what the models say: tables, rows and all."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

MIGRATED = "call_command('migrate', verbosity=0)"
FROM_MODELS = "connection.creation.create_test_db(verbosity=0, serialize=False)"  # as every other test has it
PERMISSIONS = """SELECT app_label, model, codename, name FROM django_content_type kind
    LEFT JOIN auth_permission ON content_type_id = kind.id"""
# A comma or a bracket, or what may hold one and means neither.
MARK = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|[(),]""")


def _made(folder: Path, how: str) -> Path:
    """The database that a new process makes in an empty folder."""
    folder.mkdir()
    given = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORTAL_VAR", "PYTEST_")  # of the run around this one
    ours = {name: value for name, value in os.environ.items() if not name.startswith(given)}
    code = (
        "import gc, django; django.setup()\n"
        "gc.set_threshold(100_000, 20, 20)\n"  # as in testing/template.py
        "from django.core.management import call_command\n"
        "from django.db import connection\n"
        f"{how}\n"
        "connection.ensure_connection()\n"
        f"connection.connection.execute('VACUUM INTO ?', [{str(folder / 'made.sqlite3')!r}])\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={
            **ours,
            "DJANGO_SETTINGS_MODULE": "partnerships.testing.settings",
            "PORTAL_VAR": str(folder),
        },
        check=True,
        timeout=300,
    )
    return folder / "made.sqlite3"


def _parts(table: str) -> tuple[str, ...]:
    """Columns and constraints of a table, in an order of their own: one added later stands at the end."""
    depth, start, parts = 0, 0, []
    for mark in MARK.finditer(table):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if (mark[0], depth) in {("(", 1), (",", 1), (")", 0)}:
            parts.append(table[start : mark.start()].strip())
            start = mark.end()
    return (parts[0], *sorted(parts[1:]), table[start:])


def _read(path: Path) -> tuple[dict[tuple[str, str], Any], set[str], list[tuple[Any, ...]]]:
    """Tables, indexes and triggers by name; which tables are not empty; the permissions in words."""
    with closing(sqlite3.connect(path)) as database:
        schema = {
            (kind, name): _parts(sql) if kind == "table" and sql else sql
            for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master")
            if name not in ("django_migrations", "sqlite_sequence")
        }
        tables = [name for kind, name in schema if kind == "table"]
        filled = {
            name
            for name in tables
            if database.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}")').fetchone()[0]
        }
        permissions = database.execute(PERMISSIONS).fetchall()
    return schema, filled, sorted(permissions)


def test_parts_are_compared_whatever_their_order():
    added = _parts(
        """CREATE TABLE "a" ("x" int CHECK ("x" IN (1, 2)), "n, m" text DEFAULT 'a,(b', "y" int)"""
    )
    assert added == (
        'CREATE TABLE "a"',
        """"n, m" text DEFAULT 'a,(b'""",
        '"x" int CHECK ("x" IN (1, 2))',
        '"y" int',
        "",
    )


@pytest.mark.long
@pytest.mark.wide
def test_the_migrations_make_what_the_models_say(tmp_path: Path):
    schema, filled, permissions = _read(_made(tmp_path / "migrated", MIGRATED))
    assert len(schema) > 500
    assert filled == {"django_content_type", "auth_permission"}
    assert (schema, filled, permissions) == _read(_made(tmp_path / "models", FROM_MODELS))
