"""The list of practices: the same for everybody who works with them, each with own rows and verbs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from internships import actions
from internships import placement_reports as reports
from internships.enums import PlacementState as P
from internships.forms.placements import PlacementsForm
from internships.hours import done_of
from internships.models import Clearance, Placement
from internships.models.placements import mark_within
from internships.placement_moves import lacking
from internships.templatetags.place_text import own_of
from internships.templatetags.placement_text import hours
from internships.views.placing.page import chip_of
from internships.views.placing.safety import back_to_list, chosen_placements
from internships.workflow import PLACEMENT
from partnerships.common.addresses import addresses
from partnerships.common.capped import counted
from partnerships.common.clock import today
from partnerships.common.components import Pill
from partnerships.common.markup import markup, saying
from partnerships.common.paging import Keyset, keyset, keyset_asked, narrowing, page_links
from partnerships.common.prepared import PreparedRows
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.common.sharing import attach, sharing
from partnerships.common.tables import Column, alike, drawn, page_column, somebody, twofold
from partnerships.common.templatetags.figures import baku_date, until
from partnerships.common.templatetags.ui import chip
from partnerships.common.wording import names_in_language
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization, Person

ORDER = ("next_on", "pk")
ENDED = reports.OVER
PILLS = (P.PREPARING, P.ACTIVE, P.SUSPENDED, P.FINISHED, P.ASSESSED)
# verb -> (label, what is said when it is done, action)
MANY: dict[str, tuple[Any, Any, Any]] = {
    "begin": (PLACEMENT["begin"].label, gettext_lazy("Begun"), actions.begin),
    "finish": (PLACEMENT["finish"].label, gettext_lazy("Over"), actions.finish),
}


@dataclass(frozen=True)
class Line:
    """One row as its reader sees it."""

    placement: Placement
    chip: str
    missing: list[str]
    late: date | None  # since when the next thing is overdue
    done: int

    @property
    def name(self) -> str:
        return str(self.placement.person.name)


def lines_of(rows: list[Placement]) -> list[Line]:
    """Of rows that `rows_of` or `with_columns` has read."""
    day = today()
    return [_line(row, day) for row in rows]


def _line(row: Any, day: date) -> Line:
    missing: list[str] = []
    if row.state == P.PREPARING:
        missing = lacking(row, max(row.starts, day))
    elif row.state in (P.ACTIVE, P.SUSPENDED):
        missing = [str(kind.label) for kind in row.missing_clearance(day)]
    due = getattr(row, "next_on", None)
    if due is not None and row.state == P.FINISHED:
        due += mark_within()
    return Line(
        row, chip_of(row, False), missing, due if due is not None and due < day else None, row.done or 0
    )


@require_safe
@login_required
def placements(request: HttpRequest) -> HttpResponse:
    """Practices, late ones first, narrowed by the address."""
    if not reports.works_with_placements(request.user):
        return redirect("internships:mine")
    counts = reports.counted_states(request.user)
    state = request.GET.get("state", "")
    form = PlacementsForm(request.GET, reports.facets(request.user))
    page = _page(request, state, form)
    lines, shown = lines_of(list(page)), columns()
    found = page.found if form.narrows else _shown(counts, state)
    access = access_of(request.user)
    context = {
        "form": form,
        "state": state,
        "query": request.GET.urlencode(),
        "pills": _pills(request, counts, state),
        "lines": lines,
        "columns": shown,
        "body": drawn(lines, shown),
        "page": _pages(request, page, found),
        "sum": _sum(counts),
        "narrowed": form.narrows or bool(state),
        "anything": bool(counts),
        "verbs": [(name, MANY[name][0]) for name in MANY] if access.has(Role.HR) else [],
        "briefs": access.has(Role.HR, Role.UNIT_HEAD, Role.SAFETY),
        "contracts": access.has(Role.HR, Role.COORDINATOR) or access.operates,
        "company": access.has(Role.HR),
    }
    return render(request, "internships/placement/list.html", context)


def narrowed(user: Any, scope: Any, params: QueryDict, *, fresh: bool = False) -> tuple[Any, PlacementsForm]:
    """The rows that the address asks for, and the form that narrowed them."""
    form = PlacementsForm(params, reports.facets(user, fresh=fresh))
    return _narrowed(scope, params, form), form


def _narrowed(scope: Any, params: QueryDict, form: PlacementsForm) -> Any:
    return form.narrow(reports.with_next(reports.in_state(scope, params.get("state", ""))))


def _page(request: HttpRequest, state: str, form: PlacementsForm) -> Keyset[Placement]:
    """The page that the address asks for; the first one of a state, or of all, by a kept question."""
    user = request.user
    if not form.narrows and not {"after", "before"} & set(request.GET):
        known = state if state in (*P.values, ENDED) else ""
        asked = keyset_asked(
            lambda _key, _backwards, most: reports.soonest(user, known, ORDER, most)[:most],
            request.GET,
            order=ORDER,
            reader=user,
            filled=rows_of,
        )
        if asked is not None:
            return asked[0]
    rows = _narrowed(reports.placement_rows(user), request.GET, form)
    return keyset(rows, request.GET, order=ORDER, reader=user, filled=rows_of, counting=form.narrows)


def with_columns(rows: Any) -> Any:
    """What a row of the table shows that is taken away."""
    return sharing(rows).with_rows().select_related("vacancy__position").annotate(done=done_of())


_LINE = (
    *("uid", "state", "starts", "ends", "planned_minutes", "hazard"),
    *(f"person__{name}" for name in Person.SHOWN),
    *(f"mentor__{name}" for name in Person.SHOWN),
    *("vacancy__position__title_az", "vacancy__position__title_en"),
    *(f"unit__{name}" for name in Organization.SHOWN),
    *(f"university__{name}" for name in Organization.SHOWN),
)
_ROWS: PreparedRows[Placement] = PreparedRows(
    lambda keys: (
        reports.with_next(Placement.objects.filter(pk__in=keys).order_by())
        .with_contract()
        .annotate(done=done_of())
        .select_related("person", "vacancy__position", "unit", "university", "mentor", "hazard")
        .only(*_LINE)
    )
)
_CLEARANCES: PreparedRows[Clearance] = PreparedRows(
    lambda keys: Clearance.objects.filter(placement_id__in=keys).order_by()
)


def rows_of(keys: list[int]) -> list[Placement]:
    """What a line of the page shows, and what tells what is missing: no column besides."""
    rows = _ROWS(keys)
    attach(rows, "clearances", _CLEARANCES(keys), "placement_id", "placement")
    return rows


def columns() -> list[Column]:
    address, name_of, title_of = addresses("internships:placement"), names_in_language(), own_of("title")
    look, looking, choosing = _("View"), saying(_("View: %(name)s")), saying(_("Choose: %(name)s"))

    def pick(line: Line) -> SafeString:
        return markup(
            '<label><input type="checkbox" class="form-check-input" name="pick" value="{}" data-bulk-one'
            ' aria-label="{}"></label>',
            line.placement.uid,
            choosing(line.name),
        )

    def student(line: Line) -> SafeString:
        university = line.placement.university
        under = (university.acronym or name_of(university)) if university else ""
        return somebody(address(line.placement.uid), line.name, under)

    def place(line: Line) -> SafeString:
        row = line.placement
        unit = name_of(row.unit)
        return twofold(title_of(row.vacancy.position), f"{unit} · {row.mentor.name}" if row.mentor else unit)

    def act(line: Line) -> SafeString:
        return markup(
            '<a class="btn btn-quiet btn-sm" href="{}" aria-label="{}">{}</a>',
            address(line.placement.uid),
            looking(line.name),
            look,
        )

    # What many rows say alike is drawn once.
    return [
        page_column("", pick, "pick", bare=True),
        page_column(_("Student"), student, bare=True),
        page_column(_("Place"), place),
        page_column(_("Period"), alike(_days, _period), "small"),
        page_column(_("Hours"), alike(_minutes, _hours), "num nowrap"),
        page_column(_("State"), alike(_standing, _state)),
        page_column(_("Action"), act, unsaid=True),
    ]


def _days(line: Line) -> Any:
    return line.placement.starts, line.placement.ends, line.late


def _period(line: Line) -> SafeString:
    late = markup("<br>{}", chip(until(line.late), "bad")) if line.late else ""
    return markup(
        '<span><span class="num nowrap">{} –</span> <span class="num nowrap">{}</span>{}</span>',
        baku_date(line.placement.starts),
        baku_date(line.placement.ends),
        late,
    )


def _minutes(line: Line) -> Any:
    return line.done, line.placement.planned_minutes


def _hours(line: Line) -> SafeString:
    planned = hours(line.placement.planned_minutes)
    return markup('<span>{} <span class="muted">/ {}</span></span>', hours(line.done), planned)


def _standing(line: Line) -> Any:
    return line.placement.state, line.chip, tuple(line.missing)


def _state(line: Line) -> SafeString:
    missing = _("missing: %(missing)s") % {"missing": ", ".join(line.missing)} if line.missing else ""
    return twofold(chip(line.placement.get_state_display(), line.chip), missing)


Counts = dict[str, tuple[int, bool]]  # state -> how many, and whether there are more


def _shown(counts: Counts, state: str) -> tuple[int, bool]:
    states = (P.ENDED_EARLY, P.CANCELLED) if state == ENDED else (state,) if state in P.values else counts
    found = [counts[one] for one in states if one in counts]
    return sum(n for n, _more in found), any(more for _n, more in found)


def _sum(counts: Counts) -> list[str]:
    def said(words: str, found: tuple[int, bool]) -> str:
        return words % {"count": counted(*found)}

    total = _shown(counts, "")
    words = [said(ngettext("%(count)s practice", "%(count)s practices", total[0]), total)]
    if found := counts.get(P.ACTIVE):
        words.append(said(ngettext("%(count)s under way", "%(count)s under way", found[0]), found))
    if found := counts.get(P.PREPARING):
        words.append(said(ngettext("%(count)s in preparation", "%(count)s in preparation", found[0]), found))
    return words


def _pills(request: HttpRequest, counts: Counts, state: str) -> list[Pill]:
    to = narrowing(request.GET, "state")

    def pill(value: str, label: Any) -> Pill:
        return Pill(label, *_shown(counts, value), to(value), state == value)

    found = [pill("", _("All"))]
    found += [pill(one, P(one).label) for one in PILLS if one in counts or state == one]
    if _shown(counts, ENDED)[0] or state == ENDED:
        found.append(pill(ENDED, _("Ended early or cancelled")))
    return found


def _pages(request: HttpRequest, page: Any, found: tuple[int, bool]) -> dict[str, str]:
    words = ngettext("%(count)s practice", "%(count)s practices", found[0])
    return page_links(request.GET, page, words % {"count": counted(*found)})


# Several at once -----------------------------------------------------------------------------------


@require_POST
@login_required
def placements_many(request: HttpRequest) -> HttpResponse:
    """One verb on the chosen rows: what can be done is done, the rest is told with its reason."""
    verb = request.POST.get("verb", "")
    if verb not in MANY:
        raise BadRequest
    chosen, back = chosen_placements(request), back_to_list(request)
    if not chosen:
        messages.warning(request, _("Nothing was chosen."))
        return redirect(back)
    if not any(PLACEMENT.may(verb)(request.user, placement) for placement in chosen):
        raise Refused(_("Your role does not include this here."))
    label, said, run = MANY[verb]
    done, refused = 0, []
    for placement in chosen:
        try:
            run(placement, actor=request.user)
        except (WorkflowError, Refused) as refusal:
            refused.append((placement, refusal.reason))
        else:
            done += 1
    words = ngettext("%(done)s: %(count)d student", "%(done)s: %(count)d students", done)
    told = words % {"done": said, "count": done}
    if not refused:
        messages.success(request, told)
        return redirect(back)
    context = {"told": told, "refused": refused, "label": label, "back": back}
    return render(request, "internships/placement/many_result.html", context)
