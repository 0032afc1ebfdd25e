"""Ready pages of a workflow: a record with its history and the verbs that its reader may use, and a page for
every verb, which asks what the table says it needs. Docs: docs/pages.md."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.lists import ListPage, list_page
from partnerships.common.pages import NewPage, as_typed, choose_from, crumbs, form_page, new_page, posted
from partnerships.common.refusals import IllegalTransition, Refused
from partnerships.workflow.engine import Available, Workflow
from partnerships.workflow.models import Change
from partnerships.workflow.timeline import changes_of, entry_of

NOTE = 2000
DONE = gettext_lazy("Done.")
WHY = gettext_lazy("Say why.")
READ = gettext_lazy("Say why: the other side reads it.")


@dataclass(frozen=True)
class Act:
    """A verb as a page does it.

    run    the action: run(object, actor=user, **what was typed)
    done   what is said afterwards; intro  what follows from it, said before
    note   the label of the text that goes with it; asked for, not demanded, where the table needs none
    help   who reads that text; missing  what is said when it is demanded and empty
    asks   what of the table's `needs` is asked, where the action fills in the rest
    form   a form of its own, made with `subject` and `user`, in place of the one that the table makes
    away   name of the page to go to where whoever does it does not see the record any longer
    """

    run: Callable[..., Any]
    done: Any = DONE
    intro: Any = ""
    note: Any = ""
    help: Any = ""
    missing: Any = ""
    asks: tuple[str, ...] | None = None
    form: Callable[..., Any] | None = None
    away: str = ""


Acts = Mapping[str, Act]


def form_of(workflow: Workflow, verb: str, model: type[models.Model], act: Act) -> type[forms.Form]:
    """A form with what the table says a verb needs: the note, and fields of the model."""
    needs = workflow[verb].needs if act.asks is None else act.asks
    fields: dict[str, Any] = {
        name: as_typed(model._meta.get_field(name), required=True) for name in needs if name != "note"
    }
    if "note" in needs or act.note:
        fields["note"] = forms.CharField(
            label=act.note or _("Reason"),
            required="note" in needs,
            max_length=NOTE,
            help_text=act.help,
            error_messages={"required": act.missing or (READ if act.help else WHY)},
            widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": str(NOTE)}),
        )
    return type("VerbForm", (forms.Form,), fields)


def offered_to(workflow: Workflow, obj: Any, user: Any, verb: str) -> Available | None:
    return next((one for one in workflow.available(obj, user) if one.name == verb), None)


def verb_page(
    request: HttpRequest,
    obj: Any,
    verb: str,
    workflow: Workflow,
    acts: Acts,
    *,
    back: str = "",
    template: str = "act.html",
    **context: Any,
) -> HttpResponse:
    """GET says what follows and asks what the verb needs, POST does it; of what `acts` names alone.

    `obj` came through `access`: a stranger has met a 404. Raises Refused to who sees it but may not do this;
    who is too late or too early is led to how it stands now, and what they typed is shown to them
    (IllegalTransition, 409).
    """
    if verb not in acts:
        raise Http404
    act, back = acts[verb], back or obj.get_absolute_url()
    offered = offered_to(workflow, obj, request.user, verb)
    if offered is None:
        # Some verbs depend on something else: who has just done it is too late, not a stranger.
        if not workflow.may(verb)(request.user, obj) and not _pressed_again(request, obj, verb):
            raise Refused(_("Your role does not include this here."))
        return not_due(request, obj, verb, back, workflow.not_due(obj))
    data, files = posted(request)
    if act.form is not None:
        form = act.form(data, files, subject=obj, user=request.user)
    else:
        form = form_of(workflow, verb, type(obj), act)(data)
        for name, rows in workflow[verb].among.items():
            choose_from(form, name, rows(request.user))
    if act.away:
        context["to"] = partial(_where_to, obj, request.user, act.away)
    return form_page(
        request,
        form,
        partial(act.run, obj, actor=request.user),
        heading=offered.label,
        back=back,
        done=act.done,
        template=template,
        **{"offered": offered, "intro": act.intro, **context},
    )


def _where_to(obj: Any, user: Any, away: str) -> str:
    """The record's page, while its reader sees it."""
    seen = type(obj)._default_manager.visible_to(user).filter(pk=obj.pk).exists()
    return obj.get_absolute_url() if seen else reverse(away)


def not_due(request: HttpRequest, obj: Any, verb: str, back: str, reason: str) -> HttpResponse:
    """To who comes with a verb that the state has no way out for: back to how it stands now. Raises
    IllegalTransition (409) where they typed something, so that it is shown to them."""
    if _typed(request) and not _pressed_again(request, obj, verb):
        raise IllegalTransition(reason, obj)
    messages.info(request, reason)
    return redirect(back)


def _typed(request: HttpRequest) -> bool:
    return any(key != "csrfmiddlewaretoken" and value.strip() for key, value in request.POST.items())


def _pressed_again(request: HttpRequest, obj: Any, verb: str) -> bool:
    """The last thing that happened is this very press: nothing is lost that was typed."""
    last = Change.objects.of(obj).first()
    note = (request.POST.get("note") or request.POST.get("reason") or "").strip()
    return last is not None and (last.verb, last.user_id, last.note) == (verb, request.user.pk, note)


@dataclass(frozen=True)
class Button:
    """A verb as a page draws it: a link to its page, or blocked with the reason why."""

    name: str
    label: str
    url: str
    css: str
    why: str = ""


def buttons(
    offered: Sequence[Available],
    names: Container[str],
    url: Callable[[str], str],
    first: Sequence[str] = (),
) -> list[Button]:
    """The verbs of `names` that are offered, the primary one first, what ends something last.

    The one primary button is the first of `first` that can be pressed; without it, of those that end nothing.
    """
    known = [one for one in offered if one.name in names]
    free = [one.name for one in known if one.refusal is None]
    order = first or [one.name for one in known if not one.transition.danger]
    main = next((name for name in order if name in free), "")

    def css(one: Available) -> str:
        if one.name == main:
            return "btn-primary"
        return "btn-danger-quiet" if one.transition.danger else "btn-quiet"

    drawn = [
        Button(
            one.name, str(one.label), url(one.name), css(one), str(one.refusal.reason) if one.refusal else ""
        )
        for one in known
    ]
    return sorted(drawn, key=lambda button: (button.css != "btn-primary", "danger" in button.css))


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """A record with its history, and a page for each of its verbs, as data.

    rows   () -> rows to draw from, with what the page shows; the door is `visible_to`
    told   verb -> words in the history of what moves no state, or where the table's words will not do
    first  which verb is the primary one, in this order; without it the first that ends nothing
    facts  row -> ((label, value), ...)
    above  the way to it: (label, name of the address), ...
    detail change -> what its line in the history says besides
    moves  (row, verb) -> whether the primary verb has to be done by now: only then it is its reader's move
    why    (row, its changes, the newest first) -> what whoever brought it there wrote, for the strip
    The page of a verb stands below the record's own address: <uid>/<verb>/.
    """

    rows: Callable[[], Any]
    workflow: Workflow
    acts: Acts
    told: Mapping[str, Any] = field(default_factory=dict)
    first: Sequence[str] = ()
    facts: Callable[[Any], Iterable[tuple[Any, Any]]] = lambda _row: ()
    above: Sequence[tuple[Any, str]] = ()
    detail: Callable[[Change], str] = lambda _change: ""
    moves: Callable[[Any, str], bool] = lambda _row, _verb: True
    why: Callable[[Any, Sequence[Change]], str] = lambda _row, _changes: ""
    template: str = "pages/record.html"


def record_page(request: HttpRequest, obj: Any, page: RecordPage, **context: Any) -> HttpResponse:
    """A record that came through `access`: whose move it is with the verbs, its facts, its history.

    The template may be told: say and detail of the strip, mine (by itself where there is a primary button),
    subheading, edit (the address of a form that corrects it).
    """
    base, offered = obj.get_absolute_url(), page.workflow.available(obj, request.user)
    drawn = buttons(offered, page.acts, lambda name: f"{base}{name}/", page.first)
    changes = changes_of(obj)
    context = {
        "record": obj,
        "buttons": drawn,
        "mine": any(button.css == "btn-primary" and page.moves(obj, button.name) for button in drawn),
        "facts": page.facts(obj),
        "why": page.why(obj, changes),
        "history": [
            entry_of(change, page.told, page.workflow, detail=page.detail(change)) for change in changes
        ],
        "crumbs": crumbs(page.above),
        **context,
    }
    return render(request, page.template, context)


@require_safe
@login_required
def record(request: HttpRequest, uid: Any, page: RecordPage) -> HttpResponse:
    """`record_page` as a view: path("<uuid:uid>/", record, {"page": LOAN_PAGE}, name="loan")."""
    return record_page(request, access(page.rows(), uid, request.user), page)


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: Any, verb: str, page: RecordPage) -> HttpResponse:
    """`verb_page` as a view: path("<uuid:uid>/<slug:verb>/", act, {"page": LOAN_PAGE}, name="act")."""
    obj = access(page.rows(), uid, request.user)
    way = crumbs(page.above, (obj, obj.get_absolute_url()))
    return verb_page(request, obj, verb, page.workflow, page.acts, crumbs=way)


def addresses(
    one: str, many: str, rows: ListPage, record_of: RecordPage, new: NewPage | None = None
) -> list[URLPattern]:
    """The addresses of ready pages, for `urlpatterns`: a list, what is new in it, a record, its verbs.

    addresses("loan", "loans", LOANS, LOAN_PAGE, NEW) has loans/, loans/new/, loans/<uid>/ and
    loans/<uid>/<verb>/, named "loans", "loan_new", "loan" and "loan_act".
    """
    made = [path(f"{many}/new/", new_page, {"page": new}, name=f"{one}_new")] if new else []
    return [
        path(f"{many}/", list_page, {"page": rows}, name=many),
        *made,
        path(f"{many}/<uuid:uid>/", record, {"page": record_of}, name=one),
        path(f"{many}/<uuid:uid>/<slug:verb>/", act, {"page": record_of}, name=f"{one}_act"),
    ]
