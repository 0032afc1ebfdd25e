"""One application as each persona sees it, its verbs, what it keeps from whom, and the calendar file."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from internships import actions
from internships.enums import ApplicationState as A
from internships.models import Application, Interview, Programme
from internships.moves import move_of, steps_of
from internships.tests import makers
from internships.tests.applications import invited, names, url
from internships.views.acts import ACTS, COMPANY
from internships.workflow import APPLICATION
from partnerships.directory.models import Skill
from partnerships.portal.calendar import feed

pytestmark = pytest.mark.usefixtures("english")
SECRET = "Gizli qeyd: tərəddüd edirik"
NOTE = "Rektorluğun xahişi ilə"


# Who sees it ----------------------------------------------------------------------------------------

SEEN = {
    "draft": {"student"},
    "sent": {"student", "coordinator"},
    "endorsed": {"student", "coordinator", "hr"},
    "offered": {"student", "coordinator", "hr"},
}


@pytest.mark.parametrize("stage", SEEN)
def test_an_application_is_seen_by_those_whom_it_concerns_and_404_to_the_rest(cast, made, login, stage):
    application = getattr(makers, stage)(cast, made)
    answers = {who: login(who).get(url(application)).status_code for who in cast.people()}
    found = SEEN[stage] | {"admin"}
    assert answers == {who: 200 if who in found else 404 for who in cast.people()}


def test_the_mentor_sees_it_once_accepted_and_the_interviewer_once_asked(cast, made, login):
    actions.update_position(makers.vacancy(made).position, actor=cast.user("hr"), mentors=[cast.mentor])
    application = makers.offered(cast, made)
    assert login("mentor").get(url(application)).status_code == 404
    actions.accept(application, actor=cast.user("student"))
    assert login("mentor").get(url(application)).status_code == 200
    assert login("mentor2").get(url(application)).status_code == 404
    other = makers.endorsed(cast, makers.programme(cast, title="Başqa"))
    assert login("expert").get(url(other)).status_code == 404
    invited(cast, other, "expert")
    assert login("expert").get(url(other)).status_code == 200


def test_a_visitor_is_led_to_sign_in(cast, made):
    answer = Client().get(url(makers.sent(cast, made)))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=")


def test_students_read_outer_labels_and_staff_inner_ones(cast, made, login):
    application = makers.endorsed(cast, made)
    assert str(login("student").get(url(application)).context["state"]) == "Under consideration"
    assert str(login("hr").get(url(application)).context["state"]) == "Decision awaited"


# What is kept from whom -----------------------------------------------------------------------------


def test_inner_notes_and_scores_reach_the_company_alone(cast, made, login):
    application = makers.endorsed(cast, made)
    actions.assess(application, actor=cast.user("hr"), score=77, note=SECRET)
    interview = invited(cast, application)
    with time_machine.travel(timezone.now() + timedelta(days=3, hours=1)):
        actions.hold_interview(interview, actor=cast.user("mentor"), recommendation="doubtful", note=SECRET)
        company = login("hr").get(url(application)).content.decode()
        assert company.count(SECRET) == 3  # in the list, the history, and one's own form
        assert "77/100" in company
        assert "Doubtful" in company
        for who in ("student", "coordinator"):
            page = login(who).get(url(application))
            text = page.content.decode()
            assert SECRET not in text, who
            assert "77/100" not in text, who
            assert "Doubtful" not in text, who
            assert "assess_fields" not in page.context
    assert "Tələbə biletinizi götürün." in login("student").get(url(application)).content.decode()


def test_a_note_of_the_university_to_the_company_does_not_reach_the_student(cast, made, login):
    application = makers.sent(cast, made)
    actions.endorse(application, actor=cast.user("coordinator"), note=NOTE)
    assert NOTE in login("hr").get(url(application)).content.decode()
    assert NOTE not in login("student").get(url(application)).content.decode()


def test_the_history_tells_who_did_what_and_hides_nothing_that_was_written_to_the_student(cast, made, login):
    application = makers.sent(cast, made)
    actions.return_to_student(application, actor=cast.user("coordinator"), note="Transkript köhnədir.")
    history = login("student").get(url(application)).context["history"]
    assert [(entry.label, entry.who, entry.note) for entry in history] == [
        ("Returned for changes", "", ""),
        ("Returned by the university for changes", "Sevinc Quliyeva", "Transkript köhnədir."),
        ("Sent to the university", "Nigar Məmmədova", ""),
        ("Application begun", "Nigar Məmmədova", ""),
    ]


# Buttons --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "who", "expected"),
    [
        ("draft", "student", ["withdraw"]),
        ("sent", "student", ["withdraw"]),
        ("sent", "coordinator", ["endorse", "return", "not_endorse"]),
        ("endorsed", "coordinator", []),
        ("endorsed", "hr", ["offer", "invite", "waitlist", "refuse"]),
        ("offered", "student", ["accept", "decline"]),
        ("offered", "hr", ["revoke"]),
        ("waitlisted", "hr", ["offer", "invite", "refuse"]),
    ],
)
def test_everybody_is_offered_their_own_verbs_and_one_primary_button(cast, made, login, stage, who, expected):
    application = getattr(makers, stage)(cast, made)
    page = login(who).get(url(application))
    assert names(page) == expected
    assert page.content.decode().count("btn-primary") <= 1


def test_every_verb_of_a_person_has_a_button_or_a_page_of_its_own():
    by_clock = {"promote", "lapse", "supersede", "cancelled", "miss", "give_up"}
    elsewhere = {"submit", "submit_open", "interviewed"}
    assert set(APPLICATION.transitions) == set(ACTS) | set(COMPANY) | by_clock | elsewhere


def test_a_blocked_verb_is_drawn_with_its_reason(cast, made, login):
    application = makers.sent(cast, made)
    with time_machine.travel(timezone.now() + timedelta(days=26)):
        page = login("coordinator").get(url(application))
        endorse = next(button for button in page.context["buttons"] if button.name == "endorse")
        assert "The deadline has passed" in endorse.why
        assert login("coordinator").post(url(application, "endorse")).status_code == 422
    assert makers.again(application).state == A.SUBMITTED


# The calendar file ----------------------------------------------------------------------------------


def in_feed(user, interview):
    events = Calendar.from_ical(feed(user)).walk("VEVENT")
    (event,) = [event for event in events if str(interview.uid) in event["UID"]]
    return event


def test_the_interview_is_a_calendar_file_for_those_who_take_part(cast, made, login):
    interview = invited(cast, makers.endorsed(cast, made))
    path = f"/internships/interviews/{interview.uid}/interview.ics"
    for who in ("student", "mentor", "hr"):
        answer = login(who).get(path)
        assert answer.status_code == 200, who
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event["UID"] == in_feed(cast.user(who), interview)["UID"]
        assert event.decoded("DTSTART") == interview.starts.replace(microsecond=0)
        assert event.decoded("DTEND") == interview.ends.replace(microsecond=0)
        assert event["LOCATION"] == "Bakı RETSİ, otaq 214"
        assert event["SEQUENCE"] == interview.version == in_feed(cast.user(who), interview)["SEQUENCE"]
        assert event["STATUS"] == "CONFIRMED"
    for who in ("student2", "colleague", "hr2", "mentor2", "coordinator"):
        assert login(who).get(path).status_code == 404, who
    assert Client().get(path).status_code == 302


def test_a_cancelled_interview_cancels_the_event(cast, made, login):
    interview = invited(cast, makers.endorsed(cast, made))
    actions.cancel_interview(interview, actor=cast.user("hr"), note="Otaq tutulub.")
    answer = login("student").get(f"/internships/interviews/{interview.uid}/interview.ics")
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["SEQUENCE"] == Interview.objects.get(pk=interview.pk).version


# Cost -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "most"), [("student", 13), ("coordinator", 13), ("hr", 14)])
def test_the_page_costs_the_same_with_one_of_each_and_with_several(
    cast, made, login, who, most, django_assert_max_num_queries
):
    places = [makers.place(cast, made, title_az=f"Yer {n}", seats=2) for n in range(3)]
    client = login(who)

    def cost(application):
        client.get(url(application))
        with django_assert_max_num_queries(most) as counted:
            client.get(url(application))
        return len(counted)

    small = makers.endorsed(cast, made, "colleague", places[0])
    invited(cast, small)
    actions.assess(small, actor=cast.user("hr"), score=60, note="Bir")
    skills = [Skill.objects.create(name=f"Bacarıq {n}") for n in range(3)]
    cast.colleague.skills.add(skills[0])
    large = makers.endorsed(cast, made, "student", *places)
    for _time in range(2):
        interview = invited(cast, large, "expert")
        actions.cancel_interview(interview, actor=cast.user("hr"), note="Başqa vaxt")
    invited(cast, large, "expert")
    actions.assess(large, actor=cast.user("hr"), score=70, note="İki")
    actions.assess(large, actor=cast.user("expert"), score=80, note="Üç")
    cast.student.skills.add(*skills)
    if who == "student":
        cost(large)
    else:
        assert cost(large) == cost(small)


# The row of steps -----------------------------------------------------------------------------------


def steps(cast, application):
    found = Application.objects.with_rows().get(pk=application.pk)
    return [(step.label, step.state) for step in steps_of(found)]


def test_an_interview_that_never_was_is_no_step_once_the_company_has_decided(cast, made):
    application = makers.endorsed(cast, made)
    with translation.override("en"):
        assert ("Interview", "") in steps(cast, application)  # one may still come
        actions.offer(application, actor=cast.user("hr"), vacancy=makers.vacancy(made))
        assert [label for label, _state in steps(cast, application)][-3:] == [
            "Assessment",
            "Decision",
            "Answer",
        ]


def test_an_interview_that_was_held_is_a_step_that_is_done(cast, made):
    application = makers.endorsed(cast, made)
    held = makers.begun(invited(cast, application))
    actions.hold_interview(held, actor=cast.user("hr"), recommendation="recommended")
    with translation.override("en"):
        assert steps(cast, application)[-4:] == [
            ("Assessment", "now"),
            ("Interview", "done"),
            ("Decision", ""),
            ("Answer", ""),
        ]
        actions.offer(makers.again(application), actor=cast.user("hr"), vacancy=makers.vacancy(made))
        assert ("Interview", "done") in steps(cast, application)


@pytest.mark.parametrize("state", ["submitted", "not_endorsed"])
def test_what_waits_at_a_university_is_shown_though_the_programme_asks_no_longer(cast, login, state):
    application = makers.sent(cast, makers.programme(cast))
    Application.objects.filter(pk=application.pk).update(state=state)
    Programme.objects.update(endorsement_required=False)
    page = login("coordinator").get(application.get_absolute_url())
    assert page.status_code == 200
    assert len(page.context["steps"]) == 6


def test_a_talk_that_is_over_is_to_be_written_up_by_the_company(cast, made):
    application = makers.endorsed(cast, made)
    talk = makers.begun(invited(cast, application))

    def read():
        found = makers.again(application)
        moves = {who: move_of(found, cast.user(who)) for who in ("student", "hr", "mentor", "coordinator")}
        return {who: (move.mine, move.text) for who, move in moves.items()}

    before = (False, "The candidate's move: the interview.")
    assert read() == {
        "student": (True, "Your move: come to the interview."),
        "hr": before,
        "mentor": before,
        "coordinator": before,
    }
    over = timezone.now() - timedelta(minutes=1)
    Interview.objects.filter(pk=talk.pk).update(starts=over - timedelta(minutes=30), ends=over)
    company = (False, "The company's move: it writes up the interview.")
    own = (True, "Your move: write up the interview.")
    assert read() == {"student": company, "hr": own, "mentor": own, "coordinator": company}
