"""Mentors and other staff from a table, listed by who looks after them."""

import pytest
from django.test import TestCase
from django.urls import reverse

from partnerships.common.refusals import Refused
from partnerships.directory import actions
from partnerships.directory.models import Affiliation, Person
from partnerships.documents import brought_staff, imports
from partnerships.testing import tables
from partnerships.testing.tables import confirm, fates

HEAD = ["№", "S.A.A.", "Vəzifəsi", "Struktur bölməsi", "E-poçt", "Rol"]


def bring(cast, rows, who="hr", at="azerisiq"):
    context = {"organization": getattr(cast, at).pk}
    return tables.bring(brought_staff.KIND, [HEAD, *rows], context=context, actor=cast.user(who))


def test_mentors_are_listed_by_the_whole_name_and_found_again(cast):
    rows = [
        [1, "Rzayev Vüsal Tofiq oğlu", "Baş mühəndis", cast.baki.name, "Vusal@azerishiq.example", ""],
        [2, cast.mentor.full_name, "", "", cast.mentor.email, "Mentor"],
        [3, "Yad Adam", "", "Yoxdur", "yad@azerishiq.example", ""],
        [4, "Böyük Rəhbər", "", "", "hr9@azerishiq.example", "İnsan resursları"],
        [5, "Rzayev Vüsal", "", cast.baki.name, "vusal@azerishiq.example", "mentor"],
        [6, "Tək", "", "", "tek@azerishiq.example", ""],
    ]
    run = bring(cast, rows)
    assert fates(run) == ["add", "nothing", "refuse", "refuse", "refuse", "refuse"]
    confirm(run)
    made = Affiliation.objects.select_related("person").get(person__email="vusal@azerishiq.example")
    assert (made.organization, made.role, made.position) == (cast.baki, "mentor", "Baş mühəndis")
    assert (made.state, made.verified_by) == ("verified", cast.user("hr"))
    assert (made.person.full_name, made.person.user) == ("Rzayev Vüsal Tofiq oğlu", None)
    assert Person.objects.filter(email=cast.mentor.email).count() == 1
    assert fates(bring(cast, rows[:2])) == ["nothing", "nothing"]


def test_an_address_that_belongs_to_somebody_else_on_the_list_is_told(cast):
    rows = [
        [1, "Yad Adam", "", "", cast.mentor.email, "Mentor"],
        [2, cast.mentor.full_name, "", "", cast.mentor.email, "Ekspert"],
    ]
    run = bring(cast, rows)
    told = [row.fate_text for row in run.rows.order_by("number")]
    assert cast.mentor.full_name in told[0]
    assert fates(run) == ["nothing", "add"]


def test_who_writes_part_of_the_name_of_one_unit_is_told_its_whole_name(cast):
    rows = [
        [1, "Rzayev Vüsal", "", "yasamal", "vusal@azerishiq.example", ""],
        [2, "Yad Adam", "", "Yoxdur belə", "yad@azerishiq.example", ""],
        [3, "Yad Qadın", "", "kV", "qadin@azerishiq.example", ""],
    ]
    told = [row.errors["unit"] for row in bring(cast, rows).rows.order_by("number")]
    nobody = "Məsul olduğunuz bölmələr arasında belə bölmə yoxdur."
    perhaps = f"{nobody} Bəlkə bunu nəzərdə tutursunuz: {cast.substation.name}."
    assert told == [[perhaps], [nobody], [nobody]]


@pytest.mark.parametrize("signs", ['""', "«»", "„“", ("", "")])
def test_a_unit_is_known_by_its_name_in_whatever_quotation_marks(cast, signs):
    name = cast.substation.name.replace("“", signs[0]).replace("”", signs[1])
    run = bring(cast, [[1, "Rzayev Vüsal", "", name, "vusal@azerishiq.example", ""]])
    assert (fates(run), run.rows.get().errors) == (["add"], {})


def test_headings_as_staff_offices_write_them_are_known(cast):
    head = ["Soyadı", "Adı", "Tutduğu vəzifə", "Mobil nömrə", "E-poçt"]
    row = ["Rzayev", "Vüsal", "Baş mühəndis", "+994 50 123 45 67", "vusal@azerishiq.example"]
    run = tables.bring(
        brought_staff.KIND, [head, row], context={"organization": cast.azerisiq.pk}, actor=cast.user("hr")
    )
    confirm(run)
    made = Affiliation.objects.select_related("person").get(person__email="vusal@azerishiq.example")
    assert (made.position, made.person.phone) == ("Baş mühəndis", "+994501234567")


def test_a_column_of_whole_names_that_nobody_knows_is_chosen_once_and_remembered(cast):
    head, rows = ["Kim", "Poçtu"], [["Rzayev Vüsal Tofiq oğlu", "vusal@azerishiq.example"]]
    context, actor = {"organization": cast.azerisiq.pk}, cast.user("hr")
    run = tables.bring(brought_staff.KIND, [head, *rows], context=context, actor=actor)
    assert run.state == "asking"
    with TestCase.captureOnCommitCallbacks(execute=True):
        imports.match_columns(run, {"kim": "whole_name", "poctu": "email"}, actor=actor)
    run.refresh_from_db()
    assert (run.state, fates(run)) == ("previewed", ["add"])
    again = tables.bring(brought_staff.KIND, [head[::-1], rows[0][::-1]], context=context, actor=actor)
    assert (again.state, fates(again)) == ("previewed", ["add"])


def test_another_house_is_not_listed_and_power_is_given_one_by_one(cast, login):
    for who, at in (("hr2", "azerisiq"), ("coordinator", "azerisiq"), ("mentor", "azerisiq")):
        with pytest.raises(Refused):
            bring(cast, [[1, "A B", "", "", "a@b.example", ""]], who, at)
    values = {"given_name": "A", "family_name": "B", "email": "a@b.example"}
    for role in ("hr", "leadership", "administrator", "coordinator"):
        with pytest.raises(Refused):
            actions.enlist_staff(cast.azerisiq, actor=cast.user("hr"), role=role, **values)
    own = {**values, "email": cast.hr.email}
    with pytest.raises(Refused):
        actions.enlist_staff(cast.azerisiq, actor=cast.user("hr"), role="mentor", **own)
    assert not Person.objects.filter(email="a@b.example").exists()
    page = login("hr2").get(reverse("import_staff"), {"at": cast.azerisiq.slug})
    assert page.status_code == 404
    assert login("student").get(reverse("import_staff")).status_code == 403


def test_who_asked_for_the_role_is_confirmed_by_the_list(cast):
    asked = actions.request_affiliation(
        cast.stranger, cast.azerisiq, actor=cast.user("stranger"), role="expert"
    )
    row, made = actions.enlist_staff(
        cast.azerisiq,
        actor=cast.user("hr"),
        role="expert",
        given_name="Başqa",
        family_name="Ad",
        email=cast.stranger.email,
    )
    assert (row.pk, made) == (asked.pk, True)
    assert Affiliation.objects.get(pk=asked.pk).state == "verified"
