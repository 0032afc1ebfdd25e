"""Who sees a placement, and who is offered which of its verbs."""

from datetime import date

import pytest
import time_machine

from internships import actions
from internships.actions.placing import hazard_of, mentor_room
from internships.enums import ClearanceKind, DiaryState
from internships.enums import PlacementState as P
from internships.models import Concern, DiaryEntry, Evaluation, MentorLimit, Placement, UnitHazard
from internships.tests import makers
from internships.workflow import PLACEMENT
from partnerships.directory.models import Affiliation
from partnerships.workflow.actors import link_actor

EXPECTED = {
    P.PREPARING: {
        "student": {"cancel"},
        "coordinator": {"cancel"},
        "hr": {"begin", "cancel"},
        "mentor": set(),
    },
    P.ACTIVE: {
        "student": set(),
        "coordinator": {"suspend", "end_early"},
        "hr": {"suspend", "finish", "end_early"},
        "mentor": {"finish"},
    },
    P.SUSPENDED: {
        "student": set(),
        "coordinator": {"resume", "end_early"},
        "hr": {"resume", "end_early"},
        "mentor": set(),
    },
    P.FINISHED: {"student": set(), "coordinator": {"assess"}, "hr": set(), "mentor": set()},
    P.ASSESSED: {"student": set(), "coordinator": {"reopen_assessment"}, "hr": set(), "mentor": set()},
    P.ENDED_EARLY: {"student": set(), "coordinator": set(), "hr": {"reinstate"}, "mentor": set()},
    P.CANCELLED: {"student": set(), "coordinator": set(), "hr": set(), "mentor": set()},
}


@pytest.mark.parametrize("state", list(P))
def test_each_persona_is_offered_exactly_its_verbs(cast, state):
    made = makers.placement(cast)
    Placement.objects.filter(pk=made.pk).update(state=state)
    made = makers.placement_again(made)
    offered = {
        name: {item.name for item in PLACEMENT.available(made, cast.user(name))} for name in cast.people()
    }
    assert offered == {**{name: set() for name in cast.people()}, **EXPECTED[state]}


def test_it_is_seen_by_the_student_their_university_the_company_and_the_named_mentor(cast):
    made = makers.placement(cast, supervisor=cast.supervisor)
    kabel = makers.programme(
        cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel istehsalı"
    )
    makers.placement(cast, kabel, "student2", by="hr2", mentor="mentor2")
    seen = {name for name in cast.people() if made in Placement.objects.visible_to(cast.user(name))}
    assert seen == {"student", "coordinator", "supervisor", "hr", "mentor", "admin"}


def test_a_former_mentor_sees_nothing(cast):
    made = makers.placement(cast)
    Affiliation.objects.filter(person=cast.mentor).update(ends="2026-01-01")
    assert made not in Placement.objects.visible_to(cast.user("mentor"))


def test_the_link_of_a_placement_reaches_that_one_and_what_is_written_in_it(cast):
    programme = makers.programme(cast)
    made, other = makers.placement(cast, programme), makers.placement(cast, programme, "colleague")
    actor = link_actor(cast.mentor.pk, made.link_scope)
    assert list(Placement.objects.visible_to(actor)) == [made]
    ours = DiaryEntry.objects.create(placement=made, date=date(2027, 6, 16))
    theirs = DiaryEntry.objects.create(placement=other, date=date(2027, 6, 16))
    assert (actor.reaches(ours), actor.reaches(theirs)) == (True, False)


def test_an_accepted_offer_opens_one_placement_with_what_follows_from_the_place(cast):
    UnitHazard.objects.create(unit=cast.baki, hazard=makers.hazard())
    application = makers.offered(cast, makers.programme(cast, position={"mentors": [cast.mentor]}))
    actions.accept(application, actor=cast.user("student"))
    made = Placement.objects.get(application=application)
    assert (made.unit, made.mentor, made.hazard, made.university) == (
        cast.substation,
        cast.mentor,
        makers.hazard(),
        cast.aztu,
    )
    assert (made.planned_minutes, made.credits) == (34 * 240, 10)
    assert actions.open_placement(makers.again(application)) == made


def test_the_nearest_hazard_class_above_a_unit_holds(cast):
    assert hazard_of(cast.substation) is None
    UnitHazard.objects.create(unit=cast.azerisiq, hazard=makers.hazard("office", electrical_group=None))
    UnitHazard.objects.create(unit=cast.baki, hazard=makers.hazard())
    assert hazard_of(cast.substation) == makers.hazard()
    assert hazard_of(cast.aran) == makers.hazard("office")


def test_a_mentor_has_room_up_to_the_own_limit(cast, settings):
    assert mentor_room(cast.mentor) == settings.MENTOR_MOST
    makers.placement(cast)
    assert mentor_room(cast.mentor) == settings.MENTOR_MOST - 1
    MentorLimit.objects.create(person=cast.mentor, most=1)
    assert mentor_room(cast.mentor) == 0


def test_not_one_day_before_the_safety_admission_is_complete(cast):
    made = makers.placement(cast)
    with time_machine.travel(makers.STARTS.isoformat() + "T08:00:00Z"):
        (begin,) = [item for item in PLACEMENT.available(made, cast.user("hr")) if item.name == "begin"]
        assert begin.refusal is not None
        assert begin.refusal.code == "not_cleared"
        made = makers.clear(made, cast)
        (begin,) = [item for item in PLACEMENT.available(made, cast.user("hr")) if item.name == "begin"]
        assert begin.refusal is None
    assert made.missing_clearance(date(2027, 6, 1)) == made.hazard.required


def test_a_group_that_is_too_low_or_ran_out_clears_nobody(cast):
    made = makers.clear(makers.placement(cast, hazard=makers.hazard("high", electrical_group=2)), cast)
    assert made.missing_clearance(makers.STARTS) == [ClearanceKind.ELECTRICAL_GROUP]
    made.clearances.filter(kind=ClearanceKind.ELECTRICAL_GROUP).update(group=2, valid_until="2027-06-20")
    made = makers.placement_again(made)
    assert made.missing_clearance(date(2027, 6, 20)) == []
    assert made.missing_clearance(date(2027, 6, 21)) == [ClearanceKind.ELECTRICAL_GROUP]


def test_a_day_of_the_diary_is_the_students_until_it_is_handed_in(cast):
    made = makers.active(cast)
    day = DiaryEntry.objects.create(placement=made, date=date(2027, 6, 16))
    assert day in DiaryEntry.objects.visible_to(cast.user("student"))
    assert day not in DiaryEntry.objects.visible_to(cast.user("mentor"))
    DiaryEntry.objects.update(state=DiaryState.SUBMITTED, submitted_at="2027-06-16T10:00Z")
    assert day in DiaryEntry.objects.visible_to(cast.user("mentor"))


def test_a_concern_goes_past_the_mentor_and_to_the_company_only_as_the_student_wishes(cast):
    made = makers.active(cast)
    concern = Concern.objects.create(placement=made, author=cast.student, topic="safety", text="…")
    seen = lambda: {n for n in cast.people() if concern in Concern.objects.visible_to(cast.user(n))}  # noqa: E731
    assert seen() == {"student", "coordinator"}
    Concern.objects.update(to_company=True)
    assert seen() == {"student", "coordinator", "hr"}
    Placement.objects.update(mentor=cast.hr)
    assert seen() == {"student", "coordinator"}


def test_what_the_student_says_of_the_practice_is_not_for_the_enterprise(cast):
    made = makers.active(cast)
    said = Evaluation.objects.create(placement=made, kind="student")
    seen = {n for n in cast.people() if said in Evaluation.objects.visible_to(cast.user(n))}
    assert seen == {"student", "coordinator", "admin"}
