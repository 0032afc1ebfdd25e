"""The working list: whose rows, which columns, what can be done with many at once, and what it costs."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from internships import actions
from internships.enums import ApplicationState as A
from internships.models import Application
from internships.tests import makers
from partnerships.common.among import HELD
from partnerships.common.clock import start_of_day, today
from partnerships.directory.models import Person
from partnerships.testing.factories import settled

LIST = reverse("internships:worklist")
MANY = reverse("internships:worklist_many")
EXPORT = reverse("export", args=["internships.applications"])
QUERIES = 11


@pytest.fixture(autouse=True)
def _no_leftovers():
    cache.clear()


@pytest.fixture
def summer(cast):
    return makers.programme(cast, seats=2)


def names(response):
    return [line.application.person.name for line in response.context["lines"]]


def test_human_resources_see_what_universities_endorsed_and_nothing_else(cast, login, summer):
    makers.endorsed(cast, summer, "student")
    makers.sent(cast, summer, "colleague")
    theirs = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Kabel")
    makers.endorsed(cast, theirs, "student2")
    response = login("hr").get(LIST)
    assert names(response) == ["Nigar Məmmədova"]
    assert "Kənan" not in response.content.decode()
    assert names(login("hr2").get(LIST)) == ["Elnur Qarabağlı"]
    assert names(login("hr").get(LIST, {"programme": "all"})) == ["Nigar Məmmədova"]


def test_another_companys_round_is_not_there(cast, login, summer):
    makers.endorsed(cast, summer, "student")
    assert login("hr2").get(LIST, {"programme": summer.slug}).status_code == 404
    assert login("hr2").get(EXPORT, {"programme": summer.slug}).status_code == 404


def test_a_coordinator_sees_own_students_without_the_companys_score(cast, login, summer):
    application = makers.endorsed(cast, summer, "student")
    actions.assess(application, actor=cast.user("hr"), score=93, note="Güclü namizəd")
    makers.sent(cast, summer, "student2")
    response = login("coordinator").get(LIST)
    assert names(response) == ["Nigar Məmmədova"]
    assert [line.score for line in response.context["lines"]] == [None]
    assert ">93<" not in response.content.decode()
    assert "score" not in dict(response.context["form"].fields["sort"].choices)


def test_a_mentor_sees_the_students_accepted_to_own_positions(cast, login, summer):
    position = summer.positions.get()
    position.mentors.set([cast.mentor])
    makers.endorsed(cast, summer, "colleague")
    assert names(login("mentor").get(LIST)) == []
    actions.accept(makers.offered(cast, summer, "student"), actor=cast.user("student"))
    response = login("mentor").get(LIST)
    assert names(response) == ["Nigar Məmmədova"]
    assert response.context["desk"].verbs == []


def test_a_student_is_led_to_own_applications(cast, login, summer):
    response = login("student").get(LIST)
    assert (response.status_code, response["Location"]) == (302, reverse("internships:mine"))


def test_the_newest_round_with_something_to_do_is_shown_first(cast, login, summer):
    makers.endorsed(cast, summer, "student")
    makers.programme(cast, title="Qış təcrübəsi 2027")
    assert login("hr").get(LIST).context["desk"].programme == summer


def test_where_nothing_waits_the_newest_round_is_shown_first(cast, login, summer):
    newer = makers.programme(cast, title="Qış təcrübəsi 2027")
    assert login("hr").get(LIST).context["desk"].programme == newer


def test_pills_count_the_states_of_the_round(cast, login, summer):
    makers.endorsed(cast, summer, "student")
    refused = makers.endorsed(cast, summer, "colleague")
    actions.refuse(refused, actor=cast.user("hr"), code="stronger", note="Bu dəfə yox.")
    response = login("hr").get(LIST)
    assert [pill.count for pill in response.context["pills"]] == [2, 1, 1]
    assert names(login("hr").get(LIST, {"state": "ended"})) == ["Kənan Əhmədli"]


def test_search_forgives_letters_and_finds_numbers(cast, login, summer):
    makers.endorsed(cast, summer, "student")
    second = makers.endorsed(cast, summer, "colleague")
    assert names(login("hr").get(LIST, {"q": "ehmedli"})) == ["Kənan Əhmədli"]
    assert names(login("hr").get(LIST, {"q": second.number})) == ["Kənan Əhmədli"]
    empty = login("hr").get(LIST, {"q": "heç kim"})
    assert (names(empty), empty.context["narrowed"]) == ([], True)


def test_filters_narrow_by_university_unit_and_lateness(cast, login, summer):
    makers.place(cast, summer, unit=cast.aran, title_az="Kabel şəbəkəsi")
    makers.endorsed(cast, summer, "student", makers.vacancy(summer, 0))
    makers.endorsed(cast, summer, "student2", makers.vacancy(summer, 1))
    hr = login("hr")
    assert names(hr.get(LIST, {"university": cast.adnsu.pk})) == ["Elnur Qarabağlı"]
    assert names(hr.get(LIST, {"unit": cast.baki.path})) == ["Nigar Məmmədova"]
    assert names(hr.get(LIST, {"late": "on"})) == []
    assert sorted(names(hr.get(LIST, {"university": "999", "unit": "zzz"}))) == [
        "Elnur Qarabağlı",
        "Nigar Məmmədova",
    ]


def test_the_order_is_by_score_date_or_name_with_the_unscored_last(cast, login, summer):
    for who, score in (("student", 70), ("colleague", None), ("student2", 90)):
        application = makers.endorsed(cast, summer, who)
        if score:
            actions.assess(application, actor=cast.user("hr"), score=score, note="")
    hr = login("hr")
    assert names(hr.get(LIST)) == ["Elnur Qarabağlı", "Nigar Məmmədova", "Kənan Əhmədli"]
    by_name = ["Kənan Əhmədli", "Elnur Qarabağlı", "Nigar Məmmədova"]  # ə, q, m: the alphabet
    assert names(hr.get(LIST, {"sort": "name"})) == by_name


def crowd(cast, programme, count):
    """`count` more endorsed applications, written without their history."""
    vacancy = makers.vacancy(programme)
    affiliation = cast.affiliation("student")
    people = Person.objects.bulk_create(
        Person(given_name=f"Ad{n}", family_name=f"Soyad{n:05d}") for n in range(count)
    )
    rows = Application.objects.bulk_create(
        Application(
            programme=programme,
            person=person,
            affiliation=affiliation,
            unit=cast.energy,
            university=cast.aztu,
            state=A.IN_REVIEW,
            submitted_at=programme.created,
            reached_company_at=programme.created,
            number=f"INT-2026-9{n:05d}",
            score=n % 100,
        )
        for n, person in enumerate(people)
    )
    vacancy.choices.model.objects.bulk_create(
        vacancy.choices.model(application=row, vacancy=vacancy, rank=1) for row in rows
    )
    settled()


@pytest.mark.parametrize("size", [30, pytest.param(10_000, marks=pytest.mark.wide)])
def test_the_list_costs_the_same_at_any_size(cast, login, summer, size, django_assert_num_queries):
    crowd(cast, summer, size)
    client = login("hr")
    client.get(LIST)  # what can be chosen from is kept for a minute
    with django_assert_num_queries(QUERIES - 3):
        response = client.get(LIST)
    assert len(response.context["lines"]) == min(size, 25)
    # A name and its rows are found by the query that counts; what may be a number is asked for by itself, and
    # so are the rows of a name that thousands have.
    with django_assert_num_queries(QUERIES - 1):
        response = client.get(LIST, {"q": "soyad0", "sort": "due"})
    assert len(response.context["lines"]) == min(size, 25)
    with django_assert_num_queries(QUERIES - (3 if size <= HELD else 2)):
        response = client.get(LIST, {"q": "soyad", "sort": "due"})
    assert len(response.context["lines"]) == min(size, 25)
    client.post(reverse("set_page_size"), {"size": "100"})
    with django_assert_num_queries(QUERIES - 1):  # after a POST the shell counts anew
        response = client.get(LIST)
    assert len(response.context["lines"]) == min(size, 100)
    before, sizes, _after = response.content.decode().partition('class="sizes"')
    assert (bool(sizes), before.count("<form") - before.count("</form>")) == (True, 1)  # in no other form


def test_a_name_a_part_of_a_number_and_a_whole_number_find_their_application(cast, summer):
    one, two = makers.sent(cast, summer, "student"), makers.sent(cast, summer, "student2")
    found = lambda typed: {row.pk for row in Application.objects.answering(typed)}  # noqa: E731
    assert found("MƏMMƏDOVA") == {one.pk}
    assert found(one.number) == {one.pk}
    assert found(one.number[:-1]) == {one.pk, two.pk}
    assert found(two.number[-5:]) == {two.pk}
    assert found("99999") == set()


def test_pages_follow_each_other_to_the_end_without_doubling(cast, login, summer):
    crowd(cast, summer, 120)
    client, seen, url = login("hr"), [], "?sort=due"
    while url:
        response = client.get(f"{LIST}{url}")
        seen += [line.application.pk for line in response.context["lines"]]
        url = response.context["page"]["next_url"]
    assert len(seen) == len(set(seen)) == 120


# Many at once --------------------------------------------------------------------------------------


def test_a_coordinator_endorses_many_and_one(cast, login, summer):
    both = [makers.sent(cast, summer, who) for who in ("student", "colleague")]
    theirs = makers.sent(cast, summer, "student2")
    coordinator = login("coordinator")
    response = coordinator.post(MANY, {"verb": "endorse", "pick": [both[0].uid, theirs.uid]})
    assert response.status_code == 302
    assert coordinator.post(MANY, {"endorse_one": both[1].uid}).status_code == 302
    states = dict(Application.objects.values_list("person__given_name", "state"))
    assert states == {"Nigar": A.IN_REVIEW, "Kənan": A.IN_REVIEW, "Elnur": A.SUBMITTED}


def test_returning_asks_for_words_and_keeps_who_was_chosen(cast, login, summer):
    application = makers.sent(cast, summer)
    coordinator = login("coordinator")
    asked = coordinator.post(MANY, {"verb": "return", "pick": [application.uid]})
    assert (asked.status_code, asked.context["chosen"]) == (200, [application])
    empty = coordinator.post(
        MANY, {"verb": "return", "pick": [application.uid], "confirmed": "1", "note": " "}
    )
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["note"])
    done = coordinator.post(
        MANY,
        {"verb": "return", "pick": [application.uid], "confirmed": "1", "note": "Transkripti yeniləyin."},
    )
    assert done.status_code == 302
    assert Application.objects.get().state == A.RETURNED


def test_refusing_many_says_what_was_done_and_why_the_rest_was_not(cast, login, summer):
    waiting = makers.endorsed(cast, summer, "student")
    offered = makers.offered(cast, summer, "colleague")
    sent = {
        "verb": "refuse",
        "pick": [waiting.uid, offered.uid],
        "confirmed": "1",
        "refusal_code": "stronger",
        "note": "Bu dəfə daha güclü namizədlər oldu.",
    }
    response = login("hr").post(MANY, sent)
    assert response.status_code == 200
    assert [application.person.name for application in response.context["done"]] == ["Nigar Məmmədova"]
    assert [application.person.name for application, _why in response.context["refused"]] == ["Kənan Əhmədli"]
    assert makers.again(offered).state == A.OFFERED


def test_several_are_offered_a_place_and_the_better_score_takes_the_last_seat(cast, login):
    summer = makers.programme(cast, seats=1)
    low, high = makers.endorsed(cast, summer, "student"), makers.endorsed(cast, summer, "colleague")
    for application, score in ((low, 60), (high, 90)):
        actions.assess(application, actor=cast.user("hr"), score=score, note="")
    picked = {"verb": "offer", "pick": [low.uid, high.uid]}
    asked = login("hr").post(MANY, picked)
    assert (asked.status_code, makers.again(high).state) == (200, A.IN_REVIEW)
    told = login("hr").post(MANY, {**picked, "confirmed": "1", "note": "Xoş gəlmisiniz"})
    assert (makers.again(high).state, makers.again(low).state) == (A.OFFERED, A.IN_REVIEW)
    assert [application.pk for application, _why in told.context["refused"]] == [low.pk]
    assert login("coordinator").post(MANY, {**picked, "confirmed": "1"}).status_code == 403


def test_the_bulk_acts_of_the_other_side_are_refused(cast, login, summer):
    application = makers.endorsed(cast, summer, "student")
    asked = {"pick": [application.uid], "confirmed": "1", "note": "x", "refusal_code": "other"}
    assert login("coordinator").post(MANY, {"verb": "refuse", **asked}).status_code == 403
    assert login("hr").post(MANY, {"verb": "endorse", **asked}).status_code == 403
    # Somebody else's rows are not even there to be chosen.
    login("hr2").post(MANY, {"verb": "refuse", **asked})
    assert makers.again(application).state == A.IN_REVIEW
    assert login("hr").post(MANY, {"verb": "accept", **asked}).status_code == 400
    assert login("hr").post(MANY, {"verb": "waitlist", "pick": ["zzz"]}).status_code == 400


# Export --------------------------------------------------------------------------------------------


def sheet(response):
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()], book.active


def test_the_export_has_the_rows_of_the_page_and_runs_nothing(cast, login, summer):
    cast.student.given_name = '=HYPERLINK("http://x.example";"CV")'
    cast.student.save()
    application = makers.endorsed(cast, summer, "student")
    actions.assess(application, actor=cast.user("hr"), score=90, note="")
    makers.sent(cast, summer, "colleague")
    response = login("hr").get(EXPORT)
    rows, page = sheet(response)
    assert len(rows) == 2
    assert rows[1][1].startswith("=HYPERLINK")
    assert page["B2"].data_type == "s"
    assert 90 in rows[1]


def test_the_export_names_the_talk_that_is_set_as_the_page_does(cast, login, summer):
    application = makers.endorsed(cast, summer, "student")
    starts = start_of_day(today() + timedelta(days=3)) + timedelta(hours=11)
    actions.invite(
        application,
        actor=cast.user("hr"),
        interviewer=cast.mentor,
        starts=starts,
        ends=starts + timedelta(minutes=30),
        place="3 nömrəli otaq",
    )
    rows, _page = sheet(login("hr").get(EXPORT))
    assert rows[1][-1] == starts.replace(tzinfo=None)


def test_the_export_of_a_coordinator_has_no_score(cast, login, summer):
    application = makers.endorsed(cast, summer, "student")
    actions.assess(application, actor=cast.user("hr"), score=93, note="")
    hr_rows, _page = sheet(login("hr").get(EXPORT))
    rows, _page = sheet(login("coordinator").get(EXPORT))
    assert len(hr_rows[0]) == len(rows[0]) + 1
    assert 93 in hr_rows[1]
    assert 93 not in rows[1]


def test_a_student_exports_nothing(cast, login, summer):
    makers.endorsed(cast, summer, "student")
    assert login("student").get(EXPORT).status_code == 404


def test_the_export_asks_the_same_at_one_row_and_at_three(cast, login, summer, settings):
    settings.USERSESSIONS_TRACK_ACTIVITY = False

    def cost():
        client = login("hr")
        client.get("/menu/")
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            rows, _page = sheet(client.get(f"{EXPORT}?programme=all"))
        return len(rows) - 1, len(asked)

    makers.offered(cast, summer, "student")
    one = cost()
    makers.endorsed(cast, summer, "colleague")
    makers.endorsed(cast, summer, "student2")
    assert (one[0], cost()) == (1, (3, one[1]))


def test_what_comes_back_changed_is_marked_and_the_history_says_what_is_different(
    cast, login, summer, time_machine
):
    coordinator = cast.user("coordinator")
    application = makers.sent(cast, summer, "student")
    makers.sent(cast, summer, "colleague")
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    actions.return_to_student(application, actor=coordinator, note="Motivasiyanı dəqiqləşdirin.")
    Application.objects.filter(pk=application.pk).update(motivation="Relelərin sınağı üzrə diplom işi.")
    actions.submit(application, actor=cast.user("student"))
    client = login("coordinator")
    marks = {line.application.person: line.again for line in client.get(LIST).context["lines"]}
    assert marks == {cast.student: True, cast.colleague: False}
    page = client.get(application.get_absolute_url()).text
    assert page.count("Yenidən göndərilib, dəyişdirilib: niyə məhz bu yer") == 1
    actions.endorse(makers.again(application), actor=coordinator)
    assert makers.again(application).state == A.IN_REVIEW
