"""The verbs of a practice: done, refused, blocked, too late; by hand, by the clock, by two at once."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from internships import actions, tasks
from internships.actions.placing import plan
from internships.enums import ApplicationState, ClearanceKind
from internships.enums import PlacementState as P
from internships.models import MentorLimit, MentorLink, Placement, UnitHazard
from internships.tests import makers
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused, StaleState
from partnerships.seats.models import Hold, HoldState
from partnerships.workflow.models import Change

pytestmark = pytest.mark.usefixtures("before_the_summer")

FIRST = "2027-06-15T08:00:00Z"
MIDDLE = "2027-07-01T08:00:00Z"


def told(placement):
    return list(Change.objects.of(placement).values_list("verb", flat=True))


def state_of(placement):
    return Placement.objects.get(pk=placement.pk).state


def test_human_resources_begin_it_on_the_first_day_when_all_is_there(cast):
    made = makers.clear(makers.placement(cast), cast)
    with pytest.raises(Blocked) as early:
        actions.begin(made, actor=cast.user("hr"))
    assert early.value.refusal.code == "too_early"
    with time_machine.travel(FIRST):
        actions.begin(made, actor=cast.user("hr"))
    assert (state_of(made), told(made)[0]) == (P.ACTIVE, "begin")


def test_nothing_begins_without_a_mentor(cast):
    made = makers.clear(makers.placement(cast), cast)
    Placement.objects.update(mentor=None)
    with time_machine.travel(FIRST), pytest.raises(Blocked) as why:
        actions.begin(made, actor=cast.user("hr"))
    assert (why.value.refusal.code, state_of(made)) == ("no_mentor", P.PREPARING)


def test_the_clock_begins_what_is_complete_and_leaves_the_rest(cast):
    programme = makers.programme(cast)
    ready = makers.clear(makers.placement(cast, programme), cast)
    waiting = makers.placement(cast, programme, "colleague")
    tasks.clocks()
    assert state_of(ready) == P.PREPARING
    with time_machine.travel(FIRST):
        assert tasks.clocks()["begun"] == 1
        assert tasks.clocks()["begun"] == 0
    assert (state_of(ready), state_of(waiting)) == (P.ACTIVE, P.PREPARING)
    assert Change.objects.of(ready).first().actor_kind == "system"


def test_the_clock_ends_it_the_day_after_the_last(cast):
    made = makers.active(cast)
    with time_machine.travel("2027-07-31T19:00:00Z"):  # 23:00 in Baku
        assert tasks.clocks()["finished"] == 0
    with time_machine.travel("2027-07-31T20:00:00Z"):  # midnight in Baku
        assert tasks.clocks()["finished"] == 1
    assert state_of(made) == P.FINISHED


def test_it_is_interrupted_with_a_reason_and_taken_up_again_while_admitted(cast):
    made = makers.active(cast)
    with time_machine.travel(MIDDLE):
        with pytest.raises(Missing):
            actions.suspend(made, actor=cast.user("coordinator"), note=" ")
        actions.suspend(made, actor=cast.user("coordinator"), note="İmtahan sessiyası")
        made.clearances.filter(kind=ClearanceKind.ELECTRICAL_GROUP).update(valid_until="2027-06-30")
        with pytest.raises(Blocked) as why:
            actions.resume_placement(made, actor=cast.user("hr"))
        assert why.value.refusal.code == "not_cleared"
        made.clearances.filter(kind=ClearanceKind.ELECTRICAL_GROUP).update(valid_until=None)
        actions.resume_placement(made, actor=cast.user("hr"))
    assert told(made)[:2] == ["resume", "suspend"]


@pytest.mark.parametrize("day", [date(2027, 6, 14), date(2027, 7, 2), date(2027, 8, 1)])
def test_an_early_end_lies_within_the_practice_and_not_in_the_future(cast, day):
    made = makers.active(cast)
    with time_machine.travel(MIDDLE), pytest.raises(ValidationError):
        actions.end_early(made, actor=cast.user("hr"), note="Xəstəlik", last_day=day)
    assert state_of(made) == P.ACTIVE


def test_who_ends_it_after_somebody_else_is_told_that_and_not_that_the_day_is_wrong(cast):
    made = makers.active(cast)
    with time_machine.travel(MIDDLE):
        actions.end_early(made, actor=cast.user("hr"), note="Xəstəlik", last_day=date(2027, 6, 28))
        with pytest.raises(IllegalTransition):
            actions.end_early(made, actor=cast.user("hr"), note="Getdi", last_day=date(2027, 6, 30))


def test_an_early_end_is_undone_by_the_company_with_a_reason(cast):
    made = makers.active(cast)
    with time_machine.travel(MIDDLE):
        actions.end_early(made, actor=cast.user("hr"), note="Xəstəlik", last_day=date(2027, 6, 30))
        assert Placement.objects.get(pk=made.pk).last_day == date(2027, 6, 30)
        with pytest.raises(Refused):
            actions.reinstate(made, actor=cast.user("coordinator"), note="Sağalıb")
        actions.reinstate(made, actor=cast.user("hr"), note="Sağalıb")
    found = Placement.objects.get(pk=made.pk)
    assert (found.state, found.last_day) == (P.ACTIVE, None)


def test_a_cancelled_practice_gives_its_seat_to_the_next_in_line(cast):
    programme = makers.programme(cast, seats=1)
    made = makers.placement(cast, programme)
    waiting = makers.waitlisted(cast, programme, "colleague")
    actions.cancel_placement(made, actor=cast.user("student"), note="Başqa yer tapdım")
    assert state_of(made) == P.CANCELLED
    given_up, moved_up = makers.again(made.application), makers.again(waiting)
    assert (given_up.state, given_up.offered_vacancy) == (ApplicationState.WITHDRAWN, None)
    assert moved_up.state == ApplicationState.OFFERED
    pool = makers.vacancy(programme).pool
    assert (
        pool.taken,
        Hold.objects.filter(claimant=made.application_id, state=HoldState.RELEASED).count(),
    ) == (1, 1)


def test_once_the_programme_has_begun_nobody_is_moved_up(cast):
    programme = makers.programme(cast, seats=1)
    made = makers.placement(cast, programme)
    waiting = makers.waitlisted(cast, programme, "colleague")
    with time_machine.travel(FIRST):
        actions.cancel_placement(made, actor=cast.user("hr"), note="Obyekt bağlıdır")
    assert makers.again(waiting).state == ApplicationState.WAITLISTED
    assert makers.vacancy(programme).pool.taken == 0


def test_the_application_says_that_its_practice_was_cancelled(cast, login, english):
    made = makers.placement(cast)
    actions.cancel_placement(made, actor=cast.user("hr"), note="Obyekt bağlıdır")
    page = login("student").get(made.application.get_absolute_url()).content.decode()
    assert "The practice was cancelled before it began; the seat was given back." in page
    assert "Obyekt bağlıdır" in page


def test_a_place_accepted_again_is_prepared_anew(cast):
    programme = makers.programme(cast)
    made = makers.clear(makers.placement(cast, programme), cast)
    actions.cancel_placement(made, actor=cast.user("student"), note="Başqa yer tapdım")
    application = actions.resume(makers.again(made.application), actor=cast.user("student"))
    actions.submit(makers.again(application), actor=cast.user("student"))
    actions.endorse(makers.again(application), actor=cast.user("coordinator"))
    actions.offer(makers.again(application), actor=cast.user("hr"))
    actions.accept(makers.again(application), actor=cast.user("student"))
    found = Placement.objects.get(application=application)
    assert (found.pk, found.state, found.clearances.count()) == (made.pk, P.PREPARING, 0)


def test_cancelling_twice_gives_back_one_seat(cast):
    made = makers.placement(cast)
    actions.cancel_placement(made, actor=cast.user("hr"), note="Obyekt bağlıdır")
    with pytest.raises(IllegalTransition):
        actions.cancel_placement(made, actor=cast.user("hr"), note="Obyekt bağlıdır")
    assert makers.vacancy(made.programme).pool.taken == 0
    assert told(made).count("cancel") == 1


# Changes ------------------------------------------------------------------------------------------------
def test_a_later_last_day_takes_hours_and_credits_with_it(cast):
    made = makers.active(cast)
    actions.extend(made, actor=cast.user("coordinator"), ends=date(2027, 8, 14), note="Qayıblar var")
    found = Placement.objects.get(pk=made.pk)
    assert (found.ends, found.planned_minutes, found.credits) == (date(2027, 8, 14), 44 * 240, 13)
    change = Change.objects.of(made).first()
    assert (change.verb, change.note) == ("extend", "Qayıblar var")
    assert change.data == {"from": "2027-07-31", "to": "2027-08-14"}


def test_one_day_more_adds_a_fifth_of_a_week_and_a_day_off_nothing():
    first, friday = date(2027, 6, 14), date(2027, 8, 6)  # eight weeks, Monday to Friday
    plans = [plan(first, friday + timedelta(days=n), 20 * 60) for n in (0, 1, 3, 7)]
    assert [(row["planned_minutes"] / 60, float(row["credits"])) for row in plans] == [
        (160, 12),
        (160, 12),  # a Saturday
        (164, 12.5),  # a Monday: 12,3 to the nearest half
        (180, 13.5),
    ]
    assert plan(friday, friday, 20 * 60)["planned_minutes"] == 240


def test_an_extension_is_later_and_not_after_the_end(cast):
    made = makers.active(cast)
    with pytest.raises(ValidationError):
        actions.extend(made, actor=cast.user("hr"), ends=made.ends, note="…")
    for who in ("student", "mentor", "coordinator2", "hr2"):
        with pytest.raises(Refused):
            actions.extend(made, actor=cast.user(who), ends=date(2027, 8, 14), note="…")
    Placement.objects.update(state=P.FINISHED)
    with pytest.raises(Blocked):
        actions.extend(made, actor=cast.user("hr"), ends=date(2027, 8, 14), note="…")


def test_a_mentor_who_is_full_takes_nobody_more(cast):
    programme = makers.programme(cast)
    makers.placement(cast, programme)
    made = makers.placement(cast, programme, "colleague")
    Placement.objects.filter(pk=made.pk).update(mentor=None)
    MentorLimit.objects.create(person=cast.mentor, most=1)
    with pytest.raises(Blocked) as why:
        actions.change_mentor(made, actor=cast.user("hr"), mentor=cast.mentor)
    assert why.value.refusal.code == "mentor_full"
    actions.change_mentor(made, actor=cast.user("hr"), mentor=cast.trainer)
    assert Placement.objects.get(pk=made.pk).mentor == cast.trainer


def test_with_the_mentor_the_right_and_the_link_change_hands(cast):
    made = makers.active(cast)
    link = MentorLink.objects.create(placement=made, person=cast.mentor)
    actions.change_mentor(made, actor=cast.user("hr"), mentor=cast.trainer, note="Məzuniyyət")
    link.refresh_from_db()
    assert link.revoked_at is not None
    assert made not in Placement.objects.visible_to(cast.user("mentor"))
    assert made in Placement.objects.visible_to(cast.user("trainer"))


@pytest.mark.parametrize("who", ["mentor2", "student", "organiser", "stranger"])
def test_a_mentor_works_at_the_company_as_one_who_may(cast, who):
    made = makers.placement(cast)
    with pytest.raises(ValidationError):
        actions.change_mentor(made, actor=cast.user("hr"), mentor=getattr(cast, who))


def test_the_supervisor_is_named_by_the_university_alone(cast):
    made = makers.placement(cast)
    with pytest.raises(Refused):
        actions.change_supervisor(made, actor=cast.user("hr"), supervisor=cast.supervisor)
    with pytest.raises(ValidationError):
        actions.change_supervisor(made, actor=cast.user("coordinator"), supervisor=cast.coordinator2)
    actions.change_supervisor(made, actor=cast.user("coordinator"), supervisor=cast.supervisor)
    assert Placement.objects.get(pk=made.pk).supervisor == cast.supervisor


def test_another_unit_asks_for_its_own_admission(cast):
    UnitHazard.objects.create(unit=cast.aran, hazard=makers.hazard("high", electrical_group=2))
    made = makers.active(cast)
    actions.change_unit(made, actor=cast.user("hr"), unit=cast.aran, note="Təmir")
    found = makers.placement_again(made)
    assert found.hazard.code == "high"
    assert found.missing_clearance(makers.STARTS) == [
        ClearanceKind.ELECTRICAL_GROUP,
        ClearanceKind.WORKPLACE_BRIEFING,
    ]
    with pytest.raises(ValidationError):
        actions.change_unit(made, actor=cast.user("hr"), unit=cast.other_plant, note="Təmir")


def test_the_second_of_two_who_change_the_same_is_told(cast):
    made = makers.active(cast)
    actions.extend(made, actor=cast.user("hr"), ends=date(2027, 8, 7), note="Plan", version=made.version)
    with pytest.raises(StaleState):
        actions.extend(
            made, actor=cast.user("coordinator"), ends=date(2027, 8, 14), note="Plan", version=made.version
        )
    assert Placement.objects.get(pk=made.pk).ends == date(2027, 8, 7)


# The page -----------------------------------------------------------------------------------------------
def act(made, verb):
    return reverse("internships:placement_act", args=[made.uid, verb])


def test_the_page_asks_for_the_reason_and_does_it_once(cast, login, english):
    made = makers.active(cast)
    with time_machine.travel(MIDDLE, tick=False):
        client = login("hr")
        assert client.get(act(made, "suspend")).status_code == 200
        empty = client.post(act(made, "suspend"), {"note": ""})
        assert (empty.status_code, state_of(made)) == (422, P.ACTIVE)
        assert client.post(act(made, "suspend"), {"note": "Sessiya"}).status_code == 302
        again = client.post(act(made, "suspend"), {"note": "Sessiya"})
    assert (again.status_code, state_of(made), told(made).count("suspend")) == (409, P.SUSPENDED, 1)


@pytest.mark.parametrize("verb", ["begin", "suspend", "cancel", "extend", "mentor", "unit"])
def test_strangers_find_nothing_and_who_only_sees_it_may_not(cast, login, verb):
    made = makers.active(cast)
    for who in ("coordinator2", "hr2", "mentor2", "colleague", "student2", "rector"):
        assert login(who).post(act(made, verb), {"note": "…"}).status_code == 404
    assert login("mentor").post(act(made, verb), {"note": "…"}).status_code == 403
    assert state_of(made) == P.ACTIVE


def test_looking_changes_nothing(cast, login):
    made = makers.active(cast)
    before = Change.objects.count()
    for verb in ("begin", "suspend", "resume", "finish", "end_early", "cancel", "reinstate", "extend"):
        login("hr").get(act(made, verb))
    assert (state_of(made), Change.objects.count()) == (P.ACTIVE, before)


def test_a_verb_that_is_none_is_not_found(cast, login):
    made = makers.active(cast)
    assert login("hr").post(act(made, "prepare_again")).status_code == 404


def test_the_page_shows_the_way_and_whose_move_it_is(cast, login, english):
    made = makers.placement(cast)
    page = login("hr").get(made.get_absolute_url()).content.decode()
    assert "Your move: make everything ready for the first day." in page
    assert "Still missing: entry briefing, electrical-safety group" in page
    page = login("student").get(made.get_absolute_url()).content.decode()
    assert "The company&#x27;s move: it makes everything ready for the first day." in page


def test_the_page_asks_the_same_of_the_database_however_much_there_is(cast, login):
    made = makers.active(cast)
    client = login("hr")
    client.get(made.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(made.get_absolute_url())
    for day in (7, 14, 21):
        actions.extend(made, actor=cast.user("hr"), ends=date(2027, 8, day), note="…")
    with CaptureQueriesContext(connection) as many:
        client.get(made.get_absolute_url())
    assert len(few) == len(many)
    assert len(few) <= 22  # a dozen cards, each of which asks once or not at all


def test_the_application_is_linked_for_whoever_may_open_it_alone(cast, login):
    made = makers.active(cast, supervisor=cast.supervisor)
    address = f'href="{made.application.get_absolute_url()}"'
    linked = {
        name: address in login(name).get(made.get_absolute_url()).content.decode()
        for name in ("student", "hr", "coordinator", "supervisor")
    }
    assert linked == {"student": True, "hr": True, "coordinator": True, "supervisor": False}
