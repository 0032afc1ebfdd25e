"""A student's personal code is masked, and shown whole only by an act that its owner reads of."""

import pytest
from django.urls import reverse

from internships import actions
from internships.models import Placement
from internships.tests import makers
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.enums import Role
from partnerships.directory.models import Person
from partnerships.testing import factories as make
from partnerships.workflow.models import Change

FIN = "5AB12CD"


def placed(cast):
    found = makers.placement(cast)
    Person.objects.filter(pk=cast.student.pk).update(fin=FIN)
    return Placement.objects.with_rows().get(pk=found.pk)


def looks():
    return [(row.actor_name, row.note) for row in Change.objects.filter(verb="see_fin").order_by("pk")]


def test_who_makes_the_papers_reads_it_once_they_say_what_for_and_the_student_sees_that(cast, login):
    found = placed(cast)
    url, hr = reverse("internships:personal_code", args=[found.uid]), login("hr")
    page = hr.get(found.get_absolute_url()).content.decode()
    assert (FIN in page, "•••••CD" in page, url in page) == (False, True, True)
    assert (FIN in hr.get(url).content.decode(), hr.post(url, {}).status_code, looks()) == (False, 422, [])
    shown = hr.post(url, {"why": "pass"})
    assert FIN in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert looks() == [("Leyla Rəhimova", "Obyektə buraxılış vəsiqəsi")]
    mine = login("student").get("/profile/data/").content.decode()
    assert "Obyektə buraxılış vəsiqəsi" in mine
    assert "Obyektə buraxılış vəsiqəsi" not in login("colleague").get("/profile/data/").content.decode()


def test_nobody_else_reads_it_nor_after_the_practice(cast, login):
    found = placed(cast)
    url = reverse("internships:personal_code", args=[found.uid])
    for who in ("mentor", "student", "coordinator2", "hr2", "colleague", "rector", "partnerships"):
        with pytest.raises(Refused):
            actions.see_personal_code(found, actor=cast.user(who), why="x")
    assert [login(who).post(url, {"why": "pass"}).status_code for who in ("coordinator2", "student2")] == [
        404,
        404,
    ]
    assert actions.see_personal_code(found, actor=cast.user("coordinator"), why="Əmr") == FIN
    Placement.objects.filter(pk=found.pk).update(state="assessed")
    with pytest.raises(Blocked) as over:
        actions.see_personal_code(makers_again(found), actor=cast.user("hr"), why="x")
    Placement.objects.filter(pk=found.pk).update(state="preparing")
    Person.objects.filter(pk=cast.student.pk).update(fin="")
    with pytest.raises(Blocked) as none:
        actions.see_personal_code(makers_again(found), actor=cast.user("hr"), why="x")
    assert [over.value.refusal.code, none.value.refusal.code] == ["over", "no_fin"]
    assert [note for _who, note in looks()] == ["Əmr"]


def makers_again(found):
    return Placement.objects.with_rows().get(pk=found.pk)


def test_the_log_names_whose_it_was_and_costs_the_same_for_many(cast, login, django_assert_max_num_queries):
    make.affiliation(cast.expert, cast.azerisiq, Role.DATA_PROTECTION)
    found, asked = placed(cast), []
    client = login("expert")
    for _n in range(2):
        for _m in range(1 + 3 * len(asked)):
            actions.see_personal_code(found, actor=cast.user("hr"), why="Pass")
        client.get("/data-protection/?show=codes")
        with django_assert_max_num_queries(12) as queries:
            page = client.get("/data-protection/?show=codes").content.decode()
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert (page.count("Nigar Məmmədova"), FIN in page) == (5, False)
