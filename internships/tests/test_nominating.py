"""Nominating on the page: for which programme, who, within how many seats, and never twice."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from internships import actions, nominations
from internships.actions.drafts import studies_of
from internships.enums import ApplicationState as A
from internships.enums import ProgrammeKind
from internships.models import Application, NominationOrder
from internships.nomination_places import Places
from internships.nominations import ANY, OWN, choose
from internships.tests import makers
from partnerships.common.refusals import Blocked
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Affiliation, Person
from partnerships.notifications.models import Message
from partnerships.testing import factories as make

PAGE = reverse("internships:nominate")
PICKED = ("student", "colleague")


@pytest.fixture(autouse=True)
def _no_leftovers():
    cache.clear()


@pytest.fixture
def practice(cast):
    return makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=5, title="İstehsalat təcrübəsi")


def send(cast, client, programme, *names, place=ANY, number="K-12", **more):
    data = {"programme": programme.slug, "number": number, "day": "2026-11-01"}
    data["pick"] = [str(cast.affiliation(name).uid) for name in names]
    for name in names:
        data[f"s{cast.affiliation(name).pk}-place"] = place
        data[f"s{cast.affiliation(name).pk}-guide"] = ""
    return client.post(PAGE, {**data, **more})


def test_the_page_carries_the_chosen_students_over_and_shows_what_takes_them(cast, login, practice):
    strict = makers.place(cast, practice, title_az="Dispetçer idarəetməsi", min_gpa=95)
    uids = [cast.affiliation(name).uid for name in PICKED]
    response = login("coordinator").get(PAGE, {"pick": uids})
    forms = response.context["desk"].forms
    assert [form.affiliation.person.name for form in forms] == ["Kənan Əhmədli", "Nigar Məmmədova"]
    assert [form.fits for form in forms] == [1, 1]
    assert list(forms[0].failed) == [strict.position.title]
    assert f'value="{strict.uid}" disabled' in response.content.decode()
    assert [place["left"] for place in response.context["seats"]] == [5, 2]


def test_nominating_writes_an_order_and_an_application_for_each(cast, login, practice):
    guide = {f"s{cast.affiliation('student').pk}-guide": str(cast.supervisor.pk)}
    response = send(cast, login("coordinator"), practice, *PICKED, **guide)
    order = NominationOrder.objects.get()
    assert (order.number, order.date, order.university) == ("K-12", date(2026, 11, 1), cast.aztu)
    assert (response.status_code, response["Location"]) == (
        302,
        reverse("internships:order", args=[order.uid]),
    )
    rows = Application.objects.order_by("person__sort_key")
    assert [(row.person, row.state, row.order, row.supervisor) for row in rows] == [
        (cast.colleague, A.IN_REVIEW, order, None),
        (cast.student, A.IN_REVIEW, order, cast.supervisor),
    ]
    assert all(row.number.startswith("TEC-") for row in rows)


def test_sending_twice_nominates_nobody_twice(cast, login, practice):
    client = login("coordinator")
    send(cast, client, practice, *PICKED)
    before = list(Application.objects.order_by("pk").values_list("pk", "version", "number"))
    again = send(cast, client, practice, *PICKED)
    assert again.status_code == 302
    assert list(Application.objects.order_by("pk").values_list("pk", "version", "number")) == before
    assert NominationOrder.objects.count() == 1


def test_a_second_order_takes_over_nobody_and_none_is_left_empty(cast, login, practice):
    client = login("coordinator")
    send(cast, client, practice, *PICKED)
    again = send(cast, client, practice, *PICKED, number="K-13")
    assert again.status_code == 422
    reasons = {str(reason) for row in again.context["desk"].forms for reason in row.errors["place"]}
    assert len(reasons) == 1
    assert "K-12" in reasons.pop()
    assert list(NominationOrder.objects.values_list("number", flat=True)) == ["K-12"]


def test_a_get_changes_nothing(cast, login, practice):
    client = login("coordinator")
    uid = cast.affiliation("student").uid
    client.get(PAGE, {"pick": uid, "programme": practice.slug, "number": "K-12", "day": "2026-11-01"})
    assert (Application.objects.count(), NominationOrder.objects.count()) == (0, 0)


def test_who_is_refused_stays_on_the_page_with_the_reason_and_the_rest_is_done(cast, login):
    practice = makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=5, position={"min_gpa": 80})
    cast.study("colleague").__class__.objects.filter(affiliation__person=cast.colleague).update(gpa=60)
    place = str(makers.vacancy(practice).uid)
    response = send(cast, login("coordinator"), practice, *PICKED, place=place)
    assert response.status_code == 422
    assert [row.person for row in Application.objects.all()] == [cast.student]
    (form,) = response.context["desk"].forms
    assert form.affiliation.person == cast.colleague
    assert "60" in form.errors["place"][0]
    html = response.content.decode()
    assert 'value="K-12"' in html
    assert reverse("internships:order", args=[NominationOrder.objects.get().uid]) in html


def test_when_all_are_refused_no_order_is_left_behind(cast, login):
    practice = makers.programme(cast, kind=ProgrammeKind.PRACTICE, position={"min_gpa": 99})
    response = send(cast, login("coordinator"), practice, *PICKED)
    assert response.status_code == 422
    assert (Application.objects.count(), NominationOrder.objects.count()) == (0, 0)


def test_no_more_are_nominated_than_there_are_seats(cast, login):
    practice = makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=1)
    response = send(cast, login("coordinator"), practice, *PICKED)
    assert (response.status_code, Application.objects.count()) == (422, 1)
    assert login("coordinator").get(PAGE).context["seats"][0]["left"] == 0
    # What one university asked for is not the other's to know: the company decides.
    assert login("coordinator2").get(PAGE).context["seats"][0]["left"] == 1


def test_the_quota_of_the_university_binds(cast):
    practice = makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=5)
    position, period = practice.positions.get(), practice.periods.get()
    actions.set_seats(position, period, 5, actor=cast.user("hr"), quotas={cast.aztu.pk: 1})
    places = Places.of(practice, [cast.aztu.pk])
    (place,) = places
    assert (places.left(place, cast.aztu.pk), places.left(place, cast.adnsu.pk)) == (1, 5)
    places.take(place, cast.aztu.pk)
    assert (places.left(place, cast.aztu.pk), places.left(place, cast.adnsu.pk)) == (0, 4)
    with pytest.raises(Blocked) as caught:
        choose(places, ANY, None, cast.study("student"), cast.student, cast.aztu.pk)
    assert caught.value.refusal.code == "no_seat"
    with pytest.raises(Blocked) as caught:
        choose(places, place.key, None, cast.study("student"), cast.student, cast.aztu.pk)
    assert caught.value.refusal.code == "no_quota"


def test_any_is_the_fitting_place_with_most_seats_and_of_equals_the_first(cast):
    practice = makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=2)
    first = makers.vacancy(practice)
    second = makers.place(cast, practice, seats=2, title_az="Laboratoriya")
    makers.place(cast, practice, seats=9, title_az="Dispetçer", min_gpa=99)
    places = Places.of(practice, [cast.aztu.pk])
    picked = []
    for _number in range(4):
        place = choose(places, ANY, None, cast.study("student"), cast.student, cast.aztu.pk)
        places.take(place, cast.aztu.pk)
        picked.append(place.vacancy)
    assert picked == [first, second, first, second]
    assert places.any_for(cast.study("student"), cast.student, cast.aztu.pk) is None


def test_an_application_of_the_student_is_taken_up_with_the_places_chosen_there(cast, login):
    practice = makers.programme(cast, kind=ProgrammeKind.PRACTICE, competition=True)
    other = makers.place(cast, practice, title_az="Laboratoriya")
    sent = makers.sent(cast, practice, "student", other)
    send(cast, login("coordinator"), practice, "student", place=OWN)
    row = makers.again(sent)
    assert (row.state, [choice.vacancy for choice in row.choices.all()]) == (A.IN_REVIEW, [other])


def test_what_the_company_has_answered_is_not_nominated_again(cast, login, practice):
    send(cast, login("coordinator"), practice, "student")
    application = Application.objects.get()
    actions.refuse(application, actor=cast.user("hr"), code="other", note="Yer yoxdur.")
    response = send(cast, login("coordinator"), practice, "student", number="K-13")
    assert response.status_code == 422
    assert Application.objects.get().state == A.REFUSED
    assert NominationOrder.objects.count() == 1


def test_students_of_another_university_or_faculty_are_not_there(cast, login, practice):
    other = make.organization("Maşınqayırma fakültəsi", Kind.FACULTY, cast.aztu)
    response = send(cast, login("coordinator"), practice, "student2")
    assert (response.status_code, Application.objects.count()) == (422, 0)
    assert "Elnur" not in response.content.decode()
    Affiliation.objects.filter(person=cast.coordinator).update(organization=other)
    send(cast, login("coordinator"), practice, "student")
    assert Application.objects.count() == 0
    assert login("coordinator").get(PAGE, {"q": "Nigar"}).context["found"] == []


def test_a_faculty_coordinator_nominates_the_faculty(cast, login, practice):
    Affiliation.objects.filter(person=cast.coordinator).update(organization=cast.energy)
    assert send(cast, login("coordinator"), practice, "student").status_code == 302
    assert Application.objects.get().state == A.IN_REVIEW


def test_the_partnership_manager_nominates_where_there_is_no_coordinator(cast, login, practice):
    assert send(cast, login("partnerships"), practice, "student2").status_code == 422
    Affiliation.objects.filter(person=cast.coordinator2).delete()
    assert send(cast, login("partnerships"), practice, "student2").status_code == 302
    assert Application.objects.get().university == cast.adnsu


def test_who_coordinates_nobody_is_refused(cast, login, practice):
    for name in ("student", "hr", "supervisor", "rector"):
        assert login(name).get(PAGE).status_code == 403
        assert send(cast, login(name), practice, "student").status_code == 403
    assert Application.objects.count() == 0


def test_only_practice_that_still_takes_nominations_is_offered(cast, login, practice):
    makers.programme(cast, title="Yay internship")
    makers.programme(cast, kind=ProgrammeKind.PRACTICE, title="Qaralama", published=False)
    late = makers.programme(cast, kind=ProgrammeKind.PRACTICE, title="Keçmiş")
    late.call.deadlines.filter(step="endorse").update(at=late.created - timedelta(days=1))
    client = login("coordinator")
    assert client.get(PAGE).context["desk"].programmes == [practice]
    assert send(cast, client, late, "student").status_code == 422
    assert client.get(PAGE, {"programme": "no-such"}).status_code == 404
    assert Application.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [({"number": ""}, "number"), ({"day": "2099-01-01"}, "day"), ({"day": "dünən"}, "day")],
)
def test_a_wrong_order_keeps_what_was_typed(cast, login, practice, more, field):
    response = send(cast, login("coordinator"), practice, "student", **more)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert [row.affiliation.person for row in response.context["desk"].forms] == [cast.student]
    assert Application.objects.count() == 0


def test_an_order_shows_its_students_to_its_coordinators_alone(cast, login, practice):
    send(cast, login("coordinator"), practice, *PICKED)
    url = reverse("internships:order", args=[NominationOrder.objects.get().uid])
    response = login("coordinator").get(url)
    assert [line["application"].person for line in response.context["lines"]] == [
        cast.colleague,
        cast.student,
    ]
    for name in ("coordinator2", "hr", "student", "partnerships"):
        assert login(name).get(url).status_code == 404
    other = make.organization("Maşınqayırma fakültəsi", Kind.FACULTY, cast.aztu)
    dean = make.person("Aysel Dekan", "dekan@cast.example")
    make.affiliation(dean, other, Role.COORDINATOR)
    cast.mentor = dean
    assert login("mentor").get(url).context["lines"] == []


def test_a_student_without_an_account_is_told_by_mail(
    cast, login, practice, django_capture_on_commit_callbacks
):
    listed = make.student("Aytən Kazımova", "ayten@aztu.example", cast.energy, account=False)
    cast.mentor = listed
    with django_capture_on_commit_callbacks(execute=True):
        send(cast, login("coordinator"), practice, "mentor")
    assert Application.objects.get().person == listed
    assert Message.objects.filter(kind="internships.nominated", address="ayten@aztu.example").count() == 1


def test_the_page_asks_as_much_for_many_as_for_one(cast, login, practice, django_assert_max_num_queries):
    client = login("coordinator")
    asked = []
    for number in range(6):
        make.student(f"Tələbə {number}", f"t{number}@aztu.example", cast.energy)
    uids = list(nominations.students(cast.user("coordinator")).values_list("uid", flat=True))
    client.get(PAGE, {"pick": uids})
    for picked in (uids[:1], uids):
        with django_assert_max_num_queries(20) as queries:
            assert len(client.get(PAGE, {"pick": picked}).context["desk"].forms) == len(picked)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_nobody_is_nominated_who_has_refused_to_be_kept_here(cast):
    assert studies_of(cast.student) is not None
    Person.objects.filter(pk=cast.student.pk).update(erased_at=timezone.now())
    assert studies_of(cast.student) is None
