"""What follows an agreement as a new row: its amendment, its renewal."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.agreements.actions.freezing import Given, changes_between
from partnerships.agreements.actions.pieces import (
    again,
    both,
    check_opener,
    lock,
    name_it,
    reread,
    write_parties,
)
from partnerships.agreements.enums import AgreementKind, AgreementState, Decision
from partnerships.agreements.kinds import TextKind, kind_of
from partnerships.agreements.models import Agreement, Obligation
from partnerships.agreements.reports import terms_together
from partnerships.agreements.terms import Term, set_special, set_term, term_of
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.refusals import Blocked, Refusal
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


@transaction.atomic
def amend(
    agreement: Agreement,
    *,
    actor: Any,
    starts: date | None = None,
    ends: date | None = None,
    endless: bool = False,
    values: dict[str, Any] | None = None,
    terms_az: str = "",
    terms_en: str = "",
    party_values: dict[str, Given] | None = None,
    renew_months: int | None = None,
    notice_days: int | None = None,
) -> Agreement:
    """A draft amendment of an agreement in force: a new row with what changes, signed in the same order.

    What is not given stays. The old one holds and stays readable; once all have signed it is marked as
    amended by the new one. Raises Blocked when it is not in force, when nothing would change, or while
    another amendment is on its way; Refused and ValidationError as in `open_agreement`.
    """
    agreement = lock(agreement)
    by = as_actor(actor)
    kind = _amended_by(agreement, by)
    if unknown := set(values or {}) - set(kind.places):
        raise ValueError(f"{kind.key} has no places {sorted(unknown)}")
    parties = [again(party, (party_values or {}).get(party.role)) for party in agreement.in_order]
    new = _following(
        agreement,
        by,
        kind=AgreementKind.AMENDMENT,
        text_kind=kind.key,
        parent=agreement,
        root_id=agreement.first_id,
        content_type_id=agreement.content_type_id,
        object_id=agreement.object_id,
        values={**agreement.values, **both(values or {})},
    )
    set_special(new, terms_az, terms_en)
    old = term_of(agreement)
    last = None if endless else ends or old.ends
    months = None if endless else old.renew_months if renew_months is None else renew_months or None
    days = old.notice_days if notice_days is None else notice_days
    set_term(new, Term(starts or old.starts, last, months, days))
    new.changes = changes_between(agreement, new)
    if not new.changes and not new.terms_az:
        raise Blocked(
            Refusal(_("Nothing changes by this. Say what is to change."), code="no_change"), agreement
        )
    return _opened(new, parties, by)


def _amended_by(agreement: Agreement, by: Any) -> TextKind:
    """The kind of text in which it is amended now by `by`; raises as `amend`."""
    check_opener(by, agreement.owner)
    if refusal := why_not_amended(agreement):
        raise Blocked(refusal, agreement)
    return kind_of(kind_of(agreement.text_kind).amendment)


def why_not_amended(agreement: Agreement) -> Refusal | None:
    """What stands against an amendment now, whoever asks."""
    if agreement.state != AgreementState.IN_FORCE or not kind_of(agreement.text_kind).amendment:
        return Refusal(_("Only an agreement in force is amended."), code="not_in_force")
    if agreement.open_amendment is not None:
        return Refusal(_("An amendment is being prepared or signed already."), code="amendment_open")
    if agreement.live_renewal is not None:
        return Refusal(
            _("Its renewal is being prepared or holds already. Withdraw that first."), code="renewal_open"
        )
    return None


def _following(old: Agreement, by: Any, **values: Any) -> Agreement:
    """A row after `old`, not saved: what is not in `values` goes on as it was."""
    going_on = {
        "type": old.type,
        "directions": old.directions,
        "keeper": old.keeper,
        "deputy": old.deputy,
        "owner": old.owner,
        "made_by": by.user,
        "bilingual": old.bilingual,
        "values": old.values,
    }
    return Agreement(**{**going_on, **values})


def _opened(new: Agreement, parties: Sequence[Given], by: Any) -> Agreement:
    """It is written down as a draft."""
    name_it(new, parties)
    new.save()
    write_parties(new, parties)
    record(new, "open", actor=by, to_state=AgreementState.DRAFT)
    return reread(new)


@transaction.atomic
def renew(
    agreement: Agreement,
    *,
    actor: Any,
    starts: date,
    ends: date | None = None,
    renew_months: int | None = None,
    notice_days: int | None = None,
    terms_az: str | None = None,
    terms_en: str | None = None,
) -> Agreement:
    """A new linked agreement for the time after this one, which it never overwrites.

    It has the same type, parties, special terms unless others are given, and obligations (their days moved
    on by as much as its first day), and is signed anew. The old one holds to its end, or until the new one
    begins. That it is renewed is the decision which ends its reminders; a renewal that is given up undoes
    it. Raises Blocked while an amendment is on its way or where it is decided already, ValidationError for
    wrong dates.
    """
    agreement = lock(agreement)
    by = as_actor(actor)
    first = agreement.root or agreement
    AGREEMENT.apply(agreement, "renew", actor=by, decision=Decision.RENEW, postponed_until=None)
    if starts <= agreement.starts:
        raise ValidationError({"starts": _("The new term begins after the first day of the old one.")})
    parent = first.parent if first.kind != AgreementKind.AMENDMENT else None
    new = _following(
        agreement, by, kind=first.kind, text_kind=first.text_kind, renews=agreement, parent=parent
    )
    held = terms_together(agreement)
    set_special(
        new,
        held["terms_az"] if terms_az is None else terms_az,
        held["terms_en"] if terms_en is None else terms_en,
    )
    days = agreement.notice_days if notice_days is None else notice_days
    set_term(new, Term(starts, ends, renew_months, days))
    new = _opened(new, [again(party, None) for party in agreement.in_order], by)
    _carry_obligations(first, new)
    return reread(new)


def _carry_obligations(old: Agreement, new: Agreement) -> None:
    moved = new.starts - old.starts
    by_role = {(party.role, party.organization_id): party for party in new.in_order}
    Obligation.objects.bulk_create(
        Obligation(
            agreement=new,
            party=by_role[one.party.role, one.party.organization_id],
            what_az=one.what_az,
            what_en=one.what_en,
            figure=one.figure,
            amount=one.amount,
            unit_az=one.unit_az,
            unit_en=one.unit_en,
            due=one.due + moved if one.due else None,
        )
        for one in old.obligations.select_related("party")
    )
