"""Who belongs where, and who says so: every verb happy, refused, illegal and stale."""

from datetime import timedelta

import pytest

from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused, StaleState
from partnerships.directory import actions, reports, rules
from partnerships.directory.access import access_of
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Person, Study
from partnerships.directory.tests.makers import STUDY, ask
from partnerships.directory.workflow import AFFILIATION
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast
from partnerships.workflow.models import Change

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("over", [-1, 5])
def test_nobody_makes_their_own_role_last_longer(cast: Cast, login, over: int) -> None:
    """Neither one that is over nor one that ends soon: on the page, over the API, by the verb."""
    row = cast.affiliation("mentor")
    last = today() + timedelta(days=over)
    Affiliation.objects.filter(pk=row.pk).update(ends=last)
    row.refresh_from_db()
    later = today() + timedelta(days=400)
    with pytest.raises(Blocked) as caught:
        actions.end_affiliation(row, actor=cast.user("mentor"), ends=later)
    assert caught.value.refusal.code == "longer"
    api = f"/api/v1/affiliations/{row.uid}/end/"
    answer = login("mentor").post(api, {"ends": later.isoformat()}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "longer")
    row.refresh_from_db()
    assert row.ends == last
    # Sooner they may, and who keeps the company lets it last longer.
    sooner = last - timedelta(days=1)
    assert actions.end_affiliation(row, actor=cast.user("mentor"), ends=sooner).ends == sooner
    assert actions.end_affiliation(row, actor=cast.user("hr"), ends=later).ends == later


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
