"""Several people at once, each on a connection of their own, on both engines."""

from decimal import Decimal

import pytest

from partnerships.common.clock import today
from partnerships.common.refusals import StaleState
from partnerships.indicators import actions
from partnerships.indicators.models import Target
from partnerships.testing.cast import build
from partnerships.testing.races import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_of_many_who_set_the_first_target_one_does_and_the_others_are_told():
    cast = build()
    rector, year = cast.user("rector"), today().year
    answers = all_at_once(
        [
            lambda value=value: actions.set_target(
                "internships.practices", cast.aztu, year, actor=rector, value=Decimal(value)
            )
            for value in range(1, 7)
        ]
    )
    kept = Target.objects.get()
    assert [answer.pk for answer in answers if isinstance(answer, Target)] == [kept.pk]
    told = [answer for answer in answers if isinstance(answer, StaleState)]
    assert [error.obj for error in told] == [kept] * 5
