"""Writing the rules of eligibility of a call. Whether the actor may is the direction's to ask."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.calls.actions.locking import Frozen, locked, never
from partnerships.calls.models import Call, EligibilityRule
from partnerships.calls.models.eligibility import FIGURES
from partnerships.common.refusals import Blocked, Refusal, StaleState

APPLIED = Refusal(
    gettext_lazy("Somebody has already applied by these rules, so they stay as they are."), code="applied"
)


def _counted(call: Call) -> None:
    call.rule_count = call.rules.count()
    Call.objects.filter(pk=call.pk).update(rule_count=call.rule_count)
    call.forget_chain()


@transaction.atomic
def save_rule(
    call: Call, *, actor: Any, rule: EligibilityRule | None = None, frozen: Frozen = never, **values: Any
) -> EligibilityRule:
    """Add a rule or change one. `frozen`, asked under the lock, says whether somebody has applied.

    Raises Blocked then, StaleState for a rule that was taken out meanwhile, ValidationError for a second rule
    over the same and for a question of another call.
    """
    locked(call)
    if frozen():
        raise Blocked(APPLIED, call)
    if rule is not None and not call.rules.filter(pk=rule.pk).exists():
        raise StaleState(_("Someone has just changed this; here is how it stands now."), rule)
    if (question := values.get("question")) is not None and question.call_id != call.pk:
        raise ValidationError({"question": _("One of these questions is not asked here.")})
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
def remove_rule(call: Call, rule: EligibilityRule, *, actor: Any, frozen: Frozen = never) -> None:
    """Take a rule out. Raises Blocked once somebody has applied."""
    locked(call)
    if frozen():
        raise Blocked(APPLIED, call)
    rule.delete()
    _counted(call)


def copy_rules(source: Call, target: Call, *, actor: Any) -> int:
    """The rules of a call for another. Those over answers go along where the questions were copied first
    (copy_questions). Returns how many."""
    theirs, ours = source.questions.all(), target.questions.all()
    twins = {old.pk: new for old, new in zip(theirs, ours, strict=True)} if len(theirs) == len(ours) else {}
    rows = [
        EligibilityRule(
            call=target,
            fact=rule.fact,
            question=twins.get(rule.question_id or 0),
            test=rule.test,
            number=rule.number,
            values=rule.values,
            reason_az=rule.reason_az,
            reason_en=rule.reason_en,
        )
        for rule in source.rules.all()
        if rule.question_id is None or rule.question_id in twins
    ]
    EligibilityRule.objects.bulk_create(rows)
    _counted(target)
    return len(rows)
