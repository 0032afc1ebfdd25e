"""How somebody comes to belong to an organisation."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.common.refusals import Refusal
from partnerships.directory import rules
from partnerships.directory.enums import AffiliationState, DeputyState
from partnerships.workflow.actors import Actor
from partnerships.workflow.engine import Transition, Workflow

SUGGESTED, REQUESTED, VERIFIED, REFUSED = (
    AffiliationState.SUGGESTED,
    AffiliationState.REQUESTED,
    AffiliationState.VERIFIED,
    AffiliationState.REFUSED,
)
WAITING = frozenset({SUGGESTED, REQUESTED})


def no_other(affiliation: Any, actor: Actor) -> Refusal | None:
    """The person has no other open row for the same role here."""
    others = type(affiliation)._base_manager.filter(
        person_id=affiliation.person_id,
        organization_id=affiliation.organization_id,
        role=affiliation.role,
        ends=None,
    )
    if others.exclude(pk=affiliation.pk).exclude(state=REFUSED).exists():
        return Refusal(_("This person already has this role here."), code="twice")
    return None


AFFILIATION = Workflow(
    "affiliation",
    AffiliationState,
    Transition(
        "request",
        {SUGGESTED},
        REQUESTED,
        rules.is_own,
        _("Ask for confirmation"),
        told=_("Confirmation asked for"),
    ),
    Transition(
        "withdraw",
        WAITING,
        REFUSED,
        rules.is_own | rules.is_system,  # of somebody who is erased nobody is asked
        _("Withdraw"),
        told=pgettext_lazy("role", "Withdrawn"),
    ),
    Transition(
        "confirm", WAITING, VERIFIED, rules.decides, _("Confirm"), told=pgettext_lazy("role", "Confirmed")
    ),
    # The university's own list or an invitation has already said yes.
    Transition(
        "match",
        WAITING,
        VERIFIED,
        rules.is_system,
        _("Confirmed by the list"),
        told=_("Confirmed by the list"),
    ),
    Transition(
        "refuse",
        WAITING,
        REFUSED,
        rules.decides,
        _("Refuse"),
        told=pgettext_lazy("role", "Refused"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "end",
        {VERIFIED},
        VERIFIED,
        rules.decides | rules.is_own,
        _("End"),
        told=pgettext_lazy("role", "Ended"),
        needs=("ends",),
    ),
    Transition(
        "revoke",
        {VERIFIED},
        REFUSED,
        rules.decides,
        _("Take the confirmation back"),
        told=_("Confirmation taken back"),
        needs=("note",),
        danger=True,
    ),
    Transition(
        "restore",
        {REFUSED},
        REQUESTED,
        rules.decides,
        _("Consider again"),
        told=_("To be considered again"),
        conditions=(no_other,),
        needs=("note",),
    ),
    initial=REQUESTED,
)


D = DeputyState

DEPUTYSHIP = Workflow(
    "deputyship",
    D,
    Transition(
        "decline",
        {D.NAMED},
        D.DECLINED,
        rules.is_deputy,
        pgettext_lazy("deputy", "Decline"),
        told=pgettext_lazy("deputy", "Declined"),
        needs=("note",),
    ),
    Transition(
        "revoke",
        {D.NAMED},
        D.REVOKED,
        rules.ends_deputyship,
        pgettext_lazy("deputy", "End now"),
        told=pgettext_lazy("deputy", "Ended before its last day"),
    ),
    initial=D.NAMED,
    terminal={D.DECLINED, D.REVOKED},
)
