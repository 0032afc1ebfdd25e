"""The placement from an accepted offer on: opening it, and what is set before it begins."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from internships.enums import RUNNING_STATES, ApplicationState, OnboardingKind, PlacementState
from internships.hours import weekdays
from internships.models import (
    Application,
    HazardClass,
    MentorLimit,
    OnboardingTask,
    Placement,
    Programme,
    UnitHazard,
)
from internships.workflow import PLACEMENT
from partnerships.agreements import reports as agreements
from partnerships.agreements.models import Agreement
from partnerships.directory.models import Organization, Person
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import record


def hazard_of(unit: Organization) -> HazardClass | None:
    """The hazard class of a unit: its own, or that of the nearest unit above it that has one."""
    keys = [int(key) for key in unit.path.strip(".").split(".")]
    rows = UnitHazard.objects.filter(unit_id__in=keys).select_related("hazard")
    found = {row.unit_id: row.hazard for row in rows}
    return next((found[key] for key in reversed(keys) if key in found), None)


def mentor_room(mentor: Person) -> int:
    """How many more interns the mentor may take: the own limit, else settings.MENTOR_MOST."""
    limit = MentorLimit.objects.filter(person=mentor).values_list("most", flat=True).first()
    busy = Placement.objects.filter(
        mentor=mentor, state__in=RUNNING_STATES | {PlacementState.PREPARING}
    ).count()
    return max(0, (settings.MENTOR_MOST if limit is None else limit) - busy)


@transaction.atomic
def open_placement(application: Application) -> Placement:
    """The practice that follows an accepted offer, in preparation; the one that is there already stays.

    Weeks, minutes and credits follow from the period and the programme; the hazard class from the unit;
    the mentor is set where the position names exactly one who has room.
    """
    found = Placement.objects.filter(application=application).select_related("person").first()
    if found is not None and found.state != PlacementState.CANCELLED:
        return found
    vacancy = application.offered_vacancy
    if application.state != ApplicationState.ACCEPTED or vacancy is None:
        raise ValueError("a placement follows an accepted offer")
    period, programme, unit = vacancy.period, application.programme, vacancy.position.unit
    weekly = max(programme.weekly_hours, settings.PRACTICE_WEEKLY_HOURS) * 60
    mentors = list(vacancy.position.mentors.all()[:2])
    values: dict[str, Any] = {
        "vacancy": vacancy,
        "unit": unit,
        "university": application.university,
        "faculty": application.unit,
        "supervisor": application.supervisor,
        "mentor": mentors[0] if len(mentors) == 1 and mentor_room(mentors[0]) else None,
        "agreement": framework_of(application.university, programme, period.starts),
        "hazard": hazard_of(unit),
        "starts": period.starts,
        "ends": period.ends,
        "weekly_minutes": weekly,
        **plan(period.starts, period.ends, weekly),
    }
    if found is not None:  # given up before, and now a seat was accepted again
        found.clearances.all().delete()
        return PLACEMENT.apply(found, "prepare_again", actor=SYSTEM, **values)
    placement = Placement.objects.create(
        application=application,
        person=application.person,
        programme=programme,
        host=programme.host,
        **values,
    )
    OnboardingTask.objects.bulk_create(
        OnboardingTask(placement=placement, kind=kind) for kind in OnboardingKind.values
    )
    record(placement, "open", actor=SYSTEM, to_state=placement.state)
    return placement


def framework_of(university: Organization | None, programme: Programme, starts: date) -> Agreement | None:
    """The agreement under which a practice of this university stands: the one chosen for the programme where
    it holds, else the framework agreement that does, if there is one."""
    if university is None:
        return None
    chosen = Agreement.objects.in_force(starts).filter(
        pk__in=programme.partners.filter(university=university, chosen=True).values("agreement")
    )
    found = agreements.framework_between(university, programme.host, starts, "internships")
    return chosen.first() or found


def plan(starts: date, ends: date, weekly_minutes: int) -> dict[str, Any]:
    """The hours (in minutes) and credits of a practice from its first to its last day.

    A week of hours is shared by its five days, Monday to Friday: one day more adds a fifth of a week. Public
    holidays take nothing away, since the rules count hours by the week; days off alone are one day.
    """
    days = max(1, weekdays(starts, ends))
    return {"planned_minutes": weekly_minutes * days // 5, "credits": credits_for(Decimal(days) / 5)}


def credits_for(weeks: Decimal) -> Decimal:
    """Credits of so many weeks of practice: settings.PRACTICE_CREDITS_PER_WEEK each, to the nearest half.

    The default, 1.5 a week, and twenty hours a week, are the Cabinet of Ministers' rules on student practice
    as the ministry reported them; both are settings and no legal advice.
    """
    halves = weeks * Decimal(settings.PRACTICE_CREDITS_PER_WEEK) * 2
    return (halves.to_integral_value(ROUND_HALF_UP) / 2).quantize(Decimal("0.1"))


def open_missing_placements() -> int:
    """Placements for offers that were accepted before placements were kept; how many were opened."""
    rows = Application.objects.filter(state=ApplicationState.ACCEPTED, placement=None).with_rows()
    return len([open_placement(application) for application in rows[:200]])
