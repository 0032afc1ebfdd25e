"""The life of an erasure."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.privacy import conditions as c
from partnerships.privacy import rules
from partnerships.privacy.enums import ErasureState as S
from partnerships.workflow.engine import Transition, Workflow

ERASURE = Workflow(
    "erasure",
    S,
    Transition(
        "cancel",
        {S.ASKED},
        S.CANCELLED,
        rules.is_own,
        pgettext_lazy("erasure", "Call off"),
        told=pgettext_lazy("erasure", "Called off"),
    ),
    Transition(
        "erase",
        {S.ASKED},
        S.ERASED,
        rules.is_system,
        _("Erase"),
        told=pgettext_lazy("erasure", "Erased"),
        conditions=(c.time_is_over, c.nothing_stands_against),
    ),
    initial=S.ASKED,
    terminal={S.CANCELLED, S.ERASED},
)
