"""What time takes away: every rule of every app, one after another, with a report."""

import logging
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from partnerships.common.held import KeepRule
from partnerships.privacy import collect
from partnerships.privacy.models import RetentionLine, RetentionRun, RetentionSetting

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """A rule, for how many days it keeps, from which moment back it takes away, and how much that is now."""

    rule: KeepRule
    days: int
    border: datetime
    count: int


def days_of(rule: KeepRule, settings: dict[str, int]) -> int:
    return settings.get(rule.key, rule.days)


def _settings() -> dict[str, int]:
    return dict(RetentionSetting.objects.values_list("key", "days"))


def due_now() -> list[Due]:
    """What every rule would take away now; nothing is changed."""
    kept, found = _settings(), []
    for rule in collect.rules():
        days = days_of(rule, kept)
        border = timezone.now() - timedelta(days=days)
        found.append(Due(rule, days, border, rule.due(border)))
    return found


def keep_to_the_rules() -> RetentionRun:
    """Take away what is over. A rule that fails is logged and stands in the report, the others go on; the
    next night tries again."""
    run, kept = RetentionRun.objects.create(), _settings()
    for rule in collect.rules():
        line = RetentionLine(run=run, key=rule.key, days=days_of(rule, kept), due=0)
        border = timezone.now() - timedelta(days=line.days)
        try:
            line.due = rule.due(border)
            line.removed = rule.remove(border) if line.due else 0
        except Exception as error:
            log.exception("the rule %s of what is kept failed", rule.key)
            line.error = "".join(traceback.format_exception_only(error)).strip()[:500]
        line.save()
    run.finished = timezone.now()
    run.save(update_fields=["finished"])
    return run
