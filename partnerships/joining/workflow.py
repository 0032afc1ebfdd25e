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
        told=_("First person invited"),
        conditions=(c.has_nobody_of_its_own,),
    ),
    Transition(
        "invite_again",
        {J.INVITED},
        J.INVITED,
        rules.looks_after,
        _("Send a new code"),
        told=_("New code sent"),
        conditions=(c.nobody_came, c.has_nobody_of_its_own, c.code_is_read),
    ),
    Transition(
        "ask",
        {J.RECEIVED},
        J.ASKED,
        rules.looks_after,
        pgettext_lazy("joining", "Ask something"),
        told=_("Question asked"),
        needs=("note",),
    ),
    Transition(
        "offer",
        {J.INVITED},
        J.OFFERED,
        rules.looks_after,
        _("Offer an agreement"),
        told=_("Agreement offered"),
        conditions=(c.is_university, c.somebody_came),
    ),
    Transition(
        "offer_again",
        {J.OFFERED},
        J.OFFERED,
        rules.looks_after & rules.fell_away,
        _("Offer another agreement"),
        told=_("Another agreement offered"),
        conditions=(c.is_university, c.somebody_came),
    ),
    Transition(
        "join",
        {J.INVITED, J.OFFERED},
        J.JOINED,
        rules.ends,
        pgettext_lazy("joining", "Make a partner"),
        told=_("Became a partner"),
        conditions=(c.somebody_came, c.agreement_holds),
    ),
    Transition(
        "decline",
        {J.RECEIVED, J.ASKED, J.INVITED, J.OFFERED},
        J.DECLINED,
        rules.looks_after,
        pgettext_lazy("joining", "Decline"),
        told=_("Declined"),
        needs=("note",),
        conditions=(c.agreement_open,),
        danger=True,
    ),
    # The asker, by the link
    Transition(
        "reply",
        {J.ASKED},
        J.RECEIVED,
        rules.asks,
        pgettext_lazy("joining", "Answer"),
        told=_("Answered"),
        needs=("note",),
    ),
    Transition(
        "withdraw",
        {J.RECEIVED, J.ASKED, J.INVITED, J.OFFERED},
        J.WITHDRAWN,
        rules.asks,
        pgettext_lazy("joining", "Withdraw the request"),
        told=_("Withdrawn"),
        conditions=(c.agreement_open,),
        danger=True,
    ),
    initial=J.RECEIVED,
    terminal={J.JOINED, J.DECLINED, J.WITHDRAWN},
)
