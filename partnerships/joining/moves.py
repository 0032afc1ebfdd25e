"""Whose move it is while an agreement is offered: read from the agreement itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.agreements.enums import SIGNING_STATES, AgreementState
from partnerships.agreements.models import Agreement
from partnerships.agreements.moves import move_of
from partnerships.joining.enums import JoinState
from partnerships.joining.models import JoinRequest
from partnerships.joining.rules import fell_away


@dataclass(frozen=True)
class Turn:
    """Whether it is the reader's move, in words, the address where it is made, and since when."""

    mine: bool
    text: str
    url: str = ""
    since: datetime | None = None


def code_is_over(request: JoinRequest) -> bool:
    """The code that was mailed was not used in its days."""
    code = request.invitation if request.state == JoinState.INVITED else None
    return code is not None and code.uses_left > 0 and code.expires <= timezone.now()


def _offered(request: JoinRequest) -> Agreement | None:
    if request.state != JoinState.OFFERED or request.agreement_id is None:
        return None
    return Agreement.objects.with_rows().get(pk=request.agreement_id)


def _since(agreement: Agreement) -> datetime:
    """Since when somebody has had the move: who signs since their turn came."""
    return (agreement.turn_since if agreement.awaiting else None) or agreement.state_since


def turn_of_manager(request: JoinRequest, user: Any) -> Turn | None:
    """For who looks after the request; None where no agreement is offered."""
    agreement = _offered(request)
    if agreement is None:
        return None
    if fell_away(user, request):
        return Turn(True, _("Your move: the agreement fell away. Offer another one, or decline."))
    if agreement.state == AgreementState.IN_FORCE:
        text = _("All have signed: it becomes a partner by itself within minutes, or now by your word.")
        return Turn(False, text, agreement.get_absolute_url(), agreement.state_since)
    move = move_of(agreement, user)
    return Turn(move.mine, move.text, agreement.get_absolute_url(), _since(agreement))


def turn_of_asker(request: JoinRequest) -> Turn | None:
    """For the contact behind the link, who may have no account."""
    agreement = _offered(request)
    if agreement is None:
        return None
    if agreement.state == AgreementState.IN_FORCE:
        text = _("All have signed. Your organisation is named a partner within minutes.")
        return Turn(False, text, since=agreement.state_since)
    party = agreement.awaiting if agreement.state in SIGNING_STATES else None
    if party is None:
        return Turn(
            False, _("A framework agreement is being prepared; whoever signs for you finds it in the portal.")
        )
    if party.organization_id == request.organization_id:
        url = agreement.get_absolute_url()
        text = _("Your move: the agreement waits for your organisation's signature.")
        return Turn(True, text, url, _since(agreement))
    return Turn(False, _("Signs now: %(party)s") % {"party": party.name}, since=_since(agreement))
