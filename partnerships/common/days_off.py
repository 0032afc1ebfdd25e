"""The public holidays of Azerbaijan as rows that an administrator corrects."""

from datetime import date

import holidays

from partnerships.common.models import DayOff

_SPELT = (("bayrami", "bayramı"), ("müşahidə olunur", "köçürülmüş istirahət günü"))


def write_public_holidays(year: int) -> int:
    """Write the days off of a year that are not there yet; returns how many.

    The fixed dates of the Labour Code (article 105), the days to which a holiday on a weekend moves, and
    Ramazan and Qurban, whose dates are announced each year: of a year to come they are estimated and say so
    in their name. What an administrator has entered or ticked as worked stays as it is. May be called again.
    """
    known = holidays.country_holidays("AZ", years=year, language="az")
    before = {row.date: row for row in DayOff.objects.filter(date__year=year)}
    days = sorted(known.items())
    rows = [DayOff(date=day, name=_written(name)[:120]) for day, name in days if day not in before]
    DayOff.objects.bulk_create(rows, ignore_conflicts=True)
    misspelt = [before[day] for day, name in days if day in before and before[day].name == name[:120]]
    for row in misspelt:
        row.name = _written(row.name)[:120]
    DayOff.objects.bulk_update(misspelt, ["name"])
    return len(rows)


def _written(name: str) -> str:
    """A name of the package as it is written in Azerbaijani."""
    for theirs, ours in _SPELT:
        name = name.replace(theirs, ours)
    return name


def set_day(day: date, *, working: bool, name: str) -> str:
    """Say of a day whether it is worked: "added", "changed", or "" where it stood so already."""
    row, made = DayOff.objects.get_or_create(date=day, defaults={"working": working, "name": name[:120]})
    if made:
        return "added"
    if (row.working, row.name) == (working, name[:120] or row.name):
        return ""
    row.working, row.name = working, name[:120] or row.name
    row.save(update_fields=["working", "name"])
    return "changed"
