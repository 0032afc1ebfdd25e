"""Who is told of the diary and who is reminded; what stands on the home page; what the API says and does."""

from datetime import date

import pytest
from django.core import mail
from django.core.cache import cache

from internships import actions, diary_home
from internships.enums import DiaryState as D
from internships.models import DiaryEntry
from internships.tests import makers
from partnerships.common import piles
from partnerships.notifications import outbox, reminding
from partnerships.notifications.models import Message, Notification
from partnerships.testing.worlds import world

pytestmark = pytest.mark.usefixtures("english")
DAYS = [date(2027, 6, n) for n in (15, 16, 17)]
DAY = {"minutes": 330, "site": "Yasamal", "work": "Sxemləri oxudum", "learned": "Rele"}


@pytest.fixture(autouse=True)
def summer(time_machine):
    """Friday of the first week, a quarter past two in Baku."""
    cache.clear()
    time_machine.move_to("2027-06-18T10:15:00Z", tick=False)


@pytest.fixture
def placed(cast):
    return makers.active(cast, supervisor=cast.supervisor)


@world
def handed(cast, placed, days=DAYS):
    for day in days:
        entry = actions.write_day(placed, day, actor=cast.user("student"), **DAY)
        actions.submit_day(entry, actor=cast.user("student"))
    DiaryEntry.objects.exclude(submitted_at=None).update(submitted_at="2027-06-18T09:00Z")


def seen(placed):
    return [(str(uid), version) for uid, version in placed.diary.values_list("uid", "version")]


def told(kind):
    rows = Notification.objects.filter(kind=kind).order_by("pk")
    return [(row.person.name, row.title["en"]) for row in rows.select_related("person")]


# Changes -------------------------------------------------------------------------------------------
def test_the_student_is_told_once_of_many_confirmed_days_in_the_inbox_alone(
    cast, placed, django_capture_on_commit_callbacks
):
    handed(cast, placed)
    with django_capture_on_commit_callbacks(execute=True):
        actions.confirm(placed, seen(placed), actor=cast.user("mentor"))
    (line,) = told("internships.diary_confirmed")
    assert line == ("Nigar Məmmədova", "Confirmed in the diary: 3 days, 15 June – 17 June")
    assert Message.objects.count() == 0


def test_returned_days_are_mailed_with_the_reason(cast, placed, django_capture_on_commit_callbacks):
    handed(cast, placed)
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_days(placed, seen(placed)[:2], actor=cast.user("mentor"), note="Yeri yazın")
    (letter,) = mail.outbox
    assert (letter.to, "Yeri yazın" in letter.body) == (["nigar@aztu.example"], True)
    assert f"/internships/placements/{placed.uid}/diary/" in letter.body


# Fridays -------------------------------------------------------------------------------------------
def test_on_friday_a_mentor_with_an_account_is_reminded_once_for_all(cast, placed, time_machine):
    handed(cast, placed)
    assert [reminding.remind() for _n in range(2)] == [1, 0]
    assert told("internships.remind_days") == [
        ("Rəşad Səfərov", "The diary waits for your confirmation: 3 days")
    ]
    time_machine.move_to("2027-06-21T10:15:00Z", tick=False)
    handed(cast, placed, [date(2027, 6, 18)])
    DiaryEntry.objects.filter(date=date(2027, 6, 18)).update(submitted_at="2027-06-21T09:00Z")
    assert reminding.remind() == 0
    assert len(told("internships.remind_days")) == 1


def test_what_was_confirmed_before_the_letter_left_is_not_written_of(cast, placed):
    handed(cast, placed)
    reminding.remind()
    actions.confirm(placed, seen(placed), actor=cast.user("mentor"))
    outbox.deliver()
    assert (len(mail.outbox), Message.objects.get().suppressed) == (0, "decided")


def test_on_friday_the_student_reads_how_many_days_are_missing(cast, placed, time_machine):
    handed(cast, placed, DAYS[:1])
    reminding.remind()
    assert told("internships.remind_missing_days") == [
        ("Nigar Məmmədova", "Not handed in: 2 days of the diary")
    ]
    assert reminding.remind() == 0


def test_a_diary_that_is_whole_is_not_asked_for(cast, placed):
    handed(cast, placed, DAYS[:2])
    actions.report_absence(placed, DAYS[2], actor=cast.user("student"), reason="illness")
    reminding.remind()
    assert told("internships.remind_missing_days") == []


def test_a_week_of_silence_reaches_the_student_and_another_one_the_supervisor(cast, placed, time_machine):
    handed(cast, placed)
    for day, names in (
        ("2027-06-23", []),
        ("2027-06-24", ["Nigar Məmmədova"]),
        ("2027-07-01", ["Nigar Məmmədova", "Nigar Məmmədova", "Tofiq Abbasov"]),
    ):
        time_machine.move_to(f"{day}T10:15:00Z", tick=False)
        reminding.remind()
        assert [name for name, _title in told("internships.remind_quiet_diary")] == names


# Home ----------------------------------------------------------------------------------------------
def titles(cast, who):
    user = cast.user(who)
    return [(todo.title, todo.count) for todo in piles.told(diary_home.piles(user))]


def test_home_says_what_is_to_be_written_and_what_to_be_confirmed(cast, placed):
    handed(cast, placed, DAYS[:2])
    actions.return_days(placed, seen(placed)[:1], actor=cast.user("mentor"), note="Yeri yazın")
    assert titles(cast, "student") == [
        ("Change 1 day of the diary", 1),
        ("Hand in 1 day of the diary", 1),
    ]
    assert titles(cast, "mentor") == [("Confirm the diary: Nigar Məmmədova", 1)]
    assert [titles(cast, who) for who in ("mentor2", "colleague", "hr", "coordinator")] == [[]] * 4


# API -----------------------------------------------------------------------------------------------
def test_the_api_writes_hands_in_and_confirms_as_the_pages_do(cast, placed, login):
    student, mentor = login("student"), login("mentor")
    body = {**DAY, "placement": str(placed.uid), "date": "2027-06-15"}
    made = student.post("/api/v1/diary/", body, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    address = f"/api/v1/diary/{made.json()['uid']}/"
    assert mentor.get(address).status_code == 404
    changed = student.patch(address, {"work": "Sxemləri oxudum və yazdım"}, content_type="application/json")
    assert changed.json()["work"] == "Sxemləri oxudum və yazdım"
    sent = student.post(f"{address}submit/", {}, content_type="application/json")
    assert [offered["name"] for offered in sent.json()["actions"]] == ["take_back"]
    answers = {
        who: login(who).post(f"{address}confirm/", {}, content_type="application/json").status_code
        for who in ("student", "student2", "coordinator", "mentor2", "hr2")
    }
    assert answers == {"student": 403, "student2": 404, "coordinator": 403, "mentor2": 404, "hr2": 404}
    bare = mentor.post(f"{address}return/", {}, content_type="application/json")
    assert bare.status_code == 400
    assert (
        mentor.post(f"{address}confirm/", {}, content_type="application/json").json()["state"] == "confirmed"
    )
    twice = mentor.post(f"{address}confirm/", {}, content_type="application/json")
    assert (twice.status_code, twice.json()["code"]) == (409, "illegal_transition")
    late = student.post("/api/v1/diary/", {**body, "date": "2027-06-21"}, content_type="application/json")
    assert (late.status_code, late.json()["code"]) == (409, "future")


def test_the_api_lists_what_the_reader_may_see(cast, placed, login, client):
    handed(cast, placed)
    actions.write_day(placed, date(2027, 6, 18), actor=cast.user("student"), **DAY)
    found = {
        who: len(login(who).get("/api/v1/diary/").json()["results"])
        for who in ("student", "mentor", "hr", "coordinator", "mentor2", "student2", "hr2", "coordinator2")
    }
    assert found == {
        "student": 4, "mentor": 3, "hr": 3, "coordinator": 3, "mentor2": 0, "student2": 0, "hr2": 0,
        "coordinator2": 0,
    }  # fmt: skip
    assert client.get("/api/v1/diary/").status_code == 401
    assert login("mentor").get("/api/v1/diary/?state=submitted").json()["results"][0]["state"] == D.SUBMITTED
