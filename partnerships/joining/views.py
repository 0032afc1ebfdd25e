"""The public page, the asker's page behind the link, and the pages of who looks after requests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.limits import seconds_to_wait
from partnerships.common.paging import capped_count, counted, keyset, page_links
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.joining import actions, forms, links, rules
from partnerships.joining.enums import JoinState
from partnerships.joining.models import JoinRequest
from partnerships.joining.workflow import JOINING
from partnerships.workflow.models import Change
from partnerships.workflow.timeline import entry_of

DONE = {
    "request": gettext_lazy("Asked to join"),
    "invite": gettext_lazy("First person invited"),
    "ask": gettext_lazy("Question asked"),
    "offer": gettext_lazy("Agreement offered"),
    "join": gettext_lazy("Became a partner"),
    "decline": gettext_lazy("Declined"),
    "reply": gettext_lazy("Answered"),
    "withdraw": gettext_lazy("Withdrawn"),
}


def _history(request: JoinRequest) -> list[Any]:
    return [entry_of(change, DONE, JOINING) for change in Change.objects.of(request)]


# The public page ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """One page: organisation, contact, directions. The answer goes by mail."""
    form = forms.JoinForm(request.POST if request.method == "POST" else None)
    wait = 0
    if request.method == "POST" and form.is_valid():
        wait = seconds_to_wait(request, "join", settings.JOIN_LIMIT, 3600)
        if not wait:
            language = (get_language() or settings.LANGUAGE_CODE)[:2]
            made = actions.ask_to_join(language=language, **form.values())
            return render(request, "joining/sent.html", {"email": made.email}, status=200)
        form.add_error(None, _("Too many requests came from your network. Try again in an hour."))
    status = 429 if wait else 422 if form.is_bound and form.errors else 200
    return render(request, "joining/join.html", {"form": form}, status=status)


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
                messages.success(request, _("Done."))
            return redirect(links.path_of(shown))
    question = Change.objects.of(shown).filter(verb__in=("ask", "decline")).first()
    context = {
        "shown": shown,
        "form": form,
        "question": question.note if question else "",
        "mine": shown.state in (JoinState.ASKED, JoinState.INVITED),
        "verbs": {offered.name for offered in JOINING.available(shown, actor)},
        "history": _history(shown),
    }
    answer = render(request, "joining/status.html", context, status=422 if form.errors else 200)
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer


# For who looks after them -------------------------------------------------------------------------------
def runs_partnership(user: Any) -> bool:
    access = access_of(user)
    return access.administers or access.operates


def found(user: Any, params: QueryDict) -> tuple[Any, str, str]:
    """(requests of that name, what was typed, the state asked for)."""
    if not runs_partnership(user):
        raise Refused(_("Requests to join are looked after by the partnership manager."))
    state = params.get("state", "")
    query = params.get("q", "").strip()[:100]
    base = JoinRequest.objects.visible_to(user)
    for word in fold(query).split():
        base = base.filter(folded__contains=word)
    return base, query, state if state in JoinState.values else ""


@require_safe
@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """All requests, those that wait first in the pills."""
    base, query, state = found(request.user, request.GET)
    rows = base.filter(state=state) if state else base
    page = keyset(rows.with_rows(), request.GET, order=("-pk",))
    count, more = capped_count(rows)
    pills = [("", _("All"), capped_count(base)[0])]
    pills += [(key, str(label), base.filter(state=key).count()) for key, label in JoinState.choices]
    words = ngettext("%(count)s request", "%(count)s requests", count)
    context = {
        "rows": page.rows,
        "pills": [pill for pill in pills if pill[2] or pill[0] in ("", state)],
        "state": state,
        "query": query,
        "page": page_links(request.GET, page, words % {"count": counted(count, more)}),
    }
    return render(request, "joining/requests.html", context)


@require_safe
@login_required
def one_request(request: HttpRequest, uid: str) -> HttpResponse:
    """What was asked, where it stands, what can be done."""
    shown = access(JoinRequest.objects.with_rows(), uid, request.user)
    offers = JOINING.available(shown, request.user)
    free = [offered.name for offered in offers if offered.refusal is None]
    context = {
        "shown": shown,
        "offers": offers,
        "primary": next((name for name in ("invite", "offer", "join") if name in free), ""),
        "mine": shown.state == JoinState.RECEIVED or bool({"offer", "join"} & set(free)),
        "history": _history(shown),
    }
    return render(request, "joining/request.html", context)


@dataclass(frozen=True)
class Act:
    """A verb as a page does it."""

    run: Callable[[JoinRequest, Any, dict[str, Any]], Any]
    done: Any
    form: type[django_forms.Form] = forms.SureForm
    intro: Any = ""


ACTS = {
    "invite": Act(
        lambda it, user, _v: actions.invite(it, actor=user),
        gettext_lazy("Invited: the code is on its way."),
        intro=gettext_lazy("The contact is mailed a code for one person, good for thirty days."),
    ),
    "ask": Act(
        lambda it, user, v: actions.ask(it, actor=user, **v),
        gettext_lazy("Asked."),
        forms.NoteForm,
        gettext_lazy("The contact reads it in a letter and answers behind the link."),
    ),
    "offer": Act(
        lambda it, user, _v: actions.offer(it, actor=user),
        gettext_lazy("The draft is made. Check the text and who signs, then send it."),
        intro=gettext_lazy("A draft of a framework agreement is made from the present template."),
    ),
    "join": Act(
        lambda it, user, _v: actions.join(it, actor=user),
        gettext_lazy("A partner now."),
        intro=gettext_lazy("The organisation stands on the page of partners from now on."),
    ),
    "decline": Act(
        lambda it, user, v: actions.decline(it, actor=user, **v),
        gettext_lazy("Declined. The contact is told why."),
        forms.NoteForm,
        gettext_lazy("The contact reads the reason. An invitation no longer works."),
    ),
}


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """GET says what follows, POST does it."""
    if verb not in ACTS:
        raise Http404
    shown = access(JoinRequest.objects.with_rows(), uid, request.user, rules.looks_after)
    form = ACTS[verb].form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer = ACTS[verb].run(shown, request.user, form.cleaned_data)
        except WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(ACTS[verb].done))
            return redirect(answer)
    offered = next((item for item in JOINING.available(shown, request.user) if item.name == verb), None)
    if offered is None:
        messages.info(request, _("This has already moved on; here is how it stands now."))
        return redirect(shown)
    context = {
        "shown": shown,
        "offered": offered,
        "intro": ACTS[verb].intro,
        "form": form,
        "back": shown.get_absolute_url(),
    }
    return render(request, "joining/act.html", context, status=422 if form.errors else 200)
