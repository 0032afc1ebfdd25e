"""Opening, changing and sending: from a draft to a text that waits for signatures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.agreements.actions.freezing import (
    Given,
    changes_between,
    freeze_names,
    freeze_text,
)
from partnerships.agreements.actions.pieces import (
    both,
    check_opener,
    check_parties,
    live,
    lock,
    name_it,
    new_number,
    person_of,
    reread,
    slots,
    write_parties,
)
from partnerships.agreements.enums import (
    AgreementKind,
    AgreementState,
    PartyRole,
)
from partnerships.agreements.first_types import type_of
from partnerships.agreements.kinds import kind_of
from partnerships.agreements.models import Agreement, AgreementType, Party
from partnerships.agreements.terms import Term, set_special, set_term
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.refusals import IllegalTransition, StaleState
from partnerships.directory.models import Organization, Person
from partnerships.workflow.actors import Actor, as_actor
from partnerships.workflow.engine import not_due
from partnerships.workflow.models import record


@transaction.atomic
def open_agreement(
    kind: str,
    subject: models.Model | None,
    parties: Sequence[Given],
    values: dict[str, Any],
    actor: Any,
    *,
    owner: Organization,
    starts: date,
    ends: date | None = None,
    parent: Agreement | None = None,
    bilingual: bool = False,
    terms_az: str = "",
    terms_en: str = "",
    of_type: AgreementType | None = None,
    renew_months: int | None = None,
    notice_days: int | None = None,
    directions: Sequence[str] | None = None,
    keeper: Person | None = None,
    proposed_by: Organization | None = None,
    note: str = "",
) -> Agreement:
    """A draft with this kind of text for `subject`; whoever keeps it sends it for signing (`send`).

    kind     key of a TextKind: "agreements.framework", "internships.placement"
    parties  in their order of signing
    values   place -> text, or {"az": …, "en": …}; only places that the kind has
    owner    the organisation that keeps it; the actor manages its agreements, or is SYSTEM
    ends     None: without an end; of one that renews by itself the last day of its first term
    of_type  which of the types with this kind of text; the first one unless said. It gives the notice period
             and the directions covered where they are not said
    renew_months  by how many months it renews by itself, None when it does not
    keeper   who answers for it; whoever opens it unless said
    proposed_by  a partner that asks for it: it is then a proposal, to be taken up by who manages the owner's

    A live agreement of the same kind for the same subject is answered instead of a second one. Raises
    Refused for somebody who does not manage the owner's agreements, ValidationError for wrong dates or
    parties, or special terms of an agreement in both languages that one alone has, ValueError for a place
    that the kind does not have.
    """
    by = as_actor(actor)
    if proposed_by is None:
        check_opener(by, owner)
    if unknown := set(values) - set(kind_of(kind).places):
        raise ValueError(f"{kind} has no places {sorted(unknown)}")
    if subject is not None and (there := live(kind, subject)) is not None:
        return there
    check_parties(kind_of(kind), parties)
    agreement = _begun(
        kind, of_type or type_of(kind), by, proposed_by=proposed_by, directions=directions, keeper=keeper,
        parent=parent, subject=subject, owner=owner, bilingual=bilingual, values=both(values),
    )  # fmt: skip
    set_special(agreement, terms_az, terms_en)
    days = agreement.type.notice_days if notice_days is None else notice_days
    set_term(agreement, Term(starts, ends, renew_months, days))
    return _opened(agreement, parties, by, note)


def _begun(
    kind: str,
    of_type: AgreementType,
    by: Actor,
    *,
    proposed_by: Organization | None,
    directions: Sequence[str] | None,
    keeper: Person | None,
    **values: Any,
) -> Agreement:
    """Not saved yet: a draft, or the proposal of a partner, of this type."""
    return Agreement(
        kind=kind_of(kind).kind,
        text_kind=kind,
        type=of_type,
        state=AgreementState.PROPOSED if proposed_by else AgreementState.DRAFT,
        proposed_by=proposed_by,
        directions=list(of_type.directions if directions is None else directions),
        keeper=keeper or (None if proposed_by or by.person_id is None else person_of(by)),
        made_by=by.user,
        **values,
    )


def _opened(agreement: Agreement, parties: Sequence[Given], by: Actor, note: str) -> Agreement:
    """Kept with its parties and its first line of history."""
    name_it(agreement, parties)
    agreement.save()
    write_parties(agreement, parties)
    verb = "propose" if agreement.proposed_by else "open"
    record(agreement, verb, actor=by, to_state=agreement.state, note=note)
    return reread(agreement)


def open_framework(
    university: Organization,
    company: Organization,
    *,
    actor: Any,
    starts: date,
    ends: date | None = None,
    university_signatory: Person | None = None,
    company_signatory: Person | None = None,
    university_position: str = "",
    company_position: str = "",
    **more: Any,
) -> Agreement:
    """A framework agreement of a university and a company, kept by the company."""
    parties = [
        Given(PartyRole.UNIVERSITY, university, signatory=university_signatory, position=university_position),
        Given(PartyRole.COMPANY, company, signatory=company_signatory, position=company_position),
    ]
    return open_agreement(
        "agreements.framework",
        None,
        parties,
        {},
        actor,
        owner=company,
        starts=starts,
        ends=ends,
        **more,
    )


@transaction.atomic
def change_draft(
    agreement: Agreement,
    *,
    actor: Any,
    version: int,
    starts: date,
    ends: date | None,
    signatories: dict[str, tuple[Person | None, str]] | None = None,
    bilingual: bool | None = None,
    terms_az: str = "",
    terms_en: str = "",
    renew_months: int | None = None,
    notice_days: int | None = None,
    directions: Sequence[str] | None = None,
) -> Agreement:
    """Change a draft: its term, who signs for whom (`slots` -> person, position), its special terms.

    Raises IllegalTransition once it is being signed, StaleState when somebody else changed it since
    `version` was read, Refused to who does not manage it, ValidationError for wrong dates.
    """
    agreement = lock(agreement)
    by = as_actor(actor)
    check_opener(by, agreement.owner)
    if agreement.state != AgreementState.DRAFT:
        raise IllegalTransition(not_due(agreement.get_state_display()), agreement)
    if agreement.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), agreement)
    if bilingual is not None:
        agreement.bilingual = bilingual
    set_special(agreement, terms_az, terms_en)
    if directions is not None:
        agreement.directions = list(directions)
    days = agreement.notice_days if notice_days is None else notice_days
    set_term(agreement, Term(starts, ends, renew_months, days))
    agreement.version += 1
    named = slots(agreement)
    for slot, (person, position) in (signatories or {}).items():
        Party.objects.filter(pk=named[slot].pk, person=None).update(
            signatory=person, position=position.strip()
        )
    if agreement.kind == AgreementKind.AMENDMENT:
        agreement.changes = changes_between(agreement.parent, agreement)
    agreement.save()
    record(agreement, "change", actor=by)
    return reread(agreement)


@transaction.atomic
def renew_draft(
    agreement: Agreement, *, actor: Any, values: dict[str, Any], starts: date, ends: date
) -> Agreement:
    """Write into a draft what its subject says since it was changed there; that change was the right to it.

    Does nothing where the draft says so already or has been sent meanwhile: that is amended once signed.
    """
    agreement = lock(agreement)
    now = {**agreement.values, **both(values)}
    same = (agreement.values, agreement.starts, agreement.ends) == (now, starts, ends)
    if agreement.state != AgreementState.DRAFT or same:
        return agreement
    agreement.values = now
    set_term(agreement, Term(starts, ends, notice_days=agreement.notice_days))
    agreement.version += 1
    if agreement.kind == AgreementKind.AMENDMENT:
        agreement.changes = changes_between(agreement.parent, agreement)
    agreement.save()
    record(agreement, "change", actor=as_actor(actor))
    return reread(agreement)


@transaction.atomic
def send(agreement: Agreement, *, actor: Any) -> Agreement:
    """Freeze the text with its fingerprint and ask the first party to sign.

    What was looked at within the house is sent as it was passed, word for word. After a return a new text
    with the next number is made; the earlier ones stay, with what was signed. Raises Blocked where its type
    asks for legal review or approval first.
    """
    agreement = lock(agreement)
    now = timezone.now()
    return frozen(
        agreement,
        "send",
        actor,
        awaiting=agreement.in_order[0] if agreement.in_order else None,
        turn_since=now,
        sent_at=agreement.sent_at or now,
    )


def frozen(agreement: Agreement, verb: str, actor: Any, **changes: Any) -> Agreement:
    """Apply a verb that hands the text on: a draft gets its number and its fixed text, others keep theirs."""
    number = agreement.number or new_number(agreement)
    if agreement.state == AgreementState.DRAFT:
        freeze_names(agreement)
        text = freeze_text(agreement, number)
    else:
        text = agreement.text
    AGREEMENT.apply(
        agreement,
        verb,
        actor=actor,
        number=number,
        text=text,
        title_az=text.title_az if text else agreement.title_az,
        title_en=text.title_en if text else agreement.title_en,
        **changes,
    )
    found = reread(agreement)
    found.save(update_fields=["folded"])
    return found
