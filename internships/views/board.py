"""The company's board beside the list: the same rows by stage, each move a verb of the workflow."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from internships import board as boards
from internships import rules, worklists
from internships.enums import ApplicationState as A
from internships.enums import InterviewState
from internships.forms.worklist import WorklistForm
from internships.history import DONE
from internships.models import Application
from internships.views.deciding import VERBS, overtaken, told_by
from internships.views.worklist import ALL, Desk, desk_of, scope_of
from internships.views.worklist_lines import KINDS
from internships.workflow import APPLICATION, INTERVIEW
from partnerships.common.access import access
from partnerships.common.refusals import Blocked, IllegalTransition, Refused, StaleState
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role

NO_WAY = gettext_lazy("{name}: there is no step from “{here}” to “{there}”.")


@dataclass(frozen=True)
class Step:
    """Where a card can go: the column, the verb that leads there, why it cannot now, the page that asks."""

    to: str
    label: str
    why: str = ""
    url: str = ""
    verb: str = ""


@dataclass
class Card:
    application: Application
    place: Any
    unit: Any
    chip: str
    late: bool
    steps: list[Step]


@dataclass
class Column:
    lane: boards.Lane
    count: int
    cards: list[Card]
    number: int

    @property
    def first(self) -> int:
        return (self.number - 1) * boards.SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.cards) - 1


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
        desk.programme = worklists.default_round(desk.rounds)
    if desk.programme is not None and not rules.runs_programme(user, desk.programme):
        raise Refused(_("Only human resources of a company decide on applications."))
    return desk


def _page(
    request: HttpRequest, params: QueryDict, said: Said | None = None, status: int = 200
) -> HttpResponse:
    desk = _desk(request.user, params)
    form = WorklistForm(params, worklists.facets(desk.user, desk.programme), scores=True, ordered=False)
    rows = form.narrow(worklists.with_due(scope_of(desk), desk.programme))
    found = boards.counts(rows)
    pages = {key: _number(params, key, count) for key, count in found.items()}
    shown = boards.page_of(rows, pages)
    columns = [
        Column(lane, found[key], [_card(row, desk.user) for row in shown[key]], pages[key])
        for key, lane in boards.LANES.items()
    ]
    query = params.copy()
    query.pop("sort", None)
    context = {
        "desk": desk,
        "form": form,
        "columns": [(column, *_neighbours(query, column)) for column in columns],
        "anything": any(found.values()) or form.narrows,
        "narrowed": form.narrows,
        "query": query.urlencode(),
        "said": said,
        "no_way": NO_WAY,
        "all_value": ALL,
    }
    return render(request, "internships/board.html", context, status=status)


def _number(params: QueryDict, key: str, count: int) -> int:
    """The page of a column that the address asks for, within what there is."""
    text = params.get(f"page_{key}", "")
    last = max(1, -(-count // boards.SIZE))
    return min(int(text), last) if text.isdecimal() and len(text) < 7 and int(text) else 1


def _neighbours(query: QueryDict, column: Column) -> tuple[str, str]:
    """Addresses of the column's page before and after this one."""

    def url(number: int) -> str:
        other = query.copy()
        other[f"page_{column.lane.key}"] = str(number)
        return f"?{other.urlencode()}"

    before = url(column.number - 1) if column.number > 1 else ""
    return before, url(column.number + 1) if column.last < column.count else ""


def _card(row: Application, user: Any) -> Card:
    choices = list(row.choices.all())
    vacancy = row.offered_vacancy or (choices[0].vacancy if choices else None)
    due = row.due_at  # type: ignore[attr-defined]
    return Card(
        row,
        vacancy.position.title if vacancy else "",
        vacancy.position.unit if vacancy else "",
        "move" if row.state == A.IN_REVIEW else KINDS.get(A(row.state), ""),
        due is not None and due < timezone.now(),
        steps_of(row, user),
    )


# Moving ---------------------------------------------------------------------------------------------


def steps_of(application: Application, user: Any) -> list[Step]:
    """Every column that the company can bring this card to, in the order of the board."""
    offered = {found.name: found for found in APPLICATION.available(application, user)}
    steps = []
    for lane in boards.LANES.values():
        name = boards.verb_to(application.state, lane)
        if name in offered:
            found = offered[name]
            why = str(found.refusal.reason) if found.refusal else ""
            url = "" if name in boards.AT_ONCE else _form_url(application, name)
            steps.append(Step(lane.key, str(found.label), why, url, name))
    if talk := _talk_to_hold(application, user):
        url = reverse("internships:interview", args=[talk.uid, "hold"])
        steps.insert(0, Step(A.IN_REVIEW.value, str(INTERVIEW["hold"].label), url=url))
    return steps


def _talk_to_hold(application: Application, user: Any) -> Any:
    """An interview leads back to the decision by being written up."""
    talks = [talk for talk in application.interviews.all() if talk.state == InterviewState.SCHEDULED]
    if application.state != A.INTERVIEW or not talks or not rules.decides_application(user, application):
        return None
    return min(talks, key=lambda talk: talk.starts)


def _form_url(application: Application, verb: str) -> str:
    name = "internships:interview_invite" if verb == "invite" else "internships:decision"
    arguments = [application.uid] if verb == "invite" else [application.uid, verb]
    board_url = f"{reverse('internships:board')}?{urlencode({'programme': application.programme.slug})}"
    query = {"back": board_url, "seen": application.version}
    return f"{reverse(name, args=arguments)}?{urlencode(query)}"


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
    step = next((step for step in steps_of(application, request.user) if step.to == lane.key), None)
    if step is None or step.why:
        return _answer(request, application, Said(_refused(application, lane, step), "warning"))
    if step.url:
        return _lead(request, step.url)
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
