"""What is known to reach its cap is not counted again for a minute; anything else is, each time."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.common import asked as questions
from partnerships.common import reaching
from partnerships.common.asked import ask_together
from partnerships.directory.asked import asked, forget
from partnerships.directory.models import Person

pytestmark = pytest.mark.django_db


@asked
def _people(_user, name):
    return Person.objects.filter(folded__contains=name).order_by()


@pytest.fixture
def low(monkeypatch):
    """Kept from three on."""
    monkeypatch.setattr(questions, "LEAST", 3)
    forget()
    with time_machine.travel("2027-03-02T08:00:00Z", tick=False) as clock:
        yield clock
    forget()


def people(*given):
    for one in given:
        Person.objects.create(given_name=one, family_name="Əliyev")


def count(user, name, most):
    part = _people(user, name).counted(most)
    with CaptureQueriesContext(connection) as asked_for:
        (found,) = ask_together([part])
    return found, len(asked_for)


def test_what_reached_its_cap_is_not_counted_again_for_a_minute(cast, low):
    people("Zeynəb", "Zeynəbə", "Zeynəbxan")
    user = cast.user("hr")
    assert (count(user, "zeyneb", 3), count(user, "zeyneb", 3)) == ((3, 1), (3, 0))
    Person.objects.filter(folded__contains="zeyneb").delete()
    assert count(user, "zeyneb", 3) == (3, 0)
    low.shift(reaching.KEPT + 1)
    assert count(user, "zeyneb", 3) == (0, 1)


def test_another_question_and_what_stays_below_are_counted_each_time(cast, low):
    people("Zeynəb", "Zeynəbə", "Zeynəbxan")
    user = cast.user("hr")
    count(user, "zeyneb", 3)
    assert count(user, "zeynebx", 3) == (1, 1)
    assert count(user, "zeynebx", 3) == (1, 1)
    assert count(user, "zeyneb", 4) == (3, 1)
    assert count(user, "zeyneb", 2) == (2, 1)
    assert count(user, "zeyneb", 2) == (2, 1)  # fewer than LEAST


def test_beside_a_known_one_the_others_are_asked_and_each_answer_keeps_its_place(cast, low):
    people("Zeynəb", "Zeynəbə", "Zeynəbxan", "Zümrüd")
    user = cast.user("hr")
    count(user, "zeyneb", 3)
    parts = [_people(user, "zumrud").counted(3), _people(user, "zeyneb").counted(3), None]
    assert ask_together([*parts, _people(user, "zeynebx").exists]) == [1, 3, None, True]
    assert ask_together([None, parts[1]]) == [None, 3]


def test_there_is_an_end_to_what_is_kept(monkeypatch):
    monkeypatch.setattr(reaching, "_MOST", 2)
    for number in range(3):
        reaching.keep(number, True)
    assert [reaching.known(number) for number in range(3)] == [None, None, True]
