"""How long the steps of an application take at a university and at a company."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.urls import reverse

from internships.enums import ApplicationState as A
from internships.models import Application
from internships.models.kept_apart import kept_apart
from internships.numbers.yearly import REACH
from partnerships.common.clock import BAKU, start_of_day
from partnerships.directory.access import Access, access_of
from partnerships.directory.enums import Role
from partnerships.workflow.pace import Pace, paces

# Who is waited for: the university, the student who mends it, the company, the student who answers.
STEPS = (A.SUBMITTED, A.RETURNED, A.IN_REVIEW, A.INTERVIEW, A.WAITLISTED, A.OFFERED)
OF_THE_COMPANY = STEPS[2:]


@dataclass(frozen=True)
class Step:
    """A step as the page shows it; `url` leads to those who wait in it, where the reader may see them."""

    label: str
    pace: Pace
    url: str = ""


def counted(user: Any, year: int) -> list[Pace]:
    """The steps of the applications sent in that year."""
    return paces(sent(user, date(year, 1, 1), date(year + 1, 1, 1)), STEPS)


def sent(user: Any, first: date, after: date) -> QuerySet[Application]:
    """The applications in this reader's numbers that were sent from the first day on, before the other."""
    rows = _counted(access_of(user))
    return rows.filter(submitted_at__gte=start_of_day(first), submitted_at__lt=start_of_day(after))


class Lengths:
    """How many applications were sent in each year, by company and by university. Two queries."""

    def __init__(self) -> None:
        sent = Application.objects.filter(submitted_at__isnull=False).order_by()
        years = sent.values(year=ExtractYear("submitted_at", tzinfo=BAKU)).annotate(n=Count("pk"))
        self._companies = list(years.values_list("programme__host__path", "year", "n"))
        self._universities = list(years.values_list("unit__path", "year", "n"))

    def longest(self, access: Access) -> int:
        """Of the years that these roles count, at most so many are in the longest."""
        at_company, _at_unit, at_university = REACH
        all_of_them = access.administers or access.operates
        found: dict[int, int] = defaultdict(int)
        for rows, roles in ((self._companies, at_company), (self._universities, at_university)):
            for path, year, n in rows:
                if all_of_them or access.covers(path or "", *roles):
                    found[year] += n
        return max(found.values(), default=0)


def steps(user: Any, found: list[Pace], *, leads_down: bool) -> list[Step]:
    """As the page shows to this reader what was counted; empty when there was nothing.

    What reached no company yet is the university's alone: a company learns nothing of it.
    """
    access = access_of(user)
    sees_all = access.administers or access.operates or access.has(Role.COORDINATOR, Role.LEADERSHIP)
    shown = [pace for pace in found if sees_all or pace.state in OF_THE_COMPANY]
    if not any(pace.left or pace.waiting for pace in shown):
        return []
    url = f"{reverse('internships:worklist')}?programme=all&state="
    return [
        Step(str(A(pace.state).label), pace, f"{url}{pace.state}" if leads_down and pace.waiting else "")
        for pace in shown
    ]


def _counted(access: Access) -> QuerySet[Application]:
    if access.administers:
        return Application.objects.filter(submitted_at__isnull=False)
    at_company, _at_unit, at_university = REACH
    company = access.q("programme__host", *at_company) & Q(reached_company_at__isnull=False)
    if access.has(Role.HR):
        company &= ~kept_apart(access)
    university = access.q("unit", *at_university)
    if access.operates:
        university |= Q(university__isnull=False) & ~Q(university_id__in=access.kept_universities)
    return Application.objects.filter(company | university, submitted_at__isnull=False)
