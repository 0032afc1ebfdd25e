"""The workflow engine itself, on the application's table."""

import pytest
from django.db import transaction

from internships import actions
from internships.enums import ApplicationState as A
from internships.models import Application
from internships.tests import makers
from internships.workflow import APPLICATION
from partnerships.common.context import request_id
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused, StaleState
from partnerships.testing import factories as make
from partnerships.workflow.actors import SYSTEM, Actor, as_actor, link_actor
from partnerships.workflow.engine import Transition, Workflow
from partnerships.workflow.models import Change


def test_the_slower_of_two_is_told_and_writes_nothing(cast):
    application = makers.sent(cast, makers.programme(cast))
    slower = makers.again(application)
    APPLICATION.apply(makers.again(application), "endorse", actor=cast.user("coordinator"))
    with pytest.raises(StaleState):
        APPLICATION.apply(slower, "return", actor=cast.user("coordinator"), note="Transkript yoxdur")
    assert Application.objects.get(pk=application.pk).state == A.IN_REVIEW
    assert Change.objects.of(application).filter(verb="return").count() == 0


def test_a_change_is_written_with_who_when_from_to_note_and_request(cast):
    application = makers.sent(cast, makers.programme(cast))
    token = request_id.set("abcdef0123456789")
    try:
        APPLICATION.apply(application, "return", actor=cast.user("coordinator"), note="Transkript yoxdur")
    finally:
        request_id.reset(token)
    change = Change.objects.of(application).first()
    assert (change.verb, change.from_state, change.to_state) == ("return", A.SUBMITTED, A.RETURNED)
    assert (change.actor_name, change.note) == ("Sevinc Quliyeva", "Transkript yoxdur")
    assert change.request_id == "abcdef0123456789"


def test_a_change_rolled_back_leaves_no_trace(cast):
    application = makers.sent(cast, makers.programme(cast))
    with transaction.atomic():
        APPLICATION.apply(application, "endorse", actor=cast.user("coordinator"))
        transaction.set_rollback(True)
    assert Application.objects.get(pk=application.pk).state == A.SUBMITTED
    assert not Change.objects.of(application).filter(verb="endorse").exists()


def test_each_kind_of_refusal_has_its_own_name(cast):
    application = makers.sent(cast, makers.programme(cast))
    with pytest.raises(IllegalTransition):
        APPLICATION.apply(application, "accept", actor=cast.user("student"))
    with pytest.raises(Refused):
        APPLICATION.apply(application, "endorse", actor=cast.user("hr"))
    with pytest.raises(Missing) as missing:
        APPLICATION.apply(application, "return", actor=cast.user("coordinator"))
    assert missing.value.field == "note"
    draft = makers.draft(cast, makers.programme(cast, position={"min_year": 5}), "colleague")
    with pytest.raises(Blocked) as blocked:
        APPLICATION.apply(draft, "submit", actor=cast.user("colleague"))
    assert blocked.value.refusal.code == "not_eligible"


def test_what_is_drawn_is_what_is_enforced(cast):
    draft = makers.draft(cast, makers.programme(cast, position={"min_year": 5}))
    drawn = {
        offered.name: offered.refusal and offered.refusal.code
        for offered in APPLICATION.available(draft, cast.user("student"))
    }
    assert drawn == {"submit": "not_eligible", "withdraw": None}


def test_a_person_behind_a_link_acts_as_that_person_alone(cast):
    application = makers.offered(cast, makers.programme(cast))
    stranger = link_actor(cast.student2.pk, f"internships.Application:{application.pk}")
    with pytest.raises(Refused):
        APPLICATION.apply(application, "decline", actor=stranger)
    of_another = link_actor(cast.student.pk, f"internships.Application:{application.pk + 1}")
    with pytest.raises(Refused):
        APPLICATION.apply(application, "decline", actor=of_another)
    assert APPLICATION.available(application, of_another) == []
    own = link_actor(cast.student.pk, f"internships.Application:{application.pk}")
    assert [offered.name for offered in APPLICATION.available(application, own)] == ["accept", "decline"]
    APPLICATION.apply(application, "decline", actor=own)
    change = Change.objects.of(application).first()
    assert (change.actor_kind, change.user, change.person_id) == ("link", None, cast.student.pk)


def test_the_clock_may_only_what_is_the_clocks(cast):
    application = makers.sent(cast, makers.programme(cast))
    with pytest.raises(Refused):
        APPLICATION.apply(application, "endorse", actor=SYSTEM)


def test_a_deputy_is_named_beside_the_holder(cast):
    application = makers.sent(cast, makers.programme(cast))
    deputy = Actor(
        "user", user=cast.user("coordinator"), person_id=cast.coordinator.pk, on_behalf_of=cast.rector.pk
    )
    APPLICATION.apply(application, "endorse", actor=deputy)
    change = Change.objects.of(application).first()
    assert (change.person_id, change.on_behalf_of_id) == (cast.coordinator.pk, cast.rector.pk)


def test_an_actor_stays_itself(cast):
    assert as_actor(SYSTEM) is SYSTEM
    assert as_actor(cast.user("hr")).person_id == cast.hr.pk


def test_many_at_once_cost_no_query_more_for_three_than_for_one(cast, django_assert_num_queries):
    programme = makers.programme(cast)
    rows = [makers.sent(cast, programme, who) for who in ("student", "colleague")]
    third = make.student("Aytən Bağırova", "ayten@aztu.example", cast.energy)
    started = actions.start_application(makers.vacancy(programme), actor=third.user)
    rows.append(actions.submit(started, actor=third.user))
    actor = cast.user("coordinator")
    APPLICATION.available(makers.again(rows[0]), actor)  # the actor's access is loaded
    for chosen in (rows[:1], rows[1:]):
        queryset = Application.objects.filter(pk__in=[row.pk for row in chosen]).with_rows()
        with django_assert_num_queries(13):
            result = APPLICATION.apply_many(queryset, "return", actor=actor, note="Transkript yoxdur")
        assert len(result.done) == len(chosen)


def test_a_table_with_a_misspelt_state_is_refused_at_import():
    with pytest.raises(ValueError, match="unknown states"):
        Workflow(
            "broken",
            A,
            Transition("go", {"drafft"}, A.SUBMITTED, lambda user, obj: True, "Go"),
            initial=A.DRAFT,
        )
