"""Signing, returning, ending. A signature is evidence of agreement: who, when, from where, which text."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.agreements import rules
from partnerships.agreements.actions.pieces import lock, position_at, reread
from partnerships.agreements.enums import (
    OPEN_STATES,
    SIGNING_STATES,
    AgreementKind,
    AgreementState,
    Decision,
    Method,
)
from partnerships.agreements.kinds import kind_of
from partnerships.agreements.models import Agreement, Party, Signature
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refusal
from partnerships.common.text import at_most, clean_line, fold
from partnerships.directory.models import Person
from partnerships.documents import actions as documents
from partnerships.documents.enums import DocumentKind
from partnerships.workflow.actors import SYSTEM, Actor, as_actor

NAME = 200  # of a person or a position on a signature


@transaction.atomic
def sign(
    agreement: Agreement,
    *,
    actor: Any,
    text_hash: str,
    legal_name: str,
    position: str = "",
    ip: str | None = None,
    scan: Any = None,
    signed_on: date | None = None,
) -> Agreement:
    """Sign for the first party that the actor may sign for and that has not signed.

    text_hash   the fingerprint of the text that was read: another one is refused (`text_changed`)
    legal_name  typed by the one who signs; their given and family name must be in it
    position    in which they sign for an organisation; left empty, as the agreement or their affiliation says
    scan        a prepared upload of the paper signed by hand, with the date on it: the method is then "scan"

    Raises IllegalTransition when it is not being signed, Refused to who signs for nobody, Blocked out of
    turn (`not_your_turn`, names who is first), twice (`already_signed`) or when the text has changed,
    ValidationError on legal_name, position (where nothing says it), signed_on or the file. The last signature
    brings it into force.
    """
    agreement = lock(agreement)
    by = as_actor(actor)
    party = rules.party_to_sign(by.principal, agreement)
    if agreement.state in SIGNING_STATES:
        _check_signer(agreement, by, party, text_hash)
        if party is not None:
            legal_name = _checked_name(legal_name, by)
            position = _checked_position(position, by, party)
    now = timezone.now()
    following = _next_after(agreement, party)
    AGREEMENT.apply(
        agreement,
        "sign",
        actor=by,
        data={"party": party.pk if party else None, "text": agreement.text.number if agreement.text else 0},
        awaiting=following,
        turn_since=now if following else None,
    )
    assert party is not None
    person = Person.objects.get(pk=by.person_id)
    document = _keep(scan, agreement, by) if scan is not None else None
    _write(
        agreement,
        party,
        person=person,
        legal_name=legal_name,
        position=position,
        at=now,
        ip=ip,
        document=document,
        signed_on=_checked_day(signed_on) if scan is not None else None,
    )
    if following is None:
        AGREEMENT.apply(agreement, "take_force", actor=SYSTEM, in_force_since=now)
        _follow(agreement)
    return reread(agreement)


@transaction.atomic
def enter_paper(
    agreement: Agreement,
    *,
    actor: Any,
    scan: Any,
    names: dict[int, str],
    signed_on: date,
    text_hash: str,
    ip: str | None = None,
    positions: dict[int, str] | None = None,
) -> Agreement:
    """Whoever keeps the agreement enters the paper that all remaining parties have signed by hand.

    names      key of a party -> the name under its signature; every party that has not signed needs one
    positions  the same for the position under an organisation's; left out, as the agreement names it
    text_hash  the fingerprint printed on the paper's text: another one is refused (`text_changed`)

    Each signature is marked as entered from paper, by whom, with the scan. Raises as `sign` does.
    """
    agreement = lock(agreement)
    by = as_actor(actor)
    left = [party for party in agreement.in_order if not agreement.signed_by(party)]
    if agreement.state in SIGNING_STATES and rules.manages(by.principal, agreement):
        _check_text(agreement, text_hash)
    now = timezone.now()
    AGREEMENT.apply(agreement, "paper", actor=by, in_force_since=now, awaiting=None, turn_since=None)
    under = {
        party.pk: at_most(f"position_{party.pk}", clean_line((positions or {}).get(party.pk, "")), NAME)
        or party.position
        for party in left
    }
    missing = {
        f"name_{party.pk}": _("Who signed?") for party in left if not clean_line(names.get(party.pk, ""))
    } | {
        f"position_{party.pk}": _("Write in which position the paper is signed.")
        for party in left
        if party.organization_id is not None and not under[party.pk]
    }
    if missing:
        raise ValidationError(missing)
    day = _checked_day(signed_on)
    document = _keep(scan, agreement, by)
    for party in left:
        _write(
            agreement,
            party,
            person=party.person,
            legal_name=at_most(f"name_{party.pk}", clean_line(names[party.pk]), NAME),
            position=under[party.pk],
            at=now,
            ip=ip,
            document=document,
            signed_on=day,
            entered_by=by.user,
        )
    _follow(agreement)
    return reread(agreement)


def return_to_draft(agreement: Agreement, *, actor: Any, note: str) -> Agreement:
    """A party refuses the text with a reason: back to draft. What was signed stays with its text."""
    with transaction.atomic():
        agreement = lock(agreement)
        AGREEMENT.apply(agreement, "return", actor=actor, note=note, awaiting=None, turn_since=None)
        return reread(agreement)


def withdraw(agreement: Agreement, *, actor: Any, note: str = "") -> Agreement:
    """Whoever keeps it gives it up before it is in force."""
    with transaction.atomic():
        agreement = lock(agreement)
        AGREEMENT.apply(agreement, "withdraw", actor=actor, note=note, awaiting=None, turn_since=None)
        free_renewed(agreement, note)
        return reread(agreement)


def terminate(agreement: Agreement, *, actor: Any, note: str, on: date | None = None) -> Agreement:
    """End an agreement in force before its time, with a reason; an open amendment or
    renewal falls with it.

    on  its last day, today unless said: what it was about may have ended some days ago
    """
    with transaction.atomic():
        agreement = lock(agreement)
        amendment, renewal = agreement.open_amendment, agreement.live_renewal
        AGREEMENT.apply(agreement, "terminate", actor=actor, note=note, ended_on=on or today())
        if amendment is not None:
            withdraw(amendment, actor=SYSTEM, note=note)
        if renewal is not None and renewal.state in OPEN_STATES:
            withdraw(renewal, actor=SYSTEM, note=note)
        return reread(agreement)


def revive(agreement: Agreement, *, note: str) -> Agreement:
    """In force again as it was signed: what it ended with goes on after all. The portal alone does this, when
    an early end is undone; an agreement that a party ended is made anew."""
    with transaction.atomic():
        return AGREEMENT.apply(lock(agreement), "revive", actor=SYSTEM, note=note, ended_on=None)


def free_renewed(agreement: Agreement, note: str) -> None:
    """A renewal that is given up leaves the old agreement to be decided again."""
    if agreement.renews_id is None:
        return
    old = lock(Agreement.objects.get(pk=agreement.renews_id))
    if old.state == AgreementState.IN_FORCE and old.decision == Decision.RENEW and old.live_renewal is None:
        words = note or _("Its renewal was given up.")
        AGREEMENT.apply(old, "reconsider", actor=SYSTEM, note=words, decision="")


def _check_signer(agreement: Agreement, by: Actor, party: Party | None, text_hash: str) -> None:
    """The two mistakes of honest people: pressing twice, and signing what has changed meanwhile."""
    own = rules.parties_of(by.principal, agreement)
    if own and party is None:
        raise Blocked(Refusal(_("You have signed already."), code="already_signed"), agreement)
    if party is not None:
        _check_text(agreement, text_hash)


def _check_text(agreement: Agreement, text_hash: str) -> None:
    if agreement.text is not None and text_hash != agreement.text.sha256:
        raise Blocked(
            Refusal(
                _("The text has changed since you opened it. Read it again before you sign."),
                code="text_changed",
            ),
            agreement,
        )


def _checked_name(typed: str, by: Actor) -> str:
    typed = at_most("legal_name", clean_line(typed), NAME)
    person = Person.objects.get(pk=by.person_id)
    words = fold(typed)
    if not typed or fold(person.given_name) not in words or fold(person.family_name) not in words:
        raise ValidationError(
            {"legal_name": _("Type your own name in full: %(name)s") % {"name": person.full_name}}
        )
    return typed


def _checked_position(typed: str, by: Actor, party: Party) -> str:
    """As typed, else as the agreement or their affiliation says; who signs for themselves has none."""
    if party.organization_id is None:
        return ""
    known = at_most("position", clean_line(typed), NAME) or position_at(
        Person.objects.get(pk=by.person_id), party
    )
    if not known:
        raise ValidationError({"position": _("Write in which position the paper is signed.")})
    return known


def _checked_day(day: date | None) -> date:
    if day is None:
        raise ValidationError({"signed_on": _("Give the date on the paper.")})
    if day > today():
        raise ValidationError({"signed_on": _("This date lies in the future.")})
    return day


def _next_after(agreement: Agreement, party: Party | None) -> Party | None:
    left = [one for one in agreement.in_order if not agreement.signed_by(one)]
    return next((one for one in left if party is None or one.pk != party.pk), None)


def _keep(scan: Any, agreement: Agreement, by: Actor) -> Any:
    """The scan, in the folder of who brings it, opened by whoever sees the agreement."""
    owner = Person.objects.get(pk=by.person_id)
    return documents.store(scan, owner=owner, kind=DocumentKind.OTHER, actor=by, subject=agreement)


def _write(
    agreement: Agreement,
    party: Party,
    *,
    person: Person | None,
    legal_name: str,
    position: str,
    at: datetime,
    ip: str | None,
    document: Any,
    signed_on: date | None,
    entered_by: Any = None,
) -> None:
    assert agreement.text is not None
    Signature.objects.create(
        agreement=agreement,
        text=agreement.text,
        party=party,
        person=person,
        legal_name=legal_name,
        on_behalf_of=party.name_az,
        position="" if party.organization_id is None else position,
        at=at,
        signed_on=signed_on,
        ip=ip or None,
        sha256=agreement.text.sha256,
        method=Method.SCAN if document is not None else Method.CLICK,
        document=document,
        entered_by=entered_by,
    )


def _follow(agreement: Agreement) -> None:
    """What follows from coming into force: the amended one gives way, and the kind's own consequence."""
    if agreement.kind == AgreementKind.AMENDMENT and agreement.parent is not None:
        AGREEMENT.apply(lock(agreement.parent), "supersede", actor=SYSTEM)
    replace_renewed(agreement)
    kind_of(agreement.text_kind).in_force(agreement)


def replace_renewed(agreement: Agreement) -> bool:
    """What a renewal in force renews gives way on the renewal's first day, not before."""
    if agreement.renews_id is None or agreement.starts > today():
        return False
    old = lock(Agreement.objects.get(pk=agreement.renews_id))
    if old.state != AgreementState.IN_FORCE:
        return False
    AGREEMENT.apply(old, "supersede", actor=SYSTEM)
    return True
