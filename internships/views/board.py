"""The company's board beside the list: the same rows by stage, each move a verb of the workflow."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from internships import board as boards
from internships import rules, worklists
from internships.forms.worklist import WorklistForm
from internships.history import DONE
from internships.models import Application
from internships.views.board_cards import Drawing, Step, cards_of, page_of_step, steps_of
from internships.views.board_lanes import Column, lanes
from internships.views.deciding import VERBS, overtaken, told_by
from internships.views.worklist import Desk, desk_of, scope_of
from internships.views.worklist_drawn import narrowing_form
from partnerships.common.access import access
from partnerships.common.addresses import kept_address
from partnerships.common.capped import Found
from partnerships.common.query_words import Key
from partnerships.common.refusals import Blocked, IllegalTransition, Refused, StaleState
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role

LEADS_TO = ("index", "worklist", "decide")
NO_WAY = gettext_lazy("{name}: there is no step from “{here}” to “{there}”.")


@dataclass(frozen=True)
class Said:
    """What came of a move, for eye and ear."""

    text: str
    kind: str  # success | warning


# The page -------------------------------------------------------------------------------------------


@require_safe
@login_required
def board(request: HttpRequest) -> HttpResponse:
    """Applications of one programme by stage."""
    return _page(request, request.GET)


def _desk(user: Any, params: QueryDict) -> Desk:
    if not access_of(user).has(Role.HR):
        raise Refused(_("Only human resources of a company decide on applications."))
    desk = desk_of(user, params)
    if desk.programme is None:  # the board is of one programme
        desk.programme = worklists.default_round(user)
    if desk.programme is not None and not rules.runs_programme(user, desk.programme):
        raise Refused(_("Only human resources of a company decide on applications."))
    return desk


def _page(
    request: HttpRequest, params: QueryDict, said: Said | None = None, status: int = 200
) -> HttpResponse:
    desk = _desk(request.user, params)
    form = WorklistForm(params, desk.facets, scores=True, ordered=False)
    pages = {key: page for key in boards.LANES if (page := _number(params, key))}
    found = _parts(desk, form, pages)
    query = params.copy()
    query.pop("sort", None)
    drawing = Drawing(request, query.urlencode())
    columns = [_column(boards.LANES[key], part, desk, drawing, query) for key, part in found.items()]
    anything = form.narrows or any(part.count for part in found.values())
    context = {
        "desk": desk,
        "narrow": narrowing_form(desk, form, "board", narrowed=form.narrows),
        "columns": columns,
        "lanes": lanes(columns) if anything else None,
        "query": drawing.query,
        "said": said,
        "no_way": NO_WAY,
        "to": {name: kept_address(f"internships:{name}") for name in LEADS_TO},
    }
    return render(request, "internships/board.html", context, status=status)


def _parts(desk: Desk, form: WorklistForm, pages: dict[str, int]) -> dict[str, boards.Part]:
    rows = _standing(desk, form)
    if form.narrows:
        return boards.parts_of(rows, pages, narrowed=True)
    counts: dict[str, Found] = {}
    found = boards.parts_of(rows, pages, long=desk.facets.long or (), counts=counts)
    if counts:
        worklists.keep_long(desk.user, desk.programme, desk.facets, counts)
    return found


def _standing(desk: Desk, form: WorklistForm) -> Any:
    """Whom the address asks for."""
    if not form.narrows and desk.programme is not None:
        return boards.standing_in(desk.user, Key(desk.programme.pk))
    rows = scope_of(desk)
    return form.narrow(worklists.with_due(rows, desk.programme) if form.value("late") else rows)


def _number(params: QueryDict, key: str) -> int:
    """The page of a column that the address asks for; 0 where it does not."""
    text = params.get(f"page_{key}", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _column(lane: boards.Lane, part: boards.Part, desk: Desk, drawing: Drawing, query: QueryDict) -> Column:
    cards = cards_of(part.cards, desk.user, desk.decides)
    column = Column(lane, part, cards, drawing.cards(cards))

    def url(number: int) -> str:
        other = query.copy()
        other[f"page_{lane.key}"] = str(number)
        return f"?{other.urlencode()}#lane-{lane.key}"

    if not part.page:
        if part.further:
            column.more = url(1)
            column.further = drawing.more(column.more, str(lane.label))
        return column
    column.before = url(part.page - 1) if part.page > 1 else ""
    column.after = url(part.page + 1) if part.further else ""
    return column


# Moving ---------------------------------------------------------------------------------------------


@require_POST
@login_required
def board_move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Bring a card to another column, by the verb that leads there; nothing else moves it."""
    application = access(Application.objects.with_rows(), uid, request.user, rules.decides_application)
    lane = boards.LANES.get(request.POST.get("to", ""))
    if lane is None:
        raise BadRequest
    if words := overtaken(application, request):
        return _answer(request, application, Said(words, "warning"))
    card = boards.read([application.pk])[0]
    step = next((step for step in steps_of(card, request.user) if step.to == lane.key), None)
    if step is None or step.why:
        return _answer(request, application, Said(_refused(application, lane, step), "warning"))
    if step.asks:
        return _lead(request, page_of_step(card, step))
    try:
        VERBS[step.verb](application, actor=request.user)
    except (IllegalTransition, StaleState):
        said = Said(told_by(Application.objects.with_parties().get(pk=application.pk)), "warning")
    except Blocked as blocked:
        said = Said(f"{application.person.name}: {blocked.reason}", "warning")
    else:
        done = {"name": application.person.name, "done": DONE[step.verb]}
        said = Said(_("%(done)s: %(name)s") % done, "success")
    return _answer(request, application, said)


def _refused(application: Application, lane: boards.Lane, step: Step | None) -> str:
    if step is not None:
        return f"{application.person.name}: {step.why}"
    here = boards.lane_of(application.state)
    words = {
        "name": application.person.name,
        "here": here.label if here else application.get_state_display(),
        "there": lane.label,
    }
    return str(NO_WAY).format(**words)


def _lead(request: HttpRequest, url: str) -> HttpResponse:
    """To the page of the verb that asks for more; a request by script is told to go there."""
    if not request.headers.get("HX-Request"):
        return redirect(url)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = url
    return answer


def _answer(request: HttpRequest, application: Application, said: Said) -> HttpResponse:
    """The board as it stands now, with what came of it: in place, or after a redirect without script."""
    params = QueryDict(request.POST.get("query", "")[:2000], mutable=True)
    params["programme"] = application.programme.slug
    if request.headers.get("HX-Request"):
        return _page(request, params, said, status=200 if said.kind == "success" else 409)
    level = messages.SUCCESS if said.kind == "success" else messages.WARNING
    messages.add_message(request, level, said.text)
    return redirect(f"{reverse('internships:board')}?{params.urlencode()}")
