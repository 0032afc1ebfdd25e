"""What the indicators give the portal: the menu, the search, values that wait to be confirmed."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from partnerships.common.capped import CAP, capped, counted
from partnerships.common.direction import Hit, MenuItem, Source, Todo
from partnerships.common.indicator import Benefit, Indicator
from partnerships.common.piles import Pile
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization
from partnerships.indicators import catalogue, rules
from partnerships.indicators.enums import ValueState
from partnerships.indicators.models import ReportedValue

ONE_BY_ONE = 3


def _title(key: str) -> str:
    known = catalogue.indicator(key)
    return str(known.title) if known is not None else key


def piles(user: Any) -> list[Pile]:
    """Values that one may confirm, and one's own that came back; one by one while few."""
    if not rules.own_roots(user):
        return []
    return [Pile(_waiting(user), ONE_BY_ONE, _look_at, _look_at_all, along=True)]


@asked
def _waiting(user: Any) -> Any:
    access = access_of(user)
    mine = Q(state=ValueState.RETURNED, reported_by_id=access.person_id)
    if access.has(Role.LEADERSHIP, Role.PARTNERSHIPS):
        whose = Q() if access.manages_partners else Q(organization_id__in=rules.answerable_roots(user))
        mine |= whose & Q(state=ValueState.REPORTED) & ~rules.same_eyes(access)
    rows = ReportedValue.objects.filter(mine).select_related("organization")
    shown = (f"organization__{name}" for name in Organization.SHOWN)
    return rows.only("uid", "state", "indicator", "year", *shown).order_by("pk")


def _look_at(row: ReportedValue) -> Todo:
    words = _("Confirm: %(what)s") if row.state == ValueState.REPORTED else _("Correct: %(what)s")
    detail = f"{row.organization.short_name}, {row.year}"
    return Todo(words % {"what": _title(row.indicator)}, detail, row.get_absolute_url())


def _look_at_all(found: list[ReportedValue], count: int) -> list[Todo]:
    title = ngettext("%(n)s reported value to look at", "%(n)s reported values to look at", count)
    url = f"{reverse('indicators:values')}?show=reported"
    title %= {"n": counted(*capped(count))}
    return [Todo(title, _title(found[0].indicator), url, count=min(count, CAP))]


@cache
def _titles(_directions: tuple[str, ...], _language: str | None) -> list[tuple[Indicator, str]]:
    """All of them with their folded titles in this language."""
    return [(one, fold(str(one.title))) for one in catalogue.indicators().values()]


def search(user: Any, folded: str, limit: int) -> list[Hit]:
    """Indicators by their titles; no query, since they are data of the program."""
    if not user.is_authenticated or not rules.reads(user):
        return []
    found = [one for one, title in _titles(tuple(settings.DIRECTIONS), get_language()) if folded in title]
    return [
        Hit(
            str(one.title),
            str(Benefit(one.benefit).label),
            reverse("indicators:one", args=[one.key]),
            _("Indicators"),
        )
        for one in found[:limit]
    ]


SOURCE = Source(
    key="indicators",
    piles=piles,
    search=search,
    menu=(MenuItem(gettext_lazy("Indicators"), "indicators:overview", rules.reads),),
)
