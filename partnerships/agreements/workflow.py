"""The states of an agreement and who moves it: the page that a manager can read."""

from django.utils.translation import gettext_lazy as _

from partnerships.agreements import conditions as c
from partnerships.agreements import rules
from partnerships.agreements.enums import OPEN_STATES, REVIEW_STATES, SIGNING_STATES, AgreementState
from partnerships.workflow.engine import Transition, Workflow

A = AgreementState
COMPLETE = (c.every_party_there, c.not_over, c.amended_stands, c.renewed_stands)

AGREEMENT = Workflow(
    "agreement",
    A,
    # A partner asks for one
    Transition("take_up", {A.PROPOSED}, A.DRAFT, rules.manages, _("Prepare it")),
    Transition(
        "reject",
        {A.PROPOSED, A.APPROVAL},
        A.REJECTED,
        rules.answers,
        _("Reject"),
        needs=("note",),
        danger=True,
    ),
    # Within the house, where the type asks for it
    Transition(
        "to_legal",
        {A.DRAFT},
        A.LEGAL_REVIEW,
        rules.may_open & rules.needs_legal,
        _("Send to legal review"),
        conditions=COMPLETE,
    ),
    Transition(
        "to_approval",
        {A.DRAFT},
        A.APPROVAL,
        rules.may_open & rules.needs_approval & ~rules.needs_legal,
        _("Send for internal approval"),
        conditions=COMPLETE,
    ),
    Transition(
        "pass_on",
        {A.LEGAL_REVIEW},
        A.APPROVAL,
        rules.reviews_law & rules.needs_approval,
        _("Legally in order"),
        conditions=(c.other_eyes, c.text_intact),
    ),
    Transition(
        "clear",
        {A.LEGAL_REVIEW},
        A.CLEARED,
        rules.reviews_law & ~rules.needs_approval,
        _("Legally in order, to be sent"),
        conditions=(c.other_eyes, c.text_intact),
    ),
    Transition(
        "approve",
        {A.APPROVAL},
        A.CLEARED,
        rules.approves,
        _("Approve"),
        conditions=(c.other_eyes, c.text_intact),
    ),
    Transition(
        "rework",
        set(REVIEW_STATES),
        A.DRAFT,
        rules.manages | rules.reviews,
        _("Back to the draft"),
        needs=("note",),
        danger=True,
    ),
    # Who keeps it
    Transition(
        "send",
        {A.DRAFT, A.CLEARED},
        A.SIGNING,
        rules.may_open,
        _("Send for signing"),
        conditions=(c.reviewed, *COMPLETE),
    ),
    Transition("withdraw", set(OPEN_STATES), A.WITHDRAWN, rules.may_withdraw, _("Withdraw"), danger=True),
    Transition(
        "paper",
        set(SIGNING_STATES),
        A.IN_FORCE,
        rules.manages,
        _("Enter a signed paper"),
        needs=("in_force_since",),
        conditions=(c.text_intact, c.amended_stands, c.renewed_stands),
    ),
    # The parties
    Transition(
        "sign",
        set(SIGNING_STATES),
        A.PARTLY_SIGNED,
        rules.signs,
        _("Sign"),
        conditions=(c.own_turn, c.one_party_each, c.text_intact, c.amended_stands, c.renewed_stands),
    ),
    Transition(
        "return",
        set(SIGNING_STATES),
        A.DRAFT,
        rules.is_party,
        _("Return with a reason"),
        needs=("note",),
        danger=True,
    ),
    # What comes after the term: each ends the reminders of the notice day
    Transition(
        "renew",
        {A.IN_FORCE},
        A.IN_FORCE,
        rules.manages & rules.is_reminded,
        _("Renew"),
        conditions=(c.not_decided, c.none_being_signed),
    ),
    Transition(
        "keep",
        {A.IN_FORCE},
        A.IN_FORCE,
        rules.manages & rules.goes_on,
        _("Let it go on"),
        conditions=(c.not_decided,),
    ),
    Transition(
        "lapse",
        {A.IN_FORCE},
        A.IN_FORCE,
        rules.manages & rules.has_term,
        _("Let it end"),
        needs=("note",),
        conditions=(c.not_decided, c.may_lapse, c.none_being_signed),
        danger=True,
    ),
    Transition(
        "postpone",
        {A.IN_FORCE},
        A.IN_FORCE,
        rules.manages & rules.is_reminded,
        _("Decide later"),
        needs=("note", "postponed_until"),
        conditions=(c.not_decided,),
    ),
    Transition(
        "reconsider",
        {A.IN_FORCE},
        A.IN_FORCE,
        (rules.manages | rules.is_system) & rules.is_decided,
        _("Decide anew"),
        needs=("note",),
        conditions=(c.none_renewing,),
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
    Transition("take_force", {A.PARTLY_SIGNED}, A.IN_FORCE, rules.is_system, _("All have signed: in force")),
    Transition("revive", {A.TERMINATED}, A.IN_FORCE, rules.is_system, _("In force again")),
    Transition("supersede", {A.IN_FORCE}, A.SUPERSEDED, rules.is_system, _("Replaced by a newer one")),
    initial=A.DRAFT,
    terminal={A.SUPERSEDED, A.REJECTED, A.WITHDRAWN},
)
