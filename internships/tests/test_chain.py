"""The chain of an application, verb by verb, as the people of the cast take it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from internships import actions
from internships.enums import ApplicationState as A
from internships.enums import ProgrammeKind
from internships.models import Application
from internships.tests import makers
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused
from partnerships.seats.models import Hold, Pool
from partnerships.workflow.models import Change


def states(*applications):
    return [Application.objects.get(pk=application.pk).state for application in applications]


def test_a_student_goes_from_a_place_to_an_accepted_offer(cast):
    programme = makers.programme(cast)
    application = makers.draft(cast, programme)
    assert (application.state, application.number) == (A.DRAFT, None)
    application = actions.submit(application, actor=cast.user("student"))
    assert (application.state, application.number) == (A.SUBMITTED, f"INT-{timezone.localdate().year}-00001")
    application = actions.endorse(application, actor=cast.user("coordinator"))
    assert application.state == A.IN_REVIEW
    application = actions.offer(application, actor=cast.user("hr"))
    assert (application.state, application.offered_vacancy) == (A.OFFERED, makers.vacancy(programme))
    assert Pool.objects.get().taken == 1
    application = actions.accept(application, actor=cast.user("student"))
    assert application.state == A.ACCEPTED
    assert Hold.objects.get().state == "taken"
    verbs = Change.objects.of(application).order_by("pk").values_list("verb", "actor_kind", "user__email")
    assert list(verbs) == [
        ("start", "user", "nigar@aztu.example"),
        ("submit", "user", "nigar@aztu.example"),
        ("endorse", "user", "coordinator@cast.example"),
        ("offer", "user", "hr@cast.example"),
        ("accept", "user", "nigar@aztu.example"),
    ]


def test_accepting_withdraws_the_rest_and_the_next_in_line_moves_up(cast):
    mine = makers.programme(cast)
    other = makers.programme(cast, title="Relə mühafizəsi", seats=1)
    accepted = makers.offered(cast, mine)
    held_elsewhere = makers.offered(cast, other)
    waiting = makers.waitlisted(cast, other, "colleague")
    actions.accept(accepted, actor=cast.user("student"))
    assert states(accepted, held_elsewhere, waiting) == [A.ACCEPTED, A.WITHDRAWN, A.OFFERED]
    promoted = makers.again(waiting)
    assert promoted.offered_vacancy == makers.vacancy(other)
    assert promoted.offer_expires > timezone.now()
    assert [pool.taken for pool in Pool.objects.order_by("pk")] == [1, 1]
    cascade = Change.objects.filter(verb__in=["supersede", "promote"]).order_by("pk")
    assert [(change.verb, change.actor_kind) for change in cascade] == [
        ("supersede", "system"),
        ("promote", "system"),
    ]


def test_an_application_for_other_weeks_is_kept_when_an_offer_is_accepted(cast):
    from datetime import date

    mine, winter = makers.programme(cast), makers.programme(cast, title="Qış təcrübəsi")
    actions.set_periods(
        winter, [("Qış", "Winter", date(2027, 12, 1), date(2027, 12, 24))], actor=cast.user("hr")
    )
    accepted, beside = makers.offered(cast, mine), makers.endorsed(cast, winter)
    actions.accept(accepted, actor=cast.user("student"))
    assert states(accepted, beside) == [A.ACCEPTED, A.IN_REVIEW]


@pytest.mark.parametrize("verb", ["decline", "lapse", "revoke"])
def test_a_seat_given_back_goes_to_the_best_in_line(cast, verb):
    programme = makers.programme(cast, seats=1)
    first = makers.offered(cast, programme)
    second, third = (
        makers.endorsed(cast, programme, "colleague"),
        makers.endorsed(cast, programme, "student2"),
    )
    actions.assess(second, actor=cast.user("hr"), score=60, note="")
    actions.assess(third, actor=cast.user("hr"), score=90, note="")
    actions.waitlist(second, actor=cast.user("hr"))
    actions.waitlist(third, actor=cast.user("hr"))
    if verb == "decline":
        actions.decline(first, actor=cast.user("student"))
    elif verb == "revoke":
        actions.revoke(first, actor=cast.user("hr"), note="Yer bağlanıb")
    else:
        with time_machine.travel(makers.again(first).offer_expires + timedelta(minutes=1)):
            assert actions.lapse_offers() == 1
            assert actions.lapse_offers() == 0
    ended = {"decline": A.DECLINED, "lapse": A.LAPSED, "revoke": A.IN_REVIEW}[verb]
    assert states(first, second, third) == [ended, A.WAITLISTED, A.OFFERED]
    assert Pool.objects.get().taken == 1


def test_free_seats_do_not_move_the_line_by_themselves(cast):
    programme = makers.programme(cast, seats=3)
    first, waiting = makers.offered(cast, programme), makers.waitlisted(cast, programme, "colleague")
    assert states(first, waiting) == [A.OFFERED, A.WAITLISTED]
    second_waiting = makers.waitlisted(cast, programme, "student2")
    actions.decline(first, actor=cast.user("student"))
    assert states(waiting, second_waiting) == [A.OFFERED, A.WAITLISTED]


def test_more_seats_move_the_line(cast):
    programme = makers.programme(cast, seats=1)
    makers.offered(cast, programme)
    waiting = makers.waitlisted(cast, programme, "colleague")
    vacancy = makers.vacancy(programme)
    actions.set_seats(vacancy.position, vacancy.period, 2, actor=cast.user("hr"))
    assert states(waiting) == [A.OFFERED]


def test_no_offer_without_a_seat_and_nothing_is_written(cast):
    programme = makers.programme(cast, seats=1)
    makers.offered(cast, programme)
    second = makers.endorsed(cast, programme, "colleague")
    with pytest.raises(Blocked) as refused:
        actions.offer(second, actor=cast.user("hr"))
    assert refused.value.refusal.code == "no_seat"
    assert states(second) == [A.IN_REVIEW]
    assert not Change.objects.of(second).filter(verb="offer").exists()


def test_a_quota_keeps_a_university_to_its_share(cast):
    programme = makers.programme(cast, seats=3)
    vacancy = makers.vacancy(programme)
    actions.set_seats(vacancy.position, vacancy.period, 3, actor=cast.user("hr"), quotas={cast.aztu.pk: 1})
    makers.offered(cast, programme)
    second = makers.endorsed(cast, programme, "colleague")
    with pytest.raises(Blocked) as refused:
        actions.offer(second, actor=cast.user("hr"))
    assert refused.value.refusal.code == "no_quota"
    assert states(makers.offered(cast, programme, "student2")) == [A.OFFERED]


def test_without_endorsement_the_application_goes_straight_to_the_company(cast):
    programme = makers.programme(cast, endorsement_required=False)
    application = makers.sent(cast, programme)
    assert application.state == A.IN_REVIEW
    assert application in Application.objects.visible_to(cast.user("hr"))


def test_the_university_nominates_for_practice_under_an_order(cast):
    programme = makers.programme(cast, kind=ProgrammeKind.PRACTICE)
    order = actions.make_order(
        programme, cast.aztu, number="41/T", day=timezone.localdate(), actor=cast.user("coordinator")
    )
    application = actions.nominate(
        cast.student,
        programme,
        [makers.vacancy(programme)],
        order=order,
        supervisor=cast.supervisor,
        actor=cast.user("coordinator"),
    )
    assert (application.state, application.number[:3], application.order) == (A.IN_REVIEW, "TEC", order)
    assert application in Application.objects.visible_to(cast.user("supervisor"))
    with pytest.raises(Refused):
        actions.nominate(
            cast.student2, programme, [makers.vacancy(programme)], order=order, actor=cast.user("coordinator")
        )
    assert not programme.applications.filter(person=cast.student2).exists()


def test_an_order_nominates_for_its_own_programme_and_university_alone(cast):
    programme = makers.programme(cast, kind=ProgrammeKind.PRACTICE)
    other = makers.programme(cast, kind=ProgrammeKind.PRACTICE, title="Diplomqabağı təcrübə")
    coordinator = cast.user("coordinator")
    order = actions.make_order(other, cast.aztu, number="42/T", day=timezone.localdate(), actor=coordinator)
    with pytest.raises(Blocked) as refused:
        actions.nominate(cast.student, programme, [makers.vacancy(programme)], order=order, actor=coordinator)
    assert refused.value.refusal.code == "foreign_order"
    assert not programme.applications.exists()


def test_nobody_is_nominated_for_a_programme_that_is_still_a_draft(cast):
    programme = makers.programme(cast, kind=ProgrammeKind.PRACTICE, published=False)
    coordinator = cast.user("coordinator")
    order = actions.make_order(
        programme, cast.aztu, number="43/T", day=timezone.localdate(), actor=coordinator
    )
    with pytest.raises(Blocked) as refused:
        actions.nominate(cast.student, programme, [makers.vacancy(programme)], order=order, actor=coordinator)
    assert refused.value.refusal.code == "closed"


def test_nobody_is_nominated_for_an_open_internship(cast):
    programme = makers.programme(cast)
    with pytest.raises(Blocked) as refused:
        actions.make_order(
            programme, cast.aztu, number="1", day=timezone.localdate(), actor=cast.user("coordinator")
        )
    assert refused.value.refusal.code == "not_practice"


def test_a_returned_application_can_be_sent_again_after_the_deadline(cast):
    programme = makers.programme(cast)
    application = makers.sent(cast, programme)
    with pytest.raises(Missing):
        actions.return_to_student(application, actor=cast.user("coordinator"), note="  ")
    actions.return_to_student(application, actor=cast.user("coordinator"), note="Transkripti əlavə edin")
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        again = actions.submit(application, actor=cast.user("student"))
    assert (again.state, again.number) == (A.SUBMITTED, application.number)


def test_a_late_coordinator_does_not_cost_the_student_the_place(cast):
    application = makers.sent(cast, makers.programme(cast))
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        assert actions.endorse(application, actor=cast.user("coordinator")).state == A.IN_REVIEW


def test_after_the_deadline_nothing_is_sent_and_the_draft_is_kept(cast):
    application = makers.draft(cast, makers.programme(cast))
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        with pytest.raises(Blocked) as refused:
            actions.submit(application, actor=cast.user("student"))
        assert refused.value.refusal.code == "deadline_passed"
        assert makers.again(application).motivation == "Şəbəkəni yerində görmək istəyirəm."
        assert actions.close_drafts() == 1
    assert states(application) == [A.NOT_SUBMITTED]
    resumed = actions.resume(application, actor=cast.user("student"))
    assert resumed.state == A.DRAFT


def test_what_the_place_demands_is_refused_with_the_rule_and_the_value(cast):
    programme = makers.programme(cast, position={"min_gpa": 90})
    application = makers.draft(cast, programme)
    with pytest.raises(Blocked) as refused:
        actions.submit(application, actor=cast.user("student"))
    assert refused.value.refusal.code == "not_eligible"
    assert {"90", "85"} <= set(re.findall(r"\d+", str(refused.value)))


def test_sending_twice_sends_once(cast):
    application = makers.draft(cast, makers.programme(cast))
    actions.submit(application, actor=cast.user("student"))
    with pytest.raises(IllegalTransition):
        actions.submit(application, actor=cast.user("student"))
    assert Change.objects.of(application).filter(verb="submit").count() == 1


def test_starting_twice_answers_with_the_same_draft(cast):
    programme = makers.programme(cast)
    first = actions.start_application(makers.vacancy(programme), actor=cast.user("student"))
    second = actions.start_application(makers.vacancy(programme), actor=cast.user("student"))
    assert (first.pk, second.choices.count()) == (second.pk, 1)


def test_a_refusal_names_a_reason_and_can_be_reconsidered(cast):
    application = makers.endorsed(cast, makers.programme(cast))
    with pytest.raises(Missing):
        actions.refuse(application, actor=cast.user("hr"), code="stronger", note="")
    with pytest.raises(Missing):
        actions.refuse(application, actor=cast.user("hr"), code="", note="Təşəkkür edirik")
    refused = actions.refuse(application, actor=cast.user("hr"), code="stronger", note="Təşəkkür edirik")
    assert (refused.state, refused.refusal_code) == (A.REFUSED, "stronger")
    assert actions.reconsider(refused, actor=cast.user("hr"), note="Səhv olub").state == A.IN_REVIEW


def test_an_offer_that_ran_out_cannot_be_accepted(cast):
    application = makers.offered(cast, makers.programme(cast))
    with (
        time_machine.travel(application.offer_expires + timedelta(seconds=1)),
        pytest.raises(Blocked) as refused,
    ):
        actions.accept(application, actor=cast.user("student"))
    assert refused.value.refusal.code == "offer_expired"
    assert Hold.objects.get().state == "offered"


def test_a_cancelled_programme_ends_every_open_application_with_the_reason(cast):
    programme = makers.programme(cast)
    offered, waiting = makers.offered(cast, programme), makers.waitlisted(cast, programme, "colleague")
    actions.cancel_programme(programme, actor=cast.user("hr"), note="Obyekt təmirə bağlanıb")
    assert states(offered, waiting) == [A.REFUSED, A.REFUSED]
    assert Pool.objects.get().taken == 0


def test_many_are_endorsed_at_once_and_the_rest_say_why_not(cast):
    programme = makers.programme(cast)
    mine, colleagues = makers.sent(cast, programme), makers.sent(cast, programme, "colleague")
    foreign = makers.sent(cast, programme, "student2")
    everything = Application.objects.filter(pk__in=[mine.pk, colleagues.pk, foreign.pk])
    result = actions.endorse_many(everything, actor=cast.user("coordinator"))
    assert [row.pk for row in result.done] == [mine.pk, colleagues.pk]
    assert [row.pk for row, _reason in result.refused] == [foreign.pk]
    assert states(mine, colleagues, foreign) == [A.IN_REVIEW, A.IN_REVIEW, A.SUBMITTED]
    assert Change.objects.filter(verb="endorse").count() == 2


def test_practice_without_a_competition_is_filled_by_nomination_alone(cast):
    programme = makers.programme(cast, kind=ProgrammeKind.PRACTICE)
    with pytest.raises(Blocked) as refused:
        actions.start_application(makers.vacancy(programme), actor=cast.user("student"))
    assert refused.value.refusal.code == "nominated_only"
    assert not programme.applications.exists()
    competition = makers.programme(cast, kind=ProgrammeKind.PRACTICE, competition=True, title="Müsabiqə")
    assert makers.sent(cast, competition).state == A.SUBMITTED
