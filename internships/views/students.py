"""The coordinator's students who have no place yet, what they applied to, and a way to nominate them."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple
from urllib.parse import quote_plus
from uuid import UUID

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
from internships.forms.nominating import StudentsForm, applications_of_row, weeks_offered, without_place
from internships.models import Application
from internships.views.parts import chip_kind
from partnerships.common.addresses import addresses
from partnerships.common.among import Among, AmongKnown, in_one
from partnerships.common.asked import ask_together
from partnerships.common.capped import CAP, capped, counted
from partnerships.common.markup import markup, saying
from partnerships.common.paging import Keyset, first_page, keyset, page_links, size_of
from partnerships.common.prepared import PreparedRows
from partnerships.common.refusals import Refused
from partnerships.common.sharing import sharing
from partnerships.common.tables import NOTHING, Column, alike, drawn, page_column, somebody
from partnerships.common.templatetags.figures import exact
from partnerships.common.templatetags.ui import chip
from partnerships.common.wording import in_language, names_in_language
from partnerships.directory.asked import asked
from partnerships.directory.models import Affiliation

SHOWN = 3  # applications of one student in the list; the working list has them all
ORDER = ("person__sort_key", "pk")
# What the page draws of a row.
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


def _shown(rows: Any) -> Any:
    return rows.select_related("person", "organization", "study__specialty").only(*COLUMNS)


_ROWS: PreparedRows[Affiliation] = PreparedRows(
    lambda keys: _shown(Affiliation.objects.filter(pk__in=keys)).order_by()
)


class Sent(NamedTuple):
    """An application as the list says it. No object of its model: a student may have ten."""

    uid: UUID
    state: str
    person_id: int
    university_id: int | None
    kind: str
    title_az: str
    title_en: str


@asked
def _sent(people: str) -> Any:
    """What these people have sent, the newest first."""
    rows = Application.objects.filter(AmongKnown("person_id", people), submitted_at__isnull=False)
    titles = ("programme__title_az", "programme__title_en")
    return rows.order_by("-submitted_at", "-pk").values_list(
        "uid", "state", "person_id", "university_id", "programme__kind", *titles
    )


@dataclass
class Line:
    """One student of the list, with what they applied to."""

    affiliation: Affiliation
    applications: list[Sent] = field(default_factory=list)

    @property
    def person(self) -> Any:
        return self.affiliation.person

    @property
    def study(self) -> Any:
        return getattr(self.affiliation, "study", None)

    @cached_property
    def name(self) -> str:
        return str(self.person.name)


def narrowed(user: Any, params: QueryDict, *, fresh: bool = False) -> tuple[Any, StudentsForm]:
    """The students whom the address asks for, and the form that narrowed them."""
    _coordinators_only(user)
    form = StudentsForm(params, nominations.facets(user, fresh=fresh), weeks_offered())
    return form.narrow(nominations.students(user)), form


def _coordinators_only(user: Any) -> None:
    if not nominations.nominates(user):
        raise Refused(_("This page is for those who coordinate the students of a university."))


@require_safe
@login_required
def students(request: HttpRequest) -> HttpResponse:
    """Students without a place, narrowed by the address."""
    user, params = request.user, request.GET
    _coordinators_only(user)
    facets = nominations.facets(user)
    # Without a word of the form in the address nothing narrows it: how many they are is asked along.
    plain = not {*StudentsForm.base_fields, "after", "before"} & set(params)
    weeks, can_nominate, count = _beside(user, counting=plain)
    form = StudentsForm(params, facets, weeks)
    if plain:
        page = _first(user, facets.many, count)
    else:
        found = form.narrow(nominations.students(user))
        page = keyset(found, params, order=ORDER, reader=user, filled=_ROWS, counting=True)
    found_n, more = page.found
    lines = lines_of(page.rows, form.value("kind"))
    can_nominate = can_nominate and bool(lines)
    summary = ngettext("%(count)s student without a place", "%(count)s students without a place", found_n)
    context = {
        "form": form,
        "lines": lines,
        "columns": (shown := columns(can_nominate)),
        "body": drawn(lines, shown),
        "summary": summary % {"count": counted(found_n, more)},
        "page": page_links(params, page),
        "can_nominate": can_nominate,
    }
    return render(request, "internships/students.html", context)


def _beside(user: Any, *, counting: bool) -> tuple[list[tuple[date, date]], bool, int]:
    """The weeks to choose from, whether somebody can be nominated for something now, and how many there are
    without a choice, counted one past the cap: by one query."""
    number = _keys(user).counted(CAP + 1) if counting else None
    parts = (weeks_offered().listed("starts", "ends"), nominations.open_programmes(user).exists, number)
    weeks, open_now, count = ask_together(parts)
    days = [
        (date.fromisoformat(starts), date.fromisoformat(ends)) for starts, ends in json.loads(weeks or "[]")
    ]
    return days, bool(open_now), count or 0


@asked
def _keys(user: Any) -> Any:
    return _unplaced(nominations.students(user)).order_by().values_list("pk", flat=True)


@asked
def _by_name(user: Any, many: bool, most: int) -> Any:
    """So many of all, their keys found beforehand."""
    rows = _unplaced(nominations.students(user, many=many))
    keys = rows.order_by(*ORDER).values("pk")[:most]
    return sharing(_shown(Affiliation.objects.filter(Among("pk", keys)))).order_by(*ORDER)


def _unplaced(rows: Any) -> Any:
    return without_place(rows, applications_of_row())


def _first(user: Any, many: bool, count: int) -> Keyset[Affiliation]:
    """The first page of all `count` of them; of `many` it would take all to be sorted."""
    rows = list(_by_name(user, many or count > CAP, size_of(user) + 1))
    page = first_page(rows, order=ORDER, reader=user)
    page.found = capped(count)
    return page


def lines_of(rows: list[Affiliation], kind: str) -> list[Line]:
    """The rows with the sent applications of each, the newest first, in one query."""
    by_student: dict[tuple[int, int | None], list[Sent]] = defaultdict(list)
    for found in _sent(in_one(row.person_id for row in rows)) if rows else ():
        one = Sent._make(found)
        if not kind or one.kind == kind:
            by_student[one.person_id, one.university_id].append(one)
    return [Line(row, by_student[row.person_id, row.organization.root_id]) for row in rows]


# As the page draws it -----------------------------------------------------------------------------------
def columns(can_nominate: bool) -> list[Column]:
    """What the list shows of a line; ticks and the button where something is open to nominate for."""
    found = [
        page_column(_("Student"), _student(), bare=True),
        page_column(_("Specialty"), alike(_specialty, lambda line: _said(line, "specialty"))),
        page_column(_("Year of study"), alike(lambda line: getattr(line.study, "year", None), _year), "num"),
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


def _year(line: Line) -> SafeString:
    return _said(line, "year")


def _said(line: Line, name: str) -> SafeString:
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

    @cache
    def rest(more: int) -> str:
        words = ngettext("%(counter)s more application", "%(counter)s more applications", more)
        return words % {"counter": more}

    def draw(line: Line) -> SafeString:
        found = [
            markup('<a href="{}">{}</a> {}', to(row.uid), title(row), chip_of(row.state))
            for row in line.applications[:SHOWN]
        ]
        if more := len(line.applications) - len(found):
            found.append(
                markup(
                    '<a href="{}?programme=all&amp;q={}">{}</a>',
                    everything,
                    quote_plus(line.name),
                    rest(more),
                )
            )
        return markup("<span>{}</span>", SafeString("<br>".join(found)) if found else nothing)

    return draw
