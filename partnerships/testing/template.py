"""On PostgreSQL, one migrated database for all the processes of a parallel run.

The migrations take a processor half a minute. They run once, in a process of their own, while the others are
still loading; each of these then copies what was made (CREATE DATABASE … TEMPLATE), within a second.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MAKE = """
import gc, sys, django
gc.set_threshold(100_000, 20, 20)  # models are made and dropped by thousands: this spares a fifth of the time
django.setup()
from django.db import connection
connection.settings_dict["TEST"]["NAME"] = sys.argv[1]
connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
"""
DROP = """
import sys, django
django.setup()
from django.db import connection
with connection._nodb_cursor() as cursor:
    cursor.execute(f'DROP DATABASE IF EXISTS "{sys.argv[1]}"')
"""


class Template:
    """Kept by who starts the others: the database is being made until `folder / lock` is free."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.name = folder, f"test_{database}_migrated"
        with (folder / "lock").open("w") as lock, (folder / "said").open("w") as said:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the other process has it as well, and lets go when it ends
            self.process = self._python(MAKE, pass_fds=[lock.fileno()], stdout=said, stderr=said)

    def _python(self, code: str, **given: Any) -> subprocess.Popen[bytes]:
        settings = {"DJANGO_SETTINGS_MODULE": "partnerships.testing.settings"}
        return subprocess.Popen(
            [sys.executable, "-c", code, self.name], cwd=ROOT, env=os.environ | settings, **given
        )

    def drop(self) -> None:
        """At the end of the run, or where it was broken off."""
        self.process.terminate()
        self.process.wait()
        self._python(DROP).wait()


def copied(database: dict[str, Any], folder: Path, name: str) -> None:
    """Have the tests' own database made from the template, once that is there."""
    with (folder / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    if said := (folder / "said").read_text():
        raise RuntimeError(f"the database of the migrations was not made:\n{said}")
    database["TEST"] |= {"TEMPLATE": name, "MIGRATE": False}
