"""What waits, counted and told: the number on the menu is that of the list, and costs no list."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from internships import home, waiting
from internships.enums import ApplicationState, DiaryState, OnboardingKind, ReportState
from internships.enums import PlacementState as P
from internships.models import Application, DiaryEntry, OnboardingTask, Placement, Report
from internships.numbers import home as numbers
from internships.tests import makers
from internships.tests.test_worklist import crowd
from partnerships.agreements.tests import makers as made
from partnerships.common import capped
from partnerships.common.piles import counted, told
from partnerships.directory.asked import forget
from partnerships.portal import registry, reports
from partnerships.testing.worlds import world

pytestmark = pytest.mark.usefixtures("before_the_summer")


@pytest.fixture
def busy(cast):
    return busy_portal(cast)


@world
def busy_portal(cast):
    """Something of nearly every kind that can wait."""
    programme = makers.programme(cast, kind="practice", practice_type="production", competition=True)
    ending = makers.active(cast, programme, supervisor=cast.supervisor)
    preparing = makers.placement(cast, makers.programme(cast, title="Qış"), "colleague", hazard=None)
    OnboardingTask.objects.filter(placement=preparing, kind=OnboardingKind.EMERGENCY_CONTACT).update(value="")
    Placement.objects.filter(pk=ending.pk).update(state=P.FINISHED)
    for day in (21, 22, 23):
        DiaryEntry.objects.create(
            placement=ending,
            date=date(2027, 6, day),
            state=DiaryState.RETURNED if day == 23 else DiaryState.SUBMITTED,
            work="iş",
            submitted_at=timezone.now(),
        )
    Report.objects.create(placement=ending, title="Hesabat", state=ReportState.SUBMITTED)
    made.sent(cast)
    made.in_force(cast, ends=date(2027, 8, 9))
    return programme


def both(cast):
    """(counted, told) for everybody, each source for itself."""
    found = {}
    for name in cast.people():
        for source in registry.sources():
            number, lines = counted(source.piles(cast.user(name))), told(source.piles(cast.user(name)))
            found[name, source.key] = (number, sum(one.count for one in lines))
    return found


@pytest.mark.parametrize("more", [0, 8, 40])
def test_what_is_counted_is_what_is_told(cast, busy, more):
    """Few are told by name, many in one line: eight more are just too many."""
    crowd(cast, busy, more)
    rows = Application.objects.filter(state=ApplicationState.IN_REVIEW).order_by("pk")
    rows.filter(pk__in=[row.pk for row in rows[: more // 2]]).update(state=ApplicationState.SUBMITTED)
    with time_machine.travel("2027-07-31T08:00:00Z", tick=False):
        found = both(cast)
        assert {key: pair for key, pair in found.items() if pair[0] != pair[1]} == {}
        busiest = {name for (name, _key), (number, _same) in found.items() if number}
        whole = {name: reports.waiting_count(cast.user(name)) for name in ("hr", "mentor", "student")}
        listed = {name: sum(one.count for one in reports.todos(cast.user(name))) for name in whole}
    assert busiest >= {"student", "colleague", "coordinator", "supervisor", "hr", "mentor", "partnerships"}
    assert whole == listed


def test_counting_asks_less_than_telling(cast, busy):
    crowd(cast, busy, 8)

    def asked(ask):
        user = cast.user("hr")
        ask(user)
        with CaptureQueriesContext(connection) as queries:
            ask(cast.user("hr"))
        return len(queries)

    assert asked(lambda user: counted(home.piles(user))) < asked(lambda user: told(home.piles(user)))


def test_a_round_of_thousands_is_counted_to_the_cap(cast, busy, monkeypatch):
    crowd(cast, busy, 20)
    for where in (waiting, capped):
        monkeypatch.setattr(where, "CAP", 15)
    forget()
    user = cast.user("hr")
    (line,) = [line for line in told(home.piles(user)) if "namizəd" in line.title]
    assert (line.title, line.count) == ("15+ namizəd barədə qərar verin", 15)
    assert numbers.stats(user)[0].value == "15+"
    forget()


def test_a_round_with_more_than_is_counted_is_not_counted_again_for_a_minute(cast, busy, monkeypatch):
    crowd(cast, busy, 20)
    for where in (waiting, capped):
        monkeypatch.setattr(where, "CAP", 15)
    forget()

    def lines():
        (line,) = [line for line in told(home.piles(cast.user("hr"))) if "namizəd" in line.title]
        return line.title

    def counted_rounds():
        with CaptureQueriesContext(connection) as queries:
            assert lines() == "15+ namizəd barədə qərar verin"
        return any(str([[busy.pk, 16]]) in query["sql"] for query in queries.captured_queries)

    with time_machine.travel("2027-03-02T08:00:00Z", tick=False) as clock:
        assert [counted_rounds(), counted_rounds()] == [False, True]
        Application.objects.filter(programme=busy).update(state=ApplicationState.REFUSED)
        assert counted_rounds()
        clock.shift(61)
        assert not [line for line in told(home.piles(cast.user("hr"))) if "namizəd" in line.title]
    forget()


def test_what_a_conflict_keeps_apart_counts_for_the_lines_of_ones_own_rounds_alone():
    listed = "[[[1,2],[2,0],[3,1001]],[[1,1],[3,4],[7,5]],[[9,1001]]]"
    assert waiting.most(listed) == {3: (1000, True), 9: (1000, True), 1: (3, False)}
    assert waiting.met(listed) == (2002, True)
    assert (waiting.most(None), waiting.met(None)) == ({}, (0, False))
