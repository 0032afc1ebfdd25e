"""Ready pages: a form that calls an action. Lists stand in lists.py; pages of a workflow (its verbs, a record
with its history) in workflow/pages.py.

They are plain functions and hold no rights of their own: a form's action refuses. What a page has besides
goes into the context, and into a template that extends the ready one. Docs: docs/pages.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from partnerships.common.days import DayField, MomentField
from partnerships.common.forms import take
from partnerships.common.refusals import Refused, StaleState, WorkflowError

SAVED = gettext_lazy("Saved.")


def crumbs(above: Sequence[tuple[Any, str]], *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way to a page, for its `crumbs`: names of addresses first, then addresses."""
    return [*((label, reverse(name)) for label, name in above), *more]


def drawn_anew() -> HttpResponse:
    """To a moving part of a page that has nothing more to wait for: htmx asks for the whole page again."""
    return HttpResponse(headers={"HX-Refresh": "true"})


# Forms --------------------------------------------------------------------------------------------------
def as_typed(field: Any, **kwargs: Any) -> Any:
    """The form field of a model's field as this house draws it: days with a calendar, texts of any script."""
    if isinstance(field, models.DateTimeField):
        kwargs["form_class"] = MomentField
    elif isinstance(field, models.DateField):
        kwargs["form_class"] = DayField
    elif isinstance(field, models.TextField):
        kwargs["widget"] = forms.Textarea({"rows": 3, "dir": "auto"})
    return field.formfield(**kwargs)


def form_for(model: type[models.Model], *names: str, base: type[Any] = forms.ModelForm) -> type[Any]:
    """A form over these fields of a model. `base=VersionedForm` for what two people may edit at once."""
    return forms.modelform_factory(model, form=base, fields=names, formfield_callback=as_typed)


def attempt(form: Any, run: Callable[..., Any]) -> Any:
    """What `run` answers when it is called with what was typed. What refuses it stands in the form's errors
    and nothing typed is lost; of two editors the slower is shown what differs. Raises `Refused`: that is
    no matter of what was typed."""
    values = form.values() if hasattr(form, "values") else form.cleaned_data
    try:
        return run(**values)
    except ValidationError as error:
        take(form, error)
    except StaleState as error:
        if hasattr(form, "meet"):
            form.meet(error.obj)
        else:
            form.add_error(None, f"{error.reason} {_('Send again to keep what you wrote.')}")
    except WorkflowError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.reason))
    return None


def status_of(form: Any) -> int:
    """The status of a page with this form: 409 for the slower of two editors, 422 for errors, else 200."""
    return getattr(form, "status", 422 if form.is_bound and form.errors else 200)


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is made of: (data, files), nothing before it was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def form_page(
    request: HttpRequest,
    form: Any,
    run: Callable[..., Any],
    *,
    heading: Any,
    back: str = "",
    above: Sequence[tuple[Any, str]] = (),
    may: Callable[[Any], bool] | None = None,
    done: Any = SAVED,
    to: str | Callable[[], str] | None = None,
    template: str = "act.html",
    **context: Any,
) -> HttpResponse:
    """A page with a form: POST calls `run(**what was typed)`, an action with object and actor filled in.

    form   already bound to `posted(request)`; its `values()`, where it has them, are what `run` is given
    may    user -> bool: who is shown the form at all; the action refuses for itself
    done   what is said afterwards, or made of what `run` answered
    to     where it leads, asked afterwards where it is a function; by itself to what was made, or back
    above  the way to it, (label, name of the address), whose last is also `back` where nothing else is
    The template may be told: submit, intro, subheading, danger, crumbs ((label, address), ...).
    """
    if may is not None and not may(request.user):
        raise Refused(_("Your role does not include this here."))
    back = back or reverse(above[-1][1])
    if request.method == "POST" and form.is_valid():
        made = attempt(form, run)
        if not form.errors:
            messages.success(request, str(done(made) if callable(done) else done))
            to = to() if callable(to) else to
            return redirect(to or (made if hasattr(made, "get_absolute_url") else back))
    context = {"form": form, "heading": heading, "back": back, "crumbs": crumbs(above), **context}
    return render(request, template, context, status=status_of(form))


@dataclass(frozen=True, kw_only=True)
class NewPage:
    """A form over fields of a model with which something new is made, as data. What needs a form
    of its own is a view that calls `form_page`.

    model, fields  what is typed
    run      the action: run(actor=user, **what was typed), which answers with what it made
    may      user -> bool: who is shown the form at all; the action refuses for itself
    choices  field -> (user -> rows) from which that field is chosen; the only one of them is chosen already
    above    the way to it: (label, name of the address), ...; done  what is said afterwards
    """

    model: type[models.Model]
    fields: Sequence[str]
    run: Callable[..., Any]
    heading: Any
    above: Sequence[tuple[Any, str]]
    choices: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    may: Callable[[Any], bool] | None = None
    submit: Any = ""
    done: Any = SAVED


def choose_from(form: Any, name: str, rows: Any) -> None:
    """The field offers these rows; where there is one alone and the field has to be filled, it is chosen."""
    form.fields[name].queryset = rows
    if form.fields[name].required and not form.is_bound and len(few := rows[:2]) == 1:
        form.initial[name] = few[0].pk


@login_required
@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest, page: NewPage) -> HttpResponse:
    """A view as it is: path("loans/new/", new_page, {"page": NEW}, name="new")."""
    form = form_for(page.model, *page.fields)(*posted(request))
    for name, rows in page.choices.items():
        choose_from(form, name, rows(request.user))
    told = {"submit": page.submit} if page.submit else {}
    return form_page(
        request,
        form,
        partial(page.run, actor=request.user),
        heading=page.heading,
        above=page.above,
        may=page.may,
        done=page.done,
        **told,
    )
