"""The profile: one's particulars, skills, university and studies, and what becomes of what was asked."""

from typing import Any

import pytest

from partnerships.directory import actions
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Domain, Organization, Person, Skill, Study
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, Login
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change

pytestmark = pytest.mark.django_db


def particulars(person: Person, **values: Any) -> dict[str, Any]:
    person.refresh_from_db()
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "patronymic": person.patronymic,
        "phone": person.phone,
        "orcid": person.orcid,
        "fin": "",
        "version": person.version,
        **values,
    }


# Profile ------------------------------------------------------------------------------------------------
def test_a_person_corrects_their_particulars(cast: Cast, login: Login) -> None:
    client = login("student")
    assert client.get("/profile/").status_code == 200
    values = particulars(cast.student, phone="050 123 45 67", patronymic="Elçin qızı", fin="5abc1d2")
    response = client.post("/profile/", values)
    assert response.status_code == 302, response.context["form"].errors
    cast.student.refresh_from_db()
    assert (cast.student.phone, cast.student.fin, cast.student.version) == ("+994501234567", "5ABC1D2", 2)


def test_the_personal_code_is_masked_and_kept_when_left_empty(cast: Cast, login: Login) -> None:
    Person.objects.filter(pk=cast.student.pk).update(fin="5ABC1D2")
    client = login("student")
    page = client.get("/profile/").content.decode()
    assert "•••••D2" in page
    assert "5ABC1D2" not in page
    client.post("/profile/", particulars(cast.student, given_name="Nigar"))
    cast.student.refresh_from_db()
    assert cast.student.fin == "5ABC1D2"


def test_a_foreigner_needs_no_patronymic_no_code_and_no_azerbaijani_number(cast: Cast, login: Login) -> None:
    values = particulars(cast.student, is_foreigner="on", phone="+44 20 7946 0958")
    assert login("student").post("/profile/", values).status_code == 302
    cast.student.refresh_from_db()
    assert (cast.student.is_foreigner, cast.student.phone, cast.student.fin) == (True, "+442079460958", "")


def test_the_second_of_two_editors_sees_the_difference_and_keeps_what_was_typed(
    cast: Cast, login: Login
) -> None:
    client = login("student")
    slow = particulars(cast.student, family_name="Məmmədzadə", fin="5ABC1D2")
    client.post("/profile/", particulars(cast.student, family_name="Əliyeva", phone="+994501234567"))
    response = client.post("/profile/", slow)
    assert response.status_code == 409
    shown = {(d.theirs, d.mine) for d in response.context["form"].differences}
    assert shown == {("Əliyeva", "Məmmədzadə"), ("+994501234567", "—")}
    cast.student.refresh_from_db()
    assert cast.student.family_name == "Əliyeva"
    slow["version"] = response.context["form"]["version"].value()
    assert client.post("/profile/", slow).status_code == 302
    cast.student.refresh_from_db()
    assert (cast.student.family_name, cast.student.phone) == ("Məmmədzadə", "")


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "telefon"), ("orcid", "0000-0002-1825-0098"), ("fin", "12"), ("given_name", "")],
)
def test_bad_particulars_stay_in_the_form_with_the_error_on_the_field(
    cast: Cast, login: Login, field: str, value: str
) -> None:
    response = login("student").post("/profile/", particulars(cast.student, **{field: value}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_another_persons_code_is_refused_without_saying_whose(cast: Cast, login: Login) -> None:
    Person.objects.filter(pk=cast.student2.pk).update(fin="5ABC1D2")
    response = login("student").post("/profile/", particulars(cast.student, fin="5ABC1D2"))
    assert response.status_code == 422
    assert "Elnur" not in response.content.decode()


def test_skills_come_from_the_one_vocabulary_however_they_are_typed(cast: Cast, login: Login) -> None:
    skill = Skill.objects.create(name="Relə mühafizəsi", name_en="Relay protection")
    client = login("student")
    client.post("/profile/skills/", {"name": "RELE MUHAFIZESI"})
    assert list(cast.student.skills.all()) == [skill]
    assert client.post("/profile/skills/", {"name": "sehrbazlıq"}).status_code == 422
    client.post("/profile/skills/", {"remove": skill.pk})
    assert list(cast.student.skills.all()) == []


# One's university ---------------------------------------------------------------------------------------
def study(**values: Any) -> dict[str, Any]:
    return {
        "role": "student",
        "specialty": make.specialty().pk,
        "degree": "bachelor",
        "year": "3",
        "gpa": "88,5",
        "mode": "full_time",
        **values,
    }


def test_the_suggested_university_is_preselected_and_confirmed_on_one_screen(
    cast: Cast, login: Login
) -> None:
    Domain.objects.create(organization=cast.aztu, domain="else.example")
    actions.suggest_affiliation(cast.stranger, "zaur@else.example", actor=SYSTEM)
    client = login("stranger")
    page = client.get("/profile/university/?next=/internships/")
    assert (page.context["chosen"], page.context["suggested"]) == (cast.aztu, True)
    response = client.post(
        "/profile/university/", study(organization=cast.aztu.slug, unit=cast.energy.pk, next="/internships/")
    )
    assert response.status_code == 302, response.context["form"].errors
    assert response.url == "/internships/"
    row = cast.affiliation("stranger")
    assert (row.state, row.organization) == (AffiliationState.REQUESTED, cast.energy)
    assert str(Study.objects.get(affiliation=row).gpa) == "88.50"


def test_a_university_is_found_by_name_with_and_without_a_script(cast: Cast, login: Login) -> None:
    client = login("stranger")
    whole = client.get("/profile/university/?q=TEXNİKİ")
    part = client.get("/profile/university/?q=texniki", headers={"HX-Request": "true", "HX-Target": "found"})
    link = f"organization={cast.aztu.slug}"
    assert link in whole.content.decode()
    assert link in part.content.decode()
    assert "<html" not in part.content.decode()
    assert cast.adnsu.slug not in part.content.decode()


def test_a_code_alone_confirms_a_student_at_once(cast: Cast, login: Login) -> None:
    made = actions.make_invitation(cast.energy, actor=cast.user("coordinator"))
    response = login("stranger").post("/profile/university/", study(code=made.code))
    assert response.status_code == 302, response.context["form"].errors
    row = cast.affiliation("stranger")
    assert (row.state, row.organization, row.study.year) == (AffiliationState.VERIFIED, cast.energy, 3)


def test_who_was_invited_types_the_code_and_nothing_else(cast: Cast, login: Login) -> None:
    made = actions.make_invitation(cast.aztu, actor=cast.user("admin"), role=Role.COORDINATOR)
    client = login("stranger")
    for typed in ("", "AAAAAAAAAA"):
        wrong = client.post("/profile/code/", {"code": typed})
        assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["code"])
    for _press in range(2):
        answer = client.post("/profile/code/", {"code": made.code.lower()})
        assert (answer.status_code, answer["Location"]) == (302, "/home/")
    row = cast.affiliation("stranger")
    assert (row.state, row.organization, row.role) == (AffiliationState.VERIFIED, cast.aztu, Role.COORDINATOR)
    assert list(login("student").post("/profile/code/", {"code": made.code}).context["form"].errors) == [
        "code"
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "AAAAAAAAAA"}, "code"),
        ({}, "__all__"),
        ({"organization": "aztu", "gpa": "101"}, "gpa"),
        ({"organization": "aztu", "year": "9"}, "year"),
        ({"organization": "aztu", "specialty": ""}, "specialty"),
        ({"organization": "aztu", "role": "administrator"}, "role"),
    ],
)
def test_what_does_not_fit_is_said_on_its_field_and_nothing_is_written(
    cast: Cast, login: Login, values: dict[str, str], field: str
) -> None:
    Organization.objects.filter(pk=cast.aztu.pk).update(slug="aztu")
    response = login("stranger").post("/profile/university/", study(**values))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Affiliation.objects.filter(person=cast.stranger).exists()


def test_a_lecturer_is_not_asked_for_studies_nor_a_company_for_any(cast: Cast, login: Login) -> None:
    client = login("stranger")
    response = client.post("/profile/university/", {"organization": cast.aztu.slug, "role": "lecturer"})
    assert response.status_code == 302, response.context["form"].errors
    response = client.post(
        "/profile/university/?more=1", {"organization": cast.azerisiq.slug, "role": "mentor"}
    )
    assert response.status_code == 302, response.context["form"].errors
    rows = Affiliation.objects.filter(person=cast.stranger).order_by("pk")
    assert [(row.role, row.organization, hasattr(row, "study")) for row in rows] == [
        ("lecturer", cast.aztu, False),
        ("mentor", cast.azerisiq, False),
    ]


def test_a_confirmed_student_asks_the_coordinator_for_a_correction(
    cast: Cast, login: Login, django_capture_on_commit_callbacks: Any, mailoutbox: Any
) -> None:
    client = login("student")
    assert "Sevinc Quliyeva" in client.get("/profile/university/").content.decode()
    row = cast.affiliation("student")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/profile/university/{row.uid}/ask/", {"note": "Kurs 4 deyil, 3 olmalıdır."})
    assert [letter.to for letter in mailoutbox] == [["coordinator@cast.example"]]
    assert login("student2").post(f"/profile/university/{row.uid}/ask/", {"note": "x"}).status_code == 404


def test_the_coordinator_is_told_of_a_request_and_the_student_of_the_answer(
    cast: Cast, login: Login, django_capture_on_commit_callbacks: Any, mailoutbox: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        login("stranger").post("/profile/university/", study(organization=cast.aztu.slug))
    assert [letter.to for letter in mailoutbox] == [["coordinator@cast.example"]]
    row = cast.affiliation("stranger")
    with django_capture_on_commit_callbacks(execute=True):
        login("coordinator").post(f"/people/affiliations/{row.uid}/", {"verb": "confirm"})
    assert [letter.to for letter in mailoutbox][1:] == [["zaur@else.example"]]


def test_what_is_to_be_corrected_is_not_cut_but_kept_in_the_form(cast: Cast, login: Login) -> None:
    client, row = login("student"), cast.affiliation("student")
    address = f"/profile/university/{row.uid}/ask/"
    assert "data-count" not in client.get("/profile/university/").text  # a crispy field has its own counter
    wordy = "Qrupum səhvdir. " * 70
    answer = client.post(address, {"note": wordy})
    assert (answer.status_code, answer.text.count("Qrupum səhvdir.")) == (422, 70)
    assert "Burada ən çoxu 1000 simvol saxlanıla bilər, sizin mətniniz 1119 simvoldur." in answer.text
    empty = client.post(address, {"note": "  "})
    assert (empty.status_code, "Nəyin düzəldilməli olduğunu yazın" in empty.text) == (422, True)
    asked = Change.objects.filter(verb="ask_change")
    assert not asked.exists()
    assert client.post(address, {"note": "Qrupum səhvdir."}).status_code == 302
    assert [change.note for change in asked] == ["Qrupum səhvdir."]
