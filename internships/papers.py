"""The papers of a practice: what each prints of a placement or an order. Forms: internships/print/*.typ.

Values are built in the language that is active; what nobody filled in on the portal is a line to write on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from internships.criteria import SCALE, current_form
from internships.enums import DiaryState, EvaluationKind, EvaluationState, PlacementState, ProgrammeKind
from internships.hours import ACADEMIC, working_days
from internships.models import DiaryEntry, Evaluation, NominationOrder, Placement
from partnerships.common.templatetags.figures import grouped, year_of_study
from partnerships.directory.models import Organization, Person

MOST_BLANK_DAYS = 90  # rows to write on while no day is on the portal: at most six pages


@dataclass(frozen=True)
class Paper:
    """One paper of a placement. `data` builds what its form `internships/<form>` prints."""

    key: str
    label: Any
    form: str
    data: Callable[[Placement], dict[str, Any]]


def hours(minutes: int) -> Decimal:
    """Minutes of the clock as hours with at most one place: 4, 7,5."""
    exact = (Decimal(minutes) / 60).quantize(Decimal("0.1"))
    return exact.to_integral() if exact == exact.to_integral() else exact


def plain_credits(number: Decimal) -> Decimal | int:
    """9 and 10,5: no zero after the sign."""
    return int(number) if number == int(number) else number


def academic_hours(minutes: int) -> int:
    """Minutes of the clock as whole academic hours of 45 minutes."""
    return minutes // ACADEMIC


def period_text(placement: Placement) -> str:
    last = placement.last_day or placement.ends
    return f"{placement.starts:%d.%m.%Y} – {last:%d.%m.%Y}"


def _full(person: Person | None) -> str:
    return person.full_name if person is not None else ""


def _kind(placement: Placement) -> str:
    programme = placement.programme
    return str(programme.get_practice_type_display() or programme.get_kind_display())


def common(placement: Placement) -> dict[str, Any]:
    """What nearly every paper says of a placement."""
    study = placement.application.study
    year = str(year_of_study(study.year)) if study is not None else ""
    group = study.group if study is not None else ""
    # The enterprise stands at the head; for a unit that is the company itself there is nothing below it.
    unit = placement.unit if placement.unit_id != placement.host_id else None
    return {
        "number": placement.application.number,
        "student": _full(placement.person),
        "university": str(placement.university or ""),
        "faculty": _below(placement.faculty, placement.university),
        "specialty": str(study.specialty or "") if study is not None else "",
        "group": ", ".join(part for part in (year, group) if part),
        "host": str(placement.host),
        "unit": str(unit or ""),
        "kind": _kind(placement),
        "period": period_text(placement),
        "extent": _extent(placement),
        "mentor": _full(placement.mentor),
        "supervisor": _full(placement.supervisor),
        "order": _order(placement.application.order),
    }


def _below(node: Organization | None, root: Organization | None) -> str:
    return str(node) if node is not None and (root is None or node.pk != root.pk) else ""


def _extent(placement: Placement) -> str:
    total, weekly = hours(placement.planned_minutes), hours(placement.weekly_minutes)
    extent = {"total": grouped(total), "weekly": grouped(weekly)}
    if placement.credits is None:
        return _("%(total)s hours, %(weekly)s a week") % extent
    extent["credits"] = grouped(plain_credits(placement.credits))
    return _("%(total)s hours, %(weekly)s a week, credits: %(credits)s") % extent


def _confirmed_hours(placement: Placement) -> Decimal | str:
    """Nothing where no day was confirmed on the portal: the diary may be kept on paper."""
    minutes = _confirmed(placement)
    return hours(minutes) if minutes else ""


def blank_days(placement: Placement) -> int:
    """How many rows a diary needs that is filled in by hand: one for each working day."""
    return max(1, min(working_days(placement), MOST_BLANK_DAYS))


def _order(order: NominationOrder | None) -> str:
    return f"№ {order.number}, {order.date:%d.%m.%Y}" if order is not None else ""


def _confirmed(placement: Placement) -> int:
    return sum(entry.minutes for entry in placement.diary.all() if entry.state == DiaryState.CONFIRMED)


def referral(placement: Placement) -> dict[str, Any]:
    return common(placement)


def diary(placement: Placement) -> dict[str, Any]:
    entries = [entry for entry in placement.diary.all() if entry.state in SHOWN_DAYS]
    confirmed = _confirmed(placement)
    return {
        **common(placement),
        "clearances": [
            {
                "kind": clearance.get_kind_display(),
                "date": f"{clearance.done_on:%d.%m.%Y}",
                "by": clearance.given_by,
                "journal": clearance.journal_number,
            }
            for clearance in placement.clearances.all()
        ],
        "qr": None,
        "days": [_day(entry) for entry in entries],
        "blank-days": blank_days(placement),
        "total": hours(confirmed),
        "academic": academic_hours(confirmed),
    }


SHOWN_DAYS = (DiaryState.SUBMITTED, DiaryState.CONFIRMED)


def _day(entry: DiaryEntry) -> dict[str, Any]:
    done = entry.confirmed_at if entry.state == DiaryState.CONFIRMED else None
    return {
        "date": f"{entry.date:%d.%m.%Y}",
        "hours": hours(entry.minutes),
        "work": entry.work,
        "learned": entry.learned,
        "confirmed": f"{done:%d.%m.%Y}" if done is not None else "",
    }


def review(placement: Placement) -> dict[str, Any]:
    given = Evaluation.objects.filter(
        placement=placement, kind=EvaluationKind.MENTOR_FINAL, state=EvaluationState.SUBMITTED
    ).first()
    marks = given.marks if given is not None else {}
    recommended = None if given is None else given.recommended
    return {
        **common(placement),
        "total": _confirmed_hours(placement),
        "criteria": [
            {"label": criterion.label, "mark": marks.get(criterion.key, min(SCALE) - 1)}
            for criterion in current_form(EvaluationKind.MENTOR_FINAL).criteria
        ],
        "comment": given.comment if given is not None else "",
        "recommended": "" if recommended is None else (_("Yes") if recommended else _("No")),
        "date": f"{given.given_at:%d.%m.%Y}" if given is not None and given.given_at else "",
    }


def report_title(placement: Placement) -> dict[str, Any]:
    report = getattr(placement, "report", None)
    mark = report.mark if report is not None else None
    return {
        **common(placement),
        "ministry": placement.university is not None and placement.university.country == "AZ",
        "title": report.title if report is not None else "",
        "defended": f"{report.defended_on:%d.%m.%Y}" if report is not None and report.defended_on else "",
        "mark": "" if mark is None else str(mark),
        "commission": report.commission if report is not None else "",
        "year": str((placement.last_day or placement.ends).year),
    }


def reference(placement: Placement) -> dict[str, Any]:
    over = placement.state in (
        PlacementState.FINISHED,
        PlacementState.ASSESSED,
        PlacementState.ENDED_EARLY,
    )
    return {**common(placement), "over": over, "total": _confirmed_hours(placement)}


PAPERS = {
    paper.key: paper
    for paper in (
        Paper("referral", _("Referral"), "referral", referral),
        Paper("diary", _("Practice diary"), "diary", diary),
        Paper("review", _("Review"), "review", review),
        Paper("report-title", _("Title page of the report"), "report_title", report_title),
        Paper("reference", _("Reference"), "reference", reference),
    )
}


def papers_of(placement: Placement) -> list[Paper]:
    """The papers that make sense now: nothing is printed of a practice that was cancelled, the company states
    only what has begun, nobody is referred by a university who has none, and a report has a title page where
    one is asked for (practice in the curriculum) or was written anyway."""
    if placement.state == PlacementState.CANCELLED:
        return []
    without = set()
    if placement.state == PlacementState.PREPARING:
        without.add("reference")
    if placement.university_id is None:
        without.add("referral")
    if placement.programme.kind != ProgrammeKind.PRACTICE and getattr(placement, "report", None) is None:
        without.add("report-title")
    return [paper for paper in PAPERS.values() if paper.key not in without]


def order_annex(order: NominationOrder) -> dict[str, Any]:
    """The list of students of one order, by faculty and name, as the annex to it prints them."""
    applications = (
        order.applications.select_related(
            "person",
            "unit",
            "university",
            "supervisor",
            "affiliation__study__specialty",
            "offered_vacancy__position__unit",
            "offered_vacancy__period",
            "placement__supervisor",
        )
        .prefetch_related("choices__vacancy__position__unit", "choices__vacancy__period")
        .order_by("unit__sort_key", "person__sort_key", "pk")
    )
    return {
        "university": str(order.university),
        "programme": order.programme.title,
        "host": str(order.programme.host),
        "number": order.number,
        "date": f"{order.date:%d.%m.%Y}",
        "students": [_listed(application) for application in applications],
    }


def _listed(application: Any) -> dict[str, Any]:
    placement = getattr(application, "placement", None)  # who supervises may have been named later
    first = next(iter(application.choices.all()), None)
    vacancy = application.offered_vacancy or (first.vacancy if first is not None else None)
    study = application.study
    specialty = str(study.specialty or "") if study is not None else ""
    faculty = _below(application.unit, application.university)
    return {
        "student": _full(application.person),
        "studies": ", ".join(part for part in (faculty, specialty) if part),
        "year": str(year_of_study(study.year)) if study is not None else "",
        "place": str(vacancy.position.unit) if vacancy is not None else "",
        "period": f"{vacancy.period.starts:%d.%m.%Y} – {vacancy.period.ends:%d.%m.%Y}" if vacancy else "",
        "supervisor": _full(application.supervisor or getattr(placement, "supervisor", None)),
    }
