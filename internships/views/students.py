"""The coordinator's students who have no place yet, what they applied to, and a way to nominate them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from internships import nominations
from internships.enums import ApplicationState as A
from internships.forms.nominating import StudentsForm
from internships.models import Application
from internships.views.parts import chip_kind
from partnerships.common.paging import capped_count, counted, keyset, page_links
from partnerships.common.refusals import Refused
from partnerships.common.sharing import sharing
from partnerships.directory.models import Affiliation

PAGE = 50
SHOWN = 3  # applications of one student in the list; the working list has them all
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
    def name(self) -> str:
        return str(self.person.name)

    @property
    def choosing(self) -> str:
        return _("Choose: %(name)s") % {"name": self.name}

    @property
    def nominating(self) -> str:
        return _("Nominate: %(name)s") % {"name": self.name}

    @property
    def standing(self) -> list[tuple[str, str, str, str]]:
        """Address, programme, state and the kind of its chip, of the newest few."""
        return [
            (
                row.get_absolute_url(),
                row.programme.title,
                row.get_state_display(),
                chip_kind(row.state, row.state == A.SUBMITTED),
            )
            for row in self.applications[:SHOWN]
        ]

    @property
    def more(self) -> int:
        return max(0, len(self.applications) - SHOWN)


def narrowed(user: Any, params: QueryDict) -> tuple[Any, StudentsForm]:
    """The students whom the address asks for, and the form that narrowed them."""
    if not nominations.nominates(user):
        raise Refused(_("This page is for those who coordinate the students of a university."))
    rows = nominations.students(user)
    form = StudentsForm(params, rows)
    return form.narrow(rows), form


@require_safe
@login_required
def students(request: HttpRequest) -> HttpResponse:
    """Students without a place, narrowed by the address."""
    found, form = narrowed(request.user, request.GET)
    page = keyset(found, request.GET, order=ORDER, size=PAGE)
    count, more = capped_count(found)
    summary = ngettext("%(count)s student without a place", "%(count)s students without a place", count)
    context = {
        "form": form,
        "lines": lines_of(page.rows, form.value("kind")),
        "summary": summary % {"count": counted(count, more)},
        "page": page_links(request.GET, page),
        "can_nominate": bool(page.rows) and bool(nominations.programmes(request.user)),
    }
    return render(request, "internships/students.html", context)


def lines_of(rows: list[Affiliation], kind: str) -> list[Line]:
    """The rows with the sent applications of each, in one query."""
    sent = Application.objects.filter(
        person_id__in=[row.person_id for row in rows], submitted_at__isnull=False
    ).select_related("programme")
    sent = sharing(sent.defer("eligibility", "motivation"))
    if kind:
        sent = sent.filter(programme__kind=kind)
    by_student: dict[tuple[int, int | None], list[Application]] = defaultdict(list)
    for application in sent.order_by("-submitted_at", "-pk"):
        by_student[application.person_id, application.university_id].append(application)
    return [Line(row, by_student[row.person_id, row.organization.root_id]) for row in rows]
