"""What the end of a practice puts on the home page: evaluations, reports, marks, an invitation to answer."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from internships.actions.changing import MENTORS
from internships.enums import EvaluationKind, EvaluationState, OutcomeKind, ProgrammeKind, ReportState
from internships.enums import PlacementState as P
from internships.models import Evaluation, Placement
from internships.models.placements import mark_within
from partnerships.common.clock import end_of_day, today
from partnerships.common.direction import Todo
from partnerships.common.piles import Pile
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role

CSS = "d-internships"
NAMED = 8
OPENS = timedelta(days=7)  # so long before the last day the final evaluation opens, as in the conditions
UNIVERSITY = (Role.SUPERVISOR, Role.LECTURER, Role.COORDINATOR)


def piles(user: Any) -> list[Pile]:
    """What mentor, university and student still owe a practice that is over or nearly so."""
    access = access_of(user)
    found = [Pile(_to_evaluate(user), NAMED, _evaluate)] if access.has(*MENTORS) else []
    if access.has(*UNIVERSITY):
        found.append(Pile(_to_mark(user), NAMED, _mark))
    if access.may_study:
        found.append(Pile(_own(user), NAMED, _of_student))
    return found


def _evaluated() -> Any:
    return Exists(
        Evaluation.objects.filter(
            placement=OuterRef("pk"), kind=EvaluationKind.MENTOR_FINAL, state=EvaluationState.SUBMITTED
        )
    )


def _ending() -> Q:
    return Q(state=P.FINISHED) | Q(state=P.ACTIVE, ends__lte=today() + OPENS)


@asked
def _to_evaluate(user: Any) -> Any:
    mine = access_of(user).assigned("mentor_id", "host__root_id")
    rows = Placement.objects.filter(_ending(), ~_evaluated(), mine)
    return rows.select_related("person", "programme").order_by("ends", "pk")


def _evaluate(row: Placement) -> Todo:
    return Todo(
        _("Evaluate the student: %(person)s") % {"person": row.person.name},
        row.programme.title,
        reverse("internships:evaluate", args=[row.uid, EvaluationKind.MENTOR_FINAL.value]),
        end_of_day(row.ends),
        CSS,
    )


@asked
def _to_mark(user: Any) -> Any:
    """Reports that were handed in, and practices that wait for the mark alone: for the supervisor, or for the
    coordinator where none is named."""
    access = access_of(user)
    mine = access.assigned("supervisor_id", "university_id", *UNIVERSITY)
    if access.has(Role.COORDINATOR):
        mine |= Q(supervisor=None) & access.q("faculty", Role.COORDINATOR)
    handed = Q(report__state=ReportState.SUBMITTED)
    settled = ~Q(programme__kind=ProgrammeKind.PRACTICE) | Q(report__state=ReportState.ACCEPTED)
    rows = Placement.objects.annotate(evaluated=_evaluated(), report_state=F("report__state")).filter(
        mine,
        Q(handed, state__in=[P.ACTIVE, P.FINISHED]) | Q(settled, evaluated=True, state=P.FINISHED),
    )
    return rows.select_related("person", "programme").order_by("ends", "pk")


def _mark(row: Any) -> Todo:
    handed = row.report_state == ReportState.SUBMITTED
    words = _("Mark the report: %(person)s") if handed else _("Give the final mark: %(person)s")
    due = end_of_day(row.ends + mark_within())
    return Todo(words % {"person": row.person.name}, row.programme.title, row.get_absolute_url(), due, CSS)


@asked
def _own(user: Any) -> Any:
    """The student's report, and an invitation to the talent pool."""
    owed = Q(report=None) | Q(report__state__in=[ReportState.DRAFT, ReportState.RETURNED])
    asked = Q(outcome__kind=OutcomeKind.POOL, outcome__consent_at=None)
    rows = Placement.objects.annotate(asked=F("outcome__kind"), report_state=F("report__state")).filter(
        Q(_ending(), owed, programme__kind=ProgrammeKind.PRACTICE)
        | Q(report__state=ReportState.RETURNED, state__in=[P.ACTIVE, P.FINISHED])
        | asked,
        person_id=access_of(user).person_id,
    )
    return rows.select_related("programme", "host").order_by("ends", "pk")


def _of_student(row: Any) -> Todo:
    if row.asked == OutcomeKind.POOL:
        words = _("Answer the invitation to the talent pool: %(company)s") % {"company": row.host.short_name}
        return Todo(words, row.programme.title, row.get_absolute_url(), None, CSS)
    returned = row.report_state == ReportState.RETURNED
    words = _("Change your report: %(programme)s") if returned else _("Hand in your report: %(programme)s")
    due = end_of_day(row.ends + timedelta(days=settings.PRACTICE_REPORT_DAYS))
    url = reverse("internships:report", args=[row.uid])
    return Todo(words % {"programme": row.programme.title}, "", url, due, CSS)
