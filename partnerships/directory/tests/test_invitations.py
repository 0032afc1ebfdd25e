"""Invitation codes: counted, expiring, never one use too many."""

import threading
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.db import connection, connections
from django.utils import timezone

from partnerships.common.refusals import Blocked, Refused
from partnerships.directory import actions
from partnerships.directory.actions.invitations import ALPHABET
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation, Invitation
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, build


def code(cast: Cast, uses: int = 1, **values: object) -> Invitation:
    return actions.make_invitation(cast.energy, actor=cast.user("coordinator"), uses=uses, **values)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_code_confirms_at_once_however_it_is_typed(cast: Cast) -> None:
    made = code(cast)
    assert set(made.code) <= set(ALPHABET)
    typed = f" {made.code[:5].lower()}-{made.code[5:].lower()} "
    row = actions.redeem_invitation(typed, cast.stranger, actor=cast.user("stranger"), study={"year": 2})
    assert (row.state, row.organization, row.role) == (AffiliationState.VERIFIED, cast.energy, Role.STUDENT)
    assert (row.verified_by_id, row.study.year) == (cast.coordinator.user_id, 2)
    made.refresh_from_db()
    assert made.uses_left == 0


@pytest.mark.django_db
def test_a_waiting_request_is_confirmed_by_the_code_and_not_doubled(cast: Cast) -> None:
    asked = actions.request_affiliation(cast.stranger, cast.aztu, actor=cast.user("stranger"))
    row = actions.redeem_invitation(code(cast).code, cast.stranger, actor=cast.user("stranger"))
    assert (row.pk, row.organization) == (asked.pk, cast.energy)
    assert Affiliation.objects.filter(person=cast.stranger).count() == 1


@pytest.mark.django_db
def test_a_member_spends_no_use(cast: Cast) -> None:
    made = code(cast)
    actions.redeem_invitation(made.code, cast.student, actor=cast.user("student"))
    made.refresh_from_db()
    assert made.uses_left == 1


@pytest.mark.django_db
def test_a_used_up_expired_closed_unknown_or_orphaned_code_says_which(cast: Cast) -> None:
    def why(text: str) -> str:
        with pytest.raises(Blocked) as caught:
            actions.redeem_invitation(text, cast.stranger, actor=cast.user("stranger"))
        return caught.value.refusal.code

    used = code(cast)
    Invitation.objects.filter(pk=used.pk).update(uses_left=0)
    assert why(used.code) == "used_up"
    closed = actions.close_invitation(code(cast), actor=cast.user("coordinator"))
    assert why(closed.code) == "used_up"
    with pytest.raises(Blocked, match="Yenisini istəyin"):
        actions.redeem_invitation(closed.code, cast.stranger, actor=cast.user("stranger"))
    assert why("AAAAAAAAAA") == "unknown_code"
    late = code(cast, days=3)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert why(late.code) == "expired"
    Affiliation.objects.filter(person=cast.coordinator).delete()
    assert why(code_of := late.code) == "void", code_of


@pytest.mark.django_db
def test_a_keeper_invites_only_whom_they_may_confirm(cast: Cast) -> None:
    for name, where, role in [
        ("coordinator", cast.adnsu, Role.STUDENT),
        ("coordinator", cast.aztu, Role.ADMINISTRATOR),
        ("hr", cast.aztu, Role.STUDENT),
        ("hr", cast.azerisiq, Role.PARTNERSHIPS),
        ("student", cast.aztu, Role.STUDENT),
    ]:
        with pytest.raises(Refused):
            actions.make_invitation(where, actor=cast.user(name), role=role)
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_nobody_redeems_for_somebody_else(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.redeem_invitation(code(cast).code, cast.stranger, actor=cast.user("student"))


@pytest.mark.race
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_last_use_goes_to_exactly_one_of_twenty() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: DATABASE_URL=postgres://…")
    # Here tasks run in the thread that commits; loading them is not for twenty threads at once.
    current_app.loader.import_default_modules()
    cast = build()
    made = code(cast, uses=3)
    people = [make.person(f"Ad{n} Soyad{n}", f"p{n}@else.example") for n in range(20)]
    start, outcomes = threading.Barrier(20), []

    def redeem(index: int) -> None:
        try:
            start.wait()
            actions.redeem_invitation(made.code, people[index], actor=people[index].user)
            outcomes.append("in")
        except Blocked as error:
            outcomes.append(error.refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=redeem, args=[n]) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in"] * 3 + ["used_up"] * 17
    made.refresh_from_db()
    assert made.uses_left == 0
    confirmed = Affiliation.objects.verified().filter(organization=cast.energy, person__in=people)
    assert confirmed.count() == 3


@pytest.mark.django_db
def test_a_code_for_any_role_but_student_is_for_one_person(cast: Cast) -> None:
    by = cast.user("coordinator")
    for role in (Role.COORDINATOR, Role.SUPERVISOR, Role.LEADERSHIP):
        with pytest.raises(Blocked) as caught:
            actions.make_invitation(cast.energy, actor=by, role=role, uses=2)
        assert caught.value.refusal.code == "one_use"
    assert not Invitation.objects.exists()
    made = actions.make_invitation(cast.energy, actor=by, role=Role.COORDINATOR)
    row = actions.redeem_invitation(made.code, cast.stranger, actor=cast.user("stranger"))
    assert (row.role, row.state) == (Role.COORDINATOR, AffiliationState.VERIFIED)
    with pytest.raises(Blocked) as caught:
        actions.redeem_invitation(made.code, cast.student2, actor=cast.user("student2"))
    assert caught.value.refusal.code == "used_up"


@pytest.mark.django_db
def test_a_shared_code_of_old_for_another_role_ends_with_its_first_use(cast: Cast) -> None:
    made = actions.make_invitation(cast.energy, actor=cast.user("coordinator"), role=Role.SUPERVISOR)
    Invitation.objects.filter(pk=made.pk).update(uses_left=30)
    actions.redeem_invitation(made.code, cast.stranger, actor=cast.user("stranger"))
    made.refresh_from_db()
    assert made.uses_left == 0
