"""The coordinator's students who have no place yet, what they applied to, and a way to nominate them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from internships import nominations
from internships.enums import ApplicationState as A
from internships.forms.nominating import StudentsForm
from internships.models import Application
from internships.views.parts import chip_kind
from partnerships.common.export import ExportColumn, export
from partnerships.common.paging import capped_count, counted, keyset, page_links
from partnerships.common.refusals import Refused
from partnerships.directory.models import Affiliation

PAGE = 50
EXPORTED = 20_000
ORDER = ("person__sort_key", "pk")


@dataclass
class Line:
    """One student of the list, with what they applied to."""

    affiliation: Affiliation
    applications: list[Application] = field(default_factory=list)

    @property
    def person(self) -> Any:
        return self.affiliation.person

    @property
    def study(self) -> Any:
        return getattr(self.affiliation, "study", None)

    @property
    def standing(self) -> list[tuple[Application, str]]:
        return [(row, chip_kind(row.state, row.state == A.SUBMITTED)) for row in self.applications]


def _coordinators_only(request: HttpRequest) -> None:
    if not nominations.nominates(request.user):
        raise Refused(_("This page is for those who coordinate the students of a university."))


@require_safe
@login_required
def students(request: HttpRequest) -> HttpResponse:
    """Students without a place, narrowed by the address."""
    _coordinators_only(request)
    rows = nominations.students(request.user)
    form = StudentsForm(request.GET, rows)
    found = form.narrow(rows)
    page = keyset(found, request.GET, order=ORDER, size=PAGE)
    count, more = capped_count(found)
    summary = ngettext("%(count)s student without a place", "%(count)s students without a place", count)
    context = {
        "form": form,
        "lines": _lines(page.rows, form.value("kind")),
        "summary": summary % {"count": counted(count, more)},
        "page": page_links(request.GET, page),
        "export_url": f"{reverse('internships:students_export')}?{request.GET.urlencode()}",
        "can_nominate": bool(page.rows) and bool(nominations.programmes(request.user)),
    }
    return render(request, "internships/students.html", context)


def _lines(rows: list[Affiliation], kind: str) -> list[Line]:
    """The rows with the sent applications of each, in one query."""
    sent = Application.objects.filter(
        person_id__in=[row.person_id for row in rows], submitted_at__isnull=False
    ).select_related("programme")
    if kind:
        sent = sent.filter(programme__kind=kind)
    by_student: dict[tuple[int, int | None], list[Application]] = defaultdict(list)
    for application in sent.order_by("-submitted_at", "-pk"):
        by_student[application.person_id, application.university_id].append(application)
    return [Line(row, by_student[row.person_id, row.organization.root_id]) for row in rows]


@require_safe
@login_required
def students_export(request: HttpRequest) -> HttpResponseBase:
    """The same rows and rights as the page, as a spreadsheet."""
    _coordinators_only(request)
    rows = nominations.students(request.user)
    form = StudentsForm(request.GET, rows)
    found = keyset(form.narrow(rows), {}, order=ORDER, size=EXPORTED).rows
    lines = [
        line
        for start in range(0, len(found), 500)
        for line in _lines(found[start : start + 500], form.value("kind"))
    ]
    return export(lines, _columns(), name=_("Students without a place"))


def _columns() -> list[ExportColumn]:
    def study(name: str) -> Any:
        return lambda line: getattr(line.study, name) if line.study else None

    return [
        ExportColumn(_("Family name"), lambda line: line.person.family_name, 22),
        ExportColumn(_("Given name"), lambda line: line.person.given_name, 18),
        ExportColumn(_("Patronymic"), lambda line: line.person.patronymic, 18),
        ExportColumn(_("E-mail"), lambda line: line.person.email, 28),
        ExportColumn(_("Student number"), study("student_number"), 14),
        ExportColumn(_("Faculty"), lambda line: str(line.affiliation.organization), 30),
        ExportColumn(_("Specialty"), lambda line: str(line.study.specialty or "") if line.study else "", 30),
        ExportColumn(_("Year of study"), study("year"), 8),
        ExportColumn(_("GPA"), study("gpa"), 8),
        ExportColumn(
            _("Applied to"),
            lambda line: "; ".join(
                f"{row.programme.title}: {A(row.state).label}" for row in line.applications
            ),
            60,
        ),
    ]
