"""The pages of the diary: the student's week and day, the desk, the paper; what a page refuses and keeps."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from internships import actions
from internships.enums import DiaryState as D
from internships.models import Absence, Clearance, DiaryEntry, Placement
from internships.tests import makers
from partnerships.common.models import DayOff
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document, DocumentView
from partnerships.testing.files import jpeg, pdf, upload
from partnerships.testing.worlds import world

pytestmark = pytest.mark.usefixtures("english")
DAYS = [date(2027, 6, n) for n in (15, 16, 17)]
DAY = {"hours": "5", "quarter": "30", "site": "Yasamal", "work": "Sxemləri oxudum", "learned": "Rele"}


@pytest.fixture(autouse=True)
def summer(time_machine):
    """Friday of the first week, at noon in Baku."""
    time_machine.move_to("2027-06-18T08:00:00Z", tick=False)


@pytest.fixture
def placed(cast):
    return makers.active(cast)


def url(placed, tail=""):
    return f"/internships/placements/{placed.uid}/diary/{tail}"


@world
def handed(cast, placed, days=DAYS):
    for day in days:
        entry = actions.write_day(
            placed, day, actor=cast.user("student"), minutes=300, site="", work="iş", learned=""
        )
        actions.submit_day(entry, actor=cast.user("student"))


def picks(placed):
    return [f"{uid}.{version}" for uid, version in placed.diary.values_list("uid", "version")]


# The student ---------------------------------------------------------------------------------------
def test_the_week_shows_its_days_what_is_missing_and_what_is_off(cast, placed, login):
    DayOff.objects.create(date=date(2027, 6, 17), working=False, name="Bayram")
    actions.report_absence(placed, DAYS[0], actor=cast.user("student"), reason="illness")
    page = login("student").get(url(placed))
    week = page.context["week"]
    assert (week.monday, [day.date for day in page.context["missing"]]) == (date(2027, 6, 14), [DAYS[1]])
    text = page.content.decode()
    assert "Your move: 1 day is not handed in" in text
    assert ("Day off" in text, "Absent: Illness" in text) == (True, True)


def test_before_the_first_day_the_diary_shows_its_first_week_and_takes_no_day(
    cast, placed, login, time_machine
):
    time_machine.move_to("2027-06-01T08:00:00Z", tick=False)
    page = login("student").get(url(placed))
    assert page.context["week"].monday == date(2027, 6, 14)
    assert [day.date for day in page.context["week"].days if not day.why] == []
    assert "This day has not come yet" in page.content.decode()


def test_a_day_is_written_and_handed_in_by_its_form(cast, placed, login):
    student = login("student")
    assert student.get(url(placed, "2027-06-15/")).status_code == 200
    answer = student.post(url(placed, "2027-06-15/"), {**DAY, "do": "hand_in"})
    assert answer["Location"] == url(placed, "?week=2027-06-14")
    entry = DiaryEntry.objects.get()
    assert (entry.state, entry.minutes, entry.work) == (D.SUBMITTED, 330, "Sxemləri oxudum")
    page = student.get(url(placed, "2027-06-15/")).content.decode()
    assert "Take back" in page
    student.post(url(placed, "2027-06-15/"), {"do": "take_back"})
    assert DiaryEntry.objects.get().state == D.DRAFT


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2027-06-21", "This day has not come yet."),
        ("2027-06-14", "This day lies outside the practice: 15 June – 31 July."),
    ],
)
def test_a_day_that_cannot_be_written_says_why_and_takes_nothing(cast, placed, login, day, words):
    student = login("student")
    assert words in student.get(url(placed, f"{day}/")).content.decode()
    refused = student.post(url(placed, f"{day}/"), {**DAY, "do": "hand_in"})
    assert (refused.status_code, DiaryEntry.objects.count()) == (422, 0)


def test_what_is_refused_keeps_what_was_typed(cast, placed, login):
    answer = login("student").post(url(placed, "2027-06-15/"), {**DAY, "hours": "12", "do": "hand_in"})
    text = answer.content.decode()
    assert (answer.status_code, "A day has at most 12 hours." in text) == (422, True)
    assert "Sxemləri oxudum" in text


def test_the_day_saves_itself_and_tells_of_another_window(cast, placed, login):
    student = login("student")
    first = student.post(url(placed, "2027-06-15/save/"), {**DAY, "version": "0"})
    assert (first.status_code, first.json()["version"]) == (200, 1)
    more = student.post(
        url(placed, "2027-06-15/save/"), {**DAY, "work": DAY["work"] + " və yazdım", "version": "1"}
    )
    assert more.json()["version"] == 2
    other = {**DAY, "work": "Tamam başqa", "version": "1"}
    assert student.post(url(placed, "2027-06-15/save/"), other).status_code == 409
    page = student.post(url(placed, "2027-06-15/"), {**other, "do": "save"})
    assert page.status_code == 409
    assert "Tamam başqa" in page.content.decode()
    assert 'name="version" value="2"' in page.content.decode()
    assert login("colleague").post(url(placed, "2027-06-15/save/"), DAY).status_code == 404
    assert student.post(url(placed, "2027-06-21/save/"), {**DAY, "version": "0"}).status_code == 409


def test_the_whole_week_is_handed_in_at_once(cast, placed, login):
    for day in DAYS:
        actions.write_day(
            placed, day, actor=cast.user("student"), minutes=300, site="", work="iş", learned=""
        )
    login("student").post(url(placed, "hand-in/"), {"pick": picks(placed)})
    assert set(placed.diary.values_list("state", flat=True)) == {D.SUBMITTED}


def test_photos_are_added_by_the_form_and_seen_by_the_mentor_alone_of_the_others(cast, placed, login):
    student = login("student")
    student.post(url(placed, "2027-06-15/"), {**DAY, "photo": upload(jpeg(), "a.jpg"), "do": "photo"})
    actions.submit_day(DiaryEntry.objects.get(), actor=cast.user("student"))
    photo = DiaryEntry.objects.get().documents.get()
    seen = {
        name: login(name).get(photo.get_absolute_url()).status_code
        for name in ("student", "mentor", "mentor2", "student2", "hr2")
    }
    assert seen == {"student": 200, "mentor": 200, "mentor2": 404, "student2": 404, "hr2": 404}
    small = reverse("photo_small", args=[photo.uid])
    for name, status in {"mentor": 200, "hr": 200, "mentor2": 404, "student2": 404, "hr2": 404}.items():
        assert login(name).get(small).status_code == status
    assert small in login("mentor").get(url(placed)).content.decode()
    looks = DocumentView.objects.count()
    answer = login("hr").get(small)
    assert max(Image.open(BytesIO(answer.content)).size) <= 320
    assert (answer["Content-Type"], DocumentView.objects.count()) == ("image/jpeg", looks)
    Document.objects.update(kind=DocumentKind.SCAN)  # a paper has no small picture
    assert login("hr").get(small).status_code == 404


def test_an_absence_is_reported_from_the_diary(cast, placed, login):
    student = login("student")
    assert student.get(url(placed, "2027-06-16/absence/")).status_code == 200
    student.post(url(placed, "2027-06-16/absence/"), {"reason": "family", "note": "Toy"})
    assert list(Absence.objects.values_list("date", "reason")) == [(date(2027, 6, 16), "family")]
    again = student.post(url(placed, "2027-06-16/absence/"), {"reason": "family"})
    assert again.status_code == 422
    assert "choose another day. What is to change in that one, the mentor changes" in again.content.decode()


def test_what_people_type_stays_text(cast, placed, login):
    ugly = '=HYPERLINK("x") <script>alert(1)</script> שלום &amp;'
    entry = actions.write_day(
        placed, DAYS[0], actor=cast.user("student"), minutes=300, site=ugly[:100], work=ugly, learned=ugly
    )
    actions.submit_day(entry, actor=cast.user("student"))
    for who in ("student", "mentor"):
        text = login(who).get(url(placed)).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


# The desk ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status", "buttons"),
    [
        ("mentor", 200, True),
        ("hr", 200, False),
        ("coordinator", 200, False),
        ("supervisor", 200, False),
        ("mentor2", 404, False),
        ("hr2", 404, False),
        ("coordinator2", 404, False),
        ("colleague", 404, False),
    ],
)
def test_the_desk_is_for_those_who_see_the_practice_its_buttons_for_the_workplace(
    cast, placed, login, who, status, buttons
):
    Placement.objects.update(supervisor=cast.supervisor)
    handed(cast, placed)
    page = login(who).get(url(placed))
    assert (page.status_code, "Confirm the chosen days" in page.content.decode()) == (status, buttons)
    answer = login(who).post(url(placed, "do/"), {"do": "confirm", "pick": picks(placed)})
    assert answer.status_code == (302 if buttons else 403 if status == 200 else 404)
    assert (DiaryEntry.objects.filter(state=D.CONFIRMED).count() == 3) == buttons


def test_a_draft_is_not_on_the_desk(cast, placed, login):
    actions.write_day(
        placed, DAYS[0], actor=cast.user("student"), minutes=300, site="", work="Hələ yazıram", learned=""
    )
    assert "Hələ yazıram" not in login("mentor").get(url(placed)).content.decode()


def test_a_reason_is_asked_for_and_what_was_typed_is_kept(cast, placed, login):
    handed(cast, placed)
    mentor = login("mentor")
    bare = mentor.post(url(placed, "do/"), {"do": "return", "pick": picks(placed)[:1], "note": ""})
    assert (bare.status_code, "Write what is to be changed" in bare.content.decode()) == (422, True)
    much = mentor.post(
        url(placed, "do/"),
        {"do": "return", "pick": picks(placed)[:1], "week": "2027-06-14", "note": "ş" * 2001},
    )
    assert "2000" in much.content.decode()
    assert "ş" * 2001 in much.content.decode()  # nothing of it is lost
    mentor.post(url(placed, "do/"), {"do": "return", "pick": picks(placed)[:1], "note": "Yeri yazın"})
    assert "Yeri yazın" in login("student").get(url(placed)).content.decode()
    late = mentor.post(url(placed, "do/"), {"do": "return", "pick": picks(placed)[:1], "note": "Saatı da"})
    assert (late.status_code, "Saatı da" in late.content.decode()) == (409, True)
    assert mentor.post(url(placed, "do/"), {"do": "nothing"}).status_code == 400
    assert mentor.post(url(placed, "do/"), {"do": "confirm", "pick": "x.1"}).status_code == 400


@pytest.mark.parametrize(("who", "most"), [("student", 40), ("mentor", 40)])
def test_a_long_diary_costs_as_few_queries_as_a_short_one(
    cast, placed, login, who, most, django_assert_max_num_queries
):
    client = login(who)
    counts = []
    for days in (DAYS[:1], DAYS[1:]):
        handed(cast, placed, days)
        client.get(url(placed))
        with CaptureQueriesContext(connection) as asked:
            client.get(url(placed))
        counts.append(len(asked))
    assert counts == [11, 11]


# Paper ---------------------------------------------------------------------------------------------
def test_human_resources_enter_a_signed_week_with_its_scan(cast, placed, login):
    hr = login("hr")
    page = hr.get(url(placed, "paper/"))
    assert [page.context["first"], page.context["last"]] == [date(2027, 6, 15), date(2027, 6, 18)]
    span = {"first": "2027-06-15", "last": "2027-06-18", "d20270615": "240", "d20270616": "270"}
    bare = hr.post(url(placed, "paper/"), span)
    assert (bare.status_code, DiaryEntry.objects.count()) == (422, 0)
    hr.post(url(placed, "paper/"), {**span, "scan": upload(pdf(), "gündəlik.pdf")})
    assert list(DiaryEntry.objects.values_list("minutes", "state", "confirmed_source")) == [
        (240, "confirmed", "paper"),
        (270, "confirmed", "paper"),
    ]
    assert "From a signed paper" in login("student").get(url(placed, "2027-06-15/")).content.decode()
    assert login("mentor").get(url(placed, "paper/")).status_code == 403
    assert login("hr2").get(url(placed, "paper/")).status_code == 404


def test_human_resources_confirm_nothing_on_the_desk_without_the_signed_paper(cast, placed, login):
    handed(cast, placed)
    hr, entry = login("hr"), DiaryEntry.objects.first()
    page = hr.get(url(placed)).content.decode()
    assert ("Enter from paper" in page, "Record an absence" in page, 'value="return"' in page) == (
        True,
        True,
        False,
    )
    for verb in ("confirm", "return"):
        data = {"do": verb, "pick": f"{entry.uid}.{entry.version}", "note": "Düzəldin"}
        assert hr.post(url(placed, "do/"), data).status_code == 403
    assert set(DiaryEntry.objects.values_list("state", flat=True)) == {"submitted"}


def test_the_practice_leads_its_student_to_the_day_of_today_until_it_is_handed_in(cast, placed, login):
    today = f'href="{url(placed, "2027-06-18/")}"'
    shown = {
        who: today in login(who).get(placed.get_absolute_url()).content.decode()
        for who in ("student", "hr", "mentor", "coordinator")
    }
    assert shown == {"student": True, "hr": False, "mentor": False, "coordinator": False}
    day = date(2027, 6, 18)
    entry = actions.write_day(
        placed, day, actor=cast.user("student"), minutes=300, site="", work="iş", learned=""
    )
    actions.submit_day(entry, actor=cast.user("student"))
    assert today not in login("student").get(placed.get_absolute_url()).content.decode()


def test_a_returned_day_whose_admission_has_lapsed_is_the_company_s_move(cast, placed, login):
    handed(cast, placed, DAYS[:1])
    entry = placed.diary.get()
    actions.return_day(entry, actor=cast.user("mentor"), note="Yerini yazın")
    student = login("student")
    assert "Your move: change 1 day that the mentor returned" in student.get(url(placed)).content.decode()
    Clearance.objects.update(done_on=date(2027, 6, 21))
    day = DAYS[0].isoformat()
    week, page = (student.get(url(placed, more)).content.decode() for more in ("", f"{day}/"))
    for shown in (week, page):
        assert "The company's move: a returned day cannot be changed" in shown
        assert ("Your move: change" in shown, "Yerini yazın" in shown) == (False, True)
    assert "Change 1 day of the diary" not in student.get("/").content.decode()
    strips = {
        who: login(who)
        .get(placed.get_absolute_url())
        .text.split('class="move-strip')[1]
        .split("</section>")[0]
        for who in ("hr", "student")
    }
    assert {who: 'href="#safety"' in strip for who, strip in strips.items()} == {"hr": True, "student": False}
