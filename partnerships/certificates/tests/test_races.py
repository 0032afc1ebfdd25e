"""Several people at once, each on a connection of their own, on both engines."""

import random

import pytest
from celery import current_app
from django.db import connection

from partnerships.certificates import actions
from partnerships.certificates.models import Certificate
from partnerships.certificates.tests.sample.certificates import KEY
from partnerships.certificates.tests.test_pages import crowd
from partnerships.common.models import Counter
from partnerships.common.refusals import WorkflowError
from partnerships.testing.cast import Cast, build
from partnerships.testing.races import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def telling_is_left_to_the_worker():
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


def issue(cast: Cast, row):
    return lambda: actions.issue(row, kind=KEY, actor=cast.user("hr"))


def test_twenty_who_issue_for_one_object_at_once_get_the_same():
    cast = build()
    answers = all_at_once([issue(cast, cast.affiliation("mentor"))] * 20)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len({answer.pk for answer in answers}) == 1
    assert (Certificate.objects.count(), Counter.objects.get(series="US").value) == (1, 1)


def test_fifty_at_once_get_numbers_without_a_gap():
    cast = build()
    rows = crowd(cast, 50)
    random.Random(7).shuffle(rows)
    answers = all_at_once([issue(cast, row) for row in rows])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sorted(int(answer.serial[-5:]) for answer in answers) == list(range(1, 51))


def test_of_revoking_and_reissuing_at_once_one_wins():
    cast = build()
    for who in ("mentor", "expert", "trainer"):
        made = actions.issue(cast.affiliation(who), kind=KEY, actor=cast.user("hr"))
        copies = [Certificate.objects.get(pk=made.pk) for _n in range(2)]
        answers = all_at_once(
            [
                lambda row=copies[0]: actions.revoke(row, actor=cast.user("hr"), note="ləğv"),
                lambda row=copies[1]: actions.reissue(row, actor=cast.user("hr"), note="yenidən"),
            ]
        )
        failed = [answer for answer in answers if isinstance(answer, Exception)]
        assert [isinstance(error, WorkflowError) for error in failed] == [True]
    numbers = sorted(int(serial[-5:]) for serial in Certificate.objects.values_list("serial", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert connection.vendor in ("sqlite", "postgresql")
