"""Lists of practice and internship that may be taken away, each with the rows and rights of its page."""

from typing import Any

from django.db.models import Count
from django.http import Http404, QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

import internships.exports_of_programmes  # noqa: F401 - registered with the rest
from internships import nominations, talks, worklist_rows, worklists
from internships import placement_reports as placements_of
from internships.enums import ApplicationState as A
from internships.enums import PlacementState as P
from internships.filters import PlaceFilter
from internships.hours import ACADEMIC
from internships.models import Application, Placement
from internships.numbers import kept, yearly
from internships.views import interviews as page
from internships.views import numbers as years
from internships.views import students as students_page
from internships.views import worklist as work
from internships.views.answer_columns import answer_columns, with_answers
from internships.views.nominating import nominated_by
from internships.views.placing import listing as practices
from internships.views.worklist_lines import line_of, with_marks
from internships.workflow import APPLICATION
from partnerships.common.days import day_asked
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.refusals import Refused
from partnerships.common.wording import in_language
from partnerships.directory.access import access_of

# Applications --------------------------------------------------------------------------------------


@listing("internships.applications", people=True)
def applications(user: Any, params: QueryDict) -> Listed:
    """The working list: scores and marks for the company alone, as on the page."""
    if not worklists.works_on_applications(user):
        raise Http404
    desk = work.desk_of(user, params)
    asking = desk.programme if desk.company else None
    form, commission = work.form_of(desk, params, desk.facets)
    rows = work.rows_of(desk, work.scope_of(desk), form, commission, dated=True)

    def lines(found: list[Any]) -> list[Any]:
        shown = with_marks([line_of(row, desk) for row in found], commission, desk)
        return with_answers(shown, asking)

    columns = APPLICATIONS + (SCORES if desk.company else []) + STANDING + answer_columns(asking)
    if commission is not None:
        columns = columns + SPREAD
    name = desk.programme.title if desk.programme else _("Applications")
    return Listed(name, worklist_rows.with_export_columns(rows), columns, order=form.order, lines=lines)


def _study(name: str) -> Any:
    def value(line: Any) -> Any:
        found = line.application.study
        return getattr(found, name) if found else None

    return value


APPLICATIONS = [
    ExportColumn(gettext_lazy("Number"), lambda line: line.application.number, 18),
    ExportColumn(gettext_lazy("Candidate"), lambda line: line.application.person.name, 28),
    ExportColumn(
        gettext_lazy("University"),
        lambda line: line.application.university and line.application.university.short_name,
    ),
    ExportColumn(
        gettext_lazy("Faculty"),
        lambda line: line.application.unit and line.application.unit.display_name,
        28,
    ),
    ExportColumn(gettext_lazy("Specialty"), lambda line: str(_study("specialty")(line) or "") or None, 28),
    ExportColumn(gettext_lazy("Year of study"), _study("year"), 8),
    ExportColumn(gettext_lazy("GPA"), _study("gpa"), 8),
    ExportColumn(gettext_lazy("Place"), lambda line: line.place, 32),
    ExportColumn(gettext_lazy("Unit"), lambda line: str(line.unit), 28),
]
SCORES = [ExportColumn(gettext_lazy("Score"), lambda line: line.score, 8)]
STANDING = [
    ExportColumn(gettext_lazy("State"), lambda line: A(line.application.state).label, 22),
    ExportColumn(gettext_lazy("Next date"), lambda line: line.next_at, 18),
]
SPREAD = [
    ExportColumn(gettext_lazy("Commission: mean"), lambda line: line.marked and line.marked.mean, 12),
    ExportColumn(gettext_lazy("Commission: spread"), lambda line: line.marked and line.marked.spread, 12),
]


@listing("internships.mine")
def mine(user: Any, params: QueryDict) -> Listed:
    """One's own applications, with the state that the applicant is told."""
    rows = Application.objects.filter(person_id=access_of(user).person_id).exclude(person=None)
    return Listed(_("My applications"), rows.with_rows(), MINE, order=("-pk",))


MINE = [
    ExportColumn(gettext_lazy("Number"), lambda row: row.number, 18),
    ExportColumn(gettext_lazy("Programme"), lambda row: row.programme.title, 40),
    ExportColumn(gettext_lazy("Company"), lambda row: row.programme.host.short_name, 24),
    ExportColumn(gettext_lazy("State"), lambda row: APPLICATION.public_label(row.state), 24),
    ExportColumn(gettext_lazy("Sent"), lambda row: row.submitted_at, 18),
]


@listing("internships.interviews", people=True)
def interviews(user: Any, params: QueryDict) -> Listed:
    """The talks of one day, narrowed as the page is."""
    if not worklists.works_on_applications(user):
        raise Refused(_("Interviews are seen by those who hold them."))
    day = day_asked(params.get("day", ""))
    return Listed(
        f"{_('Interviews')} {day:%d.%m.%Y}",
        talks.rows_on(user, day, page.narrowed_by(params)),
        INTERVIEWS,
        order=("starts", "pk"),
    )


INTERVIEWS = [
    ExportColumn(gettext_lazy("From"), lambda row: row.starts, 18),
    ExportColumn(gettext_lazy("Until"), lambda row: row.ends, 18),
    ExportColumn(gettext_lazy("Candidate"), lambda row: row.candidate.name, 28),
    ExportColumn(
        gettext_lazy("University"),
        lambda row: row.application.university and row.application.university.short_name,
    ),
    ExportColumn(gettext_lazy("Where"), lambda row: row.where, 34),
    ExportColumn(gettext_lazy("Interviewer"), lambda row: row.interviewer.name, 28),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 20),
]

# Students ------------------------------------------------------------------------------------------


@listing("internships.students", people=True)
def students(user: Any, params: QueryDict) -> Listed:
    """Students without a place."""
    rows, form = students_page.narrowed(user, params, fresh=True)
    return Listed(
        _("Students without a place"),
        rows,
        STUDENTS,
        order=students_page.ORDER,
        lines=lambda found: students_page.lines_of(found, form.value("kind")),
    )


def _studies(name: str) -> Any:
    return lambda line: getattr(line.study, name) if line.study else None


STUDENTS = [
    ExportColumn(gettext_lazy("Family name"), lambda line: line.person.family_name, 22),
    ExportColumn(gettext_lazy("Given name"), lambda line: line.person.given_name, 18),
    ExportColumn(gettext_lazy("Patronymic"), lambda line: line.person.patronymic, 18),
    ExportColumn(gettext_lazy("E-mail"), lambda line: line.person.email, 28),
    ExportColumn(gettext_lazy("Student number"), _studies("student_number"), 14),
    ExportColumn(gettext_lazy("Faculty"), lambda line: str(line.affiliation.organization), 30),
    ExportColumn(
        gettext_lazy("Specialty"), lambda line: str(line.study.specialty or "") if line.study else "", 30
    ),
    ExportColumn(gettext_lazy("Year of study"), _studies("year"), 8),
    ExportColumn(gettext_lazy("GPA"), _studies("gpa"), 8),
    ExportColumn(
        gettext_lazy("Applied to"),
        lambda line: "; ".join(
            f"{in_language('title')(row)}: {A(row.state).label}" for row in line.applications
        ),
        60,
    ),
]


@listing("internships.order", people=True)
def order(user: Any, params: QueryDict) -> Listed:
    """Whom an order nominated, of those whom this reader may see."""
    found = None
    if nominations.nominates(user):
        found = next((one for one in nominations.orders(user) if str(one.uid) == params.get("of")), None)
    if found is None:
        raise Http404
    return Listed(
        _("Order %(order)s") % {"order": found},
        nominated_by(found, user),
        ORDER,
        order=("person__sort_key", "pk"),
    )


ORDER = [
    ExportColumn(gettext_lazy("Number"), lambda row: row.number, 18),
    ExportColumn(gettext_lazy("Student"), lambda row: row.person.full_name, 34),
    ExportColumn(gettext_lazy("Faculty"), lambda row: row.unit and row.unit.display_name, 28),
    ExportColumn(gettext_lazy("Place"), lambda row: _place(row) and _place(row).title, 34),
    ExportColumn(gettext_lazy("Unit"), lambda row: _place(row) and str(_place(row).unit), 28),
    ExportColumn(
        gettext_lazy("University supervisor"), lambda row: row.supervisor and row.supervisor.full_name, 28
    ),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 22),
]


def _place(row: Application) -> Any:
    choices = list(row.choices.all())
    vacancy = row.offered_vacancy if row.offered_vacancy_id else choices[0].vacancy if choices else None
    return vacancy and vacancy.position


@listing("internships.orders")
def orders(user: Any, params: QueryDict) -> Listed:
    """Orders of the universities that one coordinates, each with how many of those whom one sees it
    nominated: of more than the page shows, the rest too."""
    if not nominations.nominates(user):
        raise Refused(_("This page is for those who coordinate the students of a university."))

    def lines(found: list[Any]) -> list[Any]:
        seen = Application.objects.visible_to(user).filter(order__in=[one.pk for one in found])
        counts = dict(seen.order_by().values_list("order").annotate(n=Count("pk")))
        return [(one, counts.get(one.pk, 0)) for one in found]

    return Listed(_("Orders"), nominations.orders(user), ORDERS, order=("-date", "-pk"), lines=lines)


ORDERS = [
    ExportColumn(gettext_lazy("Number"), lambda line: line[0].number, 18),
    ExportColumn(gettext_lazy("Date"), lambda line: line[0].date, 14),
    ExportColumn(gettext_lazy("University"), lambda line: line[0].university.display_name, 40),
    ExportColumn(gettext_lazy("Programme"), lambda line: line[0].programme.title, 40),
    ExportColumn(gettext_lazy("Company"), lambda line: line[0].programme.host.short_name, 24),
    ExportColumn(gettext_lazy("Nominated"), lambda line: line[1], 12),
]

# Practices -----------------------------------------------------------------------------------------


@listing("internships.placements", people=True)
def placements(user: Any, params: QueryDict) -> Listed:
    """Practices; no concern, no emergency contact."""
    if not placements_of.works_with_placements(user):
        raise Http404
    rows, _form = practices.narrowed(user, placements_of.placement_rows(user), params, fresh=True)
    return Listed(
        _("Practices"),
        practices.with_columns(rows),
        PLACEMENTS,
        order=practices.ORDER,
        lines=practices.lines_of,
    )


PLACEMENTS = [
    ExportColumn(gettext_lazy("Number"), lambda line: line.placement.application.number, 18),
    ExportColumn(gettext_lazy("Student"), lambda line: line.placement.person.name, 28),
    ExportColumn(
        gettext_lazy("University"),
        lambda line: line.placement.university and line.placement.university.short_name,
    ),
    ExportColumn(
        gettext_lazy("Faculty"),
        lambda line: line.placement.faculty and line.placement.faculty.display_name,
        28,
    ),
    ExportColumn(gettext_lazy("Company"), lambda line: line.placement.host.short_name, 22),
    ExportColumn(gettext_lazy("Unit"), lambda line: str(line.placement.unit), 28),
    ExportColumn(
        gettext_lazy("Mentor"), lambda line: line.placement.mentor and line.placement.mentor.name, 24
    ),
    ExportColumn(
        gettext_lazy("University supervisor"),
        lambda line: line.placement.supervisor and line.placement.supervisor.name,
        24,
    ),
    ExportColumn(gettext_lazy("First day"), lambda line: line.placement.starts, 12),
    ExportColumn(gettext_lazy("Last day"), lambda line: line.placement.last_day or line.placement.ends, 12),
    ExportColumn(gettext_lazy("Hours done"), lambda line: round(line.done / 60, 1), 10),
    ExportColumn(
        gettext_lazy("Hours planned"), lambda line: round(line.placement.planned_minutes / 60, 1), 10
    ),
    ExportColumn(gettext_lazy("Academic hours done"), lambda line: line.done // ACADEMIC, 10),
    ExportColumn(gettext_lazy("Credits"), lambda line: line.placement.credits, 8),
    ExportColumn(gettext_lazy("State"), lambda line: P(line.placement.state).label, 22),
    ExportColumn(gettext_lazy("Still missing"), lambda line: ", ".join(line.missing), 40),
    ExportColumn(gettext_lazy("Mark"), lambda line: line.placement.mark, 8),
]


@listing("internships.year_students", people=True)
def year_students(user: Any, params: QueryDict) -> Listed:
    """The students behind a number of the year."""
    return Listed(_("Students of the year"), years.Asked(user, params).rows, YEAR_STUDENTS, order=years.ORDER)


def _became(row: Placement) -> str:
    outcome = getattr(row, "outcome", None)
    return outcome.in_words if outcome is not None else ""


YEAR_STUDENTS = [
    ExportColumn(gettext_lazy("Number"), lambda row: row.application.number, 18),
    ExportColumn(gettext_lazy("Family name"), lambda row: row.person.family_name, 22),
    ExportColumn(gettext_lazy("Given name"), lambda row: row.person.given_name, 18),
    ExportColumn(gettext_lazy("University"), lambda row: str(row.university or ""), 36),
    ExportColumn(gettext_lazy("Programme"), lambda row: row.programme.title, 36),
    ExportColumn(gettext_lazy("Unit"), lambda row: str(row.unit), 30),
    ExportColumn(gettext_lazy("Mentor"), lambda row: row.mentor.name if row.mentor else "", 24),
    ExportColumn(gettext_lazy("From"), lambda row: row.starts, 12),
    ExportColumn(gettext_lazy("Until"), lambda row: row.last_day or row.ends, 12),
    ExportColumn(gettext_lazy("State"), lambda row: P(row.state).label, 24),
    ExportColumn(gettext_lazy("Final mark"), lambda row: row.mark, 10),
    ExportColumn(gettext_lazy("What became of the student"), _became, 24),
]


@listing("internships.numbers")
def numbers(user: Any, params: QueryDict) -> Listed:
    """Both tables of the year under one another."""
    years.readers_only(user)
    year = years.year_of(params, kept.Reader(user).years)
    rows = yearly.in_year(yearly.counted(user), year)
    universities, enterprises = yearly.named(yearly.by_university(rows), yearly.by_enterprise(rows))
    lines = [(_("University"), line) for line in universities]
    lines += [(_("Enterprise"), line) for line in enterprises]
    return Listed(f"{_('Practice in numbers')} {year}", lines, NUMBERS)


NUMBERS = [
    ExportColumn(gettext_lazy("Kind"), lambda pair: pair[0], 14),
    ExportColumn(gettext_lazy("Name"), lambda pair: pair[1].label, 44),
    ExportColumn(gettext_lazy("Practices"), lambda pair: pair[1].opened, 12),
    ExportColumn(gettext_lazy("Under way"), lambda pair: pair[1].underway, 12),
    ExportColumn(gettext_lazy("Assessed"), lambda pair: pair[1].assessed, 12),
    ExportColumn(gettext_lazy("Broken off"), lambda pair: pair[1].broken_off, 12),
    ExportColumn(gettext_lazy("Mean mark"), lambda pair: pair[1].mean, 12),
    ExportColumn(gettext_lazy("Talent pool"), lambda pair: pair[1].pool, 12),
    ExportColumn(gettext_lazy("Hired"), lambda pair: pair[1].hired, 12),
]

# Programmes and places -----------------------------------------------------------------------------


@listing("internships.places")
def places(user: Any, params: QueryDict) -> Listed:
    """The open places, as everybody sees them."""
    return Listed(_("Open places"), PlaceFilter(params).rows(), PLACES, order=("closes", "pk"))


def _own(obj: Any, name: str) -> str:
    """A text in the reader's language where there is one."""
    english = (get_language() or "az").startswith("en")
    return (english and getattr(obj, f"{name}_en")) or getattr(obj, f"{name}_az")


PLACES = [
    ExportColumn(gettext_lazy("Place"), lambda row: _own(row.position, "title"), 40),
    ExportColumn(gettext_lazy("Programme"), lambda row: _own(row.position.programme, "title"), 40),
    ExportColumn(gettext_lazy("Kind"), lambda row: row.position.programme.get_kind_display(), 16),
    ExportColumn(gettext_lazy("Where"), lambda row: str(row.position.unit), 32),
    ExportColumn(gettext_lazy("City"), lambda row: row.position.unit.city_name, 18),
    ExportColumn(gettext_lazy("From"), lambda row: row.period.starts, 12),
    ExportColumn(gettext_lazy("Until"), lambda row: row.period.ends, 12),
    ExportColumn(gettext_lazy("Free seats"), lambda row: row.pool.left, 10),
    ExportColumn(gettext_lazy("Apply by"), lambda row: row.closes, 18),
]
