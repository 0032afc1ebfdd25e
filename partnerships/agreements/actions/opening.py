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
from partnerships.agreements.enums import AgreementKind, AgreementState, PartyRole, TermKind
from partnerships.agreements.kinds import TextKind, kind_of
from partnerships.agreements.models import Agreement, Party
from partnerships.agreements.rules import manages_for
from partnerships.agreements.texts import joined
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.clock import end_of_day, today
from partnerships.common.models import next_number
from partnerships.common.refusals import Blocked, IllegalTransition, Refusal, Refused, StaleState
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
) -> Agreement:
    """A draft with this kind of text for `subject`; whoever keeps it sends it for signing (`send`).

    kind     key of a TextKind: "agreements.framework", "internships.placement"
    parties  in their order of signing
    values   place -> text, or {"az": …, "en": …}; only places that the kind has
    owner    the organisation that keeps it; the actor manages its agreements, or is SYSTEM
    ends     None: without an end

    A live agreement of the same kind for the same subject is answered instead of a second one. Raises
    Refused for somebody who does not manage the owner's agreements, ValidationError for wrong dates or
    parties, ValueError for a place that the kind does not have.
    """
    text_kind = kind_of(kind)
    by = as_actor(actor)
    _check_opener(by, owner)
    if unknown := set(values) - set(text_kind.places):
        raise ValueError(f"{kind} has no places {sorted(unknown)}")
    if subject is not None and (there := _live(kind, subject)) is not None:
        return there
    _check_parties(text_kind, parties)
    agreement = Agreement(
        kind=text_kind.kind,
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
    _set_term(agreement, starts, ends)
    _name(agreement, parties)
    agreement.save()
    _write_parties(agreement, parties)
    record(agreement, "open", actor=by, to_state=AgreementState.DRAFT)
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
    bilingual: bool = False,
    terms_az: str = "",
    terms_en: str = "",
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
        bilingual=bilingual,
        terms_az=terms_az,
        terms_en=terms_en,
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
) -> Agreement:
    """Change a draft: its term, who signs for whom (role -> person, position), its special terms.

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
    _set_term(agreement, starts, ends)
    agreement.version += 1
    for role, (person, position) in (signatories or {}).items():
        Party.objects.filter(agreement=agreement, role=role, person=None).update(
            signatory=person, position=position.strip()
        )
    if agreement.kind == AgreementKind.AMENDMENT:
        agreement.changes = changes_between(agreement.parent, agreement)
    agreement.save()
    record(agreement, "change", actor=by)
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
    kind = kind_of(old_kind.amendment)
    if unknown := set(values or {}) - set(kind.places):
        raise ValueError(f"{kind.key} has no places {sorted(unknown)}")
    parties = [_again(party, (party_values or {}).get(party.role)) for party in agreement.in_order]
    new = Agreement(
        kind=AgreementKind.AMENDMENT,
        text_kind=kind.key,
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
    last = None if endless else ends or agreement.ends
    _set_term(new, starts or agreement.starts, last)
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
def send(agreement: Agreement, *, actor: Any) -> Agreement:
    """Freeze the text with its fingerprint and ask the first party to sign.

    After a return a new text with the next number is made; the earlier ones stay, with what was signed.
    """
    agreement = lock(agreement)
    number = agreement.number or _new_number(agreement)
    freeze_names(agreement)
    text = freeze_text(agreement, number) if agreement.state == AgreementState.DRAFT else agreement.text
    now = timezone.now()
    AGREEMENT.apply(
        agreement,
        "send",
        actor=actor,
        number=number,
        text=text,
        title_az=text.title_az if text else agreement.title_az,
        title_en=text.title_en if text else agreement.title_en,
        awaiting=agreement.in_order[0] if agreement.in_order else None,
        turn_since=now,
        sent_at=agreement.sent_at or now,
    )
    found = reread(agreement)
    found.save(update_fields=["folded"])
    return found


# Pieces ---------------------------------------------------------------------------------------------


def lock(agreement: Agreement) -> Agreement:
    """The row under its lock, with all that predicates and conditions look at."""
    Agreement._base_manager.select_for_update().get(pk=agreement.pk)
    return reread(agreement)


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
    live = (AgreementState.DRAFT, AgreementState.SIGNING, AgreementState.IN_FORCE)
    return Agreement.objects.about(subject).filter(text_kind=kind, state__in=live).with_rows().first()


def _check_parties(kind: TextKind, parties: Sequence[Given]) -> None:
    roles = [party.role for party in parties]
    if sorted(roles) != sorted(kind.roles):
        raise ValueError(f"{kind.key} is signed by {kind.roles}, not by {roles}")
    for party in parties:
        if (party.person is None) == (party.organization is None):
            raise ValueError(f"{party.role}: an organisation or a person")


def _set_term(agreement: Agreement, starts: date, ends: date | None) -> None:
    if ends is not None and ends < starts:
        raise ValidationError({"ends": _("The last day is before the first.")})
    agreement.starts, agreement.ends = starts, ends
    agreement.term_kind = TermKind.FIXED if ends is not None else TermKind.OPEN
    agreement.expires = end_of_day(ends) if ends is not None else None


def _both(values: dict[str, Any]) -> dict[str, Words]:
    return {
        name: dict(value) if isinstance(value, dict) else {"az": str(value), "en": str(value)}
        for name, value in values.items()
    }


def _name(agreement: Agreement, parties: Sequence[Given]) -> None:
    """A title while it is a draft; the text brings its own when it is sent."""
    label = kind_of(agreement.text_kind).label
    names = [names_of(party) for party in parties]
    with override("az"):
        agreement.title_az = f"{label}: {joined(name['az'] for name in names)}"[:300]
    with override("en"):
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
