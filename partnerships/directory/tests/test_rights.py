"""A right says the same of one row and of a table, whoever is asked about."""

from datetime import timedelta
from typing import Any

import pytest
from rules.predicates import predicate

from partnerships.common.clock import today
from partnerships.directory.enums import MEETING_ROLES, Role
from partnerships.directory.rights import (
    Right,
    administers,
    anywhere,
    assigned,
    at,
    belongs,
    holds,
    own,
    seen_by,
)
from partnerships.ideas import actions
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM

OPEN, DROPPED = at(IdeaState.OPEN), at(IdeaState.DROPPED)
STUDENT = belongs("partner", Role.STUDENT)
RIGHTS: dict[Right, set[str]] = {
    own("noted_by"): {"hr"},
    own("noted_by", "owner"): {"hr", "partnerships"},
    assigned("owner", "home", *MEETING_ROLES): {"partnerships"},
    assigned("owner", "partner", *MEETING_ROLES): set(),
    holds("partner", Role.COORDINATOR): {"coordinator"},
    holds("home", Role.HR, Role.COORDINATOR): {"hr"},
    STUDENT: {"student", "colleague"},
    STUDENT & OPEN: {"student", "colleague"},
    STUDENT & DROPPED: set(),
    STUDENT & DROPPED | own("noted_by"): {"hr"},
    administers: {"admin"},
    STUDENT | administers: {"student", "colleague", "admin"},
    administers & DROPPED: set(),
    anywhere(Role.HR, Role.FOUNDER): {"hr", "hr2", "founder"},
    anywhere(Role.HR) & DROPPED: set(),
}  # type: ignore[dict-item]


@pytest.fixture
def idea(cast: Cast) -> Idea:
    return actions.note(
        actor=cast.user("hr"),
        title="Birgə laboratoriya",
        next_step="Görüş",
        next_on=today() + timedelta(days=9),
        owner=cast.partnerships,
        partner=cast.aztu,
    )


def test_a_right_holds_of_the_row_for_whom_the_row_is_found_by_it(cast: Cast, idea: Idea):
    users = {name: cast.user(name) for name in cast.people()}
    for right, expected in RIGHTS.items():
        assert {name for name, user in users.items() if right(user, idea)} == expected, right.name
        found = {name for name, user in users.items() if Idea.objects.filter(right.rows(user)).exists()}
        assert found == expected, right.name
        assert not right(SYSTEM, idea)
        assert not Idea.objects.filter(right.rows(SYSTEM)).exists()


def test_what_knows_no_rows_takes_them_from_a_right_and_shows_nobody_anything(cast: Cast, idea: Idea):
    clever: Any = predicate(lambda _user, row: row.title.startswith("B"), name="is_b")
    for mixed in (STUDENT & clever, clever & STUDENT, ~STUDENT):
        assert not isinstance(mixed, Right)
        with pytest.raises(TypeError):
            seen_by(mixed)
    assert (STUDENT & clever)(cast.user("student"), idea)
    assert not (~STUDENT)(cast.user("student"), idea)
