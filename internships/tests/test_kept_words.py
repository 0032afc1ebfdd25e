"""What home and search ask in words kept for all who stand alike is what a query of one's own would ask."""

from datetime import date, timedelta

import pytest
import time_machine

from internships.tests.test_waiting import busy  # noqa: F401 - a fixture
from partnerships.directory import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Deputyship
from partnerships.portal import dates, reports, searching
from partnerships.testing import factories as make


@pytest.mark.wide
def test_everybodys_home_and_search_read_the_same_in_kept_words_and_in_their_own(cast, busy):  # noqa: F811
    make.affiliation(cast.colleague, cast.oil, Role.COORDINATOR)  # two roles, at two universities
    make.affiliation(cast.colleague, cast.other_company, Role.HR)
    make.affiliation(cast.colleague, cast.other_plant, Role.MENTOR)
    with time_machine.travel("2027-07-31T08:00:00Z", tick=False):
        held = make.affiliation(cast.hr, cast.azerisiq, Role.SUPERVISOR)
        Deputyship.objects.create(
            affiliation=held,
            holder=cast.hr,
            deputy=cast.expert,
            starts=date(2027, 7, 1),
            ends=date(2027, 8, 30),
        )
        found = {name: _shown(cast.user(name)) for name in cast.people()}
        with asked.plainly():
            plain = {name: _shown(cast.user(name)) for name in cast.people()}
    assert found == plain
    assert {name for name, home in found.items() if home[0].todos} >= {
        "hr",
        "mentor",
        "student",
        "coordinator",
    }


def _shown(user):
    home = reports.home(user)
    days = (date(2027, 6, 1), date(2027, 6, 1) + timedelta(days=400))
    found = [
        searching.search(user, words) for words in ("nigar memmedova", "tecrube", "a", "baki 100%", "2027")
    ]
    return home, dates.entries(user, *days), reports.waiting_count(user), found
