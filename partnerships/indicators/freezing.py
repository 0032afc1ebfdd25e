"""Finished years are not counted over and over: which of them changed since they were counted.

A year is finished INDICATORS_OPEN_DAYS after its last day. The watermark of an indicator's year is the last
change in the portal's history when it was counted: what has happened since to the rows that the indicator
looks at says whether it has to be counted anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max, Q

from partnerships.common.clock import today
from partnerships.common.indicator import Indicator
from partnerships.indicators.counting import wholes, years_of
from partnerships.indicators.models import Measure, YearCounted
from partnerships.workflow.models import Change

MOST = 5_000  # changed rows of one model that are looked up; of more, everything counts as changed

Changed = dict[type[models.Model], set[int] | None]  # None: too many to be named


def is_finished(year: int) -> bool:
    """Long enough ago that what is entered late has come."""
    return today() > date(year, 12, 31) + timedelta(days=settings.INDICATORS_OPEN_DAYS)


def mark_now() -> int:
    """The watermark of what is counted from now on."""
    return Change.objects.aggregate(last=Max("pk"))["last"] or 0


def to_count(indicator: Indicator, years: Iterable[int], changes: "Changes") -> list[int]:
    """Of these years those that have to be counted: open ones, and finished ones that never were or have
    changed."""
    years = list(years)
    kept = dict(
        YearCounted.objects.filter(indicator=indicator.key, year__in=years).values_list("year", "mark")
    )
    finished = {year for year in years if is_finished(year) and year in kept}
    if finished and (changed := changes.since(min(kept[year] for year in finished))):
        finished -= _touched(indicator, changed, finished)
    return [year for year in years if year not in finished]


class Changes:
    """What has changed since a watermark, read once for all indicators that have the same."""

    def __init__(self) -> None:
        self._known: dict[int, Changed] = {}

    def since(self, mark: int) -> Changed:
        if mark not in self._known:
            found: dict[int, set[int]] = defaultdict(set)
            rows = Change.objects.filter(pk__gt=mark).order_by().values_list("content_type_id", "object_id")
            for kind, key in rows.distinct().iterator():
                found[kind].add(key)
            models_of = {
                kind: model
                for kind in found
                if (model := ContentType.objects.get_for_id(kind).model_class()) is not None
            }
            self._known[mark] = {
                model: found[kind] if len(found[kind]) <= MOST else None for kind, model in models_of.items()
            }
        return self._known[mark]


def _touched(indicator: Indicator, changed: Changed, years: set[int]) -> set[int]:
    """Which of these years a change may have come into, or gone out of."""
    which = Q(pk__in=[])
    for path, model in set(_looked_at(indicator)):
        keys = changed.get(model, set())
        if keys is None:
            return years
        if keys:
            which |= Q(**{f"{path}__in": keys})
    rows = indicator.source.filter(which)
    if not rows.exists():
        return set()
    if indicator.on is not None:  # what holds on a day may have held on any
        return years
    touched = set(years_of(indicator, rows)) & years
    return touched | _moved_out(indicator, years - touched)


def _moved_out(indicator: Indicator, years: set[int]) -> set[int]:
    """Years whose whole is no longer what was kept: a row that has left them is found nowhere else."""
    now = wholes(indicator, years)
    kept = dict(
        Measure.objects.filter(indicator=indicator.key, year__in=years, place="").values_list("year", "value")
    )
    return {year for year in years if now.get(year, Decimal(0)) != kept.get(year, Decimal(0))}


def _looked_at(indicator: Indicator) -> Iterator[tuple[str, type[models.Model]]]:
    """The rows of the indicator and those of others that its lookups go through, by their path."""
    model = apps.get_model(indicator.model)
    yield "pk", model
    paths = [indicator.when, indicator.person, *indicator.sides, *_names(indicator.where)]
    paths += _names(indicator.value)
    for path in filter(None, paths):
        here, walked = model, []
        for name in path.split("__"):
            try:
                field: Any = here._meta.get_field(name)
            except FieldDoesNotExist:  # a lookup, or what `rows` annotates
                break
            if field.related_model is None:
                break
            walked.append(name)
            here = field.related_model
            yield "__".join(walked), here


def _names(expression: Any) -> list[str]:
    """The fields that a condition or an aggregate names."""
    if isinstance(expression, Q):
        return [name for child in expression.children for name in _names(child)]
    if isinstance(expression, tuple):
        return [expression[0]]
    if isinstance(expression, models.F):
        return [expression.name]
    parts = expression.get_source_expressions() if hasattr(expression, "get_source_expressions") else []
    return [name for part in parts if part is not None for name in _names(part)]
