"""The papers of a practice: what each prints, in both languages, and who gets it."""

import io
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from internships import papers
from internships.enums import DiaryState, PlacementState
from internships.models import DiaryEntry, NominationOrder, Placement, Report
from internships.tests import makers
from internships.tests.test_evaluating import give
from partnerships.common.clock import BAKU
from partnerships.directory.models import Person


def words(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u200b", "").split())


def url(placement, key, lang="az"):
    return reverse("internships:paper", args=[placement.uid, key]) + f"?lang={lang}"


def in_curriculum(cast, **values):
    """A practice in the curriculum: it ends with a report."""
    programme = makers.programme(cast, kind="practice", competition=True, practice_type="production")
    return makers.active(cast, programme, **values)


@pytest.fixture
def underway(cast):
    """A practice under way with a confirmed day, one handed in, and a draft."""
    made = in_curriculum(cast, supervisor=cast.supervisor)
    days = [
        (date(2027, 6, 15), DiaryState.CONFIRMED, 240, "Sxemlərin oxunması #panic()"),
        (date(2027, 6, 16), DiaryState.SUBMITTED, 450, "Avadanlığa baxış"),
        (date(2027, 6, 17), DiaryState.DRAFT, 240, "Hələ yazıram"),
    ]
    for day, state, minutes, work in days:
        DiaryEntry.objects.create(
            placement=made,
            date=day,
            state=state,
            minutes=minutes,
            work=work,
            confirmed_at=datetime(2027, 6, 18, 9, tzinfo=BAKU) if state == DiaryState.CONFIRMED else None,
        )
    return made


@pytest.mark.parametrize("lang", ["az", "en"])
@pytest.mark.parametrize("key", list(papers.PAPERS))
def test_every_paper_prints_in_both_languages_and_names_the_student(cast, underway, login, key, lang):
    answer = login("student").get(url(underway, key, lang))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert cast.student.full_name in words(answer.content)


def test_the_diary_prints_what_was_handed_in_and_adds_up_what_was_confirmed(cast, underway, login):
    text = words(login("mentor").get(url(underway, "diary")).content)
    assert "Sxemlərin oxunması #panic()" in text
    assert "Avadanlığa baxış" in text
    assert "Hələ yazıram" not in text
    assert "Təsdiqlənmiş cəmi: 4 saat (5 akademik saat)." in text
    assert "7,5" in text


def test_without_a_day_on_the_portal_the_diary_has_lines_to_write_on(cast, login):
    made = makers.active(cast)
    client = login("student")
    pdf = client.get(url(made, "diary")).content
    assert papers.blank_days(made) == 32  # each working day; the holidays of June are none
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 3
    assert "Görülən iş" in words(pdf)
    assert "Təsdiqlənmiş saat" not in words(client.get(url(made, "review")).content)


def test_a_student_without_a_university_is_referred_by_none(cast, login):
    made = makers.active(cast)
    Placement.objects.update(university=None, faculty=None)
    client = login("student")
    assert client.get(url(made, "referral")).status_code == 404
    assert "Universitet üzrə rəhbər" not in words(client.get(url(made, "diary")).content)


def test_the_extent_is_written_as_the_language_writes_numbers(cast, login):
    made = makers.active(cast)
    Placement.objects.update(planned_minutes=1230 * 60, weekly_minutes=22 * 60 + 30, credits=None)
    client = login("student")
    assert "cəmi 1 230 saat, həftədə 22,5 saat" in words(client.get(url(made, "diary")).content)
    assert "1 230 hours, 22.5 a week" in words(client.get(url(made, "diary", "en")).content)
    Placement.objects.update(credits="9.0")
    assert "kredit: 9 " in words(client.get(url(made, "diary")).content)


def test_the_review_is_a_form_until_the_mentor_has_evaluated(cast, underway, login):
    client = login("hr")
    assert "×" not in words(client.get(url(underway, "review")).content)
    with time_machine.travel("2027-07-28T08:00:00Z", tick=False):
        give(cast, underway, comment="Məsuliyyətlidir")
    text = words(client.get(url(underway, "review")).content)
    assert text.count("×") == 6
    # The day of the evaluation; nobody has signed the paper yet.
    assert ("Qiymətləndirmə tarixi 28.07.2027" in text, "İmzalanıb" in text) == (True, False)
    assert "Məsuliyyətlidir" in text
    assert "Bəli" in text


def test_the_company_states_nothing_of_what_has_not_begun(cast, login):
    made = makers.placement(cast)
    assert login("hr").get(url(made, "reference")).status_code == 404
    Placement.objects.update(state=PlacementState.CANCELLED)
    assert login("hr").get(url(made, "referral")).status_code == 404


def test_a_report_has_a_title_page_where_one_is_asked_for_or_was_written(cast, login):
    made = makers.active(cast)
    client = login("student")
    assert client.get(url(made, "report-title")).status_code == 404
    Report.objects.create(placement=made, title="Enerji itkiləri")
    assert "Enerji itkiləri" in words(client.get(url(made, "report-title")).content)


def test_a_practice_of_days_to_come_is_stated_as_going_on(cast, underway, login):
    assert "təcrübə keçir." in words(login("hr").get(url(underway, "reference")).content)
    Placement.objects.update(state=PlacementState.FINISHED)
    assert "təcrübə keçib." in words(login("hr").get(url(underway, "reference")).content)


@pytest.mark.parametrize("name", ["student2", "colleague", "coordinator2", "hr2", "mentor2", "stranger"])
def test_nobody_else_prints_them(cast, underway, login, name):
    assert [login(name).get(url(underway, key)).status_code for key in papers.PAPERS] == [404] * 5


def test_an_unknown_paper_or_language_is_not_there(cast, underway, login):
    client = login("student")
    assert [
        client.get(url(underway, "passport")).status_code,
        client.get(url(underway, "diary", "de")).status_code,
    ] == [
        404,
        404,
    ]


def test_names_that_look_like_code_stay_names(cast, underway, login):
    Person.objects.filter(pk=cast.student.pk).update(
        family_name='=HYPERLINK("x") ] $y$ #z', given_name="Ə" * 90
    )
    for key in papers.PAPERS:
        assert '=HYPERLINK("x") ] $y$ #z' in words(login("hr").get(url(underway, key)).content)


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_signatures_of_the_diary_never_stand_on_a_page_of_their_own(cast, login):
    """Whichever row fills the page, the last one goes on with the signatures."""
    made = makers.active(cast, supervisor=cast.supervisor)
    client, last, seen = login("student"), date(2027, 6, 14), set()
    for more in (14, 2, 1, 1, 1, 1, 1):
        for _number in range(more):
            last += timedelta(days=1)
            DiaryEntry.objects.create(
                placement=made,
                date=last,
                state=DiaryState.SUBMITTED,
                minutes=240,
                work="Avadanlığa baxış. " * 9,
            )
        found = pages(client.get(url(made, "diary")).content)
        seen.add(len(found))
        signed = next(page for page in found if "soyad, ad" in page)
        assert f"{last:%d.%m.%Y}" in signed
    assert len(seen) == 2  # a page break was crossed


def test_who_studies_nowhere_is_under_no_ministry_and_keeps_the_diary_for_the_enterprise(cast, login):
    made = in_curriculum(cast)
    client = login("student")
    assert "NAZİRLİYİ" in words(client.get(url(made, "report-title")).content)
    cast.aztu.country = "TR"
    cast.aztu.save()
    assert "NAZİRLİYİ" not in words(client.get(url(made, "report-title")).content)
    Placement.objects.update(university=None, faculty=None)
    title = words(client.get(url(made, "report-title")).content)
    assert ("NAZİRLİYİ" in title, "Universitet" in title) == (False, False)
    assert words(client.get(url(made, "diary")).content).startswith("“Azərişıq” ASC")


def test_the_annex_lists_the_students_of_the_order_by_name(cast, login):
    made = makers.programme(cast, kind="practice", competition=True)
    applications = [makers.endorsed(cast, made, who) for who in ("student", "colleague")]
    order = NominationOrder.objects.create(
        programme=made,
        university=cast.aztu,
        number="7/2027",
        date=date(2027, 5, 3),
        made_by=cast.user("coordinator"),
    )
    for application in applications:
        application.order = order
        application.save()
    address = reverse("internships:order_annex", args=[order.uid])
    text = words(login("coordinator").get(address).content)
    assert "03.05.2027 tarixli № 7/2027 əmrə ƏLAVƏ" in text
    assert "Cəmi: 2 tələbə" in text
    assert text.index(cast.colleague.full_name) < text.index(cast.student.full_name)
    assert "Students in all: 2." in words(login("coordinator").get(address + "?lang=en").content)
    assert [login(name).get(address).status_code for name in ("coordinator2", "student", "hr")] == [
        404,
        403,
        403,
    ]
