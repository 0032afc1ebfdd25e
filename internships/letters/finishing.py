"""The end of a practice: who is told of evaluations, report, marks and what became of the student."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from internships.actions.mentor_links import EVALUATION_MOMENTS
from internships.enums import (
    EvaluationKind,
    EvaluationState,
    PlacementState,
    ProgrammeKind,
    ReportState,
)
from internships.models import Evaluation, Placement, Report
from partnerships.common.clock import day_in_words, today
from partnerships.common.letters import Letter, reminders_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Person
from partnerships.directory.reports import partnership_managers, people_at

DAY = timedelta(days=1)


def _placement(obj: Any) -> Placement:
    found: Placement = getattr(obj, "placement", obj)
    return found


def student(change: Any, obj: Any) -> Iterable[Person]:
    return Person.objects.filter(pk=_placement(obj).person_id).select_related("user")


def university(change: Any, obj: Any) -> Iterable[Person]:
    """The supervisor; where none is named the coordinators, and where there are none the operator."""
    placement = _placement(obj)
    if placement.supervisor_id is not None:
        return Person.objects.filter(pk=placement.supervisor_id).select_related("user")
    if placement.faculty is None:
        return []
    return list(people_at(placement.faculty, Role.COORDINATOR)) or partnership_managers()


def human_resources(change: Any, obj: Any) -> Iterable[Person]:
    return people_at(_placement(obj).host, Role.HR)


def words(change: Any, obj: Any) -> dict[str, Any]:
    placement = _placement(obj)
    report = getattr(placement, "report", None)
    return {
        "person": placement.person.name,
        "programme": placement.programme.title,
        "company": placement.host.short_name,
        "unit": str(placement.unit),
        "mark": "" if placement.mark is None else str(placement.mark),
        "report_mark": str(report.mark) if report is not None and report.mark is not None else "",
        "last": day_in_words(placement.last_day or placement.ends),
        "note": change.note if change else "",
    }


def _letter(kind: str, model: str, verbs: tuple[str, ...], audience: Any, *texts: Any, **more: Any) -> Letter:
    subject, body, label = texts
    return Letter(
        kind=f"internships.{kind}",
        model=f"internships.{model}",
        verbs=verbs,
        audience=audience,
        subject=subject,
        body=body,
        label=label,
        context=words,
        action=_("Open the practice"),
        **more,
    )


def _mentors(change: Any, evaluation: Any) -> Iterable[Person]:
    """Only the mentor's final word is news to the others."""
    if evaluation.kind != EvaluationKind.MENTOR_FINAL:
        return []
    return [*student(change, evaluation), *university(change, evaluation)]


LETTERS = [
    _letter(
        "evaluated",
        "Evaluation",
        ("submit",),
        _mentors,
        _("The mentor has evaluated: %(person)s"),
        _("Programme: %(programme)s. Place: %(unit)s. The evaluation stands on the page of the practice."),
        _("The mentor's evaluation"),
    ),
    _letter(
        "report_handed_in",
        "Report",
        ("submit",),
        university,
        _("Report to be marked: %(person)s"),
        _("Programme: %(programme)s. The student has handed in the report on the practice."),
        _("A report to be marked"),
        move=True,
    ),
    _letter(
        "report_returned",
        "Report",
        ("return",),
        student,
        _("Please change your report: %(programme)s"),
        _("The university asks:\n\n%(note)s"),
        _("My report was returned"),
        urgent=True,
    ),
    _letter(
        "report_accepted",
        "Report",
        ("accept",),
        student,
        _("Report accepted: %(programme)s"),
        _("Mark: %(report_mark)s of 100.\n\n%(note)s"),
        _("My report was accepted"),
    ),
    _letter(
        "assessed",
        "Placement",
        ("assess",),
        lambda change, placement: [*student(change, placement), *human_resources(change, placement)],
        _("Final mark of the practice: %(person)s"),
        _("Programme: %(programme)s. Mark: %(mark)s of 100.\n\n%(note)s"),
        _("The final mark of a practice"),
    ),
    _letter(
        "mark_taken_back",
        "Placement",
        ("reopen_assessment",),
        lambda change, placement: [*student(change, placement), *human_resources(change, placement)],
        _("The final mark was taken back: %(person)s"),
        _("Programme: %(programme)s. The university's reason:\n\n%(note)s"),
        _("A final mark taken back"),
    ),
    _letter(
        "ask_pool",
        "Placement",
        ("ask_pool",),
        student,
        _("Invitation to the talent pool: %(company)s"),
        _(
            "The company would like to think of you when it hires. It needs your consent for that: say until "
            "when, or that you do not agree."
        ),
        _("An invitation to a talent pool"),
    ),
    _letter(
        "hired",
        "Placement",
        ("hire",),
        lambda change, placement: [*student(change, placement), *university(change, placement)],
        _("Hired after the practice: %(person)s"),
        _("Company: %(company)s. Programme: %(programme)s."),
        _("A student hired after the practice"),
        mail=False,
    ),
    _letter(
        "pool_answer",
        "Placement",
        ("agree_to_pool", "leave_pool"),
        human_resources,
        _("Answer to the talent pool: %(person)s"),
        _("Programme: %(programme)s. How the student decided stands on the page of the practice."),
        _("Answers to the talent pool"),
        mail=False,
    ),
]


# Reminders ------------------------------------------------------------------------------------------
def _near(rows: Any) -> Any:
    """Placements whose last day is near or not long past: the rest has nothing to be reminded of."""
    day = today()
    return rows.filter(ends__gte=day - timedelta(days=120), ends__lte=day + timedelta(days=10)).with_rows()


def _no_evaluation() -> Any:
    """Under way or over, without the mentor's final word."""
    given = Evaluation.objects.filter(
        placement=OuterRef("pk"), kind=EvaluationKind.MENTOR_FINAL, state=EvaluationState.SUBMITTED
    )
    states = [PlacementState.ACTIVE, PlacementState.FINISHED]
    return _near(Placement.objects.filter(~Exists(given), state__in=states))


def _no_report() -> Any:
    """Practice in the curriculum whose report is with the student."""
    handed = Report.objects.filter(
        placement=OuterRef("pk"), state__in=[ReportState.SUBMITTED, ReportState.ACCEPTED]
    )
    states = [PlacementState.ACTIVE, PlacementState.FINISHED]
    return _near(
        Placement.objects.filter(~Exists(handed), programme__kind=ProgrammeKind.PRACTICE, state__in=states)
    )


def _no_mark() -> Any:
    return _near(Placement.objects.filter(state=PlacementState.FINISHED))


def _mentor_then_company(placement: Any, offset: timedelta) -> Iterable[Person]:
    """The mentor; once the practice has been over for days, the company's human resources too.

    A mentor without an account gets the link instead (actions.send_evaluation_links): this letter's page
    would not open to them.
    """
    mentors = Person.objects.filter(pk=placement.mentor_id, user__isnull=False)
    people = list(mentors.select_related("user"))
    return people if offset > -3 * DAY else [*people, *human_resources(None, placement)]


def _marker_then_coordinators(placement: Any, offset: timedelta) -> Iterable[Person]:
    people = list(university(None, placement))
    if offset > -timedelta(days=settings.PRACTICE_MARK_DAYS) or placement.faculty is None:
        return people
    return [*people, *people_at(placement.faculty, Role.COORDINATOR)]


_reminder = reminders_of(
    "internships",
    model="internships.Placement",
    due="over_at",
    context=lambda placement: words(None, placement),
    action=_("Open the practice"),
)


REMINDERS = [
    _reminder(
        "remind_evaluation",
        _no_evaluation,
        EVALUATION_MOMENTS,
        _mentor_then_company,
        _("Evaluate the student: %(person)s"),
        _("Last day: %(last)s. The final evaluation takes two minutes; the university waits for it."),
        _("Reminder: the mentor's final evaluation"),
    ),
    _reminder(
        "remind_report",
        _no_report,
        (
            3 * DAY,
            timedelta(days=2 - settings.PRACTICE_REPORT_DAYS),
            -timedelta(days=settings.PRACTICE_REPORT_DAYS),
        ),
        lambda placement, _offset: student(None, placement),
        _("Hand in your report: %(programme)s"),
        _("Last day: %(last)s. Add the file of the report and hand it in to your university."),
        _("Reminder: the report on my practice"),
    ),
    _reminder(
        "remind_mark",
        _no_mark,
        (-timedelta(days=settings.PRACTICE_MARK_DAYS // 2), -timedelta(days=settings.PRACTICE_MARK_DAYS)),
        _marker_then_coordinators,
        _("Final mark awaited: %(person)s"),
        _("Programme: %(programme)s. The practice was over on %(last)s. The student waits for the mark."),
        _("Reminder: final marks"),
    ),
]
