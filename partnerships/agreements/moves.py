"""Whose move an agreement is, in words, and the row of its steps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partnerships.agreements import reports, rules
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Agreement
from partnerships.common.clock import day_in_words, today


@dataclass(frozen=True)
class Move:
    """Whether it is the reader's, what is to be done or who does it, and what stands below."""

    mine: bool
    text: str
    detail: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Step:
    label: str
    state: str


def own_move(agreement: Agreement, user: Any) -> str:
    """What this reader has to do, in words; empty where it is somebody else's move. Asks nothing more."""
    if agreement.state == A.DRAFT and rules.manages(user, agreement):
        again = agreement.sent_at is not None
        return _("It was returned: change it and send it again.") if again else _("Check it and send it.")
    first = agreement.awaiting if agreement.state == A.SIGNING else None
    if first is not None and rules.signs_for(user, first):
        return _("Read the text and sign: %(party)s") % {"party": first.name}
    return ""


def move_of(agreement: Agreement, user: Any) -> Move:
    if agreement.state == A.DRAFT:
        return _draft(agreement, user)
    if agreement.state == A.SIGNING:
        return _signing(agreement, user)
    return Move(False, *_settled(agreement))


def _draft(agreement: Agreement, user: Any) -> Move:
    if text := own_move(agreement, user):
        return Move(True, text, _("The text is fixed when it is sent for signing."))
    owner = {"owner": agreement.owner.short_name}
    return Move(
        False, _("Prepares: %(owner)s") % owner, _("You sign once it is sent."), agreement.state_since
    )


def _signing(agreement: Agreement, user: Any) -> Move:
    first = agreement.awaiting
    if first is None:
        return Move(False, _("All have signed."))
    signed, all_of_them = len(agreement.signatures_now), len(agreement.in_order)
    count = _("signed: %(signed)s of %(all)s") % {"signed": signed, "all": all_of_them}
    if text := own_move(agreement, user):
        return Move(True, text, count, agreement.turn_since)
    who = (
        ""
        if any(person.user_id for person in reports.signers_of(first))
        else _("Nobody in the portal signs for this party: print it and enter the signed paper.")
    )
    detail = f"{count}. {who}" if who else count
    return Move(False, _("Signs now: %(party)s") % {"party": first.name}, detail, agreement.turn_since)


def _settled(agreement: Agreement) -> tuple[str, str]:
    if agreement.state == A.IN_FORCE:
        if agreement.is_expired:
            return _("The term is over."), _("Last day: %(day)s") % {"day": day_in_words(agreement.ends)}
        if agreement.starts > today():
            return _("All have signed."), _("Holds from: %(day)s") % {"day": day_in_words(agreement.starts)}
        if agreement.ends is None:
            return _("In force."), _("Without an end.")
        return _("In force."), _("Last day: %(day)s") % {"day": day_in_words(agreement.ends)}
    if agreement.state == A.TERMINATED:
        day = day_in_words(agreement.ended_on) if agreement.ended_on else ""
        return _("Ended early."), _("Ended on: %(day)s") % {"day": day}
    if agreement.state == A.SUPERSEDED:
        return _("Amended: the newer one holds."), _("This one stays to be read.")
    return _("Withdrawn before it came into force."), ""


def steps_of(agreement: Agreement) -> list[Step]:
    """Preparation, a step for every party, in force; an ended one is marked where it ended."""
    over = agreement.state in (A.IN_FORCE, A.TERMINATED, A.SUPERSEDED)
    steps = [Step(pgettext("step", "Draft"), "now" if agreement.state == A.DRAFT else "done")]
    for party in agreement.in_order:
        signed = agreement.signed_by(party) is not None and agreement.state != A.DRAFT
        now = agreement.state == A.SIGNING and agreement.awaiting_id == party.pk
        steps.append(Step(party.get_role_display(), "done" if signed or over else "now" if now else ""))
    ended = agreement.state in (A.TERMINATED, A.SUPERSEDED) or agreement.is_expired
    label = pgettext("step", "Over") if ended else pgettext("step", "In force")
    steps.append(Step(label, "off" if ended else "now" if agreement.state == A.IN_FORCE else ""))
    if agreement.state == A.WITHDRAWN:
        steps = [*(step for step in steps if step.state == "done"), Step(_("Withdrawn"), "off")]
    return steps


def state_shown(agreement: Agreement, user: Any = None) -> tuple[str, str]:
    """The words and kind of the chip: what is over or ends soon is told, though it is not stored."""
    state = A(agreement.state)
    if agreement.is_expired:
        return _("Over"), ""
    if agreement.is_expiring:
        return _("Ends soon"), "on"
    if state == A.IN_FORCE and agreement.starts > today():
        return _("Signed, begins later"), "on"
    kinds = {A.SIGNING: "on", A.IN_FORCE: "good", A.TERMINATED: "bad"}
    return str(state.label), kinds.get(state, "")
