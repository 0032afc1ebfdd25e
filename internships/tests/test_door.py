"""The pages that read their row by its key pass the same door as any other, whoever asked first."""

from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404

from internships.models import Application, Placement
from internships.tests import makers
from partnerships.directory.door import key_seen

WHO = ("student", "student2", "coordinator", "coordinator2", "hr", "hr2", "mentor", "admin", "partnerships")


def answer(model: type[Any], uid: Any, user: Any) -> int | None:
    try:
        return key_seen(model, uid, user)
    except Http404:
        return None


@pytest.mark.django_db
def test_a_key_is_told_to_those_who_see_the_row_and_to_nobody_else(cast):
    placement = makers.placement(cast)
    for row in (placement, placement.application):
        told = {name: answer(type(row), row.uid, cast.user(name)) for name in WHO}
        seen = {
            name: type(row).objects.visible_to(cast.user(name)).filter(pk=row.pk).exists() for name in WHO
        }
        assert told == {name: row.pk if seen[name] else None for name in WHO}
        assert (seen["student"], seen["hr"], seen["student2"], seen["hr2"]) == (True, True, False, False)


@pytest.mark.django_db
def test_a_row_that_is_not_there_is_nobodys(cast):
    assert {answer(model, uuid4(), cast.user("admin")) for model in (Application, Placement)} == {None}
