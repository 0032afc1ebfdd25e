"""Practice and internship: what it gives the portal."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from internships import found, home, measured, standing, starting_home, underway
from internships.models import Programme
from internships.numbers import home as numbers
from internships.numbers import yearly
from internships.placement_reports import works_with_placements
from partnerships.common.direction import Becomes, Direction, MenuItem
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role


def _has(*roles: str) -> Callable[[Any], bool]:
    return lambda user: access_of(user).has(*roles)


def _applies(user: Any) -> bool:
    """Students, and those whose university has still to confirm them: they have applied already."""
    access = access_of(user)
    return access.has(Role.STUDENT) or (access.person_id is not None and not access.scopes)


def _keeps_students(user: Any) -> bool:
    """Coordinators, and the operator who stands in where a university has none."""
    access = access_of(user)
    return access.has(Role.COORDINATOR) or access.operates


DIRECTION = Direction(
    key="internships",
    name=_("Practice and Internship Programmes"),
    short_name=_("Practice and Internship"),
    summary=_("Practice in the electricity network, with a mentor and a tripartite contract."),
    invitation=_("Apply for practice"),
    piles=home.piles,
    motion=underway.motion,
    steps=starting_home.steps,
    numbers=numbers.numbers,
    charts=home.charts,
    sought=found.sought,
    dated=home.dated,
    activities=standing.ACTIVITIES,
    figures=standing.figures,
    figure_labels=standing.FIGURES,
    indicators=measured.INDICATORS,
    open_count=home.open_count,
    open_rows=home.open_rows,
    menu=(
        MenuItem(_("My applications"), "internships:mine", _applies),
        MenuItem(
            _("Applications"),
            "internships:worklist",
            _has(Role.HR, Role.COORDINATOR, Role.MENTOR, Role.SUPERVISOR),
        ),
        MenuItem(_("Practices"), "internships:placements", works_with_placements),
        MenuItem(_("Students without a place"), "internships:students", _keeps_students),
        MenuItem(_("Interviews"), "internships:interviews", _has(Role.HR, Role.MENTOR)),
        MenuItem(_("Programmes"), "internships:manage", _has(Role.HR)),
        MenuItem(_("Practice in numbers"), "internships:numbers", yearly.reads_numbers),
    ),
    becomes=(
        Becomes(
            _("Programme of practice"), Programme.objects.visible_to, "internships:manage_new", _has(Role.HR)
        ),
    ),
)
