"""The personal code of a student, for the papers of a practice that are made outside the portal."""

from typing import Any

from django.utils.translation import gettext as _

from internships import rules
from internships.models import Placement
from internships.placement_conditions import still_changeable
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.actions import show_fin
from partnerships.workflow.actors import as_actor


def see_personal_code(placement: Placement, *, actor: Any, why: str) -> str:
    """The student's FIN, whole, for human resources of the company and the coordinator, while the practice is
    prepared or under way; each look is kept with what it was for, and the student reads it.

    Raises Refused to anybody else, Blocked when the practice is over or no code is kept.
    """
    by = as_actor(actor)
    user = by.principal
    if not (rules.runs_placement(user, placement) or rules.coordinates_placement(user, placement)):
        raise Refused(
            _("The personal code is shown to human resources of the company and the coordinator alone.")
        )
    if (over := still_changeable(placement, by)) is not None:
        raise Blocked(over, placement)
    return show_fin(placement.person, actor=by, why=why)
