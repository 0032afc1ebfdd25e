"""50,000 reminders due at once: how fast they are written, and sent against a bare smtplib loop.

    DATABASE_URL=postgres://… python benchmarks/reminders.py [reminders] [letters]

Builds `reminders` organisations, each with one coordinator, in a scratch test database; of half of them the
organisation's date has come (everybody may see it), of half the coordinator's (few may). One beat reminds of
them all. Then `letters` of each half go to a mail server on loopback, in a process of its own, that takes
each at once, and a bare loop on one kept connection builds and sends the same letters, five times in turn.
In the end all `reminders` letters go at once, by two workers. Bounds (DESIGN 11): written in set-based
batches, sent at half the rate of the bare loop at least.
"""

import asyncio
import multiprocessing
import os
import smtplib
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerships.testing.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    override_settings,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)
from django.utils import timezone  # noqa: E402

from partnerships.accounts.models import User  # noqa: E402
from partnerships.directory.enums import AffiliationState, Role  # noqa: E402
from partnerships.directory.models import Affiliation, Organization, Person  # noqa: E402
from partnerships.notifications import outbox, reminding  # noqa: E402
from partnerships.notifications.models import Message, Notification, Occurrence  # noqa: E402
from partnerships.testing import factories as make  # noqa: E402

ROUNDS = 5
RULES = "benchmarks.reminded"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


# The mail server ----------------------------------------------------------------------------------------
class Taker:
    """Takes what comes at once and keeps nothing."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return "250 taken"


def serve(port: Any) -> None:
    from aiosmtpd.smtp import SMTP

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(Taker(), hostname="localhost"), "127.0.0.1", 0
        )
        port.put(server.sockets[0].getsockname()[1])
        await asyncio.sleep(3600)

    asyncio.run(main())


# The rows -----------------------------------------------------------------------------------------------
def fill(count: int) -> None:
    """Organisations or roles with a date that has come, each person with an account; set-based."""
    kind = make.university("Nümunə")
    due = timezone.now() + timedelta(hours=3)
    later = due + timedelta(days=365)
    for first in range(0, count, 5000):
        numbers = range(first, min(first + 5000, count))
        places = Organization.objects.bulk_create(
            Organization(
                kind=kind.kind,
                slug=f"universitet-{n}",
                path=f"x{n:07d}/",
                checked_at=None if n % 2 else due,
            )
            for n in numbers
        )
        Organization.objects.filter(pk__in=[place.pk for place in places]).update(root_id=kind.pk)
        users = User.objects.bulk_create(User(email=f"k{n}@bench.example", is_active=True) for n in numbers)
        people = Person.objects.bulk_create(
            Person(given_name=f"Ad{n}", family_name=f"Soyad{n % 997}", user=user)
            for n, user in zip(numbers, users, strict=True)
        )
        Affiliation.objects.bulk_create(
            Affiliation(
                person=person,
                organization=place,
                role=Role.COORDINATOR,
                starts=make.BEGINNING,
                state=AffiliationState.VERIFIED,
                state_since=due if n % 2 else later,
            )
            for n, person, place in zip(numbers, people, places, strict=True)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# What is measured ---------------------------------------------------------------------------------------
def write() -> tuple[float, int, int]:
    """One beat: seconds, reminders, queries."""
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        reminded = reminding.remind()
    return time.perf_counter() - began, reminded, len(asked)


def bare(rows: list[Message], port: int) -> float:
    """Letters a second of a loop that builds and sends each on one kept connection, and nothing else."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for row in rows:
            raw = outbox.email_of(row, None).message().as_bytes(linesep="\r\n")
            smtp.sendmail("portal@bench.example", [row.address], raw)
    return len(rows) / (time.perf_counter() - began)


def work(name: str, port: int, start: Any) -> None:
    """A worker process: sends until nothing is left."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    settings.LETTER_SOURCES = [RULES]
    start.wait(60)
    while outbox.deliver():  # as a worker does: a shift, and the next
        pass
    connection.close()


def ours(count: int, workers: int, port: int) -> float:
    """Letters a second of so many workers at once: rights and preferences asked again, each fate written
    before the next is sent."""
    start = multiprocessing.Barrier(workers + 1)
    name = connection.settings_dict["NAME"]
    connection.close()
    crowd = [multiprocessing.Process(target=work, args=(name, port, start)) for _n in range(workers)]
    for one in crowd:
        one.start()
    start.wait(60)
    began = time.perf_counter()
    for one in crowd:
        one.join(1800)
    took = time.perf_counter() - began
    sent = Message.objects.filter(state="sent").count()
    if sent != count:
        raise SystemExit(f"{sent} of {count} letters were sent")
    return count / took


def send(kind: str, count: int, port: int) -> float:
    """The ratio of the medians: one worker on its one connection to the bare loop on its own."""
    rows = list(Message.objects.filter(kind=kind).order_by("pk")[:count])
    keys = [row.pk for row in rows]
    rates: dict[str, list[float]] = {"bare": [], "1": [], "2": []}
    Message.objects.update(state="dead")  # out of the way
    for _round in range(ROUNDS):
        rates["bare"].append(bare(rows, port))
        for workers in (1, 2):
            Message.objects.filter(pk__in=keys).update(state="queued", attempts=0)
            rates[str(workers)].append(ours(count, workers, port))
            Message.objects.filter(pk__in=keys).update(state="dead")
    loop, one, two = (statistics.median(rates[name]) for name in ("bare", "1", "2"))
    print(
        f"{kind}: sent, letters/s: bare loop {loop:.0f}; one worker {one:.0f} ({one / loop:.2f}, >= 0.5); "
        f"two workers {two:.0f} ({two / loop:.2f})",
        flush=True,
    )
    return one / loop


def send_all(reminders: int, port: int) -> None:
    """Everything that is due, at once."""
    Message.objects.update(state="queued", attempts=0)
    rate = ours(reminders, 2, port)
    print(f"all {reminders} at once, two workers: {reminders / rate:.0f} s ({rate:.0f}/s)", flush=True)


def main() -> int:
    reminders = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    letters = min(int(sys.argv[2]) if len(sys.argv) > 2 else 2_000, reminders // ROUNDS)
    port: Any = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(port,), daemon=True)
    server.start()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        at = port.get(timeout=30)
        with override_settings(
            LETTER_SOURCES=[RULES],
            EMAIL_BACKEND=SMTP,
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=at,
            CELERY_TASK_ALWAYS_EAGER=False,
        ):
            began = time.perf_counter()
            fill(reminders)
            print(f"{connection.vendor}: {reminders} objects in {time.perf_counter() - began:.0f} s")
            took, reminded, queries = write()
            rows = Occurrence.objects.count(), Notification.objects.count(), Message.objects.count()
            print(
                f"written: {reminded} reminders in {took:.1f} s ({reminded / took:.0f}/s), "
                f"{queries} queries ({queries * 1000 / reminded:.1f} per 1,000); rows {rows}",
                flush=True,
            )
            again, none, _queries = write()
            print(f"the next beat: {none} reminders in {again:.1f} s")
            good = reminded == reminders and none == 0 and queries * 1000 / reminded <= 60
            ratios = [send(kind, letters, at) for kind in ("bench.check", "bench.role")]
            send_all(reminders, at)
            return 0 if min(ratios) >= 0.5 and good else 1
    finally:
        teardown_databases(databases, verbosity=0)
        server.terminate()
        server.join(10)


if __name__ == "__main__":
    sys.exit(main())
