"""Noting an idea, the list, its page, its verbs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.common.access import access
from partnerships.common.paging import capped_count, counted, keyset, narrowed, page_links
from partnerships.common.refusals import Refused, StaleState, WorkflowError
from partnerships.common.text import fold
from partnerships.directory.models import Organization
from partnerships.ideas import actions, forms, results, rules
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea
from partnerships.ideas.workflow import IDEA
from partnerships.workflow.models import Change
from partnerships.workflow.timeline import entry_of

DONE = {
    "note": gettext_lazy("Noted"),
    "change": gettext_lazy("Corrected"),
    "step": gettext_lazy("A step further"),
    "become": gettext_lazy("Has become something"),
    "drop": gettext_lazy("Dropped"),
    "reopen": gettext_lazy("Taken up again"),
}


# The list -----------------------------------------------------------------------------------------------
class Shown:
    """What the address narrows the list to."""

    def __init__(self, user: Any, params: QueryDict) -> None:
        self.user, self.params = user, params
        wanted = params.get("show", "")
        self.show = wanted if wanted in ("mine", "late", *IdeaState.values) else ""
        self.query = params.get("q", "").strip()[:100]
        slug = params.get("partner", "")
        self.partner = Organization.objects.filter(parent=None, slug=slug).first() if slug else None

    @property
    def base(self) -> Any:
        rows = Idea.objects.visible_to(self.user)
        for word in fold(self.query).split():
            rows = rows.filter(folded__contains=word)
        return rows.filter(partner=self.partner) if self.partner is not None else rows

    def rows(self, show: str | None = None) -> Any:
        show = self.show if show is None else show
        rows = self.base
        if show == "mine":
            return rows.open().filter(owner_id=self.user.person_id)
        if show == "late":
            return rows.late()
        return rows.filter(state=show) if show else rows

    def url(self, **changed: str) -> str:
        return narrowed(self.params, **changed)

    @property
    def pills(self) -> list[dict[str, Any]]:
        labels = {"": _("All"), "mine": _("Mine to move"), "late": _("Late")}
        labels.update({key: str(label) for key, label in IdeaState.choices})
        found = []
        for key, label in labels.items():
            count, more = capped_count(self.rows(key))
            if count or key in ("", self.show):
                found.append(
                    {
                        "label": label,
                        "url": self.url(show=key),
                        "count": count,
                        "more": more,
                        "on": key == self.show,
                    }
                )
        return found


@require_safe
@login_required
def ideas(request: HttpRequest) -> HttpResponse:
    """The ideas that one sees, the newest first."""
    shown = Shown(request.user, request.GET)
    page = keyset(shown.rows().with_rows(), request.GET, order=("-pk",))
    count, more = capped_count(shown.rows())
    words = ngettext("%(count)s idea", "%(count)s ideas", count)
    context = {
        "shown": shown,
        "rows": page.rows,
        "notes": rules.notes_ideas(request.user),
        "narrowed": bool(shown.show or shown.query or shown.partner),
        "page": page_links(request.GET, page, words % {"count": counted(count, more)}),
    }
    return render(request, "ideas/ideas.html", context)


# One idea -----------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest) -> HttpResponse:
    """Note an idea; from a partner's page with the partner filled in."""
    home = actions.home_of(request.user)
    if home is None:
        raise Refused(_("Ideas are noted by those who work for a partner."))
    partner = Organization.objects.partners().filter(slug=request.GET.get("partner", "")).first()
    form = forms.NoteForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        home=home,
        initial={"partner": partner and partner.pk},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.note(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            _take(form, error)
        else:
            messages.success(request, _("Noted."))
            return redirect(made)
    context = {"form": form, "heading": _("New idea"), "button": _("Save"), "back": reverse("ideas:list")}
    return render(request, "ideas/form.html", context, status=_status(form))


def _take(form: Any, error: ValidationError) -> None:
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, ValidationError(errors))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def found(request: HttpRequest, uid: Any, may: Any = None) -> Idea:
    return access(Idea.objects.with_rows(), uid, request.user, may)


@require_safe
@login_required
def idea(request: HttpRequest, uid: str) -> HttpResponse:
    """The line, whose move it is and by when, what became of it, the history."""
    shown = found(request, uid)
    offers = {offer.name: offer for offer in IDEA.available(shown, request.user)}
    context = {
        "idea": shown,
        "offers": [offers[name] for name in ("step", "become", "reopen", "drop") if name in offers],
        "mine": rules.owns(request.user, shown) and shown.state == IdeaState.OPEN,
        "may_change": rules.moves(request.user, shown),
        "result_url": _result_url(shown, request.user),
        "history": [entry_of(change, DONE, IDEA) for change in Change.objects.of(shown)],
        "makes": [(kind.label, kind.new_url) for kind in results.offered() if kind.makes(request.user)],
    }
    return render(request, "ideas/idea.html", context)


def _result_url(shown: Idea, user: Any) -> str:
    """The page of what it has become, to who may open that."""
    result: Any = shown.result if shown.content_type_id else None
    if result is None or not hasattr(result, "get_absolute_url"):
        return ""
    seen = type(result)._default_manager.visible_to(user).filter(pk=result.pk).exists()
    return result.get_absolute_url() if seen else ""


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, uid: str) -> HttpResponse:
    """The line, its partner and details; the second of two editors is shown the difference."""
    shown = found(request, uid, rules.moves)
    form = forms.ChangeForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(found(request, uid), actor=request.user, **form.cleaned_data)
        except StaleState as error:
            form = forms.ChangeForm(request.POST, instance=error.obj)
            form.is_valid()
        else:
            messages.success(request, _("Saved."))
            return redirect(shown)
    context = {
        "form": form,
        "heading": _("Correct the idea"),
        "button": _("Save"),
        "back": shown.get_absolute_url(),
    }
    return render(request, "ideas/form.html", context, status=form.status)


@dataclass(frozen=True)
class Act:
    run: Callable[[Idea, Any, dict[str, Any]], Any]
    form: Callable[..., Any]
    done: Any


ACTS = {
    "step": Act(
        lambda it, user, v: actions.step(it, actor=user, **v), forms.StepForm, gettext_lazy("Noted.")
    ),
    "become": Act(
        lambda it, user, v: actions.become(it, actor=user, **v),
        forms.BecomeForm,
        gettext_lazy("The idea is linked with what it has become."),
    ),
    "drop": Act(
        lambda it, user, v: actions.drop(it, actor=user, **v), forms.DropForm, gettext_lazy("Dropped.")
    ),
    "reopen": Act(
        lambda it, user, v: actions.reopen(it, actor=user, **v),
        forms.ReopenForm,
        gettext_lazy("Taken up again."),
    ),
}


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, uid: str, verb: str) -> HttpResponse:
    """GET asks what the verb needs, POST does it."""
    if verb not in ACTS:
        raise Http404
    shown = found(request, uid, rules.moves)
    offered = next((item for item in IDEA.available(shown, request.user) if item.name == verb), None)
    if offered is None:
        messages.info(request, _("This has already moved on; here is how it stands now."))
        return redirect(shown)
    form = ACTS[verb].form(request.POST if request.method == "POST" else None, idea=shown, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            moved = ACTS[verb].run(shown, request.user, form.cleaned_data)
        except ValidationError as error:
            _take(form, error)
        except WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(ACTS[verb].done))
            return redirect(moved)
    context = {
        "form": form,
        "idea": shown,
        "heading": offered.label,
        "button": offered.label,
        "danger": offered.transition.danger,
        "back": shown.get_absolute_url(),
    }
    return render(request, "ideas/form.html", context, status=_status(form))
