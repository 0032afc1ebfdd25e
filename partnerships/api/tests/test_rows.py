"""A single row of the API is asked for in words that are kept, and is the same row as without them."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from partnerships.api.rows import row_of
from partnerships.api.urls import router
from partnerships.common.clock import now, today
from partnerships.directory.asked import plainly
from partnerships.ideas import actions

pytestmark = pytest.mark.django_db
KEPT = [viewset for _prefix, viewset, _name in router.registry if viewset.row_of]


def asked(user, viewset, uid):
    """What the database is asked, and with which values."""
    heard = []

    def listen(execute, sql, params, many, context):
        heard.append((sql, list(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert list(row_of(user, viewset, uid)) == []
    return heard


@pytest.mark.parametrize("who", ["student", "coordinator", "hr", "admin"])
def test_the_words_that_are_kept_are_those_of_the_question_whoever_reads(cast, who):
    assert len(KEPT) > 20
    user, first = cast.user(who), uuid4()
    for viewset in KEPT:
        asked(user, viewset, first)
        with time_machine.travel(now() + timedelta(days=1), tick=False):
            uid = uuid4()
            kept = asked(user, viewset, uid)
            with plainly():
                assert asked(user, viewset, uid) == kept, viewset


def test_who_looks_after_partners_without_people_is_asked_within_the_question(cast):
    user = cast.user("partnerships")
    asked(user, KEPT[0], uuid4())  # by now their rights are known
    assert {len(asked(user, viewset, uuid4())) for viewset in KEPT} == {1}


def test_a_row_is_its_readers_alone_whoever_asked_first(cast, login):
    idea = actions.note(actor=cast.user("hr"), title="Laboratoriya", next_step="Zəng", next_on=today())
    address = f"/api/v1/ideas/{idea.uid}/"
    codes = [login(who).get(address).status_code for who in ("hr", "hr2", "hr", "hr2", "admin")]
    assert codes == [200, 404, 200, 404, 200]
    assert login("hr").get(address, {"state": "no such"}).status_code == 400  # what narrows a list narrows it
