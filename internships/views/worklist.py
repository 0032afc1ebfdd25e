"""The working list that coordinators and companies share, each with rows, columns and verbs of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from internships import reports, rules, worklists
from internships.enums import ApplicationState as A
from internships.forms.worklist import WorklistForm
from internships.models import Application, Programme
from internships.views.commission import round_of
from internships.workflow import APPLICATION
from partnerships.common.paging import Keyset, capped_count, counted, keyset, page_links
from partnerships.common.templatetags.figures import (
    baku_date,
    baku_short,
    due_kind,
    grouped,
    until,
    year_of_study,
)
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.reviews import reports as reviews

PAGE = 50
ALL = "all"  # every round at once
ENDED = "ended"  # every state in which nothing more happens, except acceptance
KINDS = {A.INTERVIEW: "on", A.OFFERED: "on", A.ACCEPTED: "good"}
# What each side is offered first, in the order of the way.
PILLS = (A.SUBMITTED, A.RETURNED, A.IN_REVIEW, A.INTERVIEW, A.OFFERED, A.ACCEPTED, A.WAITLISTED)
# verb -> (who may, label of the button, how it is put to one application)
MANY: dict[str, tuple[Callable[[Any, Any], bool], Any]] = {
    "endorse": (rules.coordinates_applicant, gettext_lazy("Endorse")),
    "return": (rules.coordinates_applicant, gettext_lazy("Return for changes")),
    "offer": (rules.decides_application, APPLICATION["offer"].label),
    "waitlist": (rules.decides_application, APPLICATION["waitlist"].label),
    "refuse": (rules.decides_application, APPLICATION["refuse"].label),
}


@dataclass
class Desk:
    """Who looks at the list, and at what."""

    user: Any
    rounds: list[Programme]
    programme: Programme | None
    company: bool  # sees scores and decides
    university: bool  # endorses
    state: str

    @property
    def endless(self) -> bool:
        """All rounds at once, of somebody who sees many."""
        return self.programme is None and worklists.works_on_much(self.user)

    @property
    def verbs(self) -> list[tuple[str, Any]]:
        names = (["endorse", "return"] if self.university else []) + (
            ["offer", "waitlist", "refuse"] if self.company else []
        )
        return [(name, MANY[name][1]) for name in names]


# The first sending writes both moments, one just after the other.
JUST_SENT = timedelta(seconds=2)


@dataclass
class Line:
    """One row as its reader sees it."""

    application: Application
    mine: bool
    chip: str
    place: Any
    unit: Any
    more_places: int
    score: Any
    late: bool
    action: str  # decide | endorse | look
    company: bool = False  # its reader is of the company
    marked: Any = None  # what the commission gave, to whoever may see it
    again: bool = False  # sent a second time, after the university had returned it
    answers: dict[int, Any] = field(default_factory=dict)  # to the questions of the company, where asked for

    @property
    def next_at(self) -> Any:
        """The talk that is set, else the day by which somebody moves."""
        row = self.application
        return (row.interview_at if row.state == A.INTERVIEW else None) or row.due_at

    # As the page writes it. A table of fifty is drawn from words: what a template works out, it works out
    # fifty times, and slowly.
    @property
    def name(self) -> str:
        return str(self.application.person.name)

    @property
    def url(self) -> str:
        return self.application.get_absolute_url()

    @property
    def choosing(self) -> str:
        return _("Choose: %(name)s") % {"name": self.name}

    @property
    def acting(self) -> str:
        """What the button does, to those who do not see the row around it."""
        return _ACTING[self.action]() % {"name": self.name}

    @property
    def comes_from(self) -> str:
        """University (to the company) or faculty, and what is studied there."""
        row, study = self.application, self.application.study
        of = row.university.short_name if self.company and row.university else ""
        if not self.company and row.unit:
            of = row.unit.display_name
        specialty = str(study.specialty) if study and study.specialty_id else ""
        return f"{of} · {specialty}" if specialty else of

    @property
    def year(self) -> str:
        study = self.application.study
        return _("year %(year)s") % {"year": year_of_study(study.year)} if study else ""

    @property
    def where(self) -> str:
        if not self.more_places:
            return str(self.unit)
        words = ngettext("%(counter)s more choice", "%(counter)s more choices", self.more_places)
        return f"{self.unit} · {words % {'counter': self.more_places}}"

    @property
    def state(self) -> str:
        return str(A(self.application.state).label)

    @property
    def next_words(self) -> str:
        row = self.application
        if row.state == A.INTERVIEW and row.interview_at:
            return baku_short(row.interview_at)
        if not row.due_at:
            return "–"
        if self.next_kind:
            return until(row.due_at)
        if row.state == A.OFFERED:
            return _("answer: %(date)s") % {"date": baku_date(row.due_at)}
        return baku_date(row.due_at)

    @property
    def next_kind(self) -> str:
        """The chip's, where the date is one to look at."""
        row = self.application
        if not row.due_at or (row.state == A.INTERVIEW and row.interview_at):
            return ""
        return "bad" if self.late else due_kind(row.due_at) if self.mine else ""


_ACTING: dict[str, Callable[[], str]] = {
    "decide": lambda: _("Decide: %(name)s"),
    "endorse": lambda: _("Endorse: %(name)s"),
    "look": lambda: _("Look: %(name)s"),
}


@dataclass(frozen=True)
class Pill:
    label: Any
    count: int
    more: bool  # than were counted
    url: str
    on: bool


def desk_of(user: Any, params: QueryDict) -> Desk:
    """Whose list, of which round: the one that the address names, else the first with something to do."""
    access = access_of(user)
    rounds = worklists.rounds(user)
    wanted = params.get("programme", "")
    if wanted == ALL:
        programme = None
    elif wanted:
        programme = next((found for found in rounds if found.slug == wanted), None)
        if programme is None:  # older than those in the list, or not the reader's
            rounds += worklists.rounds(user, wanted)
            programme = rounds[-1] if rounds and rounds[-1].slug == wanted else None
        if programme is None:
            raise Http404
    else:
        programme = (
            worklists.default_round(rounds)
            if access.has(Role.HR, Role.COORDINATOR) or access.operates
            else None
        )
    company = rules.runs_programme(user, programme) if programme is not None else access.has(Role.HR)
    university = access.has(Role.COORDINATOR) or access.operates
    return Desk(user, rounds, programme, company, university, params.get("state", ""))


def scope_of(desk: Desk) -> Any:
    rows = worklists.working_rows(desk.user)
    return rows.filter(programme=desk.programme) if desk.programme else rows


def _in_state(rows: Any, state: str) -> Any:
    if state == ENDED:
        return rows.filter(state__in=worklists.ENDED)
    return rows.filter(state=state) if state in A.values else rows


@require_safe
@login_required
def worklist(request: HttpRequest) -> HttpResponse:
    """Applications of one round (or of all), narrowed and ordered by the address."""
    if not worklists.works_on_applications(request.user):
        return redirect("internships:mine")
    desk = desk_of(request.user, request.GET)
    scope = scope_of(desk)
    counts = worklists.counted_states(desk.user, scope)
    facets = worklists.facets(desk.user, desk.programme)
    rows, form, commission = narrowed(desk, scope, request.GET, facets)
    fill = partial(_filled, desk, form, commission)
    if commission is None:
        page = keyset(rows, request.GET, order=form.order, size=PAGE, fill=fill)
    else:  # its marks cost two queries more; such rounds are small
        page = keyset(fill(rows), request.GET, order=form.order, size=PAGE)
    found = capped_count(rows) if form.narrows else _shown(counts, desk.state)
    context = {
        "desk": desk,
        "form": form,
        "pills": _pills(request, counts, desk),
        "lines": with_marks(_marked([line_of(row, desk) for row in page]), commission, desk),
        "commission": commission,
        "page": _pages(request, page, found),
        "sum": _sum(facets.seats, counts, desk),
        "waiting": any(state in counts for state in worklists.todo_states(desk.user)),
        "anything": bool(counts),
        "narrowed": form.narrows or bool(desk.state),
        "all_value": ALL,
    }
    return render(request, "internships/worklist.html", context)


def narrowed(
    desk: Desk, scope: Any, params: QueryDict, facets: Any, *, dated: bool = False
) -> tuple[Any, WorklistForm, Any]:
    """The rows that the address asks for, the form that narrowed them, and the commission of the round.

    `dated`: with the dates that a line shows, also where neither filter nor order asks for them.
    """
    commission = round_of(desk.programme, desk.user) if desk.company else None
    form = WorklistForm(
        params, facets, scores=desk.company, commission=commission is not None, endless=desk.endless
    )
    rows = _in_state(scope, desk.state)
    if dated or form.looks_at_dates or form.by_commission:
        rows = _dated(rows, desk, form, commission)
    return form.narrow(rows), form, commission


def _dated(rows: Any, desk: Desk, form: WorklistForm, commission: Any) -> Any:
    """With what rows are narrowed and ordered by."""
    rows = worklists.with_due(rows, desk.programme)
    if commission is not None and form.by_commission:
        rows = rows.annotate(commission_mean=reviews.mean_score(commission, desk.user))
    return rows


def _filled(desk: Desk, form: WorklistForm, commission: Any, rows: Any) -> Any:
    """With what a line shows."""
    return worklists.with_list_columns(_dated(rows, desk, form, commission))


Counts = dict[str, tuple[int, bool]]


def _shown(counts: Counts, state: str) -> tuple[int, bool]:
    """How many there are of what the pill names, and whether there are more."""
    if state == ENDED:
        found = [counts[ended] for ended in worklists.ENDED if ended in counts]
    else:
        found = [counts[state]] if state in counts else [] if state in A.values else list(counts.values())
    return sum(n for n, _more in found), any(more for _n, more in found)


def _sum(seats: int, counts: Counts, desk: Desk) -> list[str]:
    """418 applications · 86 places · 31 wait for a decision."""

    def said(words: str, found: tuple[int, bool]) -> str:
        return words % {"count": counted(*found)}

    total = _shown(counts, "")
    words = [said(ngettext("%(count)s application", "%(count)s applications", total[0]), total)]
    if seats:
        words.append(ngettext("%(count)s place", "%(count)s places", seats) % {"count": grouped(seats)})
    if desk.company and (found := counts.get(A.IN_REVIEW)):
        words.append(
            said(ngettext("%(count)s waits for a decision", "%(count)s wait for a decision", found[0]), found)
        )
    if desk.university and (found := counts.get(A.SUBMITTED)):
        words.append(
            said(
                ngettext("%(count)s waits for endorsement", "%(count)s wait for endorsement", found[0]), found
            )
        )
    return words


def _pills(request: HttpRequest, counts: Counts, desk: Desk) -> list[Pill]:
    def pill(value: str, label: Any) -> Pill:
        query = request.GET.copy()
        for name in ("state", "after", "before"):
            query.pop(name, None)
        if value:
            query["state"] = value
        return Pill(label, *_shown(counts, value), f"?{query.urlencode()}", desk.state == value)

    todo = worklists.todo_states(desk.user)
    states = [state for state in PILLS if state in counts or state in todo or desk.state == state]
    found = [pill("", _("All")), *(pill(state, A(state).label) for state in states)]
    if _shown(counts, ENDED)[0] or desk.state == ENDED:
        found.append(pill(ENDED, _("Ended")))
    return found


def line_of(row: Any, desk: Desk) -> Line:
    company = rules.decides_application(desk.user, row)
    # The state first: who stands in for universities without a coordinator is asked which those are.
    mine = (company and row.state == A.IN_REVIEW) or (
        row.state == A.SUBMITTED and rules.coordinates_applicant(desk.user, row)
    )
    choices = list(row.choices.all())
    position = (
        row.offered_vacancy.position
        if row.offered_vacancy_id
        else choices[0].vacancy.position
        if choices
        else None
    )
    action = "decide" if mine and row.state == A.IN_REVIEW else "endorse" if mine else "look"
    return Line(
        row,
        mine,
        "move" if mine else KINDS.get(row.state, ""),
        position.title if position else "",
        position.unit if position else "",
        0 if row.offered_vacancy_id else max(0, len(choices) - 1),
        row.score if company else None,
        row.due_at is not None and row.due_at < timezone.now(),
        action,
        desk.company,
    )


def with_marks(lines: list[Line], commission: Any, desk: Desk) -> list[Line]:
    """With the mean and spread of the commission; two queries for the page, none without a commission."""
    if commission is not None and lines:
        found = reviews.results(commission, desk.user, [line.application.pk for line in lines])
        for line in lines:
            line.marked = found.get(line.application.pk)
    return lines


def _marked(lines: list[Line]) -> list[Line]:
    """With those marked that came back changed; a query only where something was sent a second time."""
    later = {
        line.application.pk: line
        for line in lines
        if line.action == "endorse"
        and line.application.state_since - line.application.submitted_at > JUST_SENT
    }
    for key in reports.returned_before(later) if later else ():
        later[key].again = True
    return lines


def _pages(request: HttpRequest, page: Keyset[Any], found: tuple[int, bool]) -> dict[str, str]:
    words = ngettext("%(count)s application", "%(count)s applications", found[0])
    return page_links(request.GET, page, words % {"count": counted(*found)})
