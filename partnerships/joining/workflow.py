"""The states of a request to join and who moves it: the page that a manager can read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.joining import conditions as c
from partnerships.joining import rules
from partnerships.joining.enums import JoinState
from partnerships.workflow.engine import Transition, Workflow

J = JoinState

JOINING = Workflow(
    "joining",
    J,
    # The partnership manager
    Transition(
        "invite",
        {J.RECEIVED, J.ASKED},
        J.INVITED,
        rules.looks_after,
        _("Invite the first person"),
        conditions=(c.has_nobody_of_its_own,),
    ),
    Transition(
        "ask",
        {J.RECEIVED},
        J.ASKED,
        rules.looks_after,
        pgettext_lazy("joining", "Ask something"),
        needs=("note",),
    ),
    Transition(
        "offer",
        {J.INVITED},
        J.OFFERED,
        rules.looks_after,
        _("Offer an agreement"),
        conditions=(c.is_university, c.somebody_came),
    ),
    Transition(
        "join",
        {J.INVITED, J.OFFERED},
        J.JOINED,
        rules.ends,
        pgettext_lazy("joining", "Make a partner"),
        conditions=(c.somebody_came, c.agreement_holds),
    ),
    Transition(
        "decline",
        {J.RECEIVED, J.ASKED, J.INVITED, J.OFFERED},
        J.DECLINED,
        rules.looks_after,
        pgettext_lazy("joining", "Decline"),
        needs=("note",),
        danger=True,
    ),
    # The asker, by the link
    Transition(
        "reply", {J.ASKED}, J.RECEIVED, rules.asks, pgettext_lazy("joining", "Answer"), needs=("note",)
    ),
    Transition(
        "withdraw",
        {J.RECEIVED, J.ASKED, J.INVITED, J.OFFERED},
        J.WITHDRAWN,
        rules.asks,
        pgettext_lazy("joining", "Withdraw the request"),
        danger=True,
    ),
    initial=J.RECEIVED,
    terminal={J.JOINED, J.DECLINED, J.WITHDRAWN},
)
