"""/healthz/ says that the process answers, /readyz/ what does not work."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from partnerships.notifications import health, tasks
from partnerships.notifications.enums import MessageState
from partnerships.notifications.models import Heartbeat, Message
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change, record


def ready() -> tuple[int, list[str]]:
    response = Client().get("/readyz/")
    return response.status_code, response.json()["failing"]


@pytest.fixture
def well(db: None) -> None:
    tasks.heartbeat()


def test_the_process_answers_without_asking_the_database() -> None:
    response = Client().get("/healthz/")
    assert (response.status_code, response.text) == (200, "ok")
    assert Client().post("/healthz/").status_code == 405


def test_everything_runs(well: None) -> None:
    assert ready() == (200, [])
    assert Client().head("/readyz/").status_code == 200
    assert health.banner() == ""


def test_a_portal_without_a_worker_is_not_ready(db: None) -> None:
    assert ready() == (503, ["beat", "worker"])
    assert health.inspect()["worker"] == "never_seen"
    assert health.banner() != ""


@time_machine.travel("2026-11-24T06:00:00Z", tick=False)  # in the year of what it says
def test_the_line_of_a_silent_worker_says_when_it_was_last_heard_and_leads_to_its_heartbeats(
    well: None, cast: Any, login: Any, settings: Any
) -> None:
    settings.DEMO = True
    heard = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
    Heartbeat.objects.update(at=heard)
    assert "Son siqnal: 20 noyabr, 10:05 (Bakı)." in health.banner()
    beats = "/admin/notifications/heartbeat/"
    page = login("admin").get("/menu/").text
    assert (health.banner() in page, f'href="{beats}"' in page) == (True, True)
    assert login("admin").get(beats).status_code == 200


def test_operators_read_on_every_page_and_in_the_administration_what_is_wrong(
    well: None, cast: Any, login: Any, settings: Any
) -> None:
    settings.DEMO = True  # no second factor asked
    old = timezone.now() - timedelta(minutes=20)
    values = {"kind": "sample.renamed", "address": "a@else.example", "language": "az", "subject": "Ad"}
    Message.objects.create(key="old", created=old, next_try_at=old, **values)
    Message.objects.create(key="dead", state=MessageState.DEAD, **values)
    lines = health.troubles()
    assert len(lines) == 2
    for path in ("/home/", "/admin/"):
        page = login("admin").get(path).text
        assert all(line in page for line in lines), path
    assert lines[1] not in login("hr").get("/home/").text
    Message.objects.filter(key="old").update(state=MessageState.HELD, hold_until=timezone.now())
    assert health.troubles() == lines[1:]


def test_a_silent_worker_is_named(well: None) -> None:
    Heartbeat.objects.filter(name="worker").update(at=timezone.now() - timedelta(minutes=4))
    assert ready() == (503, ["worker"])
    Heartbeat.objects.filter(name="worker").update(at=timezone.now() - timedelta(minutes=2))
    assert ready() == (200, [])


def letter(minutes: int, **values: Any) -> Message:
    then = timezone.now() - timedelta(minutes=minutes)
    return Message.objects.create(
        key=f"old:{Message.objects.count()}",
        address="kimse@else.example",
        language="az",
        created=then,
        **{"next_try_at": then, **values},
    )


def test_old_letters_and_untold_changes_are_named(well: None, cast: Cast) -> None:
    letter(14)
    assert ready() == (200, [])
    old = letter(16)
    assert ready() == (503, ["outbox"])
    assert health.inspect()["outbox"] == "stuck"
    soon = timezone.now() + timedelta(minutes=5)
    Message.objects.filter(pk=old.pk).update(next_try_at=soon, attempts=5)  # no mail server since
    assert health.inspect()["outbox"] == "old_letters"
    Message.objects.filter(pk=old.pk).update(deferred=True)  # its own server has put it off
    assert ready() == (200, [])
    Message.objects.filter(pk=old.pk).update(state=MessageState.DEAD)
    assert ready() == (200, [])
    change = record(cast.aztu, "rename", actor=SYSTEM)
    Change.objects.filter(pk=change.pk).update(at=timezone.now() - timedelta(minutes=16))
    assert health.inspect()["outbox"] == "untold_changes"


def test_a_broker_that_cannot_be_reached_is_named(well: None, settings: Any, tmp_path: Any) -> None:
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path)}
    assert ready() == (200, [])
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "gone")}
    assert ready() == (503, ["broker"])


def test_a_heartbeat_of_tomorrow_proves_nothing_about_now(well: None) -> None:
    Heartbeat.objects.filter(name="worker").update(at=timezone.now() + timedelta(days=1))
    parts = health.inspect()
    assert (parts["worker"], parts["beat"]) == ("silent", "ok")


def test_a_disk_with_little_room_is_named_before_it_is_full(well: None, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1 << 50  # a petabyte, of which no disk has room for twenty
    assert ready() == (503, ["storage"])
    assert health.inspect()["storage"] == "low"
