"""The states of an agreement and who moves it: the page that a manager can read."""

from django.utils.translation import gettext_lazy as _

from partnerships.agreements import conditions as c
from partnerships.agreements import rules
from partnerships.agreements.enums import AgreementState
from partnerships.workflow.engine import Transition, Workflow

A = AgreementState

AGREEMENT = Workflow(
    "agreement",
    A,
    # Who keeps it
    Transition(
        "send",
        {A.DRAFT},
        A.SIGNING,
        rules.may_open,
        _("Send for signing"),
        conditions=(c.every_party_there, c.not_over, c.amended_stands),
    ),
    Transition("withdraw", {A.DRAFT, A.SIGNING}, A.WITHDRAWN, rules.may_open, _("Withdraw"), danger=True),
    Transition(
        "paper",
        {A.SIGNING},
        A.IN_FORCE,
        rules.manages,
        _("Enter a signed paper"),
        needs=("in_force_since",),
        conditions=(c.text_intact, c.amended_stands),
    ),
    # The parties
    Transition(
        "sign",
        {A.SIGNING},
        A.SIGNING,
        rules.signs,
        _("Sign"),
        conditions=(c.own_turn, c.one_party_each, c.text_intact, c.amended_stands),
    ),
    Transition(
        "return",
        {A.SIGNING},
        A.DRAFT,
        rules.is_party,
        _("Return with a reason"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "terminate",
        {A.IN_FORCE},
        A.TERMINATED,
        rules.may_end,
        _("End early"),
        needs=("note", "ended_on"),
        danger=True,
    ),
    # What follows from another's act
    Transition("take_force", {A.SIGNING}, A.IN_FORCE, rules.is_system, _("All have signed: in force")),
    Transition("revive", {A.TERMINATED}, A.IN_FORCE, rules.is_system, _("In force again")),
    Transition("supersede", {A.IN_FORCE}, A.SUPERSEDED, rules.is_system, _("Amended by a newer one")),
    initial=A.DRAFT,
    terminal={A.SUPERSEDED, A.WITHDRAWN},
)
