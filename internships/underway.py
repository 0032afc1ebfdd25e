"""Where a person's own applications stand: the line of each on the home page and in the list of them."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from internships import home_placements
from internships.enums import ApplicationState
from internships.models import Application
from internships.moves import Move, move_of
from internships.views.parts import chip_kind
from internships.workflow import APPLICATION
from partnerships.common.direction import MOST_IN_MOTION, Underway
from partnerships.common.piles import Pile
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked

AT_HOME = MOST_IN_MOTION


def motion(user: Any) -> list[Pile]:
    """The practices of this person that are not over, then the applications that are in motion."""
    access = access_of(user)
    if access.person_id is None:
        return []
    found = [Pile(_in_motion(user), AT_HOME, partial(_line, user))]
    if access.may_study:
        found.insert(0, Pile(home_placements.own(user), AT_HOME, partial(home_placements.line, user)))
    return found


@asked
def _in_motion(user: Any) -> Any:
    return (
        Application.objects.filter(person_id=access_of(user).person_id)
        .in_motion()
        .select_related(
            "person", "unit", "university", "programme__host", "programme__call", "offered_vacancy__position"
        )
        .prefetch_related("programme__call__deadlines", "interviews")
        .order_by("-pk")
    )


def _line(user: Any, application: Application) -> Underway:
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
