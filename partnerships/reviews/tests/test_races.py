"""Several people at once, each on a connection of their own, on both engines."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from partnerships.common.refusals import WorkflowError
from partnerships.reviews import actions
from partnerships.reviews.models import Review
from partnerships.reviews.tests.conftest import again, fresh, idea, member, opened
from partnerships.testing.cast import build
from partnerships.testing.races import all_at_once
from partnerships.workflow.models import Change

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def telling_is_left_to_the_worker():
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


def test_automatic_assignment_pressed_ten_times_at_once_assigns_once():
    cast = build()
    rows = [idea(cast, n=n) for n in range(12)]
    found = opened(cast, "expert", "mentor", "trainer", due=timezone.now() + timedelta(days=9))
    chair = cast.user("partnerships")
    plans = all_at_once([lambda: actions.assign_automatically(fresh(found), actor=chair)] * 10)
    assert [plan for plan in plans if isinstance(plan, Exception)] == []
    assert sorted(len(plan.pairs) for plan in plans) == [0] * 9 + [24]
    assert Review.objects.count() == 24
    loads = [member(found, person).reviews.count() for person in (cast.expert, cast.mentor, cast.trainer)]
    assert loads == [8, 8, 8]
    assert len(rows) == 12


def test_of_two_windows_that_hand_in_at_once_one_counts():
    cast = build()
    found = opened(cast, "expert")
    chair = cast.user("partnerships")
    row = idea(cast)
    actions.assign(fresh(found), row, [member(found, cast.expert)], actor=chair)
    actions.move(fresh(found), "start", actor=chair)
    copies = [again(Review.objects.get()) for _n in range(6)]
    answers = all_at_once(
        [
            lambda copy=copy, value=value: actions.submit(
                copy, actor=cast.user("expert"), marks={"overall": value}
            )
            for value, copy in enumerate(copies[:5], 1)
        ]
    )
    failed = [answer for answer in answers if isinstance(answer, Exception)]
    assert [isinstance(error, WorkflowError) for error in failed] == [True] * 4
    review = again(copies[0])
    assert (review.state, review.score) == ("submitted", review.marks["overall"])
    assert Change.objects.filter(verb="submit").count() == 1


def test_closing_and_handing_in_at_once_leave_a_whole_state():
    cast = build()
    found = opened(cast, "expert", "mentor")
    chair = cast.user("partnerships")
    row = idea(cast)
    actions.assign(fresh(found), row, list(found.members.all()), actor=chair)
    actions.move(fresh(found), "start", actor=chair)
    reviews = {review.member.person_id: review for review in Review.objects.with_rows()}
    calls = [
        lambda who=who: actions.submit(
            again(reviews[getattr(cast, who).pk]), actor=cast.user(who), marks={"overall": 4}
        )
        for who in ("expert", "mentor")
    ]
    answers = all_at_once([*calls, lambda: actions.move(fresh(found), "close", actor=chair)])
    failed = [answer for answer in answers if isinstance(answer, Exception)]
    assert [error for error in failed if not isinstance(error, WorkflowError)] == []
    assert fresh(found).state == "closed"
    assert Review.objects.counted().count() == 2 - len(failed)
