"""Measures pages against their budgets, as ratios to the floor of the same run (see README.md here).

    make bench                                    20,000 applications on SQLite
    DATABASE_URL=postgres://… make bench ARGS=1000000

Pages are asked for through the whole stack of middleware, without a network. The exit code tells whether
every page kept its bound.
"""

import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "partnerships.testing.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    override_settings,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)

from benchmarks.visibility import fill  # noqa: E402
from internships.models import Application  # noqa: E402
from partnerships.testing.cast import Cast, build  # noqa: E402

ROUNDS = 15
WARM_UP = 2


@dataclass
class Page:
    """One page: who asks, where, and how many times the floor and how many queries it may cost."""

    name: str
    who: str
    path: str
    ratio: float
    queries: int | None = None


def pages() -> list[Page]:
    one = Application.objects.exclude(reached_company_at=None).order_by("pk").last()
    assert one is not None
    list_path = "/internships/applications/"
    return [
        Page("list, company", "hr", list_path, 2, 12),
        Page("list, university", "coordinator", list_path, 2, 12),
        Page("list, searched", "hr", f"{list_path}?q=Soyad12", 2, 12),
        Page("detail with history", "hr", f"/internships/applications/{one.uid}/", 2, 15),
        Page("home, company", "hr", "/home/", 2.5),
        Page("home, university", "coordinator", "/home/", 2.5),
        Page("home, student", "student", "/home/", 2.5),
    ]


def measure(client: Client, path: str) -> tuple[float, int]:
    """Median milliseconds and the number of queries."""
    times = []
    for _round in range(WARM_UP + ROUNDS):
        began = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return statistics.median(times[WARM_UP:]), len(asked)


def report(cast: Cast) -> bool:
    clients: dict[str, Client] = {}
    for who in ("hr", "coordinator", "student"):
        clients[who] = Client()
        clients[who].force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    number = Application.objects.order_by("pk").values_list("number", flat=True)[0]
    base, queries = measure(clients["hr"], f"/floor/?number={number}")
    print(f"{'floor':22} {base:7.1f} ms            {queries:3} queries")
    kept = True
    for page in pages():
        took, queries = measure(clients[page.who], page.path)
        good = took <= page.ratio * base and (page.queries is None or queries <= page.queries)
        kept = kept and good
        bound = f"<= {page.ratio} x" + (f", {page.queries} queries" if page.queries else "")
        verdict = "" if good else "   OVER"
        print(
            f"{page.name:22} {took:7.1f} ms  {took / base:4.1f} x  {queries:3} queries   ({bound}){verdict}"
        )
    return kept


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(ROOT_URLCONF="benchmarks.floor"):
            cast = build()
            began = time.perf_counter()
            fill(cast, rows)
            print(
                f"{connection.vendor}, {Application.objects.count()} applications, "
                f"written in {time.perf_counter() - began:.0f} s"
            )
            return 0 if report(cast) else 1
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
