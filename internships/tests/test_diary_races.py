"""The student and the mentor at one day at once, and one button pressed twice, on both engines."""

from datetime import timedelta

import pytest
from celery import current_app

from internships import actions
from internships.enums import DiaryState as D
from internships.models import Clearance, DiaryEntry, Placement
from internships.tests import makers
from partnerships.common.clock import today
from partnerships.common.refusals import WorkflowError
from partnerships.testing.cast import build
from partnerships.testing.races import all_at_once
from partnerships.workflow.actors import link_actor
from partnerships.workflow.models import Change

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAYS = 6


@pytest.fixture(autouse=True)
def telling_is_left_to_the_worker():
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


@pytest.fixture
def house():
    """A practice with six days that wait for the mentor behind a link."""
    cast = build()
    placed = makers.active(cast)
    first = today() - timedelta(days=DAYS)
    Placement.objects.update(starts=first)
    Clearance.objects.update(done_on=first)
    for n in range(DAYS):
        entry = actions.write_day(
            placed, first + timedelta(days=n), actor=cast.user("student"), minutes=300, work="iş"
        )
        actions.submit_day(entry, actor=cast.user("student"))
    return cast, makers.placement_again(placed)


def seen(rows):
    return [(str(row.uid), row.version) for row in rows]


def test_of_taking_back_and_confirming_the_quicker_wins_and_the_other_is_told(house):
    cast, placed = house
    mentor = link_actor(cast.mentor.pk, placed.link_scope, cast.mentor.name)
    student = cast.user("student")
    for entry in DiaryEntry.objects.order_by("date"):
        back, confirmed = all_at_once(
            [
                lambda entry=entry: actions.take_back(entry, actor=student),
                lambda entry=entry: actions.confirm(placed, seen([entry]), actor=mentor),
            ]
        )
        entry.refresh_from_db()
        student_won = not isinstance(back, Exception)
        assert student_won or isinstance(back, WorkflowError)
        assert (entry.state, len(confirmed.done)) == ((D.DRAFT, 0) if student_won else (D.CONFIRMED, 1))
        verbs = Change.objects.of(entry).filter(verb__in=["take_back", "confirm"])
        assert [row.verb for row in verbs] == ["take_back" if student_won else "confirm"]


def test_a_button_pressed_twice_at_once_confirms_once(house):
    cast, placed = house
    mentor = link_actor(cast.mentor.pk, placed.link_scope, cast.mentor.name)
    picked = seen(DiaryEntry.objects.all())
    found = all_at_once([lambda: actions.confirm(placed, picked, actor=mentor)] * 4)
    assert sorted(len(one.done) for one in found) == [0, 0, 0, DAYS]
    assert Change.objects.filter(verb="confirm").count() == DAYS
    assert Change.objects.of(placed).filter(verb="diary_confirmed").count() == 1


def test_the_first_letters_of_two_windows_make_one_day(house):
    cast, placed = house
    student = cast.user("student")
    found = all_at_once(
        [
            lambda n=n: actions.write_day(
                placed, today(), actor=student, version=0, minutes=300, work="iş" + "!" * n
            )
            for n in range(4)
        ]
    )
    assert DiaryEntry.objects.filter(date=today()).count() == 1
    assert all(not isinstance(one, Exception) or isinstance(one, WorkflowError) for one in found)


def test_two_who_ask_for_the_link_at_once_get_the_same(house):
    cast, placed = house
    calls = [lambda who=who: actions.mentor_link(placed, actor=cast.user(who)) for who in ("hr", "student")]
    assert len({link.pk for link in all_at_once(calls * 2)}) == 1
