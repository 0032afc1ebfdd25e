"""What letters say does not depend on when they are written."""

import pytest

from internships import actions
from internships.letters.changes import words
from internships.tests import makers
from partnerships.workflow.models import Change


@pytest.mark.django_db
def test_a_letter_written_late_names_the_date_that_was_promised(cast):
    made = makers.programme(cast, seats=2)
    application = makers.endorsed(cast, made, "student")
    change = Change.objects.filter(verb="endorse").get()
    in_time = words(change, application)["due"]
    application.state = "accepted"
    assert in_time != ""
    assert words(change, application)["due"] == in_time


@pytest.mark.django_db
def test_an_offer_told_after_its_answer_names_the_day_until_which_it_stood(cast):
    made = makers.programme(cast, seats=2)
    application = actions.offer(makers.endorsed(cast, made, "student"), actor=cast.user("hr"))
    change = Change.objects.filter(verb="offer").get()
    in_time = words(change, makers.again(application))["until"]
    actions.accept(application, actor=cast.user("student"))
    answered = makers.again(application)
    assert answered.offer_expires is None
    assert in_time != ""
    assert words(change, answered)["until"] == in_time
