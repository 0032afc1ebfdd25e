"""Suggested by a domain and listed by a university: who becomes its student by that, and who does not."""

from typing import Any

import pytest

from partnerships.common.refusals import Blocked, Refused
from partnerships.directory import actions
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Domain, Organization, Person, Study
from partnerships.directory.tests.makers import STUDY, ask
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db


# Suggested and listed ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("domains", "email", "suggested"),
    [
        (["aztu.example"], "a@aztu.example", True),
        (["aztu.example"], "a@STUDENT.aztu.example", True),
        (["aztu.example"], "a@notaztu.example", False),
        (["student.aztu.example"], "a@aztu.example", False),
        ([], "a@aztu.example", False),
    ],
)
def test_a_domain_suggests_its_university_exactly_or_from_above(
    cast: Cast, domains: list[str], email: str, suggested: bool
) -> None:
    for domain in domains:
        Domain.objects.create(organization=cast.aztu, domain=domain)
    row = actions.suggest_affiliation(cast.stranger, email, actor=SYSTEM)
    assert (row is not None) is suggested
    if row is not None:
        assert (row.organization, row.state) == (cast.aztu, AffiliationState.SUGGESTED)


def test_a_domain_of_two_universities_suggests_neither(cast: Cast) -> None:
    for university in (cast.aztu, cast.adnsu):
        Domain.objects.create(organization=university, domain="shared.example")
    assert actions.suggest_affiliation(cast.stranger, "a@shared.example", actor=SYSTEM) is None


def test_a_domain_of_a_company_suggests_nothing(cast: Cast) -> None:
    Domain.objects.create(organization=cast.azerisiq, domain="azerishiq.example")
    assert actions.suggest_affiliation(cast.stranger, "a@azerishiq.example", actor=SYSTEM) is None


def test_choosing_another_university_withdraws_the_suggestion(cast: Cast) -> None:
    Domain.objects.create(organization=cast.adnsu, domain="adnsu.example")
    suggested = actions.suggest_affiliation(cast.stranger, "a@adnsu.example", actor=SYSTEM)
    asked = ask(cast)
    assert suggested is not None
    suggested.refresh_from_db()
    assert (suggested.state, asked.state) == (AffiliationState.REFUSED, AffiliationState.REQUESTED)


def test_asking_where_one_was_suggested_takes_the_suggestion_up(cast: Cast) -> None:
    Domain.objects.create(organization=cast.aztu, domain="aztu.example")
    suggested = actions.suggest_affiliation(cast.stranger, "a@aztu.example", actor=SYSTEM)
    asked = ask(cast, where=cast.energy)
    assert suggested is not None
    assert (asked.pk, asked.state, asked.organization) == (
        suggested.pk,
        AffiliationState.REQUESTED,
        cast.energy,
    )


def listed(cast: Cast, **values: Any) -> Affiliation:
    row, made = actions.enlist_student(
        cast.energy,
        actor=cast.user("coordinator"),
        **{
            "given_name": "Zaur",
            "family_name": "Yad",
            "study": {**STUDY, "specialty": make.specialty(), "student_number": "T-17", "gpa": 91},
            **values,
        },
    )
    assert made
    return row


def test_a_student_on_the_list_is_confirmed_at_once_by_number_and_name(cast: Cast) -> None:
    row = listed(cast)
    actor = cast.user("stranger")
    answer = actions.request_affiliation(
        cast.stranger, cast.aztu, actor=actor, study={**STUDY, "student_number": "T-17", "gpa": 100}
    )
    assert (answer.pk, answer.state) == (row.pk, AffiliationState.VERIFIED)
    person = Person.objects.get(user=actor)
    assert person.pk == row.person_id
    assert Study.objects.get(affiliation=row).gpa == 91
    assert not Person.objects.filter(pk=cast.stranger.pk).exists()


@pytest.mark.parametrize(
    "values",
    [{"family_name": "Yadigarov"}, {"email": "zaur.yad@aztu.example"}],
    ids=["another name", "a listed address that is not ours"],
)
def test_a_number_alone_opens_nobodys_record(cast: Cast, values: dict[str, str]) -> None:
    row = listed(cast, **values)
    answer = actions.request_affiliation(
        cast.stranger, cast.aztu, actor=cast.user("stranger"), study={**STUDY, "student_number": "T-17"}
    )
    assert (answer.state, answer.person_id) == (AffiliationState.REQUESTED, cast.stranger.pk)
    row.refresh_from_db()
    assert row.person.user is None


def test_a_student_is_not_listed_twice_and_a_request_is_confirmed_by_the_list(cast: Cast) -> None:
    asked = ask(cast)
    row, made = actions.enlist_student(
        cast.aztu,
        actor=cast.user("coordinator"),
        given_name="Z.",
        family_name="Y.",
        email="ZAUR@else.example",
        study={},
    )
    assert (row.pk, made, row.state) == (asked.pk, False, AffiliationState.VERIFIED)
    assert row.person.name == "Zaur Yad"


def test_nobody_lists_students_of_another_university(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.enlist_student(
            cast.adnsu, actor=cast.user("coordinator"), given_name="A", family_name="B", study={}
        )


def test_joining_keeps_all_that_the_account_already_had(cast: Cast) -> None:
    row = listed(cast, email="zaur@else.example")
    mentor = make.affiliation(cast.stranger, cast.aran, Role.MENTOR)
    user = cast.user("stranger")
    actions.address_verified(user, "zaur@else.example")
    person = Person.objects.get(user=user)
    assert person.pk == row.person_id
    assert set(person.affiliations.values_list("pk", flat=True)) == {row.pk, mentor.pk}


# Who may be listed where --------------------------------------------------------------------------------
def relisted(cast: Cast, where: Organization, actor: Any, email: str) -> Affiliation:
    row, _made = actions.enlist_student(
        where, actor=actor, given_name="Z.", family_name="Y.", email=email, study={"year": 3}
    )
    return row


def faculty_coordinator(cast: Cast, faculty: Organization) -> Any:
    who = make.person("Aysel Dekan", f"dekan{faculty.pk}@cast.example")
    make.affiliation(who, faculty, Role.COORDINATOR)
    return who.user


def test_a_list_moves_a_student_to_the_faculty_but_never_out_of_one(cast: Cast) -> None:
    coordinator = cast.user("coordinator")
    at_root = make.student("Aytən Kazımova", "ayten@aztu.example", cast.aztu)
    row = relisted(cast, cast.energy, coordinator, "ayten@aztu.example")
    row.refresh_from_db()
    assert (row.person, row.organization) == (at_root, cast.energy)
    row = relisted(cast, cast.aztu, coordinator, "ayten@aztu.example")
    row.refresh_from_db()
    assert row.organization == cast.energy


def test_a_faculty_does_not_list_the_students_of_another(cast: Cast) -> None:
    other = make.organization("Maşınqayırma fakültəsi", Kind.FACULTY, cast.aztu)
    dean = faculty_coordinator(cast, other)
    make.student("Aytən Kazımova", "ayten@aztu.example", cast.aztu)
    for email in ("nigar@aztu.example", "ayten@aztu.example"):
        with pytest.raises(Refused):
            relisted(cast, other, dean, email)
    assert cast.study("student").year == 4
    waiting = make.affiliation(cast.stranger, cast.aztu, Role.STUDENT, state=AffiliationState.SUGGESTED)
    row = relisted(cast, other, dean, "zaur@else.example")
    row.refresh_from_db()
    assert (row.pk, row.organization, row.state) == (waiting.pk, other, AffiliationState.VERIFIED)


def test_one_university_does_not_take_anothers_confirmed_student(cast: Cast) -> None:
    with pytest.raises(Blocked):
        relisted(cast, cast.adnsu, cast.user("coordinator2"), "nigar@aztu.example")
    assert Affiliation.objects.get(person=cast.student).organization == cast.energy
