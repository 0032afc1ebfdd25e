"""The states of an idea and who moves it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.ideas import rules
from partnerships.ideas.enums import IdeaState
from partnerships.workflow.engine import Transition, Workflow

S = IdeaState

IDEA = Workflow(
    "idea",
    S,
    Transition(
        "step",
        {S.OPEN},
        S.OPEN,
        rules.moves,
        _("Write the next step"),
        told=_("A step further"),
        needs=("next_step", "next_on"),
    ),
    Transition(
        "become",
        {S.OPEN},
        S.BECAME,
        rules.moves,
        pgettext_lazy("idea", "It has become something"),
        told=_("Has become something"),
        needs=("object_id",),
    ),
    Transition(
        "drop",
        {S.OPEN},
        S.DROPPED,
        rules.moves,
        pgettext_lazy("idea", "Drop"),
        told=_("Dropped"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "reopen",
        {S.BECAME, S.DROPPED},
        S.OPEN,
        rules.moves,
        pgettext_lazy("idea", "Take up again"),
        told=_("Taken up again"),
        needs=("next_step", "next_on"),
    ),
    initial=S.OPEN,
)
