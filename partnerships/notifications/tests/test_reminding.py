"""Reminders go by window: nothing twice, nothing lost, nothing about what is decided."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from partnerships.common.clock import BAKU
from partnerships.ideas import actions as ideas
from partnerships.ideas.models import Idea
from partnerships.notifications import outbox, reminding
from partnerships.notifications.collect import table
from partnerships.notifications.enums import MessageState, Suppressed
from partnerships.notifications.models import Message, Notification, Occurrence
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast

DUE = datetime(2026, 12, 20, 18, tzinfo=BAKU)


@pytest.fixture
def due(people: Cast, time_machine: Any) -> Cast:
    people.aztu.checked_at = DUE
    people.aztu.save()
    return people


def at(time_machine: Any, moment: datetime) -> int:
    time_machine.move_to(moment, tick=False)
    reminded = reminding.remind()
    outbox.deliver()
    return reminded


def sent_to() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


@pytest.mark.wide
def test_each_offset_reminds_once_whenever_the_clock_comes_by(due: Cast, time_machine: Any) -> None:
    moments = [
        (timedelta(days=-8), 0),
        (timedelta(days=-7, seconds=1), 1),
        (timedelta(days=-6), 0),
        (timedelta(hours=-23), 1),
        (timedelta(hours=1), 0),
        (timedelta(days=1, minutes=7), 2),
        (timedelta(days=30), 0),
    ]
    assert [at(time_machine, DUE + offset) for offset, _people in moments] == [n for _offset, n in moments]
    assert sent_to() == ["coordinator@cast.example"] * 3 + ["rector@cast.example"]
    assert mail.outbox[0].subject == "Check the facts: Azərbaycan Texniki Universiteti"
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_missed_days_are_caught_up_in_one_mail(due: Cast, time_machine: Any) -> None:
    assert at(time_machine, DUE + timedelta(days=2)) == 2  # the clock stood still for two weeks
    assert sent_to() == ["coordinator@cast.example", "rector@cast.example"]
    kept = Occurrence.objects.filter(person=due.coordinator).order_by("-offset")
    assert [(o.offset // 86400, o.caught_up) for o in kept] == [(7, True), (1, True), (-1, False)]
    assert at(time_machine, DUE + timedelta(days=3)) == 0
    assert Notification.objects.count() == 2


def test_a_moved_date_cancels_the_old_and_reminds_afresh(due: Cast, time_machine: Any) -> None:
    time_machine.move_to(DUE - timedelta(days=6), tick=False)
    assert reminding.remind() == 1  # written, not yet sent
    due.aztu.checked_at = DUE + timedelta(days=30)
    due.aztu.save()
    assert at(time_machine, DUE - timedelta(days=5)) == 0
    assert mail.outbox == []
    old = Message.objects.get()
    assert (old.state, old.suppressed) == (MessageState.SUPPRESSED, Suppressed.DECIDED)
    assert Occurrence.objects.get().cancelled is not None
    assert not Notification.objects.unread().exists()
    assert at(time_machine, DUE + timedelta(days=23)) == 1
    due.aztu.checked_at = DUE + timedelta(days=24)
    due.aztu.save()
    assert at(time_machine, DUE + timedelta(days=23, hours=1)) == 1
    assert sent_to() == ["coordinator@cast.example"] * 2


def test_what_is_decided_between_reminder_and_letter_is_not_mailed(due: Cast, time_machine: Any) -> None:
    time_machine.move_to(DUE - timedelta(hours=1), tick=False)
    assert reminding.remind() == 1
    due.aztu.checked_at = None
    due.aztu.save()
    assert outbox.deliver() == 0
    assert Message.objects.get().suppressed == Suppressed.DECIDED
    assert at(time_machine, DUE + timedelta(days=2)) == 0


def test_a_date_that_is_a_day_begins_at_midnight_in_baku(cast: Cast, time_machine: Any) -> None:
    day = datetime(2026, 12, 20, tzinfo=BAKU)
    time_machine.move_to(day - timedelta(days=30), tick=False)
    values: dict[str, Any] = {"next_step": "Görüş", "next_on": day.date(), "owner": cast.partnerships}
    idea = ideas.note(actor=cast.user("hr"), title="Birgə laboratoriya", **values)
    (rule,) = (one for one in table().reminders if one.due == "next_on")
    assert rule.offsets[0] == timedelta(0)
    second = timedelta(seconds=1)
    assert [at(time_machine, day + apart) for apart in (-second, second, second * 2)] == [0, 1, 0]
    assert Occurrence.objects.get().due == day
    Idea.objects.filter(pk=idea.pk).update(next_on=day.date() + timedelta(days=1))
    assert at(time_machine, day + timedelta(hours=23)) == 0
    assert Occurrence.objects.get().cancelled is not None
    assert at(time_machine, day + timedelta(days=1, hours=9)) == 1


@pytest.mark.parametrize("size", [1, 3, 30])
def test_the_cost_of_reminding_grows_only_with_what_the_audience_asks(
    letters: None, db: None, size: int, django_assert_num_queries: Any
) -> None:
    from partnerships.directory.enums import Role

    for number in range(size):
        place = make.university(f"Universitet {number}", checked_at=DUE)
        make.affiliation(
            make.person(f"Şəxs {number}", f"s{number}@else.example", False), place, Role.COORDINATOR
        )
    now = DUE - timedelta(hours=1)
    rule = next(rule for rule in table().reminders if rule.kind == "sample.check")
    objects = list(rule.rows().order_by("pk"))
    reminding._remind(replace(rule, kind="sample.before"), objects[:1], now)  # content types
    asked = size * 2  # the rule's own audience, once for each object and offset
    with django_assert_num_queries(11 + asked):
        assert reminding._remind(rule, objects, now) == size
