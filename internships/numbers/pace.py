"""How long the steps of an application take at a university and at a company."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from internships.enums import ApplicationState as A
from internships.models import Application
from internships.models.application_rows import kept_apart
from partnerships.common.clock import start_of_day
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


def steps(user: Any, year: int, *, leads_down: bool) -> list[Step]:
    """The steps of the applications sent in that year, empty when there was none.

    What reached no company yet is counted for the university alone: a company learns nothing of it.
    """
    access = access_of(user)
    sent = _counted(access).filter(
        submitted_at__gte=start_of_day(date(year, 1, 1)), submitted_at__lt=start_of_day(date(year + 1, 1, 1))
    )
    sees_all = access.administers or access.operates or access.has(Role.COORDINATOR, Role.LEADERSHIP)
    found = paces(sent, STEPS if sees_all else OF_THE_COMPANY)
    if not any(pace.left or pace.waiting for pace in found):
        return []
    url = f"{reverse('internships:worklist')}?programme=all&state="
    return [
        Step(str(A(pace.state).label), pace, f"{url}{pace.state}" if leads_down and pace.waiting else "")
        for pace in found
    ]


def _counted(access: Access) -> QuerySet[Application]:
    if access.administers:
        return Application.objects.filter(submitted_at__isnull=False)
    company = access.q("programme__host", Role.HR, Role.LEADERSHIP, Role.PARTNERSHIPS) & Q(
        reached_company_at__isnull=False
    )
    if access.has(Role.HR):
        company &= ~kept_apart(access)
    university = access.q("unit", Role.COORDINATOR, Role.LEADERSHIP)
    if access.operates:
        university |= Q(university__isnull=False) & ~Q(university_id__in=access.kept_universities)
    return Application.objects.filter(company | university, submitted_at__isnull=False)
