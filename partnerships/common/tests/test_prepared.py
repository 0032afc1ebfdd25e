"""A prepared query answers what its query set answers, key by key, from one text."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from partnerships.common.asked import RowByKey
from partnerships.common.clock import today
from partnerships.common.prepared import Prepared, PreparedRows
from partnerships.common.sharing import attach_to
from partnerships.directory.models import Affiliation, Person


def _roles(key):
    rows = Affiliation.objects.filter(person_id=key).order_by("pk")
    return rows.select_related("organization__root", "study")


def test_the_same_objects_come_from_one_text(cast, django_assert_num_queries):
    made = []
    prepared = Prepared(lambda key: made.append(key) or _roles(key))
    for person in (cast.hr, cast.student, cast.mentor, cast.hr):
        wanted = list(_roles(person.pk))
        with django_assert_num_queries(1):
            found = prepared(person.pk)
            assert [(one.organization.root.name, one.study) for one in found if hasattr(one, "study")] == [
                (one.organization.root.name, one.study) for one in wanted if hasattr(one, "study")
            ]
        assert [one.__dict__.keys() for one in found] == [one.__dict__.keys() for one in wanted]
        assert found == wanted
        assert found[0].organization.root == wanted[0].organization.root
    assert len(made) == 1
    with override("en"):  # translated columns are named by the language
        assert prepared(cast.hr.pk) == list(_roles(cast.hr.pk))
    assert len(made) == 2
    assert (prepared.one(cast.hr.pk), prepared.one(0)) == (_roles(cast.hr.pk).first(), None)


def test_a_row_by_its_key_is_the_plain_one_with_what_stands_beside_it_today(cast, django_assert_num_queries):
    made = []

    def rows(key, role):
        made.append(role)
        people = Person.objects.filter(affiliations__in=Affiliation.objects.current().filter(role=role))
        return people.filter(pk=key).select_related("user").prefetch_related("affiliations__organization")

    by_key = RowByKey(rows)
    for person, role in ((cast.hr, "hr"), (cast.hr2, "hr"), (cast.student, "student")):
        wanted = rows(person.pk, role).get()
        made.pop()
        with django_assert_num_queries(3):
            found = by_key(person.pk, role)
            assert (found, found.__dict__.keys()) == (wanted, wanted.__dict__.keys())
            assert found.user == wanted.user
            assert [one.organization for one in found.affiliations.all()] == [
                one.organization for one in wanted.affiliations.all()
            ]
    assert made == ["hr", "student"]
    with pytest.raises(Person.DoesNotExist):
        by_key(cast.student.pk, "hr")
    cast.hr.affiliations.update(ends=today() - timedelta(days=1))
    with pytest.raises(Person.DoesNotExist):
        by_key(cast.hr.pk, "hr")


def test_what_is_kept_is_not_asked_again_and_knows_whose_it_is(cast, django_assert_num_queries):
    person = Person.objects.get(pk=cast.hr.pk)
    with django_assert_num_queries(1):
        attach_to(person, "affiliations", list(Affiliation.objects.filter(person=person)), "person")
        assert [one.person is person for one in person.affiliations.all()] == [True]
    assert list(person.affiliations.filter(role="nobody")) == []


def test_a_key_that_the_text_lacks_is_refused(db):
    with pytest.raises(ValueError, match="each of its keys"):
        Prepared(lambda key: Person.objects.filter(pk__gt=0))(1)


def test_many_keys_are_asked_for_by_the_same_text_however_many_they_are(cast, django_assert_num_queries):
    made = []
    prepared = PreparedRows(
        lambda keys: (
            made.append(keys) or Affiliation.objects.filter(person_id__in=keys).select_related("organization")
        ),
        widths=(2, 3),
    )
    keys = [person.pk for person in (cast.hr, cast.student, cast.mentor, cast.coordinator)]
    for wanted, asked in (([], 0), (keys[:1], 1), (keys[:3], 1), (keys, 2)):
        with django_assert_num_queries(asked):
            found = prepared(wanted)
        assert sorted(one.pk for one in found) == sorted(
            Affiliation.objects.filter(person_id__in=wanted).values_list("pk", flat=True)
        )
    assert [len(keys) for keys in made] == [2, 3]  # a text for each width


def test_what_many_rows_name_is_one_object(cast):
    prepared = PreparedRows(
        lambda keys: Affiliation.objects.filter(pk__in=keys).select_related("organization")
    )
    rows = prepared(list(Affiliation.objects.values_list("pk", flat=True)))
    houses = {one.organization_id for one in rows}
    assert len({id(one.organization) for one in rows}) == len(houses) < len(rows)


def test_a_clock_and_a_look_into_the_database_are_refused(cast):
    with pytest.raises(ValueError, match="clock"):
        Prepared(lambda key: Affiliation.objects.current().filter(person_id=key))(1)
    with pytest.raises(TypeError, match="database"):
        Prepared(lambda key: Person.objects.exists() and Affiliation.objects.filter(person_id=key))(1)
