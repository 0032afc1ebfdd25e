"""The states of a reported value and who moves it: what one person says, another confirms."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.indicators import conditions as c
from partnerships.indicators import rules
from partnerships.indicators.enums import ValueState
from partnerships.workflow.engine import Transition, Workflow

S = ValueState

VALUE = Workflow(
    "reported_value",
    S,
    Transition(
        "confirm",
        {S.REPORTED},
        S.CONFIRMED,
        rules.confirms,
        pgettext_lazy("value", "Confirm"),
        told=pgettext_lazy("value", "Confirmed"),
        conditions=(c.other_eyes,),
    ),
    Transition(
        "return",
        {S.REPORTED},
        S.RETURNED,
        rules.confirms,
        _("Return for changes"),
        told=_("Returned for changes"),
        conditions=(c.other_eyes,),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "correct", {S.REPORTED, S.RETURNED}, S.REPORTED, rules.is_reporter, _("Correct"), told=_("Corrected")
    ),
    Transition(
        "withdraw",
        {S.REPORTED, S.RETURNED},
        S.WITHDRAWN,
        rules.is_reporter,
        pgettext_lazy("value", "Withdraw"),
        told=pgettext_lazy("value", "Taken back"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "cancel",
        {S.CONFIRMED, S.RETURNED},
        S.WITHDRAWN,
        rules.cancels,
        pgettext_lazy("value", "Cancel: it is wrong"),
        told=pgettext_lazy("value", "Cancelled"),
        needs=("note",),
        danger=True,
    ),
    initial=S.REPORTED,
    terminal={S.WITHDRAWN},
)
