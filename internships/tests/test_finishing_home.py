"""What the end of a practice asks of whom, on the home page."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from internships import actions, finishing_home
from internships.enums import OutcomeKind, PlacementState, ProgrammeKind
from internships.models import Placement, Programme
from internships.placement_moves import move_of_placement
from internships.tests import makers
from internships.tests.test_evaluating import give
from partnerships.common.clock import end_of_day
from partnerships.common.piles import told
from partnerships.testing.files import pdf, upload

AFTER = "2027-08-02T08:00:00Z"
PEOPLE = ("student", "mentor", "supervisor", "coordinator", "hr", "coordinator2", "mentor2", "colleague")


@pytest.fixture
def running(cast, english):
    """A practice in the curriculum, under way, with a supervisor."""
    made = makers.active(cast, supervisor=cast.supervisor)
    Programme.objects.update(kind=ProgrammeKind.PRACTICE)
    return makers.placement_again(made)


def asked(cast):
    """What is asked, of those of whom anything is."""
    found = {who: [todo.title for todo in told(finishing_home.piles(cast.user(who)))] for who in PEOPLE}
    return {who: titles for who, titles in found.items() if titles}


def over(placement):
    Placement.objects.filter(pk=placement.pk).update(state=PlacementState.FINISHED)
    return makers.placement_again(placement)


def test_nothing_is_asked_before_the_last_week(cast, running):
    with time_machine.travel(f"{running.ends - timedelta(days=8)}T08:00:00Z", tick=False):
        assert asked(cast) == {}
    with time_machine.travel(f"{running.ends - timedelta(days=7)}T08:00:00Z", tick=False):
        found = asked(cast)
    name, title = running.person.name, running.programme.title
    assert found == {
        "mentor": [f"Evaluate the student: {name}"],
        "student": [f"Hand in your report: {title}"],
    }


def test_a_report_that_nobody_had_to_write_is_read_and_changed_while_the_practice_runs(cast, running):
    Programme.objects.update(kind=ProgrammeKind.INTERNSHIP)
    student, supervisor = cast.user("student"), cast.user("supervisor")

    def moves():
        placement = makers.placement_again(running)
        return [move_of_placement(placement, user).mine for user in (student, supervisor)]

    with time_machine.travel(f"{running.ends - timedelta(days=8)}T08:00:00Z", tick=False):
        assert moves() == [False, False]
        actions.attach_report(running, [upload(pdf(), "hesabat.pdf")], actor=student, title="Rele")
        actions.submit_report(makers.placement_again(running), actor=student)
        assert (moves(), list(asked(cast))) == ([False, True], ["supervisor"])
        actions.return_report(makers.placement_again(running), actor=supervisor, note="Nəticəni yazın")
        assert (moves(), list(asked(cast))) == ([True, False], ["student"])


@time_machine.travel(AFTER, tick=False)
def test_report_and_mark_are_asked_of_the_supervisor_in_their_turn(cast, running):
    placement, student, supervisor = over(running), cast.user("student"), cast.user("supervisor")
    actions.attach_report(placement, [upload(pdf(), "hesabat.pdf")], actor=student, title="Rele")
    actions.submit_report(placement, actor=student)
    name = placement.person.name
    evaluate = {"mentor": [f"Evaluate the student: {name}"]}
    assert asked(cast) == {**evaluate, "supervisor": [f"Mark the report: {name}"]}
    actions.return_report(placement, actor=supervisor, note="Nəticəni yazın")
    assert asked(cast) == {**evaluate, "student": [f"Change your report: {placement.programme.title}"]}
    actions.submit_report(placement, actor=student)
    actions.accept_report(placement, actor=supervisor, mark=90)
    assert asked(cast) == evaluate
    give(cast, placement)
    assert asked(cast) == {"supervisor": [f"Give the final mark: {name}"]}
    Placement.objects.update(supervisor=None)
    assert asked(cast) == {"coordinator": [f"Give the final mark: {name}"]}
    actions.assess_placement(makers.placement_again(placement), actor=cast.user("coordinator"), mark=90)
    assert asked(cast) == {}
    actions.set_outcome(
        makers.placement_again(placement),
        actor=cast.user("hr"),
        kind=OutcomeKind.POOL,
        decided_on=date(2027, 8, 2),
    )
    assert asked(cast) == {"student": ["Answer the invitation to the talent pool: Azərişıq"]}
    actions.agree_to_pool(
        makers.placement_again(placement), actor=student, until=date(2027, 8, 2) + timedelta(days=90)
    )
    assert asked(cast) == {}


@pytest.mark.parametrize("days", [21, 10])
def test_the_mark_is_due_and_late_on_one_day_wherever_it_is_told(cast, login, running, settings, days):
    settings.PRACTICE_MARK_DAYS = days
    Programme.objects.update(kind=ProgrammeKind.INTERNSHIP)
    placement = over(running)
    with time_machine.travel(f"{placement.ends}T08:00:00Z", tick=False):
        give(cast, placement)
    supervisor, due = cast.user("supervisor"), placement.ends + timedelta(days=days)
    seen = []
    for day in (due, due + timedelta(days=1)):
        with time_machine.travel(f"{day}T08:00:00Z", tick=False):
            (todo,) = told(finishing_home.piles(supervisor))
            move = move_of_placement(makers.placement_again(placement), supervisor)
            (line,) = login("supervisor").get(reverse("internships:placements")).context["lines"]
            late = login("supervisor").get(reverse("internships:placements"), {"late": "on"})
            seen.append((todo.due, move.due, line.late, len(late.context["lines"])))
    assert seen == [(end_of_day(due), end_of_day(due), None, 0), (end_of_day(due), end_of_day(due), due, 1)]
