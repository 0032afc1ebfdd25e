"""The card of facts: where, when, with whom; and what may be changed of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from internships import actions, rules
from internships.forms import placing as forms
from internships.placement_conditions import still_changeable
from internships.views.acts import Act, Button
from internships.views.placing.parts import Card, Reader
from internships.whole_practice import standing_in
from partnerships.workflow.actors import as_actor

# What changes without moving the state: (label, who may, act). They follow the rules of `actions.changing`.
CHANGES: dict[str, tuple[Any, Any, Act]] = {
    "extend": (
        _("Move the last day"),
        rules.extends_placement,
        Act(
            lambda it, user, v: actions.extend(it, actor=user, **v),
            _("The last day is moved; everybody is told."),
            forms.ExtendForm,
            _("Hours and credits follow. Student, mentor and university are told."),
        ),
    ),
    "mentor": (
        _("Name the mentor"),
        rules.runs_placement,
        Act(
            lambda it, user, v: actions.change_mentor(it, actor=user, **v),
            _("The mentor is named."),
            forms.MentorForm,
            _("Whoever was the mentor before no longer sees this practice, and their link no longer opens."),
        ),
    ),
    "supervisor": (
        _("Name the supervisor"),
        rules.coordinates_placement,
        Act(
            lambda it, user, v: actions.change_supervisor(it, actor=user, **v),
            _("The supervisor is named."),
            forms.SupervisorForm,
        ),
    ),
    "unit": (
        _("Move to another unit"),
        rules.runs_placement,
        Act(
            lambda it, user, v: actions.change_unit(it, actor=user, **v),
            _("Moved to another unit."),
            forms.UnitForm,
            _("The hazard class of the new unit holds, and the workplace briefing is given anew there."),
        ),
    ),
}


def changes_for(placement: Any, user: Any) -> list[Button]:
    """The changes this person may make, as buttons; none once the practice is over."""
    if still_changeable(placement, as_actor(user)):
        return []
    return [
        Button(name, str(label), f"{placement.get_absolute_url()}do/{name}/", True, "btn-quiet btn-sm")
        for name, (label, may, _act) in CHANGES.items()
        if may(user, placement)
    ]


def card(reader: Reader) -> Card:
    shown = {
        "changes": changes_for(reader.placement, reader.user),
        "standing": standing_in(reader.placement),
    }
    return Card("internships/placement/_facts.html", shown)
