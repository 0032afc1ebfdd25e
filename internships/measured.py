"""What practice and internship are measured by."""

from typing import Any

from django.db.models import Avg, Case, Count, F, FloatField, Q, Sum, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from internships.enums import (
    DiaryState,
    EvaluationKind,
    EvaluationState,
    OutcomeKind,
    PlacementState,
    PracticeType,
)
from internships.models import Application, Placement, Vacancy
from internships.models.programmes import PUBLIC_STATES
from partnerships.common.indicator import Benefit, Indicator
from partnerships.directory.enums import Role

S = PlacementState
SIDES = ("host", "university")
THROUGH_PLACEMENT = ("placement__host", "placement__university")
PEOPLE = pgettext_lazy("unit", "people")
PER_CENT = pgettext_lazy("unit", "%")
HELD = ~Q(state=S.CANCELLED)
YES = Avg(Case(When(recommended=True, then=Value(100.0)), default=Value(0.0), output_field=FloatField()))


def _placements(user: Any) -> Any:
    return Placement.objects.visible_to(user).select_related("person", "unit")


def _placement_line(row: Any) -> tuple[str, str]:
    return row.person.name, f"{row.unit.display_name} · {row.get_state_display()}"


def _of_placements(key: str, title: Any, formula: Any, benefit: str, owner: str, **values: Any) -> Indicator:
    """Practices, by the year in which they begin."""
    return Indicator(
        key=f"internships.{key}",
        title=title,
        unit=values.pop("unit", PEOPLE),
        formula=formula,
        benefit=benefit,
        model="internships.Placement",
        owner=owner,
        when="starts",
        sides=SIDES,
        person=values.pop("person", "person"),
        seen=_placements,
        line=_placement_line,
        **values,
    )


INDICATORS = (
    Indicator(
        key="internships.places",
        title=_("Places of practice offered"),
        unit=pgettext_lazy("unit", "places"),
        formula=_("Seats of all published programmes, in the year in which their period begins."),
        benefit=Benefit.PERSONNEL,
        model="internships.Vacancy",
        owner=Role.HR,
        where=Q(position__programme__state__in=[str(state) for state in PUBLIC_STATES]),
        when="period__starts",
        value=Sum("pool__capacity"),
        sides=("position__programme__host",),
        seen=lambda user: Vacancy.objects.visible_to(user).select_related("position__unit", "pool"),
        line=lambda row: (row.position.title, f"{row.position.unit.display_name} · {row.pool}"),
    ),
    Indicator(
        key="internships.applicants",
        title=_("Students who applied"),
        unit=PEOPLE,
        formula=_(
            "Students of whom an application reached a company in the year; who applied several "
            "times counts once."
        ),
        benefit=Benefit.PERSONNEL,
        model="internships.Application",
        owner=Role.HR,
        where=Q(reached_company_at__isnull=False),
        when="reached_company_at",
        value=Count("person", distinct=True),
        sides=("programme__host", "university"),
        person="person",
        seen=lambda user: Application.objects.visible_to(user).select_related("person", "programme"),
        line=lambda row: (row.person.name, f"{row.programme.title} · {row.get_state_display()}"),
    ),
    _of_placements(
        "practices",
        _("Practices"),
        _("Practices that begin in the year, cancelled ones left out."),
        Benefit.PERSONNEL,
        Role.HR,
        where=HELD,
        unit=pgettext_lazy("unit", "practices"),
    ),
    _of_placements(
        "completed",
        _("Practices completed"),
        _("Practices that begin in the year and are over to the end, assessed or not yet."),
        Benefit.EDUCATION,
        Role.COORDINATOR,
        where=Q(state__in=[S.FINISHED, S.ASSESSED]),
        part_of="internships.practices",
        unit=pgettext_lazy("unit", "practices"),
    ),
    _of_placements(
        "broken_off",
        _("Practices broken off"),
        _("Practices that begin in the year and ended early."),
        Benefit.EDUCATION,
        Role.COORDINATOR,
        where=Q(state=S.ENDED_EARLY),
        part_of="internships.practices",
        unit=pgettext_lazy("unit", "practices"),
        up=False,
    ),
    _of_placements(
        "mark",
        _("Mean final mark"),
        _("Mean of the final marks, of a hundred, of the practices that begin in the year and have one."),
        Benefit.EDUCATION,
        Role.COORDINATOR,
        where=Q(mark__isnull=False),
        value=Avg("mark"),
        digits=1,
        unit=pgettext_lazy("unit", "of 100"),
    ),
    _of_placements(
        "hired",
        _("Students hired"),
        _("Students hired after a practice that begins in the year."),
        Benefit.PERSONNEL,
        Role.HR,
        where=Q(outcome__kind=OutcomeKind.HIRED),
        part_of="internships.practices",
    ),
    _of_placements(
        "research",
        _("Research practices"),
        _("Practices of the type “research practice” that begin in the year, cancelled ones left out."),
        Benefit.SCIENCE,
        Role.COORDINATOR,
        where=HELD & Q(programme__practice_type=PracticeType.RESEARCH),
        part_of="internships.practices",
        unit=pgettext_lazy("unit", "practices"),
    ),
    _of_placements(
        "mentors",
        _("Mentors at work"),
        _("Specialists who led at least one practice that begins in the year, cancelled ones left out."),
        Benefit.PERSONNEL,
        Role.HR,
        where=HELD & Q(mentor__isnull=False),
        value=Count("mentor", distinct=True),
        person="mentor",
    ),
    Indicator(
        key="internships.hours",
        title=_("Hours worked in practice"),
        unit=pgettext_lazy("unit", "hours"),
        formula=_("Hours of the practice diaries that mentors confirmed, in the year of the day worked."),
        benefit=Benefit.PRODUCTION,
        model="internships.DiaryEntry",
        owner=Role.UNIT_HEAD,
        where=Q(state=DiaryState.CONFIRMED),
        when="date",
        value=Sum(F("minutes") / 60.0, output_field=FloatField()),
        sides=THROUGH_PLACEMENT,
        person="placement__person",
        opens=False,
    ),
    Indicator(
        key="internships.recommended",
        title=_("Interns whom mentors recommend"),
        unit=PER_CENT,
        formula=_(
            "Share of the mentors' final evaluations of the year that recommend the intern for employment."
        ),
        benefit=Benefit.PERSONNEL,
        model="internships.Evaluation",
        owner=Role.HR,
        where=Q(kind=EvaluationKind.MENTOR_FINAL, state=EvaluationState.SUBMITTED, recommended__isnull=False),
        when="given_at",
        value=YES,
        sides=THROUGH_PLACEMENT,
        person="placement__person",
        opens=False,
    ),
    Indicator(
        key="internships.satisfied",
        title=_("Students who recommend their practice"),
        unit=PER_CENT,
        formula=_(
            "Share of the students' opinions of the year that recommend the place; never of fewer than five."
        ),
        benefit=Benefit.EDUCATION,
        model="internships.Evaluation",
        owner=Role.COORDINATOR,
        where=Q(kind=EvaluationKind.STUDENT, state=EvaluationState.SUBMITTED, recommended__isnull=False),
        when="given_at",
        value=YES,
        sides=THROUGH_PLACEMENT,
        person="placement__person",
        guarded=True,
        opens=False,
    ),
)
