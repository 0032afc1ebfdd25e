"""Inviting, the list of a day, moving and writing up, with clashes answered by free times."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from internships import actions, reports, talks
from internships.enums import ApplicationState as A
from internships.enums import InterviewState
from internships.exports import interviews
from internships.models import Interview
from internships.tests import makers
from internships.workflow import INTERVIEW
from partnerships.common.clock import BAKU, today

LIST = reverse("internships:interviews")


@pytest.fixture
def day():
    return today() + timedelta(days=5)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BAKU)


def talk(cast, application, day, hour=10, minutes=30, interviewer=None):
    starts = at(day, hour)
    return actions.invite(
        application,
        actor=cast.user("hr"),
        interviewer=interviewer or cast.mentor,
        starts=starts,
        ends=starts + timedelta(minutes=minutes),
        place="Otaq 204",
    )


def sent(cast, day, **values):
    return {
        "interviewer": cast.mentor.pk,
        "day": day.isoformat(),
        "start": "10:00",
        "minutes": "30",
        "place": "Otaq 204",
        "link": "",
        "note": "",
        **values,
    }


def invite(application):
    return reverse("internships:interview_invite", args=[application.uid])


def verb(interview, name):
    return reverse("internships:interview", args=[interview.uid, name])


def test_human_resources_invite_and_come_back_to_the_desk(cast, login, published, day):
    application = makers.endorsed(cast, published)
    hr = login("hr")
    people = hr.get(invite(application)).context["form"].fields["interviewer"].queryset
    assert cast.mentor in people
    assert cast.mentor2 not in people
    response = hr.post(f"{invite(application)}?back=desk", sent(cast, day))
    assert response["Location"].startswith(reverse("internships:decide"))
    made = Interview.objects.get()
    assert (made.starts, made.ends, made.interviewer) == (at(day, 10), at(day, 10, 30), cast.mentor)
    assert made.programme == application.programme
    assert makers.again(application).state == A.INTERVIEW


def test_a_clash_is_refused_with_the_nearest_times_when_both_are_free(cast, login, published, day):
    talk(cast, makers.endorsed(cast, published, "colleague"), day)
    application = makers.endorsed(cast, published, "student")
    response = login("hr").post(
        invite(application), sent(cast, day, start="10:15", note="Sənədinizi gətirin")
    )
    assert response.status_code == 422
    assert len(response.context["form"].errors["start"]) == 1
    assert [moment.astimezone(BAKU).strftime("%H:%M") for moment in response.context["free"]] == [
        "09:30",
        "10:30",
        "10:45",
        "11:00",
    ]
    assert "Sənədinizi gətirin" in response.content.decode()
    assert makers.again(application).state == A.IN_REVIEW
    assert Interview.objects.count() == 1


def test_what_is_wrong_with_a_time_stands_on_its_field(cast, login, published):
    application = makers.endorsed(cast, published)
    hr = login("hr")
    past = hr.post(invite(application), sent(cast, today() - timedelta(days=1)))
    assert (past.status_code, list(past.context["form"].errors)) == (422, ["start"])
    nowhere = hr.post(invite(application), sent(cast, today() + timedelta(days=2), place=""))
    assert (nowhere.status_code, list(nowhere.context["form"].errors)) == (422, ["place"])
    other = hr.post(invite(application), sent(cast, today() + timedelta(days=2), interviewer=cast.mentor2.pk))
    assert (other.status_code, list(other.context["form"].errors)) == (422, ["interviewer"])
    assert makers.again(application).state == A.IN_REVIEW


def test_free_times_leave_out_the_talk_that_is_moved(cast, published, day):
    made = talk(cast, makers.endorsed(cast, published), day)
    people = [cast.mentor.pk, cast.student.pk]
    taken = reports.free_times(people, day, 30, near=at(day, 10), limit=1)
    own = reports.free_times(people, day, 30, near=at(day, 10), limit=1, leave_out=made.pk)
    assert taken != [at(day, 10)]
    assert own == [at(day, 10)]


def test_moving_asks_why_and_keeps_the_place(cast, login, published, day):
    made = talk(cast, makers.endorsed(cast, published), day)
    hr = login("hr")
    page = hr.get(verb(made, "reschedule"))
    assert page.context["form"].initial["place"] == "Otaq 204"
    values = {"day": day.isoformat(), "start": "11:00", "minutes": "45", "place": "Otaq 204", "link": ""}
    assert hr.post(verb(made, "reschedule"), {**values, "note": ""}).status_code == 422
    assert hr.post(verb(made, "reschedule"), {**values, "note": "Zal tutulub."}).status_code == 302
    made.refresh_from_db()
    assert (made.starts, made.ends) == (at(day, 11), at(day, 11, 45))


def test_the_interviewer_writes_up_and_the_application_is_to_be_decided_again(cast, login, published, day):
    made = makers.begun(talk(cast, makers.endorsed(cast, published), day))
    mentor = login("mentor")
    assert mentor.post(verb(made, "hold"), {"note": "Yaxşı"}).status_code == 422
    response = mentor.post(verb(made, "hold"), {"recommendation": "recommended", "note": "Sxem oxuyur."})
    assert response.status_code == 302
    made.refresh_from_db()
    assert (made.state, made.recommendation) == (InterviewState.HELD, "recommended")
    assert makers.again(made.application).state == A.IN_REVIEW


def test_nobody_is_missing_and_nothing_is_written_up_before_the_hour(cast, login, published, day):
    made = talk(cast, makers.endorsed(cast, published), day)
    hr = login("hr")
    early = hr.post(verb(made, "hold"), {"recommendation": "recommended", "note": "Sxem oxuyur."})
    assert (early.status_code, str(early.context["refusal"])) == (422, "Müsahibə hələ başlamayıb.")
    assert "Sxem oxuyur." in early.content.decode()
    assert hr.get(verb(made, "no_show")).context["refusal"]
    assert hr.post(verb(made, "no_show"), {"note": ""}).status_code == 422
    made.refresh_from_db()
    assert made.state == InterviewState.SCHEDULED
    assert hr.post(verb(made, "cancel"), {"note": "Namizəd xəstədir."}).status_code == 302
    made.refresh_from_db()
    assert made.state == InterviewState.CANCELLED


@pytest.mark.parametrize(
    ("who", "code"), [("hr2", 404), ("coordinator", 404), ("mentor2", 404), ("student", 403)]
)
def test_nobody_else_touches_a_talk(cast, login, published, day, who, code):
    made = talk(cast, makers.endorsed(cast, published), day)
    client = login(who)
    for name in ("reschedule", "hold", "no_show", "cancel"):
        assert client.get(verb(made, name)).status_code == code
    assert client.post(verb(made, "cancel"), {"note": "x"}).status_code == code
    made.refresh_from_db()
    assert made.state == InterviewState.SCHEDULED


def test_another_company_can_neither_invite_nor_see_the_day(cast, login, published, day):
    application = makers.endorsed(cast, published, "colleague")
    talk(cast, makers.endorsed(cast, published, "student"), day)
    hr2 = login("hr2")
    assert hr2.post(invite(application), sent(cast, day)).status_code == 404
    assert list(hr2.get(LIST, {"day": day.isoformat()}).context["talks"]) == []
    assert hr2.get(LIST).context["days"] == []


def test_the_day_lists_the_companys_talks_in_order_and_the_mentors_own(cast, login, published, day):
    late = talk(cast, makers.endorsed(cast, published, "student"), day, hour=14)
    early = talk(cast, makers.endorsed(cast, published, "colleague"), day, hour=9, interviewer=cast.hr)
    page = login("hr").get(LIST, {"day": day.isoformat()})
    assert list(page.context["talks"]) == [early, late]
    assert page.context["days"] == [(day, 2)]
    other = login("hr").get(LIST, {"day": day.isoformat(), "lang": "en", "hour": "9"}).content.decode()
    for there in (day, day - timedelta(days=1), day + timedelta(days=1)):
        leads = {f'href="?{kept}"' for kept in (f"day={there}&amp;lang=en", f"lang=en&amp;day={there}")}
        assert any(lead in other for lead in leads), there
    assert list(login("mentor").get(LIST, {"day": day.isoformat()}).context["talks"]) == [late]
    assert login("hr").get(LIST, {"day": "sabah"}).status_code == 404
    assert login("student").get(LIST).status_code == 403


def test_a_full_day_is_shown_by_pages_hours_and_interviewers(cast, login, published, day, monkeypatch):
    made = [
        talk(cast, makers.endorsed(cast, published, "student"), day, hour=9),
        talk(cast, makers.endorsed(cast, published, "colleague"), day, hour=9, interviewer=cast.hr),
        talk(cast, makers.endorsed(cast, published, "student2"), day, hour=14),
    ]
    monkeypatch.setattr(talks, "size_of", lambda _user: 2)
    monkeypatch.setattr(talks, "MANY", 2)
    hr = login("hr")

    def shown(address):
        found = hr.get(f"{LIST}{address}")
        return list(found.context["talks"]), found.context["pages"], found.content.decode()

    first, pages, page = shown(f"?day={day}")
    assert (first, pages["summary"]) == (made[:2], "3 müsahibə")
    assert "2+" in page  # the strip of days counts no further
    assert [words in page for words in ("09:00 · 2", "14:00 · 1", f"{cast.hr.uid}")] == [True] * 3
    assert shown(pages["next_url"])[0] == made[2:]
    assert shown(shown(pages["next_url"])[1]["previous_url"])[0] == made[:2]
    assert shown(f"?day={day}&after=WzFd")[0] == made[:2]  # no place in this list
    assert shown(f"?day={day}&hour=14")[0] == made[2:]
    assert shown(f"?day={day}&who={cast.hr.uid}")[0] == [made[1]]
    assert shown(f"?day={day}&hour=14&who={cast.hr.uid}")[0] == []
    for part, expected in (("", made), ("&hour=9", made[:2]), (f"&who={cast.mentor.uid}", made[::2])):
        assert list(interviews(cast.user("hr"), QueryDict(f"day={day}{part}")).rows) == expected
    for wrong in ("&hour=24", "&hour=x", "&who=1"):
        assert hr.get(f"{LIST}?day={day}{wrong}").status_code == 404


def test_a_line_says_what_may_be_done_and_costs_no_query_of_its_own(cast, login, published, day):
    def asked(client):
        client.get(LIST, {"day": day.isoformat()})  # what is kept for a while is kept
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST, {"day": day.isoformat()}).content.decode()
        return len(queries), page

    made = talk(cast, makers.endorsed(cast, published, "student"), day)
    hr = login("hr")
    alone, page = asked(hr)
    for words in (verb(made, "cancel"), verb(made, "reschedule"), "10:00–10:30", "Otaq 204"):
        assert words in page
    assert verb(made, "hold") not in page  # it has not begun, which the menu says
    assert str(INTERVIEW.available(made, cast.user("hr"))[0].refusal) in page
    talk(cast, makers.endorsed(cast, published, "colleague"), day, hour=11, interviewer=cast.hr)
    assert asked(hr)[0] == alone


@pytest.mark.parametrize("year", [2999, 9999])
def test_a_talk_is_not_set_for_another_age(cast, login, published, day, year):
    application = makers.endorsed(cast, published)
    values = sent(cast, day.replace(year=year, month=12, day=31), start="23:30", minutes="90")
    assert login("hr").post(invite(application), values).status_code == 422
    assert not Interview.objects.exists()


def test_a_mentor_who_interviews_finds_the_talks_in_the_menu(cast, login):
    assert f'href="{LIST}"' in login("mentor").get(reverse("internships:placements")).content.decode()
    assert f'href="{LIST}"' not in login("student").get(reverse("internships:mine")).content.decode()


def test_the_page_of_a_talk_that_is_over_leads_to_how_it_stands(cast, login, made, day):
    application = makers.endorsed(cast, made)
    cancelled = talk(cast, application, day)
    hr = login("hr")
    hr.post(verb(cancelled, "cancel"), {"note": "Zal təmirdədir"})
    assert hr.get(verb(cancelled, "hold")).url == application.get_absolute_url()
