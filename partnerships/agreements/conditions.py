"""What must hold before a verb, each answering with the reason when it does not."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import rules
from partnerships.agreements.enums import AgreementKind, AgreementState
from partnerships.common.clock import today
from partnerships.workflow.actors import Actor
from partnerships.workflow.engine import Refusal


def own_turn(agreement: Any, actor: Actor) -> Refusal | None:
    """Parties sign in their order: the refusal says who comes first."""
    party = rules.party_to_sign(actor.principal, agreement)
    first = agreement.awaiting
    if party is None or first is None or party.pk == first.pk:
        return None
    return Refusal(_t("First signs: %(party)s") % {"party": first.name}, code="not_your_turn")


def one_party_each(agreement: Any, actor: Actor) -> Refusal | None:
    """Nobody agrees with themselves: who has signed for one party does not sign for another."""
    person_id = actor.person_id
    if any(signature.person_id == person_id for signature in agreement.signatures_now if person_id):
        return Refusal(
            _("You have signed for another party. Somebody else must sign for this one."),
            code="signed_for_another",
        )
    return None


def text_intact(agreement: Any, actor: Actor) -> Refusal | None:
    if agreement.text is None or not agreement.text.is_intact:
        return Refusal(
            _("The text does not match its fingerprint. Nobody signs it; write to the administrators."),
            code="text_damaged",
        )
    return None


def amended_stands(agreement: Any, actor: Actor) -> Refusal | None:
    """An amendment needs the agreement that it amends."""
    if agreement.kind != AgreementKind.AMENDMENT or agreement.parent.state == AgreementState.IN_FORCE:
        return None
    return Refusal(_("The agreement that this amends is no longer in force."), code="amended_gone")


def not_over(agreement: Any, actor: Actor) -> Refusal | None:
    if agreement.ends is not None and agreement.ends < today():
        return Refusal(_("Its last day has passed. Change the dates first."), code="over")
    return None


def every_party_there(agreement: Any, actor: Actor) -> Refusal | None:
    if len(agreement.in_order) < 2:
        return Refusal(_("An agreement needs at least two parties."), code="parties")
    return None


def none_being_signed(agreement: Any, actor: Actor) -> Refusal | None:
    """While an amendment is on its way, it is finished or withdrawn first."""
    if agreement.open_amendment is not None:
        return Refusal(
            _("An amendment is being prepared or signed. Finish or withdraw it first."), code="amendment_open"
        )
    return None
