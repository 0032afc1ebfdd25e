"""The window of a reminder rule: what is due, and when."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from partnerships.common.clock import start_of_day
from partnerships.common.letters import ReminderRule


def due_of(rule: ReminderRule, obj: Any) -> datetime | None:
    """The date that the rule reminds of; `a__b` follows relations as in queries."""
    value = obj
    if not hasattr(obj, rule.due):
        for part in rule.due.split("__"):
            value = getattr(value, part)
            if value is None:
                return None
        return _moment(value)
    return _moment(getattr(obj, rule.due))


def _moment(due: Any) -> datetime | None:
    """A day begins at midnight in Baku: three days before it, and the day after, are days too."""
    return due if due is None or isinstance(due, datetime) else start_of_day(due)


def in_window(rule: ReminderRule, now: datetime) -> Any:
    """The undecided objects whose first offset has come. Dates need not be in the database: then all
    of `rows` are answered and compared one by one."""
    rows = rule.rows()
    if _is_asked(rule, rows):
        return rows.filter(**{f"{rule.due}__lte": now + max(rule.offsets)})
    return rows


def dates_of(rule: ReminderRule, keys: Collection[int]) -> dict[int, datetime | None]:
    """The dates of those of these objects that wait for a decision still."""
    rows = rule.rows().filter(pk__in=keys)
    if _is_asked(rule, rows):
        return {pk: _moment(due) for pk, due in rows.order_by().values_list("pk", rule.due)}
    return {obj.pk: due_of(rule, obj) for obj in rows}


def _is_asked(rule: ReminderRule, rows: Any) -> bool:
    """The database knows the date."""
    names = {f.name for f in rows.model._meta.get_fields()} | set(rows.query.annotations)
    return rule.due.partition("__")[0] in names


def passed(rule: ReminderRule, due: datetime, now: datetime) -> list[timedelta]:
    """The offsets whose moment has come, longest (earliest) first; of what comes again the latest alone."""
    found = [offset for offset in sorted(rule.offsets, reverse=True) if due - offset <= now]
    last = min(rule.offsets)
    if rule.every and (times := (now - (due - last)) // rule.every) > 0:
        found.append(last - times * rule.every)
    return found
