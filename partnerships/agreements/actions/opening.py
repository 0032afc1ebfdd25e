"""Opening, changing and sending: from a draft to a text that waits for signatures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from partnerships.agreements.actions.freezing import (
    Given,
    Words,
    changes_between,
    freeze_names,
    freeze_text,
    names_of,
)
from partnerships.agreements.enums import (
    LIVE_STATES,
    AgreementKind,
    AgreementState,
    Decision,
    PartyRole,
)
from partnerships.agreements.first_types import type_of
from partnerships.agreements.kinds import TextKind, kind_of
from partnerships.agreements.models import Agreement, AgreementType, Obligation, Party
from partnerships.agreements.rules import manages_for
from partnerships.agreements.terms import Term, set_term, term_of
from partnerships.agreements.texts import joined
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.clock import today
from partnerships.common.models import next_number
from partnerships.common.refusals import Blocked, IllegalTransition, Refusal, Refused, StaleState
from partnerships.common.versions import must_be
from partnerships.directory.models import Organization, Person
from partnerships.workflow.actors import SYSTEM, as_actor
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
    parties, ValueError for a place that the kind does not have.
    """
    text_kind = kind_of(kind)
    by = as_actor(actor)
    if proposed_by is None:
        _check_opener(by, owner)
    if unknown := set(values) - set(text_kind.places):
        raise ValueError(f"{kind} has no places {sorted(unknown)}")
    if subject is not None and (there := _live(kind, subject)) is not None:
        return there
    _check_parties(text_kind, parties)
    of_type = of_type or type_of(kind)
    agreement = Agreement(
        kind=text_kind.kind,
        type=of_type,
        state=AgreementState.PROPOSED if proposed_by else AgreementState.DRAFT,
        proposed_by=proposed_by,
        directions=list(of_type.directions if directions is None else directions),
        keeper=keeper or (None if proposed_by or by.person_id is None else _person_of(by)),
        text_kind=kind,
        parent=parent,
        subject=subject,
        owner=owner,
        made_by=by.user,
        bilingual=bilingual,
        values=_both(values),
        terms_az=terms_az.strip(),
        terms_en=terms_en.strip(),
    )
    days = of_type.notice_days if notice_days is None else notice_days
    set_term(agreement, Term(starts, ends, renew_months, days))
    _name(agreement, parties)
    agreement.save()
    _write_parties(agreement, parties)
    verb = "propose" if proposed_by else "open"
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
    _check_opener(by, agreement.owner)
    if agreement.state != AgreementState.DRAFT:
        raise IllegalTransition(
            _("This has already moved on; here is how it stands now: %(state)s.")
            % {"state": agreement.get_state_display()},
            agreement,
        )
    if agreement.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), agreement)
    agreement.terms_az, agreement.terms_en = terms_az.strip(), terms_en.strip()
    if bilingual is not None:
        agreement.bilingual = bilingual
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
    now = {**agreement.values, **_both(values)}
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
    old_kind = kind_of(agreement.text_kind)
    _check_opener(by, agreement.owner)
    if agreement.state != AgreementState.IN_FORCE or not old_kind.amendment:
        raise Blocked(Refusal(_("Only an agreement in force is amended."), code="not_in_force"), agreement)
    if agreement.open_amendment is not None:
        raise Blocked(
            Refusal(_("An amendment is being prepared or signed already."), code="amendment_open"), agreement
        )
    if agreement.live_renewal is not None:
        raise Blocked(
            Refusal(
                _("Its renewal is being prepared or holds already. Withdraw that first."), code="renewal_open"
            ),
            agreement,
        )
    kind = kind_of(old_kind.amendment)
    if unknown := set(values or {}) - set(kind.places):
        raise ValueError(f"{kind.key} has no places {sorted(unknown)}")
    parties = [_again(party, (party_values or {}).get(party.role)) for party in agreement.in_order]
    new = Agreement(
        kind=AgreementKind.AMENDMENT,
        type=agreement.type,
        text_kind=kind.key,
        directions=agreement.directions,
        keeper=agreement.keeper,
        deputy=agreement.deputy,
        parent=agreement,
        root_id=agreement.first_id,
        content_type_id=agreement.content_type_id,
        object_id=agreement.object_id,
        owner=agreement.owner,
        made_by=by.user,
        bilingual=agreement.bilingual,
        values={**agreement.values, **_both(values or {})},
        terms_az=terms_az.strip(),
        terms_en=terms_en.strip(),
    )
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
    _name(new, parties)
    new.save()
    _write_parties(new, parties)
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
    terms_az: str = "",
    terms_en: str = "",
) -> Agreement:
    """A new linked agreement for the time after this one, which it never overwrites.

    It has the same type, parties and obligations (their days moved on by as much as its first day), and is
    signed anew. The old one holds to its end, or until the new one begins. That it is renewed is the
    decision which ends its reminders; a renewal that is given up undoes it. Raises Blocked while an
    amendment is on its way or where it is decided already, ValidationError for wrong dates.
    """
    agreement = lock(agreement)
    by = as_actor(actor)
    first = agreement.root or agreement
    AGREEMENT.apply(agreement, "renew", actor=by, decision=Decision.RENEW, postponed_until=None)
    if starts <= agreement.starts:
        raise ValidationError({"starts": _("The new term begins after the first day of the old one.")})
    new = Agreement(
        kind=first.kind,
        type=agreement.type,
        text_kind=first.text_kind,
        renews=agreement,
        parent=first.parent if first.kind != AgreementKind.AMENDMENT else None,
        directions=agreement.directions,
        keeper=agreement.keeper,
        deputy=agreement.deputy,
        owner=agreement.owner,
        made_by=by.user,
        bilingual=agreement.bilingual,
        values=agreement.values,
        terms_az=terms_az.strip(),
        terms_en=terms_en.strip(),
    )
    days = agreement.notice_days if notice_days is None else notice_days
    set_term(new, Term(starts, ends, renew_months, days))
    parties = [_again(party, None) for party in agreement.in_order]
    _name(new, parties)
    new.save()
    _write_parties(new, parties)
    _carry_obligations(first, new)
    record(new, "open", actor=by, to_state=AgreementState.DRAFT)
    return reread(new)


def _carry_obligations(old: Agreement, new: Agreement) -> None:
    moved = new.starts - old.starts
    by_role = {(party.role, party.organization_id): party for party in reread(new).in_order}
    Obligation.objects.bulk_create(
        Obligation(
            agreement=new,
            party=by_role[one.party.role, one.party.organization_id],
            what_az=one.what_az,
            what_en=one.what_en,
            figure=one.figure,
            amount=one.amount,
            unit=one.unit,
            due=one.due + moved if one.due else None,
        )
        for one in old.obligations.select_related("party")
    )


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
    number = agreement.number or _new_number(agreement)
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


# Pieces ---------------------------------------------------------------------------------------------


def lock(agreement: Agreement) -> Agreement:
    """The row under its lock, with all that predicates and conditions look at."""
    must_be(Agreement._base_manager.select_for_update().get(pk=agreement.pk))
    return reread(agreement)


def slots(agreement: Agreement) -> dict[str, Party]:
    """The parties by what they are; where several are the same, with their order behind."""
    roles = [party.role for party in agreement.in_order]
    return {
        party.role if roles.count(party.role) == 1 else f"{party.role}_{party.order}": party
        for party in agreement.in_order
    }


def reread(agreement: Agreement) -> Agreement:
    return Agreement.objects.with_rows().get(pk=agreement.pk)


def _check_opener(by: Any, owner: Organization) -> None:
    if by is not SYSTEM and not manages_for(by.principal, owner):
        raise Refused(
            _(
                "Agreements of an organisation are prepared by its partnership manager, human resources or "
                "coordinator."
            )
        )


def _live(kind: str, subject: models.Model) -> Agreement | None:
    rows = Agreement.objects.about(subject).filter(text_kind=kind, state__in=LIVE_STATES)
    return rows.with_rows().first()


def _person_of(by: Any) -> Person:
    return Person.objects.get(pk=by.person_id)


def _check_parties(kind: TextKind, parties: Sequence[Given]) -> None:
    roles = [party.role for party in parties]
    if not kind.roles:
        keys = [party.organization.pk for party in parties if party.organization is not None]
        if len(keys) < 2 or len(keys) != len(parties) or len(set(keys)) != len(keys):
            raise ValidationError({"partners": _("Name two or more organisations, each once.")})
    elif sorted(roles) != sorted(kind.roles):
        raise ValueError(f"{kind.key} is signed by {kind.roles}, not by {roles}")
    for party in parties:
        if (party.person is None) == (party.organization is None):
            raise ValueError(f"{party.role}: an organisation or a person")


def _both(values: dict[str, Any]) -> dict[str, Words]:
    return {
        name: dict(value) if isinstance(value, dict) else {"az": str(value), "en": str(value)}
        for name, value in values.items()
    }


def _name(agreement: Agreement, parties: Sequence[Given]) -> None:
    """A title while it is a draft; the text brings its own when it is sent."""
    kind = kind_of(agreement.text_kind).label
    own = agreement.type if agreement.kind in (AgreementKind.FRAMEWORK, AgreementKind.GENERAL) else None
    names = [names_of(party) for party in parties]
    with override("az"):
        label = own.name if own is not None else kind
        agreement.title_az = f"{label}: {joined(name['az'] for name in names)}"[:300]
    with override("en"):
        label = own.name if own is not None else kind
        agreement.title_en = f"{label}: {joined(name['en'] for name in names)}"[:300]
    acronyms = [party.organization.acronym for party in parties if party.organization is not None]
    agreement.names = " ".join([*(name["az"] for name in names), *(name["en"] for name in names), *acronyms])[
        :600
    ]


def _write_parties(agreement: Agreement, parties: Sequence[Given]) -> None:
    for order, given in enumerate(parties, start=1):
        names = names_of(given)
        Party.objects.create(
            agreement=agreement,
            order=order,
            role=given.role,
            organization=given.organization,
            unit=given.unit or given.organization,
            person=given.person,
            signatory=given.signatory,
            position=given.position.strip(),
            name_az=names["az"],
            name_en=names["en"],
        )


def _again(party: Party, changed: Given | None) -> Given:
    if changed is not None:
        return changed
    return Given(party.role, party.organization, party.unit, party.person, party.signatory, party.position)


def _new_number(agreement: Agreement) -> str:
    """The next of its series and year; an amendment carries the number of the first with its own behind."""
    if agreement.kind == AgreementKind.AMENDMENT and agreement.root is not None:
        Agreement._base_manager.select_for_update().get(pk=agreement.root_id)
        before = Agreement.objects.filter(root_id=agreement.root_id).exclude(number="").count()
        return f"{agreement.root.number}/{before + 1}"
    return next_number(kind_of(agreement.text_kind).series, today().year)
