"""Counted numbers become rows that pages read, with those about few people marked as not to be shown."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings

from partnerships.common.clock import today
from partnerships.directory.models import Organization
from partnerships.indicators import catalogue
from partnerships.indicators.counting import Counted, Number, count
from partnerships.indicators.models import Measure, place_of
from partnerships.indicators.veil import Counts, Family, Key, few, veiled

BACK = 9  # years that are counted anew when everything is

Place = tuple[int | None, int | None]


def every_year() -> list[int]:
    """The years that are kept: the last ten and the one to come, whose places are given already."""
    year = today().year
    return list(range(year - BACK, year + 2))


def measures(keys: Iterable[str], years: Iterable[int]) -> list[Measure]:
    """What is to be written for these indicators and years; the wholes of which they are parts are counted
    with them, for the marks."""
    known = catalogue.indicators()
    operator = Organization.objects.filter(is_operator=True).values_list("pk", flat=True).first()
    counted: dict[str, dict[int, Counted]] = {}
    years = list(years)

    def of(key: str) -> dict[int, Counted]:
        if key not in counted:
            found = count(known[key], years, operator)
            counted[key] = _in_steps(key, found) if known[key].guarded else found
        return counted[key]

    found: list[Measure] = []
    for key in keys:
        indicator = known[key]
        for year in years:
            whole = of(indicator.part_of)[year] if indicator.part_of else None
            found += _rows(key, year, of(key)[year], whole)
    return found


def _in_steps(key: str, counted: dict[int, Counted]) -> dict[int, Counted]:
    """What people say of somebody grows in steps: a share of five answers that became one of six would tell
    the sixth. A number stays as it was kept until SMALL_CELL people more, or fewer, stand behind it."""
    kept: dict[tuple[int | None, ...], Number] = {
        (row.year, row.organization_id, row.partner_id): Number(row.value, row.people, row.others)
        for row in Measure.objects.filter(indicator=key, year__in=counted)
    }

    def stepped(number: Number, *place: int | None) -> Number:
        before = kept.get(place)
        return before if before is not None and _too_near(before.people, number.people) else number

    return {
        year: replace(
            found,
            whole=stepped(found.whole, year, None, None) if found.whole is not None else None,
            of={one: stepped(number, year, one, None) for one, number in found.of.items()},
            between={pair: stepped(number, year, *pair) for pair, number in found.between.items()},
        )
        for year, found in counted.items()
    }


def _too_near(before: int | None, now: int | None) -> bool:
    """Whether both are enough people to be shown, and who saw both would learn of a few."""
    least = settings.SMALL_CELL
    if before is None or now is None or few(before, least) or few(now, least):
        return False
    return abs(now - before) < least


def _rows(key: str, year: int, counted: Counted, greater: Counted | None) -> list[Measure]:
    numbers = _places(counted)
    above = _places(greater) if greater is not None else {}
    # The operator sees its own share as it is: what is hidden from it is what is left of a number without it.
    within = _veiled(counted, numbers, above, "others", pairs=False)
    # Who reads that may read a paper for outside as well, its own share in hand: it hides both.
    outside = _veiled(counted, numbers, above, "people", pairs=True, also=within)
    return [
        Measure(
            indicator=key,
            year=year,
            place=place_of(*place),
            organization_id=place[0],
            partner_id=place[1],
            value=number.value,
            people=number.people,
            others=number.others,
            veiled=place in within,
            veiled_outside=_cell(place) in outside,
        )
        for place, number in numbers.items()
    ]


def _places(counted: Counted) -> dict[Place, Number]:
    found: dict[Place, Number] = {}
    if counted.whole is not None:
        found[None, None] = counted.whole
    found.update({(key, None): number for key, number in counted.of.items()})
    found.update(dict(counted.between.items()))
    return found


def _cell(place: Place) -> Key:
    """(a, b) and (b, a) are one number."""
    one, other = place
    return tuple(sorted((one, other))) if one is not None and other is not None else place  # type: ignore[type-var]


def _veiled(
    counted: Counted,
    numbers: dict[Place, Number],
    above: dict[Place, Number],
    name: str,
    *,
    pairs: bool,
    also: Iterable[Any] = (),
) -> set[Any]:
    if counted.whole is None or counted.whole.people is None:
        return set()  # not about people

    def people(place: Place, found: dict[Place, Number]) -> int:
        return (getattr(found[place], name) or 0) if place in found else 0

    counts: dict[Key, tuple[int, int]] = {}
    for place in numbers:
        if pairs or place[1] is None:
            own = people(place, numbers)
            rest = max(0, people(place, above) - own) if above else 0
            counts[_cell(place)] = (own, rest)
    families = [
        _family((None, None), [(key, None) for key in keys], counts) for keys in counted.sides.values()
    ]
    if pairs:
        for one in counted.of:
            cells = [place for place in counted.between if place[0] == one]
            if cells:
                families.append(_family((one, None), cells, counts))
    return veiled(counts, families, settings.SMALL_CELL, also)


def _family(whole: Place, parts: list[Place], counts: Counts) -> Family:
    keys = tuple(_cell(place) for place in parts)
    rest = tuple(max(0, counts[whole][i] - sum(counts[key][i] for key in keys)) for i in (0, 1))
    return Family(whole, keys, (rest[0], rest[1]))
