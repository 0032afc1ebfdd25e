"""What comes after the term: renewed, going on, ending, decided later; and who answers for it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.agreements.actions.pieces import lock, reread
from partnerships.agreements.actions.signing import replace_renewed
from partnerships.agreements.enums import AgreementState, Decision, TermKind
from partnerships.agreements.models import Agreement
from partnerships.agreements.rules import manages
from partnerships.agreements.terms import NOTICE_FIELDS, add_months, set_notice
from partnerships.agreements.workflow import AGREEMENT
from partnerships.common.clock import end_of_day, today
from partnerships.common.refusals import Refused
from partnerships.directory.models import Person
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record


@transaction.atomic
def keep(agreement: Agreement, *, actor: Any, note: str = "") -> Agreement:
    """It goes on: one that renews by itself for one more term; one without an end until it is looked at in a
    year."""
    agreement = lock(agreement)
    if agreement.term_kind == TermKind.OPEN:
        set_notice(agreement, looked_at=today())
        changes = {name: getattr(agreement, name) for name in NOTICE_FIELDS}
    else:
        changes = {"decision": Decision.KEEP}
    AGREEMENT.apply(agreement, "keep", actor=actor, note=note, postponed_until=None, **changes)
    return reread(agreement)


@transaction.atomic
def lapse(agreement: Agreement, *, actor: Any, note: str) -> Agreement:
    """It ends with its term, with the reason that all parties read. Of one that renews by itself this is the
    notice: Blocked after the notice day."""
    agreement = lock(agreement)
    ends = agreement.ends or agreement.period_ends
    AGREEMENT.apply(
        agreement,
        "lapse",
        actor=actor,
        note=note,
        decision=Decision.LAPSE,
        postponed_until=None,
        ends=ends,
        expires=end_of_day(ends) if ends else None,
    )
    return reread(agreement)


@transaction.atomic
def postpone(agreement: Agreement, *, actor: Any, postponed_until: date, note: str) -> Agreement:
    """Decide later, with the reason: nothing is reminded until that day.

    ValidationError for a day that is not ahead, or on which it would be too late.
    """
    agreement = lock(agreement)
    AGREEMENT.demand(agreement, "postpone", actor=actor)
    last = agreement.period_ends
    if postponed_until <= today():
        raise ValidationError({"postponed_until": _("Give a day that lies ahead.")})
    if last is not None and postponed_until > last:
        raise ValidationError({"postponed_until": _("By then it has ended. Give an earlier day.")})
    AGREEMENT.apply(agreement, "postpone", actor=actor, note=note, postponed_until=postponed_until)
    return reread(agreement)


@transaction.atomic
def reconsider(agreement: Agreement, *, actor: Any, note: str) -> Agreement:
    """Take a decision back, with the reason; it is reminded of again."""
    agreement = lock(agreement)
    changes: dict[str, Any] = {"decision": ""}
    if agreement.term_kind == TermKind.AUTO:
        changes.update(ends=None, expires=None)
    AGREEMENT.apply(agreement, "reconsider", actor=actor, note=note, **changes)
    return reread(agreement)


@transaction.atomic
def hand_over(agreement: Agreement, *, actor: Any, keeper: Person | None, deputy: Person | None) -> Agreement:
    """Who answers for it, and who does when they are away; nothing is written where they are these already.
    Refused to who does not manage it."""
    agreement, by = lock(agreement), as_actor(actor)
    if not manages(by.principal, agreement):
        raise Refused(_("Your role does not include this here."))
    if keeper is not None and keeper == deputy:
        raise ValidationError({"deputy": _("Name somebody else as the deputy.")})
    if (agreement.keeper, agreement.deputy) == (keeper, deputy):
        return reread(agreement)
    agreement.keeper, agreement.deputy = keeper, deputy
    agreement.version += 1
    agreement.save(update_fields=["keeper", "deputy", "version", "updated"])
    record(agreement, "hand_over", actor=by)
    return reread(agreement)


def roll() -> int:
    """Begin the next term of those that renew by themselves, and let the renewed give way to their renewals.
    The clock calls it every night; what a night missed the next one does. Returns how many moved."""
    day, moved = today(), 0
    due = Agreement.objects.filter(
        state=AgreementState.IN_FORCE, term_kind=TermKind.AUTO, ends=None, period_ends__lt=day
    )
    for key in due.order_by("pk").values_list("pk", flat=True):
        moved += _next_term(key, day)
    renewed = Agreement.objects.filter(
        state=AgreementState.IN_FORCE, renews__state=AgreementState.IN_FORCE, starts__lte=day
    )
    for row in renewed.order_by("pk"):
        with transaction.atomic():
            moved += replace_renewed(row)
    return moved


@transaction.atomic
def _next_term(key: int, day: date) -> bool:
    agreement = lock(Agreement.objects.get(pk=key))
    old, months = agreement.period_ends, agreement.renew_months
    if agreement.state != AgreementState.IN_FORCE or agreement.ends is not None or not old or not months:
        return False
    terms = 1
    while add_months(old, terms * months) < day:
        terms += 1
    agreement.period_ends = add_months(old, terms * months)
    agreement.decision, agreement.postponed_until = "", None
    set_notice(agreement)
    agreement.version += 1
    agreement.save(
        update_fields=["period_ends", "decision", "postponed_until", *NOTICE_FIELDS, "version", "updated"]
    )
    data = {"old": old.isoformat(), "new": agreement.period_ends.isoformat()}
    record(agreement, "roll", actor=SYSTEM, data=data)
    return True
