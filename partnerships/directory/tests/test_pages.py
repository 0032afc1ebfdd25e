"""The directory's pages: profile, one's university, people, invitations, partners."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.directory import actions
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Domain, Invitation, Organization, Person, Skill, Study
from partnerships.directory.source import SOURCE
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]


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


# People -------------------------------------------------------------------------------------------------
def test_each_keeper_lists_their_own_people(cast: Cast, login: Login) -> None:
    mine = login("coordinator").get("/people/").content.decode()
    theirs = login("coordinator2").get("/people/").content.decode()
    assert ("Kənan Əhmədli" in mine, "Elnur Qarabağlı" in mine) == (True, False)
    assert ("Kənan Əhmədli" in theirs, "Elnur Qarabağlı" in theirs) == (False, True)


@pytest.mark.parametrize("name", ["student", "mentor", "rector", "stranger", "expert"])
def test_who_looks_after_nobody_is_told_so(cast: Cast, login: Login, name: str) -> None:
    for path in ("/people/", "/people/invitations/"):
        assert login(name).get(path).status_code == 403


def test_one_person_is_seen_by_their_keeper_and_is_not_there_for_others(cast: Cast, login: Login) -> None:
    path = f"/people/{cast.student.uid}/"
    assert login("coordinator").get(path).status_code == 200
    assert login("student").get(path).status_code == 200
    for name in ("coordinator2", "hr", "hr2", "student2", "partnerships", "mentor"):
        assert login(name).get(path).status_code == 404, name
    assert Client().get(path).status_code == 302


def waiting(cast: Cast) -> Affiliation:
    return actions.request_affiliation(cast.stranger, cast.aztu, actor=cast.user("stranger"))


def test_a_decision_needs_the_right_keeper_and_a_refusal_a_reason(cast: Cast, login: Login) -> None:
    row = waiting(cast)
    path = f"/people/affiliations/{row.uid}/"
    assert login("coordinator2").post(path, {"verb": "confirm"}).status_code == 404
    assert login("stranger").post(path, {"verb": "confirm"}).status_code == 403
    login("coordinator").post(path, {"verb": "refuse", "note": ""})
    row.refresh_from_db()
    assert row.state == AffiliationState.REQUESTED
    login("coordinator").post(path, {"verb": "refuse", "note": "Siyahıda yoxdur."})
    row.refresh_from_db()
    assert row.state == AffiliationState.REFUSED


def test_one_person_opens_with_the_keepers_move_and_its_buttons(cast: Cast, login: Login) -> None:
    waiting(cast)
    path = f"/people/{cast.stranger.uid}/"
    assert login("coordinator").get(path).content.decode().count('value="confirm"') == 1
    assert login("stranger").get(path).content.decode().count('value="confirm"') == 0


def test_the_ticked_are_confirmed_and_strangers_among_them_are_passed_over(cast: Cast, login: Login) -> None:
    row = waiting(cast)
    other = make.person("Orxan Kənar", "orxan@else.example")
    theirs = actions.request_affiliation(other, cast.adnsu, actor=other.user)
    login("coordinator").post("/people/confirm/", {"uid": [row.uid, theirs.uid, "junk"]})
    row.refresh_from_db()
    theirs.refresh_from_db()
    assert (row.state, theirs.state) == (AffiliationState.VERIFIED, AffiliationState.REQUESTED)


def test_pills_count_and_filter_and_search_forgives_letters(cast: Cast, login: Login) -> None:
    waiting(cast)
    client = login("coordinator")
    page = client.get("/people/")
    assert [(pill.key, pill.count) for pill in page.context["pills"]] == [
        ("", 5),
        ("waiting", 1),
        ("verified", 4),
        ("refused", 0),
    ]
    assert [row.person for row in page.context["waiting"]] == [cast.stranger]
    found = client.get("/people/?q=EHMEDLI").context["page"].rows
    assert [row.person for row in found] == [cast.colleague]


def test_the_list_costs_the_same_at_one_and_at_many_rows(cast: Cast, login: Login) -> None:
    def cost() -> int:
        client = login("coordinator")
        client.get("/people/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/people/").status_code == 200
        return len(queries)

    assert cost() == 8
    few = 9  # those who wait are read where there are any
    for number in range(12):
        who = make.student(f"Ad{number} Soyad{number}", f"s{number}@aztu.example", cast.energy)
        if number % 2:
            Affiliation.objects.filter(person=who).update(state=AffiliationState.REQUESTED)
    assert cost() == few
    assert few <= 20


def test_the_list_is_paged_in_alphabetical_order(cast: Cast, login: Login) -> None:
    for number in range(120):
        make.student(f"Ad Şamil{number:03}", f"s{number}@aztu.example", cast.energy, account=False)
    client, seen, path = login("coordinator"), [], "/people/?state=verified"
    while path:
        page = client.get(path).context["page"]
        seen += [row.person.sort_key for row in page.rows]
        path = f"/people/?state=verified&after={page.next}" if page.next else ""
    assert len(seen) == 124
    assert seen == sorted(seen)


def test_the_coordinator_corrects_studies_and_another_does_not(cast: Cast, login: Login) -> None:
    path = f"/people/{cast.student.uid}/"
    values = {
        "specialty": make.specialty().pk,
        "degree": "bachelor",
        "year": "2",
        "gpa": "70",
        "mode": "full_time",
        "version": cast.affiliation("student").version,
    }
    assert login("coordinator2").post(path, values).status_code == 404
    assert login("student").post(path, values).status_code == 404
    assert login("coordinator").post(path, values).status_code == 302
    assert cast.study("student").year == 2


def test_codes_are_made_listed_and_closed_by_their_keeper(cast: Cast, login: Login) -> None:
    client = login("coordinator")
    values = {"organization": cast.energy.pk, "role": "student", "uses": "30", "days": "14", "note": "EEM-41"}
    assert client.post("/people/invitations/", values).status_code == 302
    made = Invitation.objects.get()
    assert made.code in client.get("/people/invitations/").content.decode()
    assert made.code not in login("coordinator2").get("/people/invitations/").content.decode()
    assert login("coordinator2").post(f"/people/invitations/{made.uid}/close/").status_code == 404
    foreign = {**values, "organization": cast.oil.pk}
    assert client.post("/people/invitations/", foreign).status_code == 422
    client.post(f"/people/invitations/{made.uid}/close/")
    made.refresh_from_db()
    assert made.uses_left == 0


def test_a_code_for_many_coordinators_is_answered_at_the_field(cast: Cast, login: Login) -> None:
    values = {
        "organization": cast.energy.pk,
        "role": "coordinator",
        "uses": "30",
        "days": "14",
        "note": "EEM",
    }
    answer = login("coordinator").post("/people/invitations/", values)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["uses"]
    assert 'value="EEM"' in answer.content.decode()  # what was typed is kept
    assert not Invitation.objects.exists()
    assert login("coordinator").get("/people/invitations/").context["form"]["uses"].value() == 30
    assert login("hr").get("/people/invitations/").context["form"]["uses"].value() == 1


# Partners -----------------------------------------------------------------------------------------------
def test_partners_are_public_and_name_no_person(cast: Cast) -> None:
    make.university("Tərəfdaş olmayan universitet", is_partner=False)
    listing = Client().get("/partners/").content.decode()
    assert ("Texniki" in listing, "olmayan" in listing) == (True, False)
    page = Client().get(f"/partners/{cast.aztu.slug}/").content.decode()
    assert "Energetika fakültəsi" in page
    for name in ("Sevinc", "Nigar", "Vilayət"):
        assert name not in page
    assert Client().get(f"/partners/{cast.energy.slug}/").status_code == 404


def test_the_tree_of_units_costs_one_query_however_deep(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            Client().get(f"/partners/{cast.aztu.slug}/")
        return len(queries)

    few, parent = cost(), cast.energy
    for depth in range(5):
        parent = make.organization(f"Kafedra {depth}", Kind.DEPARTMENT, parent)
    assert cost() == few


# What the portal collects ---------------------------------------------------------------------------------
def test_what_waits_is_told_to_who_decides_and_to_who_must_say_where_they_study(cast: Cast) -> None:
    waiting(cast)
    assert [todo.url for todo in SOURCE.waits(cast.user("coordinator"))] == [f"/people/{cast.stranger.uid}/"]
    assert SOURCE.waits(cast.user("coordinator2")) == []
    newcomer = make.person("Yeni Gələn", "yeni@else.example")
    assert [todo.url for todo in SOURCE.waits(newcomer.user)] == ["/profile/university/"]


def test_search_finds_people_only_for_who_may_see_them(cast: Cast) -> None:
    def titles(name: str) -> list[str]:
        return [hit.title for hit in SOURCE.search(cast.user(name), "nigar", 10)]

    assert titles("coordinator") == ["Məmmədova Nigar"]
    assert titles("coordinator2") == titles("hr") == titles("student2") == []


# Administration -----------------------------------------------------------------------------------------
@pytest.fixture
def no_second_factor(settings: Any) -> None:
    """The demonstration lets staff in without one; that it is asked for otherwise is tested elsewhere."""
    settings.DEMO = True


def test_an_administrator_gives_and_ends_roles_beside_the_person(
    cast: Cast, login: Login, no_second_factor: None
) -> None:
    client = login("admin")
    path = f"/admin/directory/person/{cast.mentor.pk}/change/"
    assert client.get(path).status_code == 200
    old = cast.affiliation("mentor")
    values = {
        "given_name": "Rəşad",
        "family_name": "Səfərov",
        "patronymic": "",
        "user": cast.mentor.user_id,
        "email": "mentor@cast.example",
        "phone": "",
        "orcid": "",
        "affiliations-TOTAL_FORMS": "2",
        "affiliations-INITIAL_FORMS": "1",
        "affiliations-0-id": old.pk,
        "affiliations-0-person": cast.mentor.pk,
        "affiliations-0-organization": old.organization_id,
        "affiliations-0-role": "mentor",
        "affiliations-0-position": "Mühəndis",
        "affiliations-0-starts": "01.09.2020",
        "affiliations-0-ends": "31.12.2030",
        "affiliations-1-id": "",
        "affiliations-1-person": cast.mentor.pk,
        "affiliations-1-organization": cast.azerisiq.pk,
        "affiliations-1-role": "trainer",
        "affiliations-1-position": "",
        "affiliations-1-starts": "01.09.2024",
        "affiliations-1-ends": "",
    }
    response = client.post(path, values)
    assert response.status_code == 302, response.context["errors"]
    rows = Affiliation.objects.filter(person=cast.mentor).order_by("pk")
    assert [(row.role, row.state, str(row.ends)) for row in rows] == [
        ("mentor", "verified", "2030-12-31"),
        ("trainer", "verified", "None"),
    ]
    assert rows[1].verified_by_id == cast.admin.user_id


def test_the_administration_finds_people_and_organisations_however_they_are_spelt(
    cast: Cast, login: Login, no_second_factor: None
) -> None:
    client = login("admin")
    assert "Qarabağlı" in client.get("/admin/directory/person/?q=QARABAGLI").content.decode()
    assert "Texniki" in client.get("/admin/directory/organization/?q=texnıkı").content.decode()
    assert (
        client.get("/admin/accounts/user/?q=quliyeva").content.decode().count("coordinator@cast.example") >= 1
    )
    for path in ("specialty", "skill", "invitation"):
        assert client.get(f"/admin/directory/{path}/").status_code == 200
    assert client.get(f"/admin/accounts/user/{cast.hr.user_id}/change/").status_code == 200
    assert client.get("/admin/accounts/consenttext/").status_code == 200


def test_an_organisation_saved_by_hand_is_marked_and_its_names_are_shown(
    cast: Cast, login: Login, no_second_factor: None
) -> None:
    client = login("admin")
    added = client.post(
        "/admin/directory/organization/add/",
        {
            "kind": "department",
            "parent": cast.energy.pk,
            "name": "Elektrik kafedrası",
            "country": "AZ",
            "is_active": "on",
        },
    )
    assert added.status_code == 302, added.context["errors"]
    node = Organization.objects.get(name="Elektrik kafedrası")
    assert (node.path, node.root, node.edited_by_person) == (f"{cast.energy.path}{node.pk}.", cast.aztu, True)
    name = node.names.get()
    changed = client.post(
        f"/admin/directory/organization/{node.pk}/change/",
        {
            "kind": "department",
            "parent": cast.aztu.pk,
            "slug": node.slug,
            "country": "AZ",
            "is_active": "on",
            "names-TOTAL_FORMS": "2",
            "names-INITIAL_FORMS": "1",
            "names-0-id": name.pk,
            "names-0-organization": node.pk,
            "names-0-kind": "label",
            "names-0-language": "az",
            "names-0-text": "Elektrotexnika kafedrası",
            "names-1-organization": node.pk,
            "names-1-kind": "label",
            "names-1-language": "en",
            "names-1-text": "Department of Electrical Engineering",
            "domains-TOTAL_FORMS": "0",
            "domains-INITIAL_FORMS": "0",
            "external_ids-TOTAL_FORMS": "0",
            "external_ids-INITIAL_FORMS": "0",
        },
    )
    assert changed.status_code == 302, changed.context["errors"]
    node.refresh_from_db()
    assert (node.name, node.name_en) == ("Elektrotexnika kafedrası", "Department of Electrical Engineering")
    assert (node.parent, node.path) == (cast.aztu, f"{cast.aztu.path}{node.pk}.")


def test_staff_without_the_administrators_role_finds_nothing_to_open(
    cast: Cast, no_second_factor: None
) -> None:
    clerk = make.person("Katib Adi", "clerk@else.example", is_staff=True)
    make.affiliation(clerk, cast.azerisiq, Role.HR)
    client = Client()
    client.force_login(clerk.user, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("directory/person/", "directory/organization/", "accounts/user/", "accounts/consenttext/"):
        assert client.get(f"/admin/{path}").status_code == 403
