"""Ready pages of a workflow: a record with its history and the verbs that its reader may use, and a page for
every verb, which asks what the table says it needs. Docs: docs/pages.md."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.pages import as_typed, form_page, posted
from partnerships.common.refusals import Refused
from partnerships.workflow.engine import Available, Workflow
from partnerships.workflow.models import Change
from partnerships.workflow.timeline import entry_of

NOTE = 2000
DONE = gettext_lazy("Done.")


@dataclass(frozen=True)
class Act:
    """A verb as a page does it.

    run    the action: run(object, actor=user, **what was typed)
    done   what is said afterwards; intro  what follows from it, said before
    note   the label of the text that goes with it; asked for, not demanded, where the table needs none
    help   who reads that text
    form   a form of its own, made with `subject` and `user`, in place of the one that the table makes
    """

    run: Callable[..., Any]
    done: Any = DONE
    intro: Any = ""
    note: Any = ""
    help: Any = ""
    form: Callable[..., Any] | None = None


Acts = Mapping[str, Act]


def form_of(workflow: Workflow, verb: str, model: type[models.Model], act: Act) -> type[forms.Form]:
    """A form with what the table says a verb needs: the note, and fields of the model."""
    needs = workflow[verb].needs
    fields: dict[str, Any] = {
        name: as_typed(model._meta.get_field(name), required=True) for name in needs if name != "note"
    }
    if "note" in needs or act.note:
        fields["note"] = forms.CharField(
            label=act.note or _("Reason"),
            required="note" in needs,
            max_length=NOTE,
            help_text=act.help,
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
    who is too late is led to how it stands now.
    """
    if verb not in acts:
        raise Http404
    act, back = acts[verb], back or obj.get_absolute_url()
    offered = offered_to(workflow, obj, request.user, verb)
    if offered is None:
        if not workflow.may(verb)(request.user, obj):
            raise Refused(_("Your role does not include this here."))
        messages.info(request, _("This has already moved on; here is how it stands now."))
        return redirect(back)
    data, files = posted(request)
    if act.form is not None:
        form = act.form(data, files, subject=obj, user=request.user)
    else:
        form = form_of(workflow, verb, type(obj), act)(data)
    return form_page(
        request,
        form,
        partial(act.run, obj, actor=request.user),
        heading=offered.label,
        back=back,
        done=act.done,
        template=template,
        **{"offered": offered, "intro": act.intro, "subheading": str(obj), **context},
    )


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


def record_page(
    request: HttpRequest,
    obj: Any,
    workflow: Workflow,
    acts: Container[str],
    *,
    template: str = "pages/record.html",
    told: Mapping[str, Any] | None = None,
    first: Sequence[str] = (),
    **context: Any,
) -> HttpResponse:
    """A record: whose move it is with the verbs of `acts`, its facts, its history.

    told   verb -> words in the history, where the label of the table will not do
    The template may be told: facts ((label, value), ...), say and detail of the strip, mine (by itself where
    there is a primary button), crumbs, subheading, edit (the address of a form that corrects it).
    The page of a verb stands below the record's own address: <uid>/<verb>/.
    """
    base = obj.get_absolute_url()
    drawn = buttons(workflow.available(obj, request.user), acts, lambda name: f"{base}{name}/", first)
    context = {
        "record": obj,
        "buttons": drawn,
        "mine": any(button.css == "btn-primary" for button in drawn),
        "history": [entry_of(change, told or {}, workflow) for change in Change.objects.of(obj)],
        **context,
    }
    return render(request, template, context)
