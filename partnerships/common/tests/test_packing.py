"""Rows that come as one text within another query are those of their own query, value by value."""

import pytest
from django.db.models import DecimalField, JSONField, Value

from partnerships.common.among import Among
from partnerships.common.asked import ask_together, asked_rows
from partnerships.common.capped import SEEN
from partnerships.common.piles import Pile, told
from partnerships.directory.asked import asked
from partnerships.directory.models import Affiliation, Organization, Person

TOLD = {"ad": "Şəki “filialı”", "illər": [2026, None, {"x": 1.5}], "bəli": True}


def _packed(rows, most, **more):
    question = asked_rows(rows)
    return question.unpacked(ask_together([question.packed(most, **more)])[0])


def _values(row):
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


def test_objects_are_those_of_the_plain_query(cast):
    for rows in (
        Person.objects.annotate(told=Value(TOLD, JSONField())).order_by("-pk"),
        Affiliation.objects.order_by("starts", "-pk").defer("version"),
        Organization.objects.order_by("sort_key", "pk"),
    ):
        wanted = list(rows)
        found = _packed(rows, 1000)
        assert [_values(row) for row in found] == [_values(row) for row in wanted]
        assert [_values(row) for row in _packed(rows, 2)] == [_values(row) for row in wanted[:2]]
    assert _packed(Person.objects.annotate(told=Value(TOLD, JSONField())), 1)[0].told == TOLD


def test_what_stands_beside_a_row_and_bare_values_come_along(cast, django_assert_num_queries):
    rows = Affiliation.objects.select_related("organization__root", "person").order_by("pk")
    wanted = [(row, row.person.uid, row.organization.root.name) for row in rows]
    with django_assert_num_queries(1):
        found = [(row, row.person.uid, row.organization.root.name) for row in _packed(rows, 1000)]
    assert found == wanted
    bare = Affiliation.objects.order_by("-pk").values_list("person__uid", "starts", "ends", "created")
    assert _packed(bare, 1000) == list(bare)


def test_nothing_is_nothing(cast):
    assert _packed(Person.objects.filter(folded="hec kim"), 10) == []
    assert _packed(Person.objects.none(), 10) == []
    assert asked_rows(Person.objects.all()).unpacked(None) == []


@asked
def _those_found():
    return Person.objects.filter(Among("pk", SEEN)).order_by("-pk")


def test_keys_can_be_found_first(cast):
    keys = asked_rows(Person.objects.order_by("pk").values_list("pk")).first_rows(3)
    question = _those_found()
    found = question.unpacked(ask_together([question.packed(10, seen=keys)])[0])
    assert found == list(Person.objects.order_by("pk")[:3])[::-1]


def test_what_would_not_come_back_as_it_was_is_refused(cast):
    with pytest.raises(TypeError, match="DecimalField"):
        _packed(Person.objects.annotate(part=Value(1, DecimalField())), 1)


@pytest.mark.parametrize("together", [None, lambda found, count: [(len(found), count)]])
@pytest.mark.parametrize("rows", [Person.objects.order_by("pk"), Person.objects.filter(folded="hec kim")])
def test_a_pile_whose_rows_come_along_is_told_as_one_that_reads_them(
    rows, together, cast, django_assert_num_queries
):
    for most in (2, 1000):
        plain = told([Pile(rows, most, str, together)])
        with django_assert_num_queries(1):
            assert told([Pile(rows, most, str, together, along=True)]) == plain
