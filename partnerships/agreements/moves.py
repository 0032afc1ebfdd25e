"""Whose move an agreement is, in words, and the row of its steps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partnerships.agreements import reports, rules
from partnerships.agreements.enums import REVIEW_STATES, SIGNING_STATES, Decision
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
        if agreement.sent_at is not None:
            return _("It was returned: change it and send it again.")
        of_type = agreement.type
        if of_type is not None and of_type.needs_legal:
            return _("Check it and send it to legal review.")
        if of_type is not None and of_type.needs_approval:
            return _("Check it and send it for approval.")
        return _("Check it and send it.")
    first = agreement.awaiting if agreement.state in SIGNING_STATES else None
    if first is not None and rules.has_turn(user, agreement):
        return _("Read the text and sign: %(party)s") % {"party": first.name}
    return ""


def move_of(agreement: Agreement, user: Any) -> Move:
    if agreement.state == A.DRAFT:
        return _draft(agreement, user)
    if agreement.state == A.PROPOSED:
        return _proposed(agreement, user)
    if agreement.state in REVIEW_STATES:
        return _in_review(agreement, user)
    if agreement.state in SIGNING_STATES:
        return _signing(agreement, user)
    if agreement.needs_decision:
        return _to_decide(agreement, user)
    return Move(False, *_settled(agreement))


def _draft(agreement: Agreement, user: Any) -> Move:
    if text := own_move(agreement, user):
        return Move(True, text, _("The text is fixed when it is sent."))
    owner = {"owner": agreement.owner.short_name}
    return Move(
        False, _("Prepares: %(owner)s") % owner, _("You sign once it is sent."), agreement.state_since
    )


def _proposed(agreement: Agreement, user: Any) -> Move:
    asked = {"asked": agreement.proposed_by.short_name if agreement.proposed_by else ""}
    if rules.manages(user, agreement):
        return Move(
            True, _("Answer the proposal."), _("Asks for it: %(asked)s") % asked, agreement.state_since
        )
    owner = {"owner": agreement.owner.short_name}
    return Move(
        False,
        _("Answers the proposal: %(owner)s") % owner,
        _("You are told of the answer."),
        agreement.state_since,
    )


def _in_review(agreement: Agreement, user: Any) -> Move:
    since = agreement.state_since
    if agreement.state == A.CLEARED:
        if rules.manages(user, agreement):
            return Move(True, _("It is approved: send it for signing."), "", since)
        return Move(False, _("Sends it: %(owner)s") % {"owner": agreement.owner.short_name}, "", since)
    legal = agreement.state == A.LEGAL_REVIEW
    if rules.reviews(user, agreement):
        text = _("Read the text: is it legally in order?") if legal else _("Read the text and approve it.")
        return Move(True, text, _("Or send it back with a reason."), since)
    who = reports.lawyers_of(agreement) if legal else reports.approvers_of(agreement)
    names = ", ".join(person.name for person in who) or _("Nobody in the portal has this role yet.")
    text = _("Waits for legal review.") if legal else _("Waits for internal approval.")
    return Move(False, text, names, since)


def _to_decide(agreement: Agreement, user: Any) -> Move:
    """The notice day is near or past: what comes afterwards?"""
    assert agreement.notice_by is not None
    day = {"day": day_in_words(agreement.notice_by)}
    late = agreement.notice_by < today()
    if agreement.period_ends is None:
        text = _("Look at it again: does it go on?")
        detail = _("to be looked at by %(day)s") % day
    else:
        text = _("Decide what comes after its term.")
        detail = _("the notice day has passed: %(day)s") % day if late else _("notice day: %(day)s") % day
    if rules.manages(user, agreement):
        return Move(True, text, detail)
    owner = {"owner": agreement.owner.short_name}
    return Move(False, _("Decides what comes after its term: %(owner)s") % owner, detail)


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
            begins = _("Holds from: %(day)s") % {"day": day_in_words(agreement.starts)}
            decided = agreement.decision or agreement.postponed_until is not None
            return _("All have signed."), f"{begins} · {_in_force_words(agreement)}" if decided else begins
        return _("In force."), _in_force_words(agreement)
    if agreement.state == A.TERMINATED:
        day = day_in_words(agreement.ended_on) if agreement.ended_on else ""
        return _("Ended early."), _("Ended on: %(day)s") % {"day": day}
    if agreement.state == A.SUPERSEDED:
        return _("Replaced by a newer one."), _("This one stays to be read.")
    if agreement.state == A.REJECTED:
        return _("Rejected."), _("The reason stands in the history.")
    return _("Withdrawn before it came into force."), ""


def _in_force_words(agreement: Agreement) -> str:
    if agreement.postponed_until is not None and not agreement.decision:
        return _("The decision is postponed until %(day)s") % {"day": day_in_words(agreement.postponed_until)}
    if agreement.decision == Decision.LAPSE and agreement.ends is not None:
        return _("It ends with its term, last day: %(day)s") % {"day": day_in_words(agreement.ends)}
    if agreement.decision:
        return str(agreement.get_decision_display())
    if agreement.ends is not None:
        return _("Last day: %(day)s") % {"day": day_in_words(agreement.ends)}
    if agreement.period_ends is not None:
        return _("Renews by itself after %(day)s") % {"day": day_in_words(agreement.period_ends)}
    return _("Without an end.")


def steps_of(agreement: Agreement) -> list[Step]:
    """Preparation, a step for every party, in force; an ended one is marked where it ended."""
    over = agreement.state in (A.IN_FORCE, A.TERMINATED, A.SUPERSEDED)
    steps = _first_steps(agreement, over)
    for party in agreement.in_order:
        signed = agreement.signed_by(party) is not None and agreement.state in SIGNING_STATES
        now = agreement.state in SIGNING_STATES and agreement.awaiting_id == party.pk
        steps.append(Step(_step_name(agreement, party), "done" if signed or over else "now" if now else ""))
    ended = agreement.state in (A.TERMINATED, A.SUPERSEDED) or agreement.is_expired
    label = pgettext("step", "Over") if ended else pgettext("step", "In force")
    steps.append(Step(label, "off" if ended else "now" if agreement.state == A.IN_FORCE else ""))
    if agreement.state in (A.WITHDRAWN, A.REJECTED):
        label = str(agreement.get_state_display())
        steps = [*(step for step in steps if step.state == "done"), Step(label, "off")]
    return steps


def _step_name(agreement: Agreement, party: Any) -> str:
    """What the party is; where several are the same, which of them."""
    alike = [one for one in agreement.in_order if one.role == party.role]
    if len(alike) > 1 and party.organization is not None:
        return str(party.organization.short_name)
    return str(party.get_role_display())


def _first_steps(agreement: Agreement, over: bool) -> list[Step]:
    """What comes before signing: the proposal if there was one, the draft, what its type asks for. Of one
    from before the portal nothing is known of that."""
    state = agreement.state
    if agreement.brought:
        return []
    names: list[tuple[str, Any]] = [(A.DRAFT, pgettext("step", "Draft"))]
    if agreement.proposed_by_id is not None:
        names.insert(0, (A.PROPOSED, pgettext("step", "Proposal")))
    if agreement.type is not None and (agreement.type.needs_legal or state == A.LEGAL_REVIEW):
        names.append((A.LEGAL_REVIEW, A.LEGAL_REVIEW.label))
    if agreement.type is not None and (agreement.type.needs_approval or state == A.APPROVAL):
        names.append((A.APPROVAL, A.APPROVAL.label))
    order = [name for name, _label in names]
    gone = over or state in SIGNING_STATES or state == A.CLEARED
    at = len(names) if gone else order.index(state) if state in order else 0
    if state in (A.WITHDRAWN, A.REJECTED):
        at = 1 if agreement.proposed_by_id is None or agreement.number else 0
    return [
        Step(str(label), "done" if index < at else "now" if index == at and state == name else "")
        for index, (name, label) in enumerate(names)
    ]


def state_shown(agreement: Agreement, user: Any = None) -> tuple[str, str]:
    """The words and kind of the chip: what is over or ends soon is told, though it is not stored."""
    state = A(agreement.state)
    if agreement.is_expired:
        return _("Over"), ""
    if agreement.is_expiring:
        return _("Ends soon"), "on"
    if state == A.IN_FORCE and agreement.starts > today():
        return _("Signed, begins later"), "on"
    if agreement.needs_decision:
        return _("To be decided"), "on"
    kinds = {
        **dict.fromkeys((*SIGNING_STATES, *REVIEW_STATES, A.PROPOSED), "on"),
        A.IN_FORCE: "good",
        A.TERMINATED: "bad",
        A.REJECTED: "bad",
    }
    return str(state.label), kinds.get(state, "")
