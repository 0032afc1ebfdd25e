"""The clock counts the numbers of years that are too many to be counted while somebody waits."""

from typing import Any

from django.utils import timezone

from internships.models import KeptYear
from internships.numbers import kept, pace, yearly
from partnerships.accounts.models import User
from partnerships.directory.access import access_of, load_access
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation
from partnerships.indicators.freezing import is_finished

READERS = {*yearly.COMPANY, *yearly.UNIVERSITY, Role.ADMINISTRATOR}


def keep_numbers(*, every_year: bool = False) -> int:
    """Count for all whose years are long: those that are not finished, and those that never were; with
    `every_year` all of them. It is no change of anybody's, so no history is written. Returns how many years
    were counted. Two at once write the same twice.
    """
    lengths, written = pace.Lengths(), 0
    many = {
        reach: user for reach, user in _readers().items() if lengths.longest(access_of(user)) > kept.AT_ONCE
    }
    KeptYear.objects.exclude(reach__in=list(many)).delete()
    for reach, user in many.items():
        known = set(KeptYear.objects.filter(reach=reach).values_list("year", flat=True))
        offered = set(yearly.years(user))
        KeptYear.objects.filter(reach=reach).exclude(year__in=offered).delete()
        for year in sorted(offered):
            if every_year or year not in known or not is_finished(year):
                _keep(reach, year, user)
                written += 1
    return written


def keep_numbers_of(user: Any) -> int:
    """Count at once for somebody whose numbers are their own, and no longer what was kept: this year first.
    Returns how many years were counted."""
    reach = kept.reach_of(user)
    known = set(KeptYear.objects.filter(reach=reach).values_list("year", flat=True))
    wanted = sorted(set(yearly.years(user)) - known, key=lambda year: (is_finished(year), -year))
    for year in wanted:
        _keep(reach, year, user)
    return len(wanted)


def _readers() -> dict[str, Any]:
    """One of those who read the same, for each such group."""
    holders = Affiliation.objects.current().filter(role__in=READERS).order_by().values("person")
    users = list(User.objects.filter(is_active=True, person__in=holders).select_related("person"))
    load_access(users)
    found = {kept.reach_of(user): user for user in users if yearly.reads_numbers(user)}
    return dict(sorted(found.items()))


def _keep(reach: str, year: int, user: Any) -> None:
    at = timezone.now()
    row = KeptYear(reach=reach, year=year, figures=kept.as_json(kept.count(user, year)), counted_at=at)
    KeptYear.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["reach", "year"],
        update_fields=["figures", "counted_at"],
    )
