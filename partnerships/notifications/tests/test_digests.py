"""Digests, quiet hours and many of a kind: what waits is told once, joined, and never lost."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from partnerships.common.clock import BAKU
from partnerships.common.models import DayOff
from partnerships.notifications import actions, digests, outbox, tasks, telling, unsubscribing
from partnerships.notifications.enums import Suppressed
from partnerships.notifications.hours import Calendar, Quiet
from partnerships.notifications.models import Message, Notification, Preference
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import record

WEDNESDAY = datetime(2026, 12, 2, 11, tzinfo=BAKU)
NIGHT = Quiet(time(22), time(8), days_off=True)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BAKU)


@pytest.fixture
def waits(people: Cast, settings: Any, time_machine: Any) -> Cast:
    """Quiet hours and joining as the portal has them by itself; Wednesday noon."""
    settings.QUIET_HOURS, settings.LETTERS_ON_DAYS_OFF = ("22:00", "08:00"), False
    settings.BATCH_SECONDS, settings.JOIN_FROM = 600, 3
    time_machine.move_to(WEDNESDAY, tick=False)
    return people


def tell(cast: Cast, verb: str = "rename", times: int = 1) -> None:
    telling.tell([record(cast.aztu, verb, actor=SYSTEM).pk for _time in range(times)])


def want(cast: Cast, name: str, timing: str, kind: str = "sample.renamed") -> None:
    Preference.objects.create(person=getattr(cast, name), kind=kind, channel="mail", timing=timing)


def pass_to(time_machine: Any, moment: datetime) -> None:
    """The clock comes by at this moment."""
    time_machine.move_to(moment, tick=False)
    digests.release()
    outbox.deliver()


def sent(name: str = "rector") -> list[str]:
    return [letter.subject for letter in mail.outbox if letter.to == [f"{name}@cast.example"]]


# When -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(2, 11), at(2, 11)),
        (at(2, 21, 59), at(2, 21, 59)),
        (at(2, 22), at(3, 8)),
        (at(3, 7, 59), at(3, 8)),
        (at(4, 22), at(7, 8)),  # Friday night: Monday
        (at(5, 12), at(7, 8)),
        (at(31, 12), datetime(2027, 1, 5, 8, tzinfo=BAKU)),  # Solidarity day, New Year, weekend, its Monday
    ],
)
def test_what_can_wait_waits_for_the_next_open_hour(db: None, moment: datetime, opens: datetime) -> None:
    assert Calendar(moment).opens(NIGHT) == opens


def test_the_administrators_table_moves_days_off(db: None) -> None:
    DayOff.objects.create(date=date(2026, 12, 3), name="Seçki günü")
    DayOff.objects.create(date=date(2026, 12, 5), working=True, name="Köçürülmüş iş günü")
    assert Calendar(at(2, 23)).opens(NIGHT) == at(4, 8)
    assert Calendar(at(5, 12)).opens(NIGHT) == at(5, 12)


def test_own_hours_by_day_and_letters_on_days_off(db: None) -> None:
    shift = Quiet(time(9), time(17), days_off=False)
    assert Calendar(at(5, 12)).opens(shift) == at(5, 17)
    assert Calendar(at(5, 23)).opens(shift) == at(5, 23)
    assert Calendar(at(2, 3)).opens(Quiet(time(8), time(8), days_off=False)) == at(2, 3)


@pytest.mark.parametrize(
    ("plan", "now", "hour"),
    [
        ("daily", at(2, 8, 29), at(2, 8, 30)),
        ("daily", at(2, 8, 30), at(3, 8, 30)),
        ("daily", at(4, 9), at(7, 8, 30)),  # over the weekend, at its own hour
        ("weekly", at(2, 11), at(7, 8, 30)),
        ("weekly", at(7, 8, 30), at(14, 8, 30)),
        ("now", at(2, 11), None),
        ("now", at(2, 23), at(3, 8)),
    ],
)
def test_digests_have_their_hour(db: None, plan: str, now: datetime, hour: datetime | None) -> None:
    assert Calendar(now).hold(plan, NIGHT) == hour


# Digests --------------------------------------------------------------------------------------------


def test_a_day_is_one_letter_with_grouped_lines_and_none_when_nothing_is_new(
    waits: Cast, time_machine: Any
) -> None:
    for kind in ("sample.renamed", "sample.kept"):
        want(waits, "rector", "daily", kind)
    tell(waits, "rename", 2)
    outbox.deliver()
    assert sent() == []
    assert sent("coordinator") == ["The name has changed: Azərbaycan Texniki Universiteti"] * 2
    pass_to(time_machine, at(3, 8, 29))
    assert sent() == []
    pass_to(time_machine, at(3, 8, 30))
    assert sent() == ["Günün icmalı: 2 bildiriş"]
    letter = mail.outbox[-1]
    assert letter.body.count("Ad dəyişdi: Azərbaycan Texniki Universiteti") == 2
    assert "Təşkilatlar" in letter.body
    assert f"http://localhost:8000/organizations/{waits.aztu.slug}/" in letter.body
    pass_to(time_machine, at(4, 8, 30))
    assert len(sent()) == 1


def test_a_week_is_one_letter_and_takes_the_day_along(waits: Cast, time_machine: Any) -> None:
    want(waits, "rector", "weekly")
    want(waits, "rector", "daily", "sample.check")
    want(waits, "rector", "daily", "sample.broken")
    tell(waits, "rename", 3)
    for day in (3, 4, 5, 6):
        pass_to(time_machine, at(day, 9))
    assert sent() == []
    pass_to(time_machine, at(7, 8, 30))
    assert sent() == ["Həftənin icmalı: 3 bildiriş"]


def test_on_monday_the_week_takes_along_what_the_weekend_put_off(waits: Cast, time_machine: Any) -> None:
    want(waits, "rector", "weekly")
    want(waits, "rector", "daily", "sample.many")
    time_machine.move_to(at(5, 12), tick=False)  # a Saturday
    tell(waits, "rename", 1)
    tell(waits, "join", 2)
    for moment in (at(6, 9), at(7, 8), at(7, 8, 1)):
        pass_to(time_machine, moment)
    assert sent() == []
    pass_to(time_machine, at(7, 8, 30))
    assert sent() == ["Həftənin icmalı: 3 bildiriş"]


def test_a_clock_that_was_away_loses_nothing_and_tells_nothing_twice(waits: Cast, time_machine: Any) -> None:
    want(waits, "rector", "daily")
    tell(waits, "rename", 2)
    pass_to(time_machine, at(3, 23))  # it was away the whole day, and now it is quiet
    assert sent() == []
    tell(waits)
    pass_to(time_machine, at(4, 12))
    pass_to(time_machine, at(4, 12, 1))
    assert sent() == ["Günün icmalı: 3 bildiriş"]


def test_a_worker_that_dies_while_joining_leaves_every_line(waits: Cast, time_machine: Any) -> None:
    want(waits, "rector", "daily")
    tell(waits, "rename", 2)
    time_machine.move_to(at(3, 9), tick=False)
    with pytest.raises(RuntimeError, match="killed"), _killed_after_joining():
        digests.release()
    assert Message.objects.filter(person=waits.rector, state="held").count() == 2
    assert not Message.objects.filter(kind=digests.KIND).exists()
    pass_to(time_machine, at(3, 9, 1))
    assert sent() == ["Günün icmalı: 2 bildiriş"]


def _killed_after_joining() -> Any:
    from contextlib import contextmanager

    from django.db import connection

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith("UPDATE") and "joined_id" in sql:
            raise RuntimeError("killed")
        return answer

    @contextmanager
    def dying() -> Any:
        with connection.execute_wrapper(die):
            yield

    return dying()


def test_each_line_is_asked_about_when_the_letter_goes(waits: Cast, time_machine: Any) -> None:
    want(waits, "rector", "daily")
    tell(waits, "rename", 4)
    first, second = Notification.objects.filter(person=waits.rector).order_by("pk")[:2]
    actions.mark_read(first)
    Message.objects.filter(notification=second).update(kind="sample.kept")
    want(waits, "rector", "off", "sample.kept")
    pass_to(time_machine, at(3, 8, 30))
    assert sent() == ["Günün icmalı: 2 bildiriş"]
    whys = set(Message.objects.filter(person=waits.rector).values_list("state", "suppressed"))
    assert whys == {
        ("sent", ""),
        ("joined", ""),
        ("suppressed", Suppressed.READ),
        ("suppressed", Suppressed.PREFERENCE),
    }


def test_a_digest_about_what_may_no_longer_be_seen_is_not_sent(waits: Cast, time_machine: Any) -> None:
    want(waits, "rector", "daily")
    tell(waits, "rename", 2)
    waits.aztu.is_active = False
    waits.aztu.save()
    pass_to(time_machine, at(3, 8, 30))
    assert sent() == []
    assert set(Message.objects.filter(person=waits.rector).values_list("state", "suppressed")) == {
        ("suppressed", Suppressed.RIGHTS)
    }


# Quiet hours ----------------------------------------------------------------------------------------


def test_at_night_what_is_urgent_goes_and_the_rest_comes_in_the_morning(
    waits: Cast, time_machine: Any
) -> None:
    time_machine.move_to(at(2, 23), tick=False)
    tell(waits, "rename")
    tell(waits, "close")
    outbox.deliver()
    assert sent() == ["Ad dəyişdi: Azərbaycan Texniki Universiteti"]
    assert mail.outbox[-1].extra_headers.get("List-Unsubscribe") is None
    pass_to(time_machine, at(3, 7, 59))
    assert len(sent()) == 1
    pass_to(time_machine, at(3, 8))
    assert len(sent()) == 2


def test_a_letter_that_waited_for_its_server_into_the_night_waits_on(waits: Cast, time_machine: Any) -> None:
    tell(waits)
    time_machine.move_to(at(2, 22, 5), tick=False)
    assert outbox.deliver() == 0
    assert set(Message.objects.values_list("state", "attempts")) == {("held", 0)}
    pass_to(time_machine, at(3, 8))
    assert len(mail.outbox) == 3


def test_many_letters_of_one_night_are_one(waits: Cast, time_machine: Any) -> None:
    time_machine.move_to(at(2, 23), tick=False)
    tell(waits, "rename", 2)
    tell(waits, "handed_over", 2)  # the coordinator gets another kind
    pass_to(time_machine, at(3, 8))
    assert sent("coordinator") == ["New in the portal: 4 notifications"]
    assert sent("rector") == ["Təşkilatlar: 4"]


# Many of a kind -------------------------------------------------------------------------------------


def test_twelve_of_a_kind_within_minutes_are_one_letter(waits: Cast, time_machine: Any) -> None:
    for minute in range(12):
        time_machine.move_to(WEDNESDAY + timedelta(seconds=30 * minute), tick=False)
        tell(waits, "join")
        digests.release()
        outbox.deliver()
    assert mail.outbox == []
    pass_to(time_machine, WEDNESDAY + timedelta(minutes=10))
    assert sent() == ["12 yer açıldı"]
    tell(waits, "join")
    pass_to(time_machine, WEDNESDAY + timedelta(minutes=21))
    assert sent() == ["12 yer açıldı", "Ad dəyişdi: Azərbaycan Texniki Universiteti"]


def test_what_has_piled_up_goes_as_one_and_two_go_as_two(waits: Cast) -> None:
    tell(waits, "rename", 2)
    outbox.deliver()
    assert len(sent()) == 2
    tell(waits, "rename", 5)
    outbox.deliver()
    assert sent()[2:] == ["Təşkilatlar: 5"]


def test_a_joint_letter_is_left_with_one_click_for_all_its_kinds(waits: Cast, client: Any) -> None:
    tell(waits, "rename", 3)
    outbox.deliver()
    letter = Message.objects.get(kind=digests.KIND, person=waits.rector)
    token = unsubscribing.token(waits.rector.pk, f"joint:{letter.pk}")
    assert letter.headers["List-Unsubscribe"] == f"<http://localhost:8000/unsubscribe/{token}/>"
    assert client.get(f"/unsubscribe/{token}/").status_code == 200
    assert not Preference.objects.exists()
    assert client.post(f"/unsubscribe/{token}/").status_code == 200
    assert list(Preference.objects.values_list("kind", "channel", "timing")) == [
        ("sample.renamed", "mail", "off")
    ]


def test_what_waits_follows_a_new_choice(waits: Cast, time_machine: Any) -> None:
    want(waits, "rector", "weekly")
    tell(waits)
    actions.set_preferences(waits.rector, mail={"sample.renamed": "daily"}, portal={})
    assert Message.objects.get(person=waits.rector).hold_until == at(3, 8, 30)
    actions.set_rhythm(waits.rector, quiet_from=time(22), quiet_until=time(10), days_off=False)
    assert Message.objects.get(person=waits.rector).hold_until == at(3, 10)
    actions.set_preferences(waits.rector, mail={"sample.renamed": "now"}, portal={})
    tasks.sweep()
    outbox.deliver()
    assert len(sent()) == 1


@pytest.mark.parametrize("by_link", [False, True])
def test_what_waits_is_not_sent_from_the_moment_on_that_nobody_wants_it(
    waits: Cast, time_machine: Any, client: Client, by_link: bool
) -> None:
    time_machine.move_to(at(5, 12), tick=False)  # a Saturday: it waits for Monday
    tell(waits)
    if by_link:
        client.post(f"/unsubscribe/{unsubscribing.token(waits.rector.pk, 'sample.renamed')}/")
    else:
        actions.set_preferences(waits.rector, mail={"sample.renamed": "off"}, portal={})
    letter = Message.objects.get(person=waits.rector)
    assert (letter.state, letter.suppressed) == ("suppressed", "preference")
    pass_to(time_machine, at(7, 9))
    assert sent() == []


@pytest.mark.parametrize("size", [2, 30])
def test_joining_costs_the_same_for_any_number_of_lines(
    waits: Cast, size: int, django_assert_max_num_queries: Any, time_machine: Any
) -> None:
    want(waits, "rector", "daily")
    tell(waits, "rename", size)
    time_machine.move_to(at(3, 8, 30), tick=False)
    with django_assert_max_num_queries(14):
        assert digests.release() == 1
