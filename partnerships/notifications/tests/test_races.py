"""Several workers at once, a worker killed while it sends, a broker that is away."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.core import mail
from django.utils import timezone

from partnerships.notifications import actions, digests, outbox, reminding, telling
from partnerships.notifications.enums import MessageState
from partnerships.notifications.models import Message, Notification, Occurrence, Preference
from partnerships.notifications.tests.conftest import Box, free_port
from partnerships.testing.cast import Cast
from partnerships.testing.races import all_at_once
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change, record

pytestmark = pytest.mark.race

CROWD = 150
IN_FLIGHT = 2  # the worker below has two processes, each with one letter between server and database


class SlowBox(Box):
    """Takes its time over each letter, so that a worker can be killed in the middle."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.02)
        return answer


def at_once(*acts: Callable[[], Any]) -> list[Exception]:
    """Run the acts in threads that start together; answers with what went wrong."""
    return [came for came in all_at_once(acts) if isinstance(came, Exception)]


@pytest.mark.django_db(transaction=True)
def test_workers_that_tell_and_send_at_once_send_nothing_twice(people: Cast) -> None:
    with_tasks_lost = [record(people.aztu, "rename", actor=SYSTEM) for _turn in range(10)]
    Notification.objects.all().delete()
    mail.outbox.clear()
    Message.objects.all().delete()
    Change.objects.update(told_at=None)
    keys = [change.pk for change in with_tasks_lost]
    assert at_once(*[lambda: telling.tell(keys)] * 4) == []
    assert at_once(*[outbox.deliver] * 4) == []
    assert Counter(Message.objects.values_list("state", flat=True)) == {MessageState.SENT: 30}
    times = Counter(letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert set(times.values()) == {1}
    assert len(times) == 30


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_remind_once(people: Cast) -> None:
    people.aztu.checked_at = timezone.now() + timedelta(hours=5)
    people.aztu.save()
    assert at_once(*[reminding.remind] * 4) == []
    assert Occurrence.objects.count() == 2  # seven days before, caught up, and one day before
    assert Notification.objects.count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_join_a_digest_at_once_join_each_line_once(people: Cast, settings: Any) -> None:
    keys = [person.pk for person in (people.rector, people.coordinator)]
    Preference.objects.bulk_create(
        Preference(person_id=key, kind="sample.renamed", channel="mail", timing="daily") for key in keys
    )
    for _turn in range(20):
        record(people.aztu, "rename", actor=SYSTEM)
    held = Message.objects.filter(state=MessageState.HELD)
    assert held.count() == 40
    held.update(hold_until=timezone.now())
    mail.outbox.clear()
    came = all_at_once([digests.release] * 4)
    assert sum(came) == 2, came
    all_at_once([outbox.deliver] * 4)
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "coordinator@cast.example",
        "rector@cast.example",
    ]
    joined = Message.objects.filter(state=MessageState.JOINED)
    assert Counter(joined.values_list("person", flat=True)) == dict.fromkeys(keys, 20)
    assert joined.values("joined").distinct().count() == 2


@pytest.mark.django_db(transaction=True)
def test_workers_that_join_what_has_piled_up_while_others_send_lose_and_double_nothing(
    people: Cast, settings: Any
) -> None:
    changes = [record(people.aztu, "rename", actor=SYSTEM) for _turn in range(60)]
    Message.objects.all().delete()
    Notification.objects.all().delete()
    mail.outbox.clear()
    Change.objects.update(told_at=None)
    telling.tell([change.pk for change in changes])
    mail.outbox.clear()
    Message.objects.update(state=MessageState.QUEUED, attempts=0)
    settings.JOIN_FROM = 3
    all_at_once([outbox.deliver, digests.join_piled] * 3)
    outbox.deliver()
    by_state = Counter(Message.objects.exclude(kind=digests.KIND).values_list("state", flat=True))
    assert set(by_state) <= {MessageState.SENT, MessageState.JOINED}
    assert sum(by_state.values()) == 180
    lines = sum(int(letter.subject.rpartition(": ")[2]) for letter in mail.outbox if _counts(letter))
    assert lines == by_state[MessageState.JOINED]
    assert len(mail.outbox) == Message.objects.filter(state=MessageState.SENT).count()


@pytest.mark.django_db(transaction=True)
def test_sending_again_pressed_by_two_at_once_is_done_and_kept_once(people: Cast) -> None:
    for _turn in range(5):
        record(people.aztu, "rename", actor=SYSTEM)
    Message.objects.update(state=MessageState.DEAD)
    mail.outbox.clear()
    admin = people.user("admin")
    everything = Message.objects.all()
    came = all_at_once([lambda: actions.resend(everything, actor=admin, note="Server düzəldi")] * 4)
    assert sorted(came) == [0, 0, 0, 15]
    assert Change.objects.filter(verb="resend").count() == 15
    outbox.deliver()
    times = Counter(letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert (len(times), set(times.values())) == (15, {1})


def _counts(letter: Any) -> bool:
    return letter.subject.rpartition(": ")[2].isdigit()


# A worker that is killed ---------------------------------------------------------------------------


@contextmanager
def worker(env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker with its clock, two processes, in a group of its own; killed at the end."""
    command = [sys.executable, "-m", "celery", "-A", "partnerships", "worker", "--beat", "--concurrency", "2"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*command, "--schedule", str(log.parent / "beat")],
            cwd=django_settings.BASE_DIR,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(holds: Callable[[], bool], seconds: float, log: Path) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, log.read_text()[-4000:]
        time.sleep(0.05)


def rows(database: Path, sql: str) -> list[Any]:
    reader = sqlite3.connect(database, timeout=20)
    try:
        return reader.execute(sql).fetchall()
    finally:
        reader.close()


def test_a_killed_worker_and_an_absent_broker_lose_nothing(tmp_path: Path) -> None:
    box = SlowBox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    env |= {
        "DJANGO_SETTINGS_MODULE": "partnerships.notifications.tests.race_settings",
        "PORTAL_ENV": "embedded",
        "PORTAL_VAR": str(tmp_path),
        "RACE_SMTP_PORT": str(server.port),
    }
    log, database = tmp_path / "worker.log", tmp_path / "portal.sqlite3"
    try:
        seeded = subprocess.run(
            [sys.executable, "-m", "partnerships.notifications.tests.race_seed", str(CROWD)],
            cwd=django_settings.BASE_DIR,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert seeded.returncode == 0, seeded.stderr
        # The broker was away: the page answered, the change stands, what was rolled back does not.
        assert json.loads(seeded.stdout) == {"page": 302, "untold": 1, "posted": 1}
        assert "the sweep will" in seeded.stderr

        with worker(env, log) as first:
            until(lambda: len(box.letters) >= 30, 90, log)
            os.killpg(first.pid, signal.SIGKILL)
            first.wait()
        before = len(box.letters)
        left = rows(database, "SELECT state, count(*) FROM notifications_message GROUP BY state")
        assert dict(left).get("sent", 0) < CROWD + 1  # it was killed in the middle
        assert dict(left)["sending"] > 0

        waiting = "SELECT count(*) FROM notifications_message WHERE state IN ('queued', 'sending')"
        with worker(env, log):
            until(lambda: rows(database, waiting) == [(0,)], 90, log)
            beats = rows(database, "SELECT name FROM notifications_heartbeat ORDER BY name")
            assert beats == [("beat",), ("worker",)]
    finally:
        server.stop()

    assert before < len(box.letters)
    everything = rows(database, "SELECT message_id, address, state FROM notifications_message")
    assert {state for _id, _address, state in everything} == {"sent"}
    taken = Counter((str(letter["Message-ID"]), str(letter["To"])) for letter in box.letters)
    assert set(taken) == {(message_id, address) for message_id, address, _state in everything}
    assert len(taken) == CROWD + 1
    assert sum(times - 1 for times in taken.values()) <= IN_FLIGHT
    assert rows(database, "SELECT count(*) FROM workflow_change WHERE told_at IS NULL") == [(0,)]


ASK_TEN_TIMES = """
import django, sys, time
django.setup()
from partnerships.common.queue import enqueue
start = time.monotonic()
for _turn in range(10):
    enqueue("notifications.deliver")
sys.stdout.write(str(time.monotonic() - start))
"""


def test_an_act_waits_once_for_a_broker_that_is_away(tmp_path: Path) -> None:
    away = f"redis://127.0.0.1:{free_port()}/0"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "partnerships.settings", "PORTAL_ENV": "embedded"}
    env |= {"REDIS_URL": away, "PORTAL_VAR": str(tmp_path)}
    asked = subprocess.run(
        [sys.executable, "-c", ASK_TEN_TIMES],
        cwd=django_settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert float(asked.stdout) < 2 * django_settings.CELERY_BROKER_CONNECTION_TIMEOUT
    assert asked.stderr.count("the sweep will") == 1
