"""Writing the rules of eligibility of a call. Whether the actor may is the direction's to ask."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from partnerships.calls.models import Call, EligibilityRule
from partnerships.calls.models.eligibility import FIGURES
from partnerships.common.refusals import Blocked, Refusal

APPLIED = Refusal(
    gettext_lazy("Somebody has already applied by these rules, so they stay as they are."), code="applied"
)


def _counted(call: Call) -> None:
    call.rule_count = call.rules.count()
    Call.objects.filter(pk=call.pk).update(rule_count=call.rule_count)
    call.forget_chain()


@transaction.atomic
def save_rule(
    call: Call, *, actor: Any, rule: EligibilityRule | None = None, frozen: bool = False, **values: Any
) -> EligibilityRule:
    """Add a rule or change one. `frozen` says that somebody has applied: raises Blocked then, and
    ValidationError for a second rule over the same."""
    Call.objects.select_for_update().get(pk=call.pk)
    if frozen:
        raise Blocked(APPLIED, call)
    row = rule or EligibilityRule(call=call)
    for name, value in values.items():
        setattr(row, name, value)
    if row.test in FIGURES:
        row.values = []
    else:
        row.number = None
    row.full_clean()
    row.save()
    _counted(call)
    return row


@transaction.atomic
def remove_rule(call: Call, rule: EligibilityRule, *, actor: Any, frozen: bool = False) -> None:
    """Take a rule out. Raises Blocked once somebody has applied."""
    Call.objects.select_for_update().get(pk=call.pk)
    if frozen:
        raise Blocked(APPLIED, call)
    rule.delete()
    _counted(call)


def copy_rules(source: Call, target: Call, *, renamed: Mapping[str, str] | None = None, actor: Any) -> int:
    """The rules of a call for another; `renamed` says how facts are called there. Returns how many."""
    rows = [
        EligibilityRule(
            call=target,
            fact=(renamed or {}).get(rule.fact, rule.fact),
            test=rule.test,
            number=rule.number,
            values=rule.values,
            reason_az=rule.reason_az,
            reason_en=rule.reason_en,
        )
        for rule in source.rules.all()
    ]
    EligibilityRule.objects.bulk_create(rows)
    _counted(target)
    return len(rows)
