"""Measures pages against their budgets, as ratios to the floor of the same run (docs/benchmarks.md).

    make bench                                     at 1,000, 30,000 and a million applications
    make bench ARGS="30000"                        at one size
    make bench ARGS="30000 --only list --slow 20"  some pages, with the plan of each query over 20 ms
    DATABASE_URL=postgres://… make bench           on a server of your own, in databases that are dropped

Without DATABASE_URL it starts a PostgreSQL for itself, as Debian packages it. Pages are asked for through the
whole stack of middleware, without a network. The exit code tells whether every page kept its bound.
"""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "drills")]
SIZES = (1_000, 30_000, 1_000_000)


@contextlib.contextmanager
def server() -> Iterator[None]:
    """DATABASE_URL as it is, else a PostgreSQL of this run alone that keeps what it acknowledges."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield
        return
    from services import Postgres, free_port

    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    folder.chmod(0o755)
    postgres = None
    try:
        # A tenth of the memory of a small server; a million applications do not fit into the default.
        postgres = Postgres(
            folder / "pg", free_port(), "shared_buffers=512MB", "work_mem=16MB", "max_wal_size=4GB"
        )
        os.environ["DATABASE_URL"] = f"postgres://portal@127.0.0.1:{postgres.port}/portal"
        yield
    finally:
        if postgres is not None:
            postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def report(results: list[Any]) -> bool:
    print(f"{'':38} {'ms':>7} {'x floor':>8} {'x cpu':>6} {'queries':>8}   bound")
    for result in results:
        times, queries = result.page.bound
        bound = f"<= {times:g} x" + (f", {queries} queries" if queries else "")
        print(
            f"{result.page.name:38} {result.ms:7.1f} {result.ratio:8.2f} {result.cpu:6.2f} {result.queries:8}"
            f"   {bound}{'' if result.kept else '   OVER'}",
            flush=True,
        )
    return all(result.kept for result in results)


def measure(rows: int, only: str, slow: float) -> bool:
    from django.db import connection

    from benchmarks import world
    from benchmarks.measuring import Measuring

    began = time.perf_counter()
    built = world.build(rows)
    took = time.perf_counter() - began
    wrong = world.check()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        size = cursor.fetchone()[0]
    print(
        f"\n{rows:,} applications of {built.students:,} students, {size}: written in {took:.0f} s", flush=True
    )
    for line in wrong:
        print(f"  NOT VALID: {line}")
    kept = report(Measuring(built).run(only, slow))
    return kept and not wrong and took <= 600


@contextlib.contextmanager
def copied(name: str) -> Iterator[None]:
    """A copy of the empty database that the migrations made, dropped afterwards."""
    from django.db import connection

    def administer(sql: str) -> None:
        with connection._nodb_cursor() as cursor:  # noqa: SLF001  (Django's own way to a server without a database)
            cursor.execute(sql)

    empty = connection.settings_dict["NAME"]
    connection.close()
    administer(f"DROP DATABASE IF EXISTS {name}")
    administer(f"CREATE DATABASE {name} TEMPLATE {empty}")
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = empty
        administer(f"DROP DATABASE {name}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", type=int, default=SIZES)
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--slow", type=float, default=0, help="print plans of queries over so many ms")
    given = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    with server():
        import django

        django.setup()
        from django.core.cache import cache
        from django.test.utils import setup_databases, teardown_databases

        # Not setup_test_environment: it has every template copy its context.
        databases = setup_databases(verbosity=0, interactive=False)
        kept = True
        try:
            for rows in given.rows:
                with copied(f"portal_bench_{rows}"):
                    cache.clear()
                    kept = measure(rows, given.only, given.slow) and kept
        finally:
            teardown_databases(databases, verbosity=0)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
