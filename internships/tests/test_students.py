"""Students without a place: whose, without which place, how narrowed, what it costs."""

import runpy
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from internships import actions, nominations, packs
from internships.enums import ProgrammeKind
from internships.tests import makers
from internships.views import nominating, students, worklist_many
from internships.views.placing import safety
from partnerships.calls.models import Step
from partnerships.common import capped
from partnerships.common.paging import SIZES
from partnerships.directory.enums import Kind
from partnerships.directory.models import Affiliation, Study
from partnerships.testing import factories as make

LIST = reverse("internships:students")
EXPORT = reverse("export", args=["internships.students"])
QUERIES = 12


@pytest.fixture(autouse=True)
def _no_leftovers():
    cache.clear()


@pytest.fixture
def summer(cast):
    return makers.programme(cast, seats=3)


def names(response):
    return [line.person.name for line in response.context["lines"]]


def test_a_coordinator_sees_own_students_and_nobody_elses(cast, login, summer):
    assert names(login("coordinator").get(LIST)) == ["Kənan Əhmədli", "Nigar Məmmədova"]
    assert names(login("coordinator2").get(LIST)) == ["Elnur Qarabağlı"]


def test_of_very_many_the_same_are_found_and_told_in_the_same_order(cast, summer, monkeypatch):
    makers.offered(cast, summer, "student")
    for who in ("coordinator", "coordinator2", "partnerships"):
        user = cast.user(who)
        plain, _form = students.narrowed(user, QueryDict())
        keys = list(plain.order_by(*students.ORDER).values_list("pk", flat=True))
        assert not nominations.facets(user).many
        for many in (False, True):
            for cap in (1000, 0):  # with none allowed, each is one too many
                monkeypatch.setattr(students, "CAP", cap)
                monkeypatch.setattr(capped, "CAP", cap)
                _weeks, can_nominate, count = students._beside(user, counting=True)
                assert can_nominate == bool(nominations.programmes(user))
                page = students._first(user, many, count)
                assert [row.pk for row in page.rows] == keys, who
                assert page.found == (min(len(keys), cap), len(keys) > cap)


def test_nominating_is_offered_as_long_as_a_programme_takes_endorsements(cast):
    summer = makers.programme(cast, kind=ProgrammeKind.PRACTICE)
    user, seen = cast.user("coordinator"), []
    for moment in (timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)):
        summer.call.deadlines.update_or_create(step=Step.ENDORSE, defaults={"at": moment})
        _weeks, can_nominate, _count = students._beside(user, counting=False)
        assert can_nominate == bool(nominations.programmes(user))
        seen.append(can_nominate)
    assert seen == [True, False]


def test_who_has_an_offer_or_a_place_is_not_on_the_list_and_who_waits_is(cast, login, summer):
    makers.offered(cast, summer, "student")
    makers.sent(cast, summer, "colleague")
    response = login("coordinator").get(LIST)
    assert names(response) == ["Kənan Əhmədli"]
    assert [row.state for row in response.context["lines"][0].applications] == ["submitted"]
    application = makers.again(summer.applications.get(person=cast.student))
    actions.accept(application, actor=cast.user("student"))
    assert names(login("coordinator").get(LIST)) == ["Kənan Əhmədli"]


def test_a_place_in_other_weeks_or_of_another_kind_leaves_a_student_on_the_list(cast, login, summer):
    makers.offered(cast, summer, "student")
    client = login("coordinator")
    assert "Nigar Məmmədova" not in names(client.get(LIST, {"kind": ProgrammeKind.INTERNSHIP}))
    assert "Nigar Məmmədova" in names(client.get(LIST, {"kind": ProgrammeKind.PRACTICE}))
    autumn = makers.programme(cast, title="Payız")
    autumn.periods.update(starts=date(2027, 10, 1), ends=date(2027, 11, 1))
    assert "Nigar Məmmədova" not in names(client.get(LIST, {"period": "2027-06-15_2027-07-31"}))
    assert "Nigar Məmmədova" in names(client.get(LIST, {"period": "2027-10-01_2027-11-01"}))


def test_a_draft_is_the_students_own_and_counts_as_nothing_sent(cast, login, summer):
    makers.draft(cast, summer, "student")
    makers.sent(cast, summer, "colleague")
    response = login("coordinator").get(LIST, {"nothing": "on"})
    assert names(response) == ["Nigar Məmmədova"]
    assert response.context["lines"][0].applications == []


def test_search_is_folded_and_filters_narrow(cast, login):
    other = make.organization("Maşınqayırma fakültəsi", Kind.FACULTY, cast.aztu)
    it = make.specialty("050631", "Kompüter mühəndisliyi")
    make.student("Şəbnəm Çələbi", "sebnem@aztu.example", other, specialty=it, year=2, student_number="QZ-9")
    client = login("coordinator")
    assert names(client.get(LIST, {"q": "CELEBI seb"})) == ["Şəbnəm Çələbi"]
    assert names(client.get(LIST, {"q": "qz-9"})) == ["Şəbnəm Çələbi"]
    assert names(client.get(LIST, {"unit": other.path})) == ["Şəbnəm Çələbi"]
    assert names(client.get(LIST, {"specialty": it.pk})) == ["Şəbnəm Çələbi"]
    assert names(client.get(LIST, {"year": "2"})) == ["Şəbnəm Çələbi"]
    assert len(names(client.get(LIST, {"year": "99", "unit": "x", "period": "y_z", "after": "!"}))) == 3


def test_a_faculty_coordinator_sees_the_faculty_alone(cast, login):
    other = make.organization("Maşınqayırma fakültəsi", Kind.FACULTY, cast.aztu)
    make.student("Şəbnəm Çələbi", "sebnem@aztu.example", other)
    Affiliation.objects.filter(person=cast.coordinator).update(organization=other)
    client = login("coordinator")
    assert names(client.get(LIST)) == ["Şəbnəm Çələbi"]
    assert "Nigar" not in client.get(LIST, {"unit": cast.energy.path}).content.decode()


def test_the_partnership_manager_stands_in_where_there_is_no_coordinator(cast, login):
    client = login("partnerships")
    assert names(client.get(LIST)) == []
    Affiliation.objects.filter(person=cast.coordinator2).delete()
    assert names(client.get(LIST)) == ["Elnur Qarabağlı"]


def test_who_coordinates_nobody_is_refused(cast, login):
    for name in ("student", "hr", "mentor", "supervisor", "rector"):
        for url in (LIST, EXPORT):
            assert login(name).get(url).status_code == 403


def test_who_left_or_is_not_confirmed_is_not_on_the_list(cast, login):
    Affiliation.objects.filter(person=cast.student).update(ends=date(2021, 1, 1))
    Affiliation.objects.filter(person=cast.colleague).update(state="requested")
    assert names(login("coordinator").get(LIST)) == []


def test_the_spreadsheet_holds_what_the_page_holds(cast, login, summer):
    makers.offered(cast, summer, "student")
    makers.sent(cast, summer, "colleague")
    cast.colleague.family_name = "=HYPERLINK(1)"
    cast.colleague.save()
    response = login("coordinator").get(EXPORT)
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [("=HYPERLINK(1)", "Kənan")]
    assert book.active.cell(2, 1).data_type == "s"
    assert "Yay təcrübəsi 2027" in rows[0][-1]


@pytest.mark.parametrize("more", [0, 8])
def test_the_list_asks_the_same_at_any_length(cast, login, summer, django_assert_max_num_queries, more):
    makers.sent(cast, summer, "student")
    for number in range(more):
        make.student(f"Tələbə {number}", f"t{number}@aztu.example", cast.energy)
    client = login("coordinator")
    client.get(LIST)
    with django_assert_max_num_queries(QUERIES):
        assert len(client.get(LIST).context["lines"]) == 2 + more


def test_a_whole_page_of_the_longest_kind_can_be_chosen_at_once():
    """Students go to their nomination by address, which the server must take; other choices go by form."""
    bounds = (nominating.MOST, worklist_many.MOST_AT_ONCE, safety.MOST_AT_ONCE, packs.MOST)
    assert min(bounds) >= max(SIZES)
    query = "&".join(f"pick={uuid4()}" for _n in range(max(SIZES)))
    line = f"GET {reverse('internships:nominate')}?{query} HTTP/1.1"
    server = runpy.run_path(str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py"))
    assert len(line) < server["limit_request_line"]


def test_a_gpa_is_written_as_it_is_kept_in_lists_and_facts_alike(cast, login, summer):
    Study.objects.filter(affiliation__person=cast.student).update(gpa="74.25")
    Study.objects.filter(affiliation__person=cast.colleague).update(gpa="80.00")
    client = login("coordinator")
    pages = [client.get(LIST).content.decode()]
    application = makers.sent(cast, summer, "student")
    pages.append(client.get(application.get_absolute_url()).content.decode())
    assert ["74,25" in page for page in pages] == [True] * 2
    assert [word for page in pages for word in ("74,3", "74,2<", "8E+", "80,0") if word in page] == []
