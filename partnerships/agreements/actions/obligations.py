"""What a party owes: written down, fulfilled with evidence."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.agreements import rules
from partnerships.agreements.actions.pieces import lock
from partnerships.agreements.enums import LIVE_STATES, AgreementState
from partnerships.agreements.models import Agreement, Fulfilment, Obligation, Party
from partnerships.common.clock import today
from partnerships.common.days import validate_days
from partnerships.common.refusals import Blocked, Refusal, Refused, StaleState
from partnerships.common.text import at_most, clean_line
from partnerships.directory.models import Person
from partnerships.documents import actions as documents
from partnerships.documents.enums import DocumentKind
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record

FIELDS = ("what_az", "what_en", "figure", "amount", "unit_az", "unit_en", "due")


@transaction.atomic
def add_obligation(
    agreement: Agreement,
    *,
    actor: Any,
    party: Party,
    what_az: str,
    what_en: str = "",
    figure: str = "",
    amount: Decimal | None = None,
    unit_az: str = "",
    unit_en: str = "",
    due: date | None = None,
) -> Obligation:
    """Write down what a party owes, while the agreement is prepared, signed or in force.

    figure  key of what the directions count towards it by themselves; it needs an amount
    Refused to who does not keep the agreement, Blocked once it is over.
    """
    agreement, by = _kept(agreement, actor)
    if party.agreement_id != agreement.pk:
        raise ValueError("a party of another agreement")
    values = _checked(
        what_az=what_az,
        what_en=what_en,
        figure=figure,
        amount=amount,
        unit_az=clean_line(unit_az),
        unit_en=clean_line(unit_en),
        due=due,
    )
    made = Obligation.objects.create(agreement=agreement, party=party, **values)
    record(agreement, "obligation", actor=by, note=made.what_az)
    return made


@transaction.atomic
def change_obligation(
    obligation: Obligation, *, actor: Any, version: int, party: Party, **values: Any
) -> Obligation:
    """Change what was written down; StaleState when somebody else has meanwhile."""
    agreement, by = _kept(obligation.agreement, actor)
    row = Obligation.objects.select_for_update().get(pk=obligation.pk)
    if row.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), row)
    for name, value in _checked(**values).items():
        setattr(row, name, value)
    row.party = party
    row.version += 1
    row.save()
    record(agreement, "obligation_changed", actor=by, note=row.what_az)
    return row


@transaction.atomic
def drop_obligation(obligation: Obligation, *, actor: Any, note: str = "") -> None:
    """Take away what was written down by mistake; Blocked once a part of it was fulfilled.

    Once the agreement was sent the other side has read what is owed: ValidationError without a reason,
    which stays in the history.
    """
    agreement, by = _kept(obligation.agreement, actor)
    row = Obligation.objects.select_for_update().get(pk=obligation.pk)
    if row.fulfilments.exists():
        raise Blocked(Refusal(_("A part of it is fulfilled already: it stays."), code="fulfilled"), agreement)
    note = note.strip()
    if agreement.sent_at is not None and not note:
        raise ValidationError({"note": _("Say why: the other side reads it.")})
    said = f"{row.what_az}: {note}" if note else row.what_az
    row.delete()
    record(agreement, "obligation_dropped", actor=by, note=said)


@transaction.atomic
def fulfil(
    obligation: Obligation,
    *,
    actor: Any,
    done_on: date,
    amount: Decimal | None = None,
    note: str = "",
    evidence: Any = None,
) -> Fulfilment:
    """That a part of it was done: when, how much, with a note and a file that proves it.

    Entered by whoever signs for the party that owes it or keeps the agreement; Refused to the rest.
    ValidationError for a day ahead, a number that is missing or none, and with neither note nor file.
    """
    by = as_actor(actor)
    row = Obligation.objects.with_rows().select_for_update(of=("self",)).get(pk=obligation.pk)
    if not rules.owes(by.principal, row):
        raise Refused(_("Whoever owes it, or keeps the agreement, enters what was done."))
    errors: dict[str, Any] = {}
    if done_on > today():
        errors["done_on"] = _("This date lies in the future.")
    if row.amount is not None and (amount is None or amount <= 0):
        errors["amount"] = _("Say how much was done.")
    if not note.strip() and evidence is None:
        errors["note"] = _("Say what was done, or add a file that shows it.")
    if errors:
        raise ValidationError(errors)
    document = None
    if evidence is not None:
        owner = Person.objects.get(pk=by.person_id)
        document = documents.store(
            evidence, owner=owner, kind=DocumentKind.OTHER, actor=by, subject=row.agreement
        )
    made = Fulfilment.objects.create(
        obligation=row,
        done_on=done_on,
        amount=amount if row.amount is not None else None,
        note=at_most("note", clean_line(note), 600),
        document=document,
        by=by.user,
    )
    record(row.agreement, "fulfil", actor=by, note=row.what_az, data={"obligation": row.pk})
    return made


def _kept(agreement: Agreement, actor: Any) -> tuple[Agreement, Any]:
    agreement, by = lock(agreement), as_actor(actor)
    refusal = keeps_open(agreement, by.principal)
    if refusal is not None and refusal.code == "over":
        raise Blocked(refusal, agreement)
    if refusal is not None:
        raise Refused(refusal.reason)
    return agreement, by


def keeps_open(agreement: Agreement, user: Any) -> Refusal | None:
    """Why this user may not write down what is owed under it: who keeps it may, until it is over."""
    if not rules.manages(user, agreement):
        return Refusal(_("Your role does not include this here."), code="not_kept")
    if agreement.state not in LIVE_STATES or agreement.state == AgreementState.PROPOSED:
        return Refusal(_("This agreement is over."), code="over")
    return None


def _checked(**values: Any) -> dict[str, Any]:
    values["what_az"] = at_most("what_az", clean_line(values["what_az"]), 300)
    values["what_en"] = at_most("what_en", clean_line(values.get("what_en", "")), 300)
    if not values["what_az"]:
        raise ValidationError({"what_az": _("This field is required.")})
    if values.get("figure") and values.get("amount") is None:
        raise ValidationError({"amount": _("Say how many: the portal counts them.")})
    validate_days(due=values.get("due"))
    return {name: values[name] for name in FIELDS if name in values}
