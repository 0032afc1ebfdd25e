"""How an indicator is counted: a query for the whole, one for each side, one for each two sides together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear

from partnerships.common.clock import BAKU, start_of_day, today
from partnerships.common.indicator import Indicator

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Number:
    """What was counted; `people` and `others` as of a Measure."""

    value: Decimal
    people: int | None = None
    others: int | None = None


@dataclass
class Counted:
    """The numbers of one indicator and year: key None is the whole, an organisation's, or (one, other)."""

    whole: Number | None = None
    of: dict[int, Number] = field(default_factory=dict)
    between: dict[tuple[int, int], Number] = field(default_factory=dict)
    # The organisations on each side, by the side: each side's numbers add up to the whole.
    sides: dict[str, set[int]] = field(default_factory=dict)


def count(indicator: Indicator, years: Iterable[int], operator: int | None) -> dict[int, Counted]:
    """Every number of these years. `operator` is the key of the organisation that runs the portal.

    What is read on a day is read for each year on its last, for the present one today; never ahead.
    """
    years = sorted(set(years))
    found = {year: Counted() for year in years}
    if indicator.on is None:
        rows = indicator.source.filter(indicator.where).annotate(_year=_year_of(indicator))
        _count(indicator, rows.filter(_year__in=years), operator, found)
    else:
        for year in years:
            day = last_day(year)
            if day.year == year:
                rows = indicator.source.filter(indicator.where & indicator.on(day))
                _count(
                    indicator,
                    rows.annotate(_year=models.Value(year, models.IntegerField())),
                    operator,
                    found,
                )
    return found


def wholes(indicator: Indicator, years: Iterable[int]) -> dict[int, Decimal]:
    """The whole of each of these years, in one query; for what counts in the year of a row."""
    rows = indicator.source.filter(indicator.where).annotate(_year=_year_of(indicator))
    counted = rows.filter(_year__in=list(years)).order_by().values("_year").annotate(n_value=indicator.value)
    return {row["_year"]: _number(row).value for row in counted if row["n_value"] is not None}


def years_of(indicator: Indicator, rows: Any) -> list[int]:
    """The years in which these rows count, or would; for what counts in the year of a row."""
    found = rows.order_by().annotate(_year=_year_of(indicator)).values_list("_year", flat=True).distinct()
    return [year for year in found if year is not None]


def last_day(year: int) -> date:
    """On which a year is read that is read on a day: today in the present one, never ahead."""
    return min(date(year, 12, 31), today())


def days_of(year: int) -> tuple[date, date, date]:
    """Its first and last day, and the one on which is read what is read on a day."""
    return date(year, 1, 1), date(year, 12, 31), last_day(year)


def in_year(indicator: Indicator, rows: Any, year: int, first: date, last: date, day: date) -> Any:
    """Of these rows those that count in that year, whose `days_of` are given: within a question they stand in
    for it."""
    rows, when = rows.filter(indicator.where), indicator.when
    if indicator.on is not None:
        return rows.filter(indicator.on(day))
    field_ = _field(indicator.source.model, when)
    if isinstance(field_, models.DateTimeField):
        after = start_of_day(last + timedelta(days=1))
        return rows.filter(**{f"{when}__gte": start_of_day(first), f"{when}__lt": after})
    if isinstance(field_, models.DateField):
        return rows.filter(**{f"{when}__gte": first, f"{when}__lte": last})
    return rows.filter(**{when: year})


def with_side(indicator: Indicator, *organizations: int) -> Q:
    """Rows in which each of these organisations has a part of its own."""
    if not organizations:
        return Q()
    found = Q(pk__in=[])
    for names in permutations(indicator.sides, len(organizations)):
        pairs = zip(names, organizations, strict=True)
        found |= Q(**{f"{name}__root_id": key for name, key in pairs})
    return found


def _year_of(indicator: Indicator) -> Any:
    field_: Any = _field(indicator.source.model, indicator.when)
    if isinstance(field_, models.DateTimeField):
        return ExtractYear(indicator.when, tzinfo=BAKU)
    if isinstance(field_, models.DateField):
        return ExtractYear(indicator.when)
    return F(indicator.when)


def _field(model: Any, path: str) -> Any:
    found: Any = None
    for name in path.split("__"):
        found = model._meta.get_field(name)
        model = found.related_model or model
    return found


def _count(indicator: Indicator, rows: Any, operator: int | None, found: dict[int, Counted]) -> None:
    numbers = _aggregates(indicator, operator)
    for row in rows.order_by().values("_year").annotate(**numbers):
        if row["n_value"] is not None:
            found[row["_year"]].whole = _number(row)
    roots = {name: f"{name}__root_id" for name in indicator.sides}
    for name, root in roots.items():
        for row in rows.order_by().values("_year", root).annotate(**numbers):
            if row[root] is not None and row["n_value"] is not None:
                year = found[row["_year"]]
                year.of[row[root]] = _number(row)
                year.sides.setdefault(name, set()).add(row[root])
    for one, other in list(permutations(roots.values(), 2))[:1]:
        for row in rows.order_by().values("_year", one, other).annotate(**numbers):
            a, b = row[one], row[other]
            if a is not None and b is not None and a != b and row["n_value"] is not None:
                found[row["_year"]].between[a, b] = found[row["_year"]].between[b, a] = _number(row)


def _aggregates(indicator: Indicator, operator: int | None) -> dict[str, Any]:
    numbers: dict[str, Any] = {"n_value": indicator.value}
    elsewhere = Q()
    for name in indicator.sides:
        elsewhere &= ~Q(**{f"{name}__root_id": operator})
    if indicator.heads:
        what = indicator.value.get_source_expressions()[0]
        numbers["n_people"] = indicator.value
        numbers["n_others"] = type(indicator.value)(what, filter=elsewhere)
    elif indicator.person:
        numbers["n_people"] = Count(indicator.person, distinct=True)
        numbers["n_others"] = Count(indicator.person, distinct=True, filter=elsewhere)
    return numbers


def _number(row: dict[str, Any]) -> Number:
    value = row["n_value"]
    if isinstance(value, timedelta):
        value = Decimal(str(value / HOUR))
    people, others = row.get("n_people"), row.get("n_others")
    if "n_people" in row:  # a sum over no rows is none
        people, others = int(people or 0), int(others or 0)
    return Number(Decimal(str(value)).quantize(Decimal("0.0001")), people, others)
