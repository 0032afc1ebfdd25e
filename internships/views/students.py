"""The coordinator's students who have no place yet, what they applied to, and a way to nominate them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from internships import nominations
from internships.enums import ApplicationState as A
from internships.forms.nominating import StudentsForm, applications_of_row, without_place
from internships.models import Application
from internships.views.parts import chip_kind
from partnerships.common.addresses import addresses
from partnerships.common.capped import CAP, counted
from partnerships.common.markup import markup, saying
from partnerships.common.paging import Keyset, keyset, keyset_asked, page_links
from partnerships.common.prepared import PreparedRows
from partnerships.common.refusals import Refused
from partnerships.common.tables import NOTHING, Column, alike, drawn, page_column, somebody
from partnerships.common.templatetags.figures import exact
from partnerships.common.templatetags.ui import chip
from partnerships.common.wording import in_language, names_in_language
from partnerships.directory.asked import asked
from partnerships.directory.models import Affiliation

SHOWN = 3  # applications of one student in the list; the working list has them all
ORDER = ("person__sort_key", "pk")
# What the page draws of a row, and of the applications behind it.
COLUMNS = (
    "uid",
    "person__uid",
    "person__given_name",
    "person__family_name",
    "person__erased_at",
    "person__sort_key",
    "organization__name",
    "organization__name_en",
    "organization__root_id",
    "study__year",
    "study__gpa",
    "study__specialty__name",
    "study__specialty__name_en",
)
OF_APPLICATION = (
    "uid",
    "state",
    "submitted_at",
    "person",
    "university",
    "programme__kind",
    "programme__title_az",
    "programme__title_en",
)


_ROWS: PreparedRows[Affiliation] = PreparedRows(
    lambda keys: (
        Affiliation.objects.filter(pk__in=keys)
        .select_related("person", "organization", "study__specialty")
        .only(*COLUMNS)
        .order_by()
    )
)
_SENT: PreparedRows[Application] = PreparedRows(
    lambda people: (
        Application.objects.filter(person_id__in=people, submitted_at__isnull=False)
        .select_related("programme")
        .only(*OF_APPLICATION)
        .order_by()
    )
)


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


def narrowed(user: Any, params: QueryDict, *, fresh: bool = False) -> tuple[Any, StudentsForm]:
    """The students whom the address asks for, and the form that narrowed them."""
    form = _form(user, params, fresh)
    return form.narrow(nominations.students(user)), form


def _form(user: Any, params: QueryDict, fresh: bool = False) -> StudentsForm:
    if not nominations.nominates(user):
        raise Refused(_("This page is for those who coordinate the students of a university."))
    return StudentsForm(params, nominations.facets(user, fresh=fresh))


@require_safe
@login_required
def students(request: HttpRequest) -> HttpResponse:
    """Students without a place, narrowed by the address."""
    form = _form(request.user, request.GET)
    if form.narrows or {"after", "before"} & set(request.GET):
        found = form.narrow(nominations.students(request.user))
        page = keyset(found, request.GET, order=ORDER, reader=request.user, filled=_ROWS, counting=True)
    else:
        page = _first(request.user, form.many)
    count, more = page.found
    lines, can_nominate = lines_of(page.rows, form.value("kind")), False
    if lines:
        can_nominate = bool(nominations.programmes(request.user))
    summary = ngettext("%(count)s student without a place", "%(count)s students without a place", count)
    context = {
        "form": form,
        "lines": lines,
        "columns": (shown := columns(can_nominate)),
        "body": drawn(lines, shown),
        "summary": summary % {"count": counted(count, more)},
        "page": page_links(request.GET, page),
        "can_nominate": can_nominate,
    }
    return render(request, "internships/students.html", context)


@asked
def _keys(user: Any) -> Any:
    return _unplaced(nominations.students(user)).order_by().values_list("pk", flat=True)


@asked
def _names(user: Any) -> Any:
    return _unplaced(nominations.students(user)).order_by().values_list("person__sort_key", "pk")


@asked
def _by_name(user: Any) -> Any:
    rows = _unplaced(nominations.students(user, many=True))
    return rows.order_by(*ORDER).values_list("pk", flat=True)


def _unplaced(rows: Any) -> Any:
    return without_place(rows, applications_of_row())


def _first(user: Any, many: bool) -> Keyset[Affiliation]:
    """The first page of all of them, with how many there are. Up to the cap they are sorted here; of `many`
    it would take all of them to be sorted."""
    n: int = _keys(user).count(CAP + 1) if many else 0
    keys: Any = _by_name(user)
    if n <= CAP:
        found = sorted(_names(user)[: CAP + 1])
        n = len(found)
        keys = [key for _name, key in found] if n <= CAP else keys
    page = keyset_asked(lambda _key, _backwards: keys, {}, order=ORDER, reader=user, filled=_ROWS)
    assert page is not None  # it begins nowhere
    page[0].found = min(n, CAP), n > CAP
    return page[0]


def lines_of(rows: list[Affiliation], kind: str) -> list[Line]:
    """The rows with the sent applications of each, the newest first, in one query."""
    sent = _SENT([row.person_id for row in rows])
    by_student: dict[tuple[int, int | None], list[Application]] = defaultdict(list)
    for application in sorted(sent, key=lambda one: (one.submitted_at, one.pk), reverse=True):
        if not kind or application.programme.kind == kind:
            by_student[application.person_id, application.university_id].append(application)
    return [Line(row, by_student[row.person_id, row.organization.root_id]) for row in rows]


# As the page draws it -----------------------------------------------------------------------------------
def columns(can_nominate: bool) -> list[Column]:
    """What the list shows of a line; ticks and the button where something is open to nominate for."""
    found = [
        page_column(_("Student"), _student(), bare=True),
        page_column(_("Specialty"), alike(_specialty, lambda line: text_of(line, "specialty"))),
        page_column(_("Year of study"), lambda line: text_of(line, "year"), "num"),
        page_column(_("GPA"), alike(lambda line: getattr(line.study, "gpa", None), _gpa), "num"),
        page_column(_("Applied to"), _applied(), "small"),
    ]
    if not can_nominate:
        return found
    return [
        page_column("", _pick(), "pick", bare=True),
        *found,
        page_column(_("Action"), _nominate(), bare=True),
    ]


def _specialty(line: Line) -> Any:
    return getattr(line.study, "specialty_id", None)


def text_of(line: Line, name: str) -> SafeString:
    return markup("{}", getattr(line.study, name, None) or "–")


def _gpa(line: Line) -> SafeString:
    gpa = getattr(line.study, "gpa", None)
    return NOTHING if gpa is None else markup("{}", exact(gpa))


def _student() -> Callable[[Line], SafeString]:
    to, name_of = addresses("person_detail"), names_in_language()
    return lambda line: somebody(to(line.person.uid), line.name, name_of(line.affiliation.organization))


def _pick() -> Callable[[Line], SafeString]:
    choosing = saying(_("Choose: %(name)s"))
    return lambda line: markup(
        '<label><input type="checkbox" class="form-check-input" name="pick" value="{}" data-bulk-one'
        ' aria-label="{}"></label>',
        line.affiliation.uid,
        choosing(line.name),
    )


def _nominate() -> Callable[[Line], SafeString]:
    to, words, aloud = reverse("internships:nominate"), _("Nominate"), saying(_("Nominate: %(name)s"))
    return lambda line: markup(
        '<a class="btn btn-quiet btn-sm" href="{}?pick={}" aria-label="{}">{}</a>',
        to,
        line.affiliation.uid,
        aloud(line.name),
        words,
    )


def _applied() -> Callable[[Line], SafeString]:
    """The newest few with how each stands, and how many more there are; each state is drawn once."""
    to, title, chips = addresses("internships:application"), in_language("title"), {}
    everything = reverse("internships:worklist")
    nothing = markup('<span class="muted">{}</span>', _("Nothing sent"))

    def chip_of(state: str) -> SafeString:
        if state not in chips:
            chips[state] = chip(A(state).label, chip_kind(state, state == A.SUBMITTED))
        return chips[state]

    def draw(line: Line) -> SafeString:
        found = [
            markup('<a href="{}">{}</a> {}', to(row.uid), title(row.programme), chip_of(row.state))
            for row in line.applications[:SHOWN]
        ]
        if more := len(line.applications) - len(found):
            words = ngettext("%(counter)s more application", "%(counter)s more applications", more)
            query = urlencode({"programme": "all", "q": line.name})
            found.append(markup('<a href="{}?{}">{}</a>', everything, query, words % {"counter": more}))
        return markup("<span>{}</span>", SafeString("<br>".join(found)) if found else nothing)

    return draw
