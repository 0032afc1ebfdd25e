"""Roles as predicates: anywhere for pages and menus, at the organisation of a row for its verbs."""

from types import SimpleNamespace
from typing import Any

import pytest

from partnerships.directory.access import has_role
from partnerships.directory.enums import Role
from partnerships.directory.rights import holds
from partnerships.testing.cast import Cast
from partnerships.workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db
KEEPS = holds("side", Role.COORDINATOR, Role.HR)


def row(organization: Any) -> Any:
    return SimpleNamespace(side=organization)


def test_a_role_holds_at_its_organisation_and_below_and_nowhere_else(cast: Cast):
    coordinator, hr = cast.user("coordinator"), cast.user("hr")
    assert [KEEPS(coordinator, row(node)) for node in (cast.aztu, cast.energy, cast.adnsu)] == [
        True,
        True,
        False,
    ]
    assert [KEEPS(hr, row(node)) for node in (cast.azerisiq, cast.aztu)] == [True, False]
    assert not KEEPS(cast.user("student"), row(cast.aztu))
    assert not KEEPS(SYSTEM, row(cast.aztu))
    assert not KEEPS(coordinator, row(None))


def test_the_diagram_reads_it_as_a_sentence_and_it_joins_others():
    assert KEEPS.name == "coordinator_or_hr_of_its_side"
    assert (KEEPS & ~holds("other", Role.HR)).name == "(coordinator_or_hr_of_its_side & ~hr_of_its_other)"


def test_some_role_anywhere_opens_a_page(cast: Cast):
    opens = has_role(Role.COORDINATOR, Role.HR)
    people = ("coordinator", "coordinator2", "hr", "student", "stranger")
    assert [opens(cast.user(name)) for name in people] == [True, True, True, False, False]
