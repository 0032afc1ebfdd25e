"""Queries put into words once: the same rows, and another key for another person."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.common.asked import ask_together, asked_rows
from partnerships.common.clock import end_of_day, today
from partnerships.common.compiled import compiled, compiled_for
from partnerships.directory.models import Affiliation

made: list[int] = []


@compiled_for
def _alone(key: int) -> object:
    made.append(key)
    return ContentType.objects.filter(pk=key).order_by().values("pk")


@compiled_for
def _current(key: int) -> object:
    return Affiliation.objects.current().filter(person_id=key).order_by().values("pk")


@pytest.mark.django_db
def test_the_keys_are_those_of_the_query() -> None:
    rows = ContentType.objects.filter(app_label="auth").order_by()
    assert set(ContentType.objects.filter(pk__in=compiled(rows.values("pk")))) == set(rows)
    assert rows


@pytest.mark.django_db
def test_a_query_without_rows_finds_nothing() -> None:
    assert not ContentType.objects.filter(pk__in=compiled(ContentType.objects.none().values("pk")))


@pytest.mark.django_db
def test_words_are_made_once_and_filled_for_each() -> None:
    one, other = ContentType.objects.order_by("pk")[:2]
    made.clear()
    for row in (one, other, one):
        assert list(ContentType.objects.filter(pk__in=_alone(row.pk))) == [row]
    assert len(made) == 1


def test_the_day_in_the_words_is_that_of_the_asking(cast, time_machine):
    role = Affiliation.objects.get(person=cast.hr)
    Affiliation.objects.filter(pk=role.pk).update(ends=today())
    assert list(Affiliation.objects.filter(pk__in=_current(cast.hr.pk))) == [role]
    time_machine.move_to(end_of_day(today()) + timedelta(hours=1))
    assert list(Affiliation.objects.filter(pk__in=_current(cast.hr.pk))) == []
    assert Affiliation.objects.filter(pk__in=_current(cast.mentor.pk)).exists()


@compiled_for
def _of_role(person: int, organization: int) -> object:
    rows = Affiliation.objects.filter(person_id=person, organization_id=organization)
    return rows.order_by().values("pk")


def test_several_keys_stand_in_their_order(cast):
    role = Affiliation.objects.get(person=cast.hr)
    assert list(Affiliation.objects.filter(pk__in=_of_role(cast.hr.pk, cast.azerisiq.pk))) == [role]
    assert list(Affiliation.objects.filter(pk__in=_of_role(cast.azerisiq.pk, cast.hr.pk))) == []
    assert list(Affiliation.objects.filter(pk__in=_of_role(cast.hr.pk, cast.aztu.pk))) == []


def test_what_stands_in_several_parts_of_a_question_is_asked_once(cast):
    def together(*people):
        every = Affiliation.objects.filter(person=cast.hr)
        put = [asked_rows(Affiliation.objects.filter(pk__in=_current(one.pk))).counted() for one in people]
        put += [asked_rows(every.exclude(pk__in=_current(one.pk))).counted() for one in people]
        with CaptureQueriesContext(connection) as queries:
            answers = ask_together(put, seen=asked_rows(ContentType.objects.values("pk")).every_key)
        assert answers == [ask_together([part])[0] for part in put]
        return queries[0]["sql"].count('"starts"'), answers

    assert together(cast.hr) == (1, [1, 0])
    assert together(cast.hr, cast.mentor) == (4, [1, 1, 0, 1])  # of two people it stands as it is
