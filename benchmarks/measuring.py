"""Pages against the floor of the same run: rounds in turn, medians, queries."""

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.pages import Page, pages
from benchmarks.world import World
from partnerships.common import collector

ROUNDS, ASKED = 5, 9  # rounds, and askings of each page in a round
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Figure:
    """Milliseconds of the wall and of the processor of this process, one median a round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    queries: int = 0


@dataclass
class Result:
    page: Page
    ms: float
    ratio: float  # to the floor
    cpu: float  # the same of the processor: what other work on the machine does not touch
    queries: int

    @property
    def kept(self) -> bool:
        times, queries = self.page.bound
        return self.ratio <= times and (queries is None or self.queries <= queries)


class Measuring:
    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: dict[str, Client] = {"": Client()}

    def client(self, who: str) -> Client:
        if who not in self.clients:
            client = Client()
            client.handler = self.clients[""].handler  # one stack of middleware for all
            client.force_login(self.world.user(who), backend=BACKEND)
            self.clients[who] = client
        return self.clients[who]

    def ask(self, page: Page) -> Any:
        client, path = self.client(page.who), page.next()
        answer = client.get(path) if page.data is None else client.post(path, page.data)
        if answer.status_code != (200 if page.data is None else 302):
            raise SystemExit(f"{page.name}: {path} answered {answer.status_code}")
        return answer

    def round(self, page: Page, figure: Figure, floor: Page, ground: Figure) -> None:
        """The page and the floor in turn: what else the machine does, at whatever moment, slows both."""
        times: tuple[list[tuple[float, float]], ...] = ([], [])
        for _n in range(ASKED):
            # A page that wrote has emptied what the shell keeps for a while: that is no work of the floor.
            if page.data is not None:
                self.ask(floor)
            times[0].append(self.timed(floor))
            times[1].append(self.timed(page))
        for one, found in zip((ground, figure), times, strict=True):
            one.wall.append(statistics.median(wall for wall, _cpu in found))
            one.cpu.append(statistics.median(cpu for _wall, cpu in found))

    def timed(self, page: Page) -> tuple[float, float]:
        began, used = time.perf_counter(), time.process_time()
        self.ask(page)
        took = (time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000
        if page.undo is not None:
            page.undo()
        return took

    def queries(self, page: Page, slow: float) -> int:
        """How many it asks; those slower than `slow` milliseconds are printed with their plan."""
        self.ask(page)  # what is kept for a while is kept
        if page.undo is not None:
            page.undo()
        with CaptureQueriesContext(connection) as asked:
            self.ask(page)
        if page.undo is not None:
            page.undo()
        for query in asked.captured_queries:
            if slow and float(query["time"]) * 1000 > slow:
                self._explain(page, query)
        return len(asked)

    def _explain(self, page: Page, query: dict[str, str]) -> None:
        print(f"\n-- {page.name}: {float(query['time']) * 1000:.0f} ms\n{query['sql']}")
        if query["sql"].lstrip("( ").startswith(("SELECT", "WITH")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, SETTINGS) {query['sql']}".replace("%", "%%"), [])
                print("\n".join(line for (line,) in cursor.fetchall()))

    def run(self, only: str = "", slow: float = 0) -> list[Result]:
        number = self.world.cast.azerisiq.programmes.first().applications.exclude(number=None).first().number
        floor = Page("floor", "hr", lambda: f"{reverse('floor')}?number={number}", (1, None))
        found = [page for page in pages(self.world) if only in page.name]
        collector.spare()  # as a process of the web server does
        figures = {page.name: Figure() for page in found}
        ground = Figure(queries=self.queries(floor, 0))
        for page in found:
            figures[page.name].queries = self.queries(page, slow)
        under: dict[str, list[tuple[float, float]]] = {page.name: [] for page in found}
        for _round in range(ROUNDS):
            for page in found:
                self.ask(floor)
                self.round(page, figures[page.name], floor, ground)
                under[page.name].append((ground.wall[-1], ground.cpu[-1]))
        results = [
            Result(floor, statistics.median(ground.wall), 1, 1, ground.queries),
        ]
        for page in found:
            figure, base = figures[page.name], under[page.name]
            results.append(
                Result(
                    page,
                    statistics.median(figure.wall),
                    statistics.median(
                        took / wall for took, (wall, _cpu) in zip(figure.wall, base, strict=True)
                    ),
                    statistics.median(
                        took / cpu for took, (_wall, cpu) in zip(figure.cpu, base, strict=True)
                    ),
                    figure.queries,
                )
            )
        return results
