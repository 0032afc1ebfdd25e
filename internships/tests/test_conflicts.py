"""Nobody decides on themselves, and whoever leaves takes no rights along."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from internships import actions, reports, rules
from internships.models import Application, Interview
from internships.tests import makers
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.common.clock import today
from partnerships.common.refusals import Refused
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation
from partnerships.testing import factories as make


def leave(person):
    Affiliation.objects.filter(person=person).exclude(role=Role.STUDENT).update(
        starts=today() - timedelta(days=90), ends=today() - timedelta(days=1)
    )


def talk(cast, application, interviewer):
    starts = timezone.now() + timedelta(days=5)
    return actions.invite(
        application,
        actor=cast.user("hr"),
        interviewer=interviewer,
        starts=starts,
        ends=starts + timedelta(minutes=30),
        place="Otaq 204",
    )


def test_a_student_who_also_coordinates_does_not_endorse_their_own_application(cast, published):
    application = makers.sent(cast, published)
    make.affiliation(cast.student, cast.aztu, Role.COORDINATOR)
    with pytest.raises(Refused):
        actions.endorse(application, actor=cast.user("student"))
    assert makers.again(application).state == "submitted"
    offered = [found.name for found in APPLICATION.available(application, cast.user("student"))]
    assert offered == ["withdraw"]


def test_an_applicant_of_the_company_s_own_neither_decides_nor_reads_the_scores(cast, login, published):
    application = makers.endorsed(cast, published)
    actions.assess(application, actor=cast.user("hr"), score=41, note="Zəif hazırlıq")
    make.affiliation(cast.student, cast.azerisiq, Role.HR)
    student = cast.user("student")
    with pytest.raises(Refused):
        actions.offer(application, actor=student)
    with pytest.raises(Refused):
        actions.assess(application, actor=student, score=100, note="")
    assert list(reports.decidable(student)) == []
    assert list(reports.decidable(cast.user("hr"))) == [application]
    client = login("student")
    page = client.get(reverse("internships:application", args=[application.uid]), headers={"HX-Request": "1"})
    assert (page.status_code, "Zəif" in page.content.decode()) == (200, False)
    desk = client.get(f"{reverse('internships:decide')}?application={application.uid}")
    assert desk.status_code == 404


def test_a_candidate_who_is_the_company_s_own_does_not_write_up_their_interview(cast, published):
    application = makers.endorsed(cast, published)
    make.affiliation(cast.student, cast.azerisiq, Role.HR)
    held = talk(cast, application, cast.mentor)
    assert [found.name for found in INTERVIEW.available(held, cast.user("student"))] == []
    with pytest.raises(Refused):
        actions.hold_interview(held, actor=cast.user("student"), recommendation="take")


def test_an_interviewer_who_went_to_another_company_leaves_the_candidates_behind(cast, login, published):
    application = makers.endorsed(cast, published)
    held = talk(cast, application, cast.mentor)
    assert list(Application.objects.visible_to(cast.user("mentor"))) == [application]
    leave(cast.mentor)
    make.affiliation(cast.mentor, cast.other_company, Role.HR)
    mentor = cast.user("mentor")
    assert list(Application.objects.visible_to(mentor)) == []
    assert list(Interview.objects.visible_to(mentor)) == []
    assert not rules.runs_interview(mentor, held)
    assert not rules.may_score(mentor, makers.again(application))
    address = reverse("internships:interview_ics", args=[held.uid])
    assert login("mentor").get(address).status_code == 404


def test_a_supervisor_who_went_to_another_university_leaves_the_students_behind(cast, published):
    application = makers.sent(cast, published)
    Application.objects.filter(pk=application.pk).update(supervisor=cast.supervisor)
    assert list(Application.objects.visible_to(cast.user("supervisor"))) == [application]
    leave(cast.supervisor)
    make.affiliation(cast.supervisor, cast.adnsu, Role.SUPERVISOR)
    assert list(Application.objects.visible_to(cast.user("supervisor"))) == []


def test_a_mentor_who_went_to_another_company_leaves_the_interns_behind(cast, published):
    application = makers.offered(cast, published)
    application.offered_vacancy.position.mentors.add(cast.mentor)
    actions.accept(application, actor=cast.user("student"))
    assert list(Application.objects.visible_to(cast.user("mentor"))) == [application]
    leave(cast.mentor)
    make.affiliation(cast.mentor, cast.other_plant, Role.MENTOR)
    assert list(Application.objects.visible_to(cast.user("mentor"))) == []
