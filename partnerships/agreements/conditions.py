"""What must hold before a verb, each answering with the reason when it does not."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import rules
from partnerships.agreements.enums import AgreementKind, AgreementState, TermKind
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


def reviewed(agreement: Any, actor: Actor) -> Refusal | None:
    """What its type asks for comes before the partner reads it."""
    if agreement.state != AgreementState.DRAFT or agreement.type is None:
        return None
    if agreement.type.needs_legal:
        return Refusal(_("Legal review comes first."), code="review_first")
    if agreement.type.needs_approval:
        return Refusal(_("Internal approval comes first."), code="review_first")
    return None


def other_eyes(agreement: Any, actor: Actor) -> Refusal | None:
    """Who prepared it does not pass it too."""
    if actor.user is not None and agreement.made_by_id == actor.user.pk:
        return Refusal(_("You have prepared it yourself. Somebody else must look at it."), code="own_work")
    return None


def renewed_stands(agreement: Any, actor: Actor) -> Refusal | None:
    """What is renewed was not ended or replaced meanwhile."""
    if agreement.renews is None or agreement.renews.state == AgreementState.IN_FORCE:
        return None
    return Refusal(_("The agreement that this renews is no longer in force."), code="renewed_gone")


def not_decided(agreement: Any, actor: Actor) -> Refusal | None:
    if agreement.decision:
        return Refusal(
            _t("It is decided already: %(decision)s.") % {"decision": agreement.get_decision_display()},
            code="decided",
        )
    return None


def may_lapse(agreement: Any, actor: Actor) -> Refusal | None:
    """An agreement without an end does not end by itself; nor does one whose notice day has passed."""
    if agreement.term_kind == TermKind.OPEN:
        return Refusal(_("It has no end: end it with a reason."), code="no_end")
    late = agreement.notice_by is not None and agreement.notice_by < today()
    if agreement.term_kind == TermKind.AUTO and late:
        return Refusal(_("The notice day has passed: it renews by itself once more."), code="notice_passed")
    return None


def none_renewing(agreement: Any, actor: Actor) -> Refusal | None:
    """While its renewal is on its way or holds, nothing is decided anew."""
    if agreement.live_renewal is None:
        return None
    return Refusal(
        _("Its renewal is being prepared or holds already. Withdraw that first."), code="renewal_open"
    )
