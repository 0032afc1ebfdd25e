"""Persona x state x verb, and who sees an agreement at all."""

import pytest

from partnerships.agreements import actions
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Agreement, Party
from partnerships.agreements.tests import makers
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.refusals import Refused
from partnerships.directory.models import Affiliation
from partnerships.documents.actions import store
from partnerships.testing.files import pdf, upload
from partnerships.testing.worlds import world
from partnerships.workflow.actors import SYSTEM

KEEPERS = ("hr", "partnerships")
PARTIES = {"coordinator", "rector", "hr", "partnerships", "admin"}
EXPECTED = {
    A.DRAFT: {"hr": {"send", "withdraw"}, "partnerships": {"send", "withdraw"}},
    # what is blocked by its turn is offered too, with its reason
    A.SIGNING: {
        "coordinator": {"sign", "return"},
        "rector": {"sign", "return"},
        "hr": {"sign", "return", "withdraw", "paper"},
        "partnerships": {"withdraw", "paper"},
    },
    A.PARTLY_SIGNED: {
        "coordinator": {"return"},
        "rector": {"return"},
        "hr": {"sign", "return", "withdraw", "paper"},
        "partnerships": {"withdraw", "paper"},
    },
    A.IN_FORCE: {
        "coordinator": {"terminate"},
        "rector": {"terminate"},
        "hr": {"renew", "lapse", "postpone", "terminate"},
        "partnerships": {"renew", "lapse", "postpone", "terminate"},
    },
    A.PROPOSED: {
        "coordinator": {"withdraw"},
        "hr": {"take_up", "reject"},
        "partnerships": {"take_up", "reject"},
    },
    A.LEGAL_REVIEW: {name: {"rework", "withdraw"} for name in KEEPERS},
    A.APPROVAL: {name: {"rework", "withdraw"} for name in KEEPERS},
    A.CLEARED: {name: {"send", "rework", "withdraw"} for name in KEEPERS},
    A.TERMINATED: {},
    A.SUPERSEDED: {},
    A.REJECTED: {},
    A.WITHDRAWN: {},
}


@world
def in_state(cast, state):
    """A framework agreement of AzTU and Azərişıq that came to this state by the actions."""
    hr = cast.user("hr")
    ways = {
        A.DRAFT: lambda: makers.draft(cast),
        A.SIGNING: lambda: makers.sent(cast),
        A.PARTLY_SIGNED: lambda: makers.signed_by(cast, makers.sent(cast), "coordinator"),
        A.IN_FORCE: lambda: makers.in_force(cast),
        A.TERMINATED: lambda: actions.terminate(makers.in_force(cast), actor=hr, note="bitdi"),
        A.PROPOSED: lambda: makers.proposed(cast),
        A.REJECTED: lambda: actions.reject(makers.proposed(cast), actor=hr, note="hələ tez"),
        A.LEGAL_REVIEW: lambda: makers.in_review(cast),
        A.APPROVAL: lambda: makers.passed(cast),
        A.CLEARED: lambda: makers.cleared(cast),
        A.WITHDRAWN: lambda: actions.withdraw(makers.sent(cast), actor=hr),
    }
    return ways[state]() if state in ways else superseded(cast)


@world
def superseded(cast):
    hr = cast.user("hr")
    old = makers.in_force(cast)
    new = actions.send(actions.amend(old, actor=hr, endless=True), actor=hr)
    makers.signed_by(cast, makers.signed_by(cast, new, "coordinator"), "hr")
    return makers.again(old)


@pytest.mark.parametrize("state", list(A))
def test_each_persona_is_offered_exactly_its_verbs(cast, state):
    agreement = in_state(cast, state)
    assert agreement.state == state
    offered = {
        name: {item.name for item in AGREEMENT.available(agreement, cast.user(name))}
        for name in cast.people()
    }
    nothing = {name: set() for name in cast.people()}
    assert offered == {**nothing, **EXPECTED[state]}


@pytest.mark.parametrize("state", list(A))
def test_each_persona_sees_it_exactly_when_it_is_theirs_to_see(cast, state):
    agreement = in_state(cast, state)
    seen = {name for name in cast.people() if agreement in Agreement.objects.visible_to(cast.user(name))}
    within = (A.DRAFT, A.LEGAL_REVIEW, A.APPROVAL, A.CLEARED)
    assert seen == ({"hr", "partnerships", "admin"} if state in within else PARTIES)


# One state within the house, one before partners, one that is over: the rows of every state are proven above.
@pytest.mark.wide
@pytest.mark.parametrize("state", [A.CLEARED, A.SIGNING, A.SUPERSEDED])
def test_the_page_is_there_for_whom_the_rows_are(cast, state, login):
    agreement = in_state(cast, state)
    seen = {name for name in cast.people() if agreement in Agreement.objects.visible_to(cast.user(name))}
    opened, listed = set(), set()
    for name in cast.people():
        client = login(name)
        if client.get(agreement.get_absolute_url()).status_code == 200:
            opened.add(name)
        if str(agreement.uid) in client.get("/agreements/").content.decode():
            listed.add(name)
    assert opened == listed == seen


@pytest.mark.parametrize("state", list(A))
def test_what_is_not_offered_is_refused_and_changes_nothing(cast, state):
    agreement = in_state(cast, state)
    for name in ("hr2", "coordinator2", "student", "mentor", "stranger", "admin"):
        for verb, transition in AGREEMENT.transitions.items():
            if state in transition.sources:
                with pytest.raises(Refused):
                    AGREEMENT.apply(makers.again(agreement), verb, actor=cast.user(name), note="yox")
    assert makers.again(agreement).state == state


def test_a_former_coordinator_sees_nothing_and_neither_does_a_former_signatory(cast):
    agreement = makers.sent(cast, university_signatory=cast.supervisor)
    for name in ("coordinator", "supervisor"):
        assert agreement in Agreement.objects.visible_to(cast.user(name))
        row = cast.affiliation(name)
        row.ends = "2026-01-01"
        row.save()
        assert agreement not in Agreement.objects.visible_to(cast.user(name))
        assert agreement not in Agreement.objects.waiting_for(cast.user(name))


def test_a_former_coordinator_opens_no_scan_that_they_brought(cast, login):
    agreement, client = makers.sent(cast), login("coordinator")
    scan = store(upload(pdf()), owner=cast.coordinator, kind="other", actor=SYSTEM, subject=agreement)
    note = store(upload(pdf()), owner=cast.coordinator, kind="other", actor=SYSTEM)
    opened = [client.get(one.get_absolute_url()).status_code for one in (scan, note)]
    Affiliation.objects.filter(person=cast.coordinator).update(ends="2026-01-01")
    assert opened == [200, 200]
    assert [client.get(one.get_absolute_url()).status_code for one in (scan, note)] == [403, 200]


def test_a_faculty_reads_what_concerns_it_and_its_neighbour_does_not(cast):
    from partnerships.directory.enums import Kind, Role
    from partnerships.testing import factories as make

    other = make.organization("İT fakültəsi", Kind.FACULTY, cast.aztu)
    mine, neighbour = make.person("A B", "a@aztu.example"), make.person("C D", "c@aztu.example")
    make.affiliation(mine, cast.energy, Role.COORDINATOR)
    make.affiliation(neighbour, other, Role.COORDINATOR)
    agreement = makers.sent(cast)
    assert agreement not in Agreement.objects.visible_to(mine.user)
    Party.objects.filter(agreement=agreement, role="university").update(unit=cast.energy)
    seen = [agreement in Agreement.objects.visible_to(person.user) for person in (mine, neighbour)]
    assert seen == [True, False]


def test_two_companies_and_two_universities_see_nothing_of_each_other(cast):
    rows = {
        "ours": makers.sent(cast),
        "ours2": makers.sent(cast, university=cast.adnsu),
        "theirs": makers.sent(cast, by="hr2", company=cast.other_company),
    }
    names = {row.pk: name for name, row in rows.items()}
    seen = {
        who: {names[row.pk] for row in Agreement.objects.visible_to(cast.user(who))}
        for who in ("hr", "hr2", "coordinator", "coordinator2", "student", "mentor", "expert")
    }
    assert seen == {
        "hr": {"ours", "ours2"},
        "hr2": {"theirs"},
        "coordinator": {"ours", "theirs"},
        "coordinator2": {"ours2"},
        "student": set(),
        "mentor": set(),
        "expert": set(),
    }
    waiting = {who: set(Agreement.objects.waiting_for(cast.user(who))) for who in ("coordinator", "hr")}
    assert waiting == {"coordinator": {rows["ours"], rows["theirs"]}, "hr": set()}


def test_every_state_that_is_not_an_end_has_a_way_out_and_can_be_reached():
    stuck = set(AGREEMENT.states.values) - set(AGREEMENT.terminal)
    reached = {AGREEMENT.initial, A.PROPOSED}
    for _round in AGREEMENT.transitions:
        for transition in AGREEMENT.transitions.values():
            if reached & set(transition.sources):
                reached.add(transition.target)
            if transition.target not in transition.sources:
                stuck -= set(transition.sources)
    assert (stuck, reached) == (set(), set(AGREEMENT.states.values))
