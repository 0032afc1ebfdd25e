"""Edits that another person makes at the same time, and what can be taken away again."""

from typing import Any

import pytest

from partnerships.common.refusals import StaleState
from partnerships.directory import actions
from partnerships.directory.models import Person
from partnerships.testing.cast import Cast, Login

FIN = "5ABC1D2"


@pytest.fixture
def with_code(cast: Cast) -> Person:
    Person.objects.filter(pk=cast.student.pk).update(fin=FIN)
    cast.student.refresh_from_db()
    return cast.student


def particulars(person: Person, **values: Any) -> dict[str, Any]:
    kept = {
        name: getattr(person, name) for name in ("given_name", "family_name", "patronymic", "phone", "orcid")
    }
    return {**kept, "fin": "", "version": Person.objects.get(pk=person.pk).version, **values}


# The personal code ----------------------------------------------------------------------------------------
def test_a_person_takes_their_personal_code_away(with_code: Person, login: Login) -> None:
    client = login("student")
    assert 'name="forget_fin"' in client.get("/profile/").content.decode()
    assert client.post("/profile/", particulars(with_code, forget_fin="on")).status_code == 302
    with_code.refresh_from_db()
    assert with_code.fin == ""
    assert 'name="forget_fin"' not in client.get("/profile/").content.decode()


def test_a_new_code_and_the_wish_to_remove_it_contradict_each_other(with_code: Person, login: Login) -> None:
    answer = login("student").post("/profile/", particulars(with_code, forget_fin="on", fin="7XYZ8W9"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["forget_fin"])
    with_code.refresh_from_db()
    assert with_code.fin == FIN


def test_an_administrator_takes_a_personal_code_away_and_never_reads_it(
    cast: Cast, with_code: Person, login: Login, settings: Any
) -> None:
    settings.DEMO = True  # where a second factor is not asked for
    client = login("admin")
    address = f"/admin/directory/person/{with_code.pk}/change/"
    page = client.get(address).content.decode()
    assert "•••••D2" in page
    assert FIN not in page
    row = cast.affiliation("student")
    values = {
        "family_name": with_code.family_name,
        "given_name": with_code.given_name,
        "user": with_code.user_id,
        "email": with_code.email,
        "affiliations-TOTAL_FORMS": "1",
        "affiliations-INITIAL_FORMS": "1",
        "affiliations-0-id": row.pk,
        "affiliations-0-person": with_code.pk,
        "affiliations-0-organization": row.organization_id,
        "affiliations-0-role": row.role,
        "affiliations-0-starts": "01.09.2020",
    }
    kept = client.post(address, values)
    assert kept.status_code == 302, kept.context["errors"]
    with_code.refresh_from_db()
    assert with_code.fin == FIN
    assert client.post(address, {**values, "forget_fin": "on"}).status_code == 302
    with_code.refresh_from_db()
    assert with_code.fin == ""
    assert FIN not in client.get(f"/admin/directory/person/{with_code.pk}/history/").content.decode()


# Studies
def studies(cast: Cast, version: int, **values: Any) -> dict[str, Any]:
    study = cast.study("student")
    return {
        "specialty": study.specialty_id,
        "degree": study.degree,
        "year": study.year,
        "gpa": str(study.gpa),
        "mode": study.mode,
        "student_number": "",
        "group": "",
        "version": version,
        **values,
    }


def test_who_corrects_the_studies_of_another_is_not_told_what_the_student_gains_by_a_number(
    cast: Cast, login: Login
) -> None:
    page = login("coordinator").get(f"/people/{cast.student.uid}/")
    assert page.context["form"]["student_number"].help_text == ""


def test_the_second_coordinator_who_corrects_the_studies_is_told_and_keeps_what_was_typed(
    cast: Cast, login: Login
) -> None:
    address = f"/people/{cast.student.uid}/"
    client = login("coordinator")
    read = client.get(address).context["form"]["version"].value()
    assert read == cast.affiliation("student").version
    slow = studies(cast, read, gpa="91,5", group="622a4")
    assert client.post(address, studies(cast, read, gpa="70")).status_code == 302
    answer = client.post(address, slow)
    assert answer.status_code == 409
    shown = {(d.theirs, d.mine) for d in answer.context["form"].differences}
    assert shown == {("70", "91,5"), ("—", "622a4")}
    assert str(cast.study("student").gpa) == "70.00"
    slow["version"] = answer.context["form"]["version"].value()
    assert client.post(address, slow).status_code == 302
    assert (str(cast.study("student").gpa), cast.study("student").group) == ("91.50", "622a4")


def test_a_correction_made_on_what_has_moved_on_writes_nothing(cast: Cast) -> None:
    row = cast.affiliation("student")
    actions.update_study(row, actor=cast.user("coordinator"), version=row.version, year=3)
    with pytest.raises(StaleState):
        actions.update_study(row, actor=cast.user("coordinator"), version=row.version, year=2)
    assert (cast.study("student").year, cast.affiliation("student").version) == (3, row.version + 1)
