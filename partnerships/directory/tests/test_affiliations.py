"""Who belongs where, and who says so: every verb happy, refused, illegal and stale."""

from datetime import timedelta
from typing import Any

import pytest

from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused, StaleState
from partnerships.directory import actions, reports, rules
from partnerships.directory.access import access_of
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Domain, Organization, Person, Study
from partnerships.directory.workflow import AFFILIATION
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change

pytestmark = pytest.mark.django_db
STUDY = {"year": 3, "gpa": 80}


def ask(cast: Cast, role: str = Role.STUDENT, where: Any = None) -> Affiliation:
    study = {**STUDY, "specialty": make.specialty()} if role == Role.STUDENT else None
    return actions.request_affiliation(
        cast.stranger, where or cast.aztu, actor=cast.user("stranger"), role=role, study=study
    )


def verbs(cast: Cast, row: Affiliation, name: str) -> list[str]:
    fresh = Affiliation.objects.select_related("organization__root").get(pk=row.pk)
    return sorted(offer.name for offer in AFFILIATION.available(fresh, cast.user(name)))


# Who may ------------------------------------------------------------------------------------------------
def test_the_matrix_of_who_may_do_what_with_a_request_for_a_student(cast: Cast) -> None:
    row = ask(cast)
    everybody = {name: verbs(cast, row, name) for name in cast.people()}
    decides = ["confirm", "refuse"]
    nobody: list[str] = []
    expected = dict.fromkeys(everybody, nobody) | {
        "coordinator": decides,
        "admin": decides,
        "stranger": ["withdraw"],
    }
    assert everybody == expected


def test_the_partnership_manager_decides_where_a_university_has_no_coordinator(cast: Cast) -> None:
    row = ask(cast)
    actions.end_affiliation(
        cast.affiliation("coordinator"), actor=cast.user("admin"), ends=today() - timedelta(days=1)
    )
    assert verbs(cast, row, "partnerships") == ["confirm", "refuse"]
    assert verbs(cast, row, "coordinator") == []


def test_human_resources_decide_about_roles_in_their_own_company_only(cast: Cast) -> None:
    row = ask(cast, Role.MENTOR, cast.baki)
    assert verbs(cast, row, "hr") == ["confirm", "refuse"]
    assert verbs(cast, row, "hr2") == []
    assert verbs(cast, row, "partnerships") == []


def test_a_coordinator_of_a_faculty_does_not_decide_about_the_whole_university(cast: Cast) -> None:
    dean = make.person("Faiq Dekan", "dean@cast.example")
    make.affiliation(dean, cast.energy, Role.COORDINATOR)
    whole, faculty = ask(cast), None
    assert not rules.decides(dean.user, whole)
    other = make.person("Aysel Nur", "aysel@cast.example")
    faculty = actions.request_affiliation(other, cast.energy, actor=other.user, study=dict(STUDY))
    assert rules.decides(dean.user, faculty)


def test_nobody_confirms_themselves(cast: Cast) -> None:
    row = actions.request_affiliation(
        cast.coordinator, cast.aztu, actor=cast.user("coordinator"), role=Role.LEADERSHIP
    )
    with pytest.raises(Refused):
        actions.confirm_affiliation(row, actor=cast.user("coordinator"))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PARTNERSHIPS, Role.HR])
def test_roles_of_power_are_not_asked_for_at_a_university(cast: Cast, role: str) -> None:
    with pytest.raises(Refused):
        ask(cast, role)


def test_nobody_asks_for_somebody_else(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.request_affiliation(cast.stranger, cast.aztu, actor=cast.user("student"))


# The verbs ---------------------------------------------------------------------------------------------
def test_a_confirmed_student_is_signed_and_seen_and_has_the_role(cast: Cast) -> None:
    row = actions.confirm_affiliation(ask(cast), actor=cast.user("coordinator"))
    row.refresh_from_db()
    assert (row.state, row.verified_by_id) == (AffiliationState.VERIFIED, cast.coordinator.user_id)
    assert access_of(cast.user("stranger")).has(Role.STUDENT)
    assert list(Change.objects.of(row).values_list("verb", flat=True)) == ["confirm", "request"]


def test_a_refusal_needs_a_reason_and_ends_the_matter(cast: Cast) -> None:
    row = ask(cast)
    with pytest.raises(Missing):
        actions.refuse_affiliation(row, actor=cast.user("coordinator"), note=" ")
    actions.refuse_affiliation(row, actor=cast.user("coordinator"), note="Siyahıda yoxdur.")
    with pytest.raises(IllegalTransition):
        actions.confirm_affiliation(row, actor=cast.user("coordinator"))
    assert not access_of(cast.user("stranger")).has(Role.STUDENT)


def test_the_slower_of_two_coordinators_is_told(cast: Cast) -> None:
    row = ask(cast)
    slow = Affiliation.objects.get(pk=row.pk)
    actions.confirm_affiliation(row, actor=cast.user("coordinator"))
    with pytest.raises(StaleState):
        actions.refuse_affiliation(slow, actor=cast.user("coordinator"), note="Yox.")


def test_a_confirmation_is_taken_back_and_considered_again_with_reasons(cast: Cast) -> None:
    row = actions.confirm_affiliation(ask(cast), actor=cast.user("coordinator"))
    actions.refuse_affiliation(row, actor=cast.user("coordinator"), note="Səhv olub.")
    assert row.state == AffiliationState.REFUSED
    actions.restore_affiliation(row, actor=cast.user("coordinator"), note="Sənəd gəldi.")
    assert row.state == AffiliationState.REQUESTED


def test_a_refusal_is_not_reconsidered_beside_a_new_request(cast: Cast) -> None:
    old = ask(cast)
    actions.refuse_affiliation(old, actor=cast.user("coordinator"), note="Siyahıda yoxdur.")
    ask(cast)
    with pytest.raises(Blocked):
        actions.restore_affiliation(old, actor=cast.user("coordinator"), note="Bir də baxaq.")


def test_an_ended_role_gives_nothing_from_the_day_after(cast: Cast) -> None:
    row = cast.affiliation("student")
    actions.end_affiliation(row, actor=cast.user("coordinator"), ends=today())
    assert access_of(cast.user("student")).has(Role.STUDENT)
    Affiliation.objects.filter(pk=row.pk).update(ends=today() - timedelta(days=1))
    assert not access_of(cast.user("student")).has(Role.STUDENT)


def test_an_end_before_the_beginning_is_refused(cast: Cast) -> None:
    with pytest.raises(Blocked):
        actions.end_affiliation(
            cast.affiliation("student"),
            actor=cast.user("coordinator"),
            ends=make.BEGINNING - timedelta(days=1),
        )


def test_many_are_confirmed_at_once_and_the_rest_is_named(cast: Cast) -> None:
    mine = ask(cast)
    other = make.person("Orxan Kənar", "orxan@else.example")
    theirs = actions.request_affiliation(other, cast.adnsu, actor=other.user, study=dict(STUDY))
    result = actions.confirm_many(
        Affiliation.objects.filter(pk__in=[mine.pk, theirs.pk]), actor=cast.user("coordinator")
    )
    assert [row.pk for row in result.done] == [mine.pk]
    assert [row.pk for row, _reason in result.refused] == [theirs.pk]
    theirs.refresh_from_db()
    assert theirs.state == AffiliationState.REQUESTED


def test_every_state_has_a_way_out() -> None:
    for state in AffiliationState.values:
        ways = {t.target for t in AFFILIATION.transitions.values() if state in t.sources}
        assert ways - {state}, state


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


# Studies ------------------------------------------------------------------------------------------------
def test_a_student_writes_their_studies_until_the_university_has_confirmed_them(cast: Cast) -> None:
    row = ask(cast)
    assert actions.update_study(row, actor=cast.user("stranger"), gpa=95).gpa == 95
    actions.confirm_affiliation(row, actor=cast.user("coordinator"))
    with pytest.raises(Refused):
        actions.update_study(row, actor=cast.user("stranger"), gpa=100)
    assert actions.update_study(row, actor=cast.user("coordinator"), gpa=90).gpa == 90
    with pytest.raises(Refused):
        actions.update_study(row, actor=cast.user("coordinator2"), gpa=10)
    assert Study.objects.get(affiliation=row).gpa == 90


# Who sees -----------------------------------------------------------------------------------------------
def test_each_keeper_sees_their_own_people_and_no_others(cast: Cast) -> None:
    make.person("Listed Nowhere")
    ask(cast)
    Person.objects.filter(pk=cast.student2.pk).update(fin="1A2B3C4")

    def seen(name: str) -> set[str]:
        return {person.name for person in Person.objects.visible_to(cast.user(name))}

    aztu = {
        "Nigar Məmmədova",
        "Kənan Əhmədli",
        "Sevinc Quliyeva",
        "Tofiq Abbasov",
        "Vilayət Əliyev",
        "Zaur Yad",
    }
    assert seen("coordinator") == aztu
    assert seen("coordinator2") == {"Elnur Qarabağlı", "Rauf İbrahimov"}
    assert seen("hr2") == {"Orxan Vəliyev", "Aydın Mustafayev"}
    assert "Nigar Məmmədova" not in seen("hr")
    assert seen("student") == {"Nigar Məmmədova"}
    assert seen("partnerships") == {"Günel Hacıyeva"}
    assert len(seen("admin")) == Person.objects.count()


def test_affiliations_are_seen_by_their_person_and_their_keepers(cast: Cast) -> None:
    make.affiliation(cast.student, cast.adnsu, Role.LECTURER)

    def seen(name: str) -> list[str]:
        rows = Affiliation.objects.visible_to(cast.user(name)).filter(person=cast.student)
        return sorted(rows.values_list("role", flat=True))

    assert seen("student") == [Role.LECTURER, Role.STUDENT]
    assert seen("coordinator") == [Role.STUDENT]
    assert seen("coordinator2") == [Role.LECTURER]
    assert seen("hr") == seen("mentor") == seen("stranger") == []


def test_a_refused_stranger_is_forgotten_by_the_coordinator(cast: Cast) -> None:
    actions.refuse_affiliation(ask(cast), actor=cast.user("coordinator"), note="Yox.")
    assert not Person.objects.visible_to(cast.user("coordinator")).filter(pk=cast.stranger.pk).exists()


def test_keepers_are_told_and_the_manager_where_there_are_none(cast: Cast) -> None:
    row = Affiliation.objects.select_related("organization__root").get(pk=ask(cast).pk)
    assert list(reports.keepers_of(row)) == [cast.coordinator]
    Affiliation.objects.filter(person=cast.coordinator).delete()
    assert list(reports.keepers_of(row)) == [cast.partnerships]


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
