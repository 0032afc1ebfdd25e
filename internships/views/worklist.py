"""The working list that coordinators and companies share, each with rows, columns and verbs of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from internships import listed, rules, worklist_rows, worklists
from internships.enums import ApplicationState as A
from internships.forms.worklist import WorklistForm
from internships.models import Programme
from internships.views.commission import round_of
from internships.views.worklist_drawn import ALL, many_at_once, narrowing_form, summed, ways_on
from internships.views.worklist_lines import columns, line_of, with_marks, with_returns
from internships.workflow import APPLICATION
from partnerships.common.addresses import kept_address
from partnerships.common.capped import Found, counted
from partnerships.common.components import Pill
from partnerships.common.narrow_form import options_chosen
from partnerships.common.paging import Keyset, keyset, narrowing, page_links
from partnerships.common.tables import drawn
from partnerships.common.templatetags.figures import grouped
from partnerships.common.text import fold
from partnerships.common.wording import in_language, names_in_language
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.reviews import reports as reviews

ENDED = worklists.OVER
LEADS_TO = ("index", "worklist_many")
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
    programme: Programme | None
    company: bool  # sees scores and decides
    university: bool  # endorses
    state: str
    _decided: dict[tuple[int, bool], bool] = field(default_factory=dict)

    @property
    def endless(self) -> bool:
        """All rounds at once, of somebody who sees many."""
        return self.programme is None and worklists.works_on_much(self.user)

    @cached_property
    def _reader(self) -> int | None:
        return access_of(self.user).person_id

    def decides(self, row: Any) -> bool:
        """`rules.decides_application`: the same for all of a company's but one's own, so asked once."""
        key = row.programme.host_id, row.person_id == self._reader
        if key not in self._decided:
            self._decided[key] = rules.decides_application(self.user, row)
        return self._decided[key]

    @cached_property
    def title_of(self) -> Callable[[Any], str]:
        return in_language("title")

    @cached_property
    def name_of(self) -> Callable[[Any], str]:
        """Of an organisation or a specialty."""
        return names_in_language()

    @cached_property
    def now(self) -> datetime:
        """When its lines were put together."""
        return timezone.now()

    @cached_property
    def facets(self) -> worklists.Facets:
        """What it can be narrowed by."""
        return worklists.facets(self.user, self.programme)

    @cached_property
    def rounds(self) -> list[tuple[str, str]]:
        """Those in the drop-down, by name: the newest, and the one that is looked at."""
        found, one = self.facets.rounds, self.programme
        if one is None or any(slug == one.slug for slug, _name in found):
            return found
        return [*found, (one.slug, self.title_of(one))]

    @property
    def title(self) -> str:
        """Of its round."""
        return self.title_of(self.programme) if self.programme else ""

    @property
    def round_options(self) -> SafeString:
        return options_chosen(self.rounds, self.programme.slug if self.programme else "")

    @property
    def verbs(self) -> list[tuple[str, Any]]:
        names = (["endorse", "return"] if self.university else []) + (
            ["offer", "waitlist", "refuse"] if self.company else []
        )
        return [(name, MANY[name][1]) for name in names]


def desk_of(user: Any, params: QueryDict) -> Desk:
    """Whose list, of which round: the one that the address names, else the first with something to do."""
    access = access_of(user)
    wanted, programme = params.get("programme", ""), None
    if wanted and wanted != ALL:
        programme = worklists.round_called(user, wanted)
        if programme is None:  # nor the reader's
            raise Http404
    elif not wanted and (access.has(Role.HR, Role.COORDINATOR) or access.operates):
        programme = worklists.default_round(user)
    company = rules.runs_programme(user, programme) if programme is not None else access.has(Role.HR)
    university = access.has(Role.COORDINATOR) or access.operates
    return Desk(user, programme, company, university, params.get("state", ""))


def scope_of(desk: Desk) -> Any:
    return worklists.working_rows(desk.user, programme=desk.programme and desk.programme.pk)


@require_safe
@login_required
def worklist(request: HttpRequest) -> HttpResponse:
    """Applications of one round (or of all), narrowed and ordered by the address."""
    if not worklists.works_on_applications(request.user):
        return redirect("internships:mine")
    desk = desk_of(request.user, request.GET)
    form, commission = form_of(desk, request.GET, desk.facets)
    counts, page, found = _read(desk, form, commission, request.GET)
    lines = with_marks(with_returns([line_of(row, desk) for row in page]), commission, desk)
    shown = columns(desk, commission)
    narrowed, query = form.narrows or bool(desk.state), request.GET.urlencode()
    waiting = any(state in counts for state in worklists.todo_states(desk.user))
    context = {
        "desk": desk,
        "form": form,
        "narrow": narrowing_form(desk, form, "worklist", narrowed=narrowed),
        "pills": _pills(request, counts, desk),
        "columns": shown,
        "lines": lines,
        "body": drawn(lines, shown),
        "page": _pages(request, page, found),
        "sum": summed(_sum(desk.facets.seats, counts, desk)),
        "ways": ways_on(desk, query, anything=bool(counts), waiting=waiting),
        "many": many_at_once(desk.verbs),
        "query": query,
        "anything": bool(counts),
        "narrowed": narrowed,
        "to": {name: kept_address(f"internships:{name}") for name in LEADS_TO},
    }
    return render(request, "internships/worklist.html", context)


Counts = dict[str, Found]


def _read(
    desk: Desk, form: WorklistForm, commission: Any, params: QueryDict
) -> tuple[Counts, Keyset[Any], Found]:
    """The numbers of the round, the rows of the page, and how many there are of what was asked for."""
    wanted, long = _wanted(desk, form), desk.facets.long
    alone = form.by_commission and not form.narrows and not {"after", "before"} & set(params)
    if alone and commission is not None and desk.programme is not None:
        counts, page = listed.by_marks(desk.user, desk.programme, commission, _state(desk), long or ())
        found = None
    elif wanted is not None:
        counts, page, found = listed.read(desk.user, wanted, params, long, commission)
    else:
        counts, page, found = listed.numbers(desk.user, desk.programme, long=long or ()), None, None
    worklists.keep_long(desk.user, desk.programme, desk.facets, counts)
    if page is None:
        page = _asked_plainly(desk, form, commission, params)
        found = page.found if form.narrows else None
    return counts, page, found or _shown(counts, desk.state)


def _asked_plainly(desk: Desk, form: WorklistForm, commission: Any, params: QueryDict) -> Keyset[Any]:
    """The page of what kept words do not have."""
    rows = rows_of(desk, scope_of(desk), form, commission)
    reading = {"order": form.order, "reader": desk.user, "counting": form.narrows}
    if commission is None or not form.by_commission:
        return keyset(rows, params, filled=worklist_rows.rows_by_keys, **reading)
    return keyset(_filled(desk, form, commission, rows), params, **reading)


def _wanted(desk: Desk, form: WorklistForm) -> listed.Wanted | None:
    """What is asked for, where nothing narrows it but what kept words have."""
    typed = fold(form.value("q"))
    beside = any(form.value(name) for name in ("unit", "position", "late"))
    if beside or form.by_commission or any(letter.isdecimal() for letter in typed):
        return None
    keys = (int(form.value(name) or 0) or None for name in ("university", "specialty"))
    return listed.Wanted(desk.programme, _state(desk), form.order, typed, *keys)


def _state(desk: Desk) -> str:
    """The state that the address names, if there is one of this name."""
    return desk.state if desk.state in worklists.STATES or desk.state == ENDED else ""


def form_of(desk: Desk, params: QueryDict, facets: Any) -> tuple[WorklistForm, Any]:
    """The form that narrows the list, and the commission of the round."""
    commission = round_of(desk.programme, desk.user) if desk.company else None
    form = WorklistForm(
        params, facets, scores=desk.company, commission=commission is not None, endless=desk.endless
    )
    return form, commission


def rows_of(desk: Desk, scope: Any, form: WorklistForm, commission: Any, *, dated: bool = False) -> Any:
    """The rows that the address asks for.

    `dated`: with the dates that a line shows, also where neither filter nor order asks for them.
    """
    rows = worklists.in_state(scope, desk.state)
    if dated or form.looks_at_dates or form.by_commission:
        rows = _dated(rows, desk, form, commission)
    return form.narrow(rows)


def _dated(rows: Any, desk: Desk, form: WorklistForm, commission: Any) -> Any:
    """With what rows are narrowed and ordered by."""
    rows = worklists.with_due(rows, desk.programme)
    if commission is not None and form.by_commission:
        rows = rows.annotate(commission_mean=reviews.mean_score(commission, desk.user))
    return rows


def _filled(desk: Desk, form: WorklistForm, commission: Any, rows: Any) -> Any:
    """With what a line shows."""
    return worklist_rows.with_list_columns(_dated(rows, desk, form, commission))


def _shown(counts: Counts, state: str) -> Found:
    """How many there are of what the pill names, and whether there are more."""
    if state == ENDED:
        found = [counts[ended] for ended in worklists.ENDED if ended in counts]
    else:
        found = (
            [counts[state]] if state in counts else [] if state in worklists.STATES else list(counts.values())
        )
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
    to = narrowing(request.GET, "state")

    def pill(value: str, label: Any) -> Pill:
        return Pill(label, *_shown(counts, value), to(value), desk.state == value)

    todo = worklists.todo_states(desk.user)
    states = [state for state in PILLS if state in counts or state in todo or desk.state == state]
    found = [pill("", _("All")), *(pill(state, A(state).label) for state in states)]
    if _shown(counts, ENDED)[0] or desk.state == ENDED:
        found.append(pill(ENDED, _("Ended")))
    return found


def _pages(request: HttpRequest, page: Keyset[Any], found: tuple[int, bool]) -> dict[str, str]:
    words = ngettext("%(count)s application", "%(count)s applications", found[0])
    return page_links(request.GET, page, words % {"count": counted(*found)})
