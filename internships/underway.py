"""Where a person's own applications stand: the line of each on the home page and in the list of them."""

from typing import Any

from django.utils.translation import gettext as _

from internships import home_placements
from internships.enums import ApplicationState
from internships.models import Application
from internships.moves import Move, move_of
from internships.views.parts import chip_kind
from internships.workflow import APPLICATION
from partnerships.common.direction import Underway
from partnerships.directory.access import access_of

AT_HOME = 5


def underway(user: Any) -> list[Underway]:
    """The practices of this person that are not over, then the applications that are in motion."""
    person_id = access_of(user).person_id
    if person_id is None:
        return []
    mine = (
        Application.objects.filter(person_id=person_id)
        .in_motion()
        .select_related(
            "person", "unit", "university", "programme__host", "programme__call", "offered_vacancy__position"
        )
        .prefetch_related("programme__call__deadlines", "interviews")
        .order_by("-pk")
    )
    practices = home_placements.underway(user, AT_HOME)
    return practices + [_line(application, user) for application in mine[: AT_HOME - len(practices)]]


def _line(application: Application, user: Any) -> Underway:
    move = move_in_list(application, user)
    return Underway(
        application.programme.title,
        " · ".join(filter(None, [application.number, application.programme.host.short_name])),
        application.get_absolute_url(),
        str(APPLICATION.public_label(application.state)),
        chip_kind(application.state, move.mine),
        move.text,
        move.due,
    )


def move_in_list(application: Application, user: Any) -> Move:
    """Whose move it is, without counting who stands ahead in a line: that asks once for each row."""
    if application.state == ApplicationState.WAITLISTED:
        text = _("On the waiting list: the next free seat is offered by itself.")
        return Move(False, text, due=application.due)
    return move_of(application, user)
