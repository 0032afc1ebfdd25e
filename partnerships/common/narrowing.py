"""Filters of the API that are those of a page: the same name, narrowed by the function that the page calls.

    class PlacementFilter(FilterSet):
        state = ByChoice(in_state, choices=[*PlacementState.choices, ("ended", _("Ended"))])
        q = ByText(lambda rows, typed, _user: rows.answering(typed), help_text="Name or number.")

A function is called with (rows that the reader may see, what was asked, the reader). A list that is declared
as a ListPage has its filters from there: `filters_of(IDEAS, Idea, state=…)`.
"""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db import models

from partnerships.common.list_asked import LONGEST
from partnerships.common.lists import ListPage

Narrow = Callable[[Any, Any, Any], Any]
FORGIVEN = "Words, letters forgiven."


class _ByPage(django_filters.Filter):
    def __init__(self, narrow: Narrow, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.narrow = narrow

    def filter(self, rows: Any, value: Any) -> Any:
        if value in ("", None):
            return rows
        return self.narrow(rows, value, self.parent.request.user)


class ByText(_ByPage, django_filters.CharFilter):
    def __init__(self, narrow: Narrow, **kwargs: Any) -> None:
        super().__init__(narrow, **{"max_length": LONGEST, **kwargs})


class ByChoice(_ByPage, django_filters.ChoiceFilter):
    """An unknown value is 400 here; a page, whose addresses outlive its choices, shows everything."""


class ByDay(_ByPage, django_filters.DateFilter):
    def filter(self, rows: Any, value: Any) -> Any:
        """Nothing lies on the days at the ends of the calendar, which have none before or after them."""
        if value and not 1 < value.year < 9999:
            return rows.none()
        return super().filter(rows, value)


class ByUid(_ByPage, django_filters.UUIDFilter):
    pass


class Either(_ByPage, django_filters.BooleanFilter):
    """`true` or `false`, each told to `narrow`."""


def sorted_by(orders: Any) -> ByChoice:
    """`sort`: an order of a ready list; `cursors.in_order_of` reads it."""
    return ByChoice(lambda rows, _key, _user: rows, choices=[(one.key, one.label) for one in orders])


class Only(_ByPage, django_filters.BooleanFilter):
    """`true`: only those that `narrow` leaves; `false`: the others."""

    def filter(self, rows: Any, value: Any) -> Any:
        if value is None:
            return rows
        found = super().filter(rows, True)
        return found if value else rows.exclude(pk__in=found.order_by().values("pk"))


def filters_of(page: ListPage, model: type[models.Model], **more: Any) -> type[django_filters.FilterSet]:
    """The filters of a ready list: its pills, its search, whose list it is; and `more` of the API's own."""
    found: dict[str, Any] = {}
    if page.pills:
        pills = {pill.key: pill for pill in page.pills}
        found[page.show] = ByChoice(
            lambda rows, key, user: pills[key].narrow(rows, user),
            choices=[(key, pill.label) for key, pill in pills.items()],
        )
    for name, within in (page.within or {}).items():
        found[name] = ByText(lambda rows, key, user, within=within: _of(rows, within, key, user))
    if page.search:
        found["q"] = ByText(lambda rows, typed, _user: page.find(rows, typed), help_text=FORGIVEN)
    for choice in page.choices:
        found[choice.key] = ByText(choice.narrow)
    meta = type("Meta", (), {"model": model, "fields": [*more, *found]})
    return type(f"{model.__name__}Filter", (django_filters.FilterSet,), {**found, **more, "Meta": meta})


def _of(rows: Any, within: Any, key: str, user: Any) -> Any:
    thing = within.find(key)
    return rows.none() if thing is None else within.narrow(rows, thing, user)
