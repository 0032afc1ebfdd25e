"""Persona x state x action: who is offered which verb of an application, and who sees it at all."""

import pytest
from django.utils import timezone

from internships.enums import ApplicationState as A
from internships.models import Application, Interview
from internships.tests import makers
from internships.workflow import APPLICATION, INTERVIEW, PROGRAMME
from partnerships.calls.models import Deadline
from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.documents.models import Document
from partnerships.testing.worlds import world
from partnerships.workflow.actors import SYSTEM

STUDENT, UNIVERSITY, COMPANY = "student", "coordinator", "hr"
# Everybody else is offered nothing, in any state.
EXPECTED = {
    A.DRAFT: {STUDENT: {"submit", "withdraw"}, UNIVERSITY: set(), COMPANY: set()},
    A.SUBMITTED: {STUDENT: {"withdraw"}, UNIVERSITY: {"endorse", "return", "not_endorse"}, COMPANY: set()},
    A.RETURNED: {STUDENT: {"submit", "withdraw"}, UNIVERSITY: set(), COMPANY: set()},
    A.NOT_ENDORSED: {STUDENT: set(), UNIVERSITY: {"reopen_endorsement"}, COMPANY: set()},
    A.IN_REVIEW: {
        STUDENT: {"withdraw"},
        UNIVERSITY: set(),
        COMPANY: {"invite", "offer", "waitlist", "refuse"},
    },
    A.INTERVIEW: {
        STUDENT: {"withdraw"},
        UNIVERSITY: set(),
        COMPANY: {"interviewed", "offer", "waitlist", "refuse"},
    },
    A.OFFERED: {STUDENT: {"accept", "decline"}, UNIVERSITY: set(), COMPANY: {"revoke"}},
    A.WAITLISTED: {STUDENT: {"withdraw"}, UNIVERSITY: set(), COMPANY: {"invite", "offer", "refuse"}},
    A.ACCEPTED: {STUDENT: set(), UNIVERSITY: set(), COMPANY: set()},
    A.REFUSED: {STUDENT: set(), UNIVERSITY: set(), COMPANY: {"reconsider"}},
    A.DECLINED: {STUDENT: set(), UNIVERSITY: set(), COMPANY: {"reconsider"}},
    A.LAPSED: {STUDENT: set(), UNIVERSITY: set(), COMPANY: {"reconsider"}},
    A.WITHDRAWN: {STUDENT: {"resume"}, UNIVERSITY: set(), COMPANY: set()},
    A.NOT_SUBMITTED: {STUDENT: {"resume"}, UNIVERSITY: set(), COMPANY: set()},
}
BEFORE_SENDING = {A.DRAFT, A.NOT_SUBMITTED}
BEFORE_THE_COMPANY = {A.DRAFT, A.NOT_SUBMITTED, A.SUBMITTED, A.RETURNED, A.NOT_ENDORSED}


@world
def in_state(cast, state):
    """An application of the student in that state, with the dates that a row in it carries."""
    made = makers.programme(cast)
    application = makers.draft(cast, made)
    now = timezone.now()
    Application.objects.filter(pk=application.pk).update(
        state=state,
        submitted_at=None if state in BEFORE_SENDING else now,
        reached_company_at=None if state in BEFORE_THE_COMPANY else now,
        offered_vacancy=makers.vacancy(made) if state in (A.OFFERED, A.ACCEPTED) else None,
        offer_expires=Deadline.objects.get(step="answer").at if state == A.OFFERED else None,
    )
    return makers.again(application)


def test_the_table_of_expectations_names_every_state():
    assert set(EXPECTED) == set(A)


@pytest.mark.parametrize("state", list(A))
def test_each_persona_is_offered_exactly_its_verbs(cast, state):
    application = in_state(cast, state)
    offered = {
        name: {item.name for item in APPLICATION.available(application, cast.user(name))}
        for name in cast.people()
    }
    nothing = {name: set() for name in cast.people()}
    assert offered == {**nothing, **EXPECTED[state]}


@pytest.mark.parametrize("state", list(A))
def test_each_persona_sees_it_exactly_when_it_is_theirs_to_see(cast, state):
    application = in_state(cast, state)
    seen = {name for name in cast.people() if application in Application.objects.visible_to(cast.user(name))}
    expected = {"student", "admin"}
    if state not in BEFORE_SENDING:
        expected.add("coordinator")
    if state not in BEFORE_THE_COMPANY:
        expected.add("hr")
    assert seen == expected


@pytest.mark.parametrize("state", list(A))
def test_what_is_not_offered_is_refused_and_changes_nothing(cast, state):
    application = in_state(cast, state)
    for name in ("hr2", "coordinator2", "student2", "stranger", "mentor"):
        for verb, transition in APPLICATION.transitions.items():
            if state in transition.sources:
                with pytest.raises(Refused):
                    APPLICATION.apply(makers.again(application), verb, actor=cast.user(name), note="yox")
    assert Application.objects.get(pk=application.pk).state == state


def test_documents_are_seen_with_their_application_and_not_otherwise(cast):
    application = makers.endorsed(cast, makers.programme(cast))
    seen = {name: Document.objects.visible_to(cast.user(name)).count() for name in cast.people()}
    assert {name for name, count in seen.items() if count} == {"student", "coordinator", "hr", "admin"}
    assert application.documents.count() == 2


def test_two_companies_and_two_universities_see_nothing_of_each_other(cast):
    ours, theirs = (
        makers.programme(cast),
        makers.programme(
            cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel istehsalı"
        ),
    )
    rows = {
        "ours": makers.endorsed(cast, ours),
        "ours2": makers.endorsed(cast, ours, "student2"),
        "theirs": makers.endorsed(cast, theirs, "colleague"),
    }
    names = {row.pk: name for name, row in rows.items()}
    seen = {
        who: {names[row.pk] for row in Application.objects.visible_to(cast.user(who))}
        for who in ("hr", "hr2", "coordinator", "coordinator2", "student", "mentor", "rector", "partnerships")
    }
    assert seen == {
        "hr": {"ours", "ours2"},
        "hr2": {"theirs"},
        "coordinator": {"ours", "theirs"},
        "coordinator2": {"ours2"},
        "student": {"ours"},
        "mentor": set(),
        "rector": set(),
        "partnerships": set(),
    }


def test_a_mentor_sees_only_the_accepted_of_the_own_position_and_a_former_one_nothing(cast):
    made = makers.programme(cast, position={"mentors": [cast.mentor]})
    accepted, other = makers.offered(cast, made), makers.endorsed(cast, made, "colleague")
    from internships import actions

    actions.accept(accepted, actor=cast.user("student"))
    assert set(Application.objects.visible_to(cast.user("mentor"))) == {accepted}
    cast.affiliation("mentor").__class__.objects.filter(person=cast.mentor).update(ends="2026-01-01")
    assert set(Application.objects.visible_to(cast.user("mentor"))) == set()
    assert other in Application.objects.visible_to(cast.user("hr"))


def test_the_partnership_manager_stands_in_where_a_university_has_no_coordinator(cast):
    application = makers.sent(cast, makers.programme(cast))
    assert application not in Application.objects.visible_to(cast.user("partnerships"))
    coordinator = cast.affiliation("coordinator")
    coordinator.ends = "2026-01-01"
    coordinator.save()
    user = cast.user("partnerships")
    assert application in Application.objects.visible_to(user)
    assert {item.name for item in APPLICATION.available(application, user)} == {
        "endorse",
        "return",
        "not_endorse",
    }


def test_a_student_sees_only_the_own_interviews(cast):
    from datetime import timedelta

    from internships import actions

    made = makers.programme(cast, endorsement_required=False)
    starts = timezone.now() + timedelta(days=1)
    for who, hours in (("student", 0), ("colleague", 1)):
        actions.invite(
            makers.sent(cast, made, who),
            actor=cast.user("hr"),
            interviewer=cast.mentor,
            starts=starts + timedelta(hours=hours),
            ends=starts + timedelta(hours=hours, minutes=30),
            place="3 nömrəli otaq",
        )
    seen = {
        name: sorted(
            Interview.objects.visible_to(cast.user(name)).values_list("candidate__given_name", flat=True)
        )
        for name in ("student", "colleague", "hr", "hr2", "mentor", "mentor2", "coordinator")
    }
    everyone = ["Kənan", "Nigar"]
    assert seen == {
        "student": ["Nigar"],
        "colleague": ["Kənan"],
        "hr": everyone,
        "hr2": [],
        "mentor": everyone,
        "mentor2": [],
        "coordinator": [],
    }


@pytest.mark.parametrize("workflow", [APPLICATION, PROGRAMME, INTERVIEW], ids=lambda workflow: workflow.name)
def test_every_state_that_is_not_an_end_has_a_way_out_for_somebody(workflow):
    stuck = set(workflow.states.values) - set(workflow.terminal)
    for transition in workflow.transitions.values():
        if transition.target not in transition.sources or len(transition.sources) > 1:
            stuck -= set(transition.sources)
    assert stuck == set()


@pytest.mark.parametrize("workflow", [APPLICATION, PROGRAMME, INTERVIEW], ids=lambda workflow: workflow.name)
def test_every_state_can_be_reached(workflow):
    reached = {workflow.initial}
    for _round in workflow.transitions:
        for transition in workflow.transitions.values():
            if reached & set(transition.sources):
                reached.add(transition.target)
    assert reached == set(workflow.states.values)


def test_the_clock_is_nobody(cast):
    assert access_of(SYSTEM).person_id is None
    assert not Application.objects.visible_to(SYSTEM).exists()
