"""Who answers to a name, looked up once."""

import json

import pytest

from partnerships.common import among
from partnerships.common.among import AmongKnown
from partnerships.directory import called
from partnerships.directory.models import Person


def keys_of(listed):
    return json.loads(listed.replace("{", "[").replace("}", "]"))


def test_it_finds_all_of_the_name_and_no_others(cast):
    named = Person.objects.filter(folded__contains="vilayet")
    found = called.answering_to("vilayet")
    assert sorted(keys_of(found.keys)) == sorted(named.values_list("pk", flat=True)) == [cast.rector.pk]
    assert (found.number, found.every, found.often) == (1, True, False)
    assert list(Person.objects.filter(AmongKnown("pk", found.keys))) == list(named)
    assert list(Person.objects.filter(AmongKnown("pk", found.keys, each=True))) == list(named)


@pytest.mark.parametrize("words", ["hecbirad", "100%", "a_b"])
def test_nobody_is_found_by_a_name_that_none_has(cast, words):
    found = called.answering_to(words)
    assert (keys_of(found.keys), found.number, found.every) == ([], 0, True)
    assert keys_of(found.first(5)) == []


def test_of_a_name_that_too_many_have_but_the_first_are_known(cast, monkeypatch):
    Person.objects.update(folded="hamisi")
    monkeypatch.setattr(among, "HELD", 2)
    found = called.answering_to("hamisi")
    assert (found.number, found.every, found.often) == (3, False, True)
    assert keys_of(found.first(2)) == keys_of(found.keys)[:2]


def test_two_letters_are_not_looked_up(cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        found = called.answering_to("el")
    assert (found.keys, found.every, found.often) == ("", False, True)


def test_a_search_looks_a_name_up_once(cast, django_assert_num_queries):
    with django_assert_num_queries(2), called.remembered():
        first, again, other = (
            called.answering_to("vilayet"),
            called.answering_to("vilayet"),
            called.answering_to("nigar"),
        )
    assert first is again
    assert other != first
    with django_assert_num_queries(2):  # outside of one, each asking is its own
        called.answering_to("vilayet")
        called.answering_to("vilayet")
