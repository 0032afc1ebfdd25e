"""The indicators of all apps, in the order of the benefits that the cooperation promises."""

from functools import cache

from django.conf import settings

from partnerships.common.indicator import Benefit, Indicator
from partnerships.portal import registry


def indicators() -> dict[str, Indicator]:
    """Every indicator by its key, the directions' first within a benefit."""
    return _collected(tuple(settings.DIRECTIONS))


@cache
def _collected(_directions: tuple[str, ...]) -> dict[str, Indicator]:
    found = [one for source in registry.sources() for one in source.indicators]
    order = list(Benefit.values)
    ordered = sorted(found, key=lambda one: order.index(one.benefit))
    return {one.key: one for one in ordered}


def indicator(key: str) -> Indicator | None:
    return indicators().get(key)


def title_of(key: str) -> str:
    """What it counts in words; its key, where no app declares it any more."""
    found = indicator(key)
    return str(found.title) if found else key


def reported_ones() -> list[Indicator]:
    """Those that people report."""
    return [one for one in indicators().values() if one.is_reported]
