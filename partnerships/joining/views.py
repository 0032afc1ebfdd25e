"""The public page, the asker's page behind the link, and the pages of who looks after requests."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common import lists
from partnerships.common.access import access
from partnerships.common.limits import seconds_to_wait
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.common.sharing import sharing
from partnerships.common.tables import Column
from partnerships.common.templatetags.ui import chip
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.joining import actions, conditions, forms, links
from partnerships.joining.enums import JoinState
from partnerships.joining.models import JoinRequest
from partnerships.joining.moves import code_is_over, turn_of_asker, turn_of_manager
from partnerships.joining.workflow import JOINING
from partnerships.workflow.models import Change
from partnerships.workflow.pages import Act, RecordPage, record_page
from partnerships.workflow.timeline import entry_of

TOLD = {
    **JOINING.told,
    "request": gettext_lazy("Asked to join"),
}


def _history(request: JoinRequest) -> list[Any]:
    return [entry_of(change, TOLD, JOINING) for change in Change.objects.of(request)]


# The public page ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """One page: organisation, contact, directions. The answer goes by mail."""
    form = forms.JoinForm(request.POST if request.method == "POST" else None)
    over = ""
    if request.method == "POST" and form.is_valid():
        over = _too_many(request, form.cleaned_data["email"])
        if not over:
            language = (get_language() or settings.LANGUAGE_CODE)[:2]
            made = actions.ask_to_join(language=language, **form.values())
            return render(request, "joining/sent.html", {"email": made.email}, status=200)
        form.add_error(None, over)
    status = 429 if over else 422 if form.is_bound and form.errors else 200
    return render(request, "joining/join.html", {"form": form}, status=status)


def _too_many(request: HttpRequest, mailbox: str) -> str:
    """Why no more is taken for now; empty while it is. Anybody may type anybody's address, so that no mailbox
    is to be filled from many networks either."""
    if seconds_to_wait(request, "join", settings.JOIN_LIMIT, 3600):
        return _("Too many requests came from your network. Try again in an hour.")
    mailbox = mailbox.strip().lower()
    if seconds_to_wait(request, "join-mailbox", settings.JOIN_LIMIT, 3600, of=mailbox):
        return _("Too many requests were sent for this e-mail address. Try again in an hour.")
    return ""


# Behind the link ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where the request stands and whose move it is; the contact answers or withdraws here."""
    shown = links.open_link(token)
    actor = links.actor_of(shown)
    form = forms.NoteForm(request.POST if request.POST.get("verb") == "reply" else None)
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb not in ("reply", "withdraw"):
            raise Http404
        if verb == "withdraw" or form.is_valid():
            try:
                if verb == "withdraw":
                    actions.withdraw(shown, actor=actor)
                else:
                    actions.reply(shown, actor=actor, note=form.cleaned_data["note"])
            except WorkflowError as error:
                messages.info(request, str(error))
            else:
                sent = _("Your answer is on its way to the partnership manager.")
                messages.success(request, sent if verb == "reply" else _("Your request is withdrawn."))
            return redirect(links.path_of(shown))
    turn, invited = turn_of_asker(shown), shown.state == JoinState.INVITED
    came = invited and conditions.somebody_came(shown, actor) is None
    over = code_is_over(shown) and not came
    question = Change.objects.of(shown).filter(verb__in=("ask", "decline")).first()
    context = {
        "shown": shown,
        "form": form,
        "question": question.note if question else "",
        "mine": turn.mine if turn else shown.state == JoinState.ASKED or (invited and not came and not over),
        "turn": turn,
        "came": came,
        "code_over": over,
        "sign_up": links.sign_up_path(),
        "verbs": {offered.name for offered in JOINING.available(shown, actor)},
        "history": _history(shown),
    }
    answer = render(request, "joining/status.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer


# For who looks after them -------------------------------------------------------------------------------
def runs_partnership(user: Any) -> bool:
    access = access_of(user)
    return access.administers or access.operates


def _rows(user: Any) -> Any:
    if not runs_partnership(user):
        raise Refused(_("Requests to join are looked after by the partnership manager."))
    return JoinRequest.objects.visible_to(user)


KINDS: dict[str, str] = {
    JoinState.RECEIVED: "move",
    JoinState.JOINED: "good",
    JoinState.DECLINED: "bad",
    JoinState.WITHDRAWN: "",
}
REQUESTS = lists.ListPage(
    title=gettext_lazy("Requests to join"),
    about=gettext_lazy("Universities and companies that would like to become partners."),
    rows=_rows,
    keep=asked,
    fill=lambda rows: sharing(rows).only("uid", "name", "kind", "contact_name", "state", "state_since"),
    table=lambda rows: rows,
    address="joining:request",
    columns=(
        Column(gettext_lazy("Organisation"), lambda row: row.name, width=50),
        Column(gettext_lazy("Kind"), lambda row: row.get_kind_display(), width=18, only="table"),
        Column(gettext_lazy("Contact"), lambda row: row.contact_name, width=28),
        Column(gettext_lazy("Directions"), lambda row: "; ".join(row.wanted), width=50, only="table"),
        lists.state_column(KINDS),
        Column(gettext_lazy("Since"), lambda row: row.state_since, width=18),
        Column(pgettext_lazy("to join", "Asked"), lambda row: row.created, width=18, only="table"),
    ),
    under=lambda row: row.get_kind_display(),
    counted=lambda n: ngettext("%(count)s request", "%(count)s requests", n),
    empty=(
        gettext_lazy("Nobody asks to join just now"),
        gettext_lazy("Requests from the public page appear here."),
    ),
    lead=(gettext_lazy("The public page"), "joining:join"),
    icon="building",
    pills=lists.state_pills(JoinState),
    show="state",
    search=gettext_lazy("Search by name"),
    download="joining.requests",
)


ACTS = {
    "invite": Act(
        actions.invite,
        gettext_lazy("Invited: the code is on its way."),
        gettext_lazy("The contact is mailed a code for one person, good for thirty days."),
    ),
    "invite_again": Act(
        actions.invite_again,
        gettext_lazy("A new code is on its way."),
        gettext_lazy(
            "The contact is mailed a new code, good for thirty days. The earlier one works no longer."
        ),
    ),
    "ask": Act(
        actions.ask,
        gettext_lazy("Asked."),
        gettext_lazy("The contact reads it in a letter and answers behind the link."),
        note=gettext_lazy("Your question"),
        missing=gettext_lazy("Write your question."),
    ),
    "offer": Act(
        actions.offer,
        gettext_lazy("The draft is made. Check the text and who signs, then send it."),
        gettext_lazy("A draft of a framework agreement is made from the present template."),
    ),
    "offer_again": Act(
        actions.offer_again,
        gettext_lazy("The draft is made. Check the text and who signs, then send it."),
        gettext_lazy("A draft of a framework agreement is made from the present template."),
    ),
    "join": Act(
        actions.join,
        gettext_lazy("A partner now."),
        gettext_lazy("The organisation stands on the page of partners from now on."),
    ),
    "decline": Act(
        actions.decline,
        gettext_lazy("Declined. The contact is told why."),
        gettext_lazy("The contact reads the reason. An invitation no longer works."),
    ),
}


REQUEST_PAGE = RecordPage(
    rows=JoinRequest.objects.with_rows,
    workflow=JOINING,
    acts=ACTS,
    told=TOLD,
    first=("invite", "offer", "offer_again", "join"),
    above=((gettext_lazy("Requests to join"), "joining:requests"),),
    template="joining/request.html",
)


@require_safe
@login_required
def one_request(request: HttpRequest, uid: str) -> HttpResponse:
    """What was asked, where it stands, what can be done."""
    shown = access(JoinRequest.objects.with_rows(), uid, request.user)
    free = {one.name for one in JOINING.available(shown, request.user) if one.refusal is None}
    turn = turn_of_manager(shown, request.user)
    over = code_is_over(shown) and "invite_again" in free
    mine = turn.mine if turn else shown.state == JoinState.RECEIVED or over or bool({"offer", "join"} & free)
    state = chip(shown.get_state_display(), "move" if mine else KINDS.get(shown.state, "on"))
    kind = shown.get_kind_display()
    return record_page(
        request, shown, REQUEST_PAGE, mine=mine, subheading=kind, chip=state, turn=turn, code_over=over
    )
