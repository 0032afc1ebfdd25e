"""What a practice's page asks of the database: the same few questions for every reader in every state."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from internships import actions
from internships.certificates import KEY
from internships.enums import AbsenceReason, ConcernTopic, DiaryState, EvaluationKind, EvaluationState
from internships.enums import PlacementState as P
from internships.hours import days_of, hours_of
from internships.models import Absence, Concern, DiaryEntry, Evaluation, MentorLink, Placement, Report
from internships.tests import makers
from internships.weeks import missing_by_placement, missing_of
from partnerships.agreements import actions as agreements
from partnerships.agreements.tests import makers as made
from partnerships.certificates import actions as certificates
from partnerships.common.models import DayOff
from partnerships.directory.actions import name_deputy

pytestmark = pytest.mark.usefixtures("before_the_summer")

READERS = ("student", "coordinator", "supervisor", "mentor", "hr", "admin")
MOST = 15  # the budget of a page with history


@pytest.fixture
def full(cast):
    """A practice with everything that its page can show."""
    row = makers.active(cast, supervisor=cast.supervisor)
    contract = agreements.send(actions.open_contract(row, actor=cast.user("hr")), actor=cast.user("hr"))
    for name in ("student", "coordinator", "hr"):
        contract = made.signed_by(cast, contract, name)
    MentorLink.objects.create(placement=row, person=cast.mentor)
    for day, state in ((21, DiaryState.CONFIRMED), (22, DiaryState.SUBMITTED), (23, DiaryState.RETURNED)):
        DiaryEntry.objects.create(
            placement=row, date=date(2027, 6, day), state=state, work="iş", submitted_at=timezone.now()
        )
    Absence.objects.create(placement=row, date=date(2027, 6, 24), reason=AbsenceReason.ILLNESS)
    DayOff.objects.create(date=date(2027, 6, 25))
    Concern.objects.create(
        placement=row, author=cast.student, mentor=cast.mentor, topic=ConcernTopic.OTHER, text="x"
    )
    Report.objects.create(placement=row, title="Hesabat")
    for kind in EvaluationKind:
        Evaluation.objects.create(
            placement=row,
            kind=kind,
            state=EvaluationState.SUBMITTED,
            given_by=cast.mentor,
            given_at=timezone.now(),
        )
    Placement.objects.filter(pk=row.pk).update(state=P.ASSESSED, mark=90)
    certificates.issue(Placement.objects.get(pk=row.pk), kind=KEY, actor=cast.user("hr"))
    for holder, deputy in (("mentor", cast.expert), ("supervisor", cast.rector)):
        days = {"starts": date(2027, 6, 1), "ends": date(2027, 7, 31)}
        name_deputy(cast.affiliation(holder), deputy, actor=cast.user(holder), reason="Məzuniyyət", **days)
    return makers.placement_again(row)


@pytest.mark.wide
def test_every_reader_in_every_state_is_answered_within_the_budget(cast, full, login):
    asked = {}
    with time_machine.travel("2027-07-30T08:00:00Z", tick=False):
        for name in READERS:
            client = login(name)
            client.get(full.get_absolute_url())  # what is asked once in the life of a session
            for state in P:
                Placement.objects.update(state=state)
                with CaptureQueriesContext(connection) as queries:
                    page = client.get(full.get_absolute_url())
                assert page.status_code == 200
                assert all(one.name in page.content.decode() for one in (cast.expert, cast.rector)), name
                asked[name, state] = len(queries)
    assert len(asked) == len(READERS) * len(P)
    assert {key: number for key, number in asked.items() if number > MOST} == {}


def test_days_read_at_once_say_what_they_say_one_by_one(full):
    Placement.objects.update(state=P.ACTIVE)
    row = makers.placement_again(full)
    with time_machine.travel("2027-06-29T08:00:00Z", tick=False):
        days = days_of(row)
        until = date(2027, 6, 28)
        assert {row.pk: missing_of(row, until, days)} == missing_by_placement([row], until)
        unwritten = missing_by_placement([row], until, returned=False)
        assert {row.pk: missing_of(row, until, days, returned=False)} == unwritten
        hours = hours_of(row, days)
    assert days.corrections == {date(2027, 6, 25): False}
    assert (hours.confirmed, hours.handed_in, hours.missed) == (240, 240, 240)


def test_an_evaluation_is_read_by_whom_its_rows_are_visible_to(cast, full):
    rows = full.evaluations.all()
    for user in map(cast.user, READERS):
        visible = Evaluation.objects.visible_to(user).filter(placement=full)
        assert {row.kind for row in rows if row.read_by(user)} == {row.kind for row in visible}
    assert {row.kind for row in rows if not row.read_by(cast.user("hr"))} == {EvaluationKind.STUDENT}
