"""Ready pages: a list from one declaration, a form that calls an action. Those of a workflow (its verbs, a
record with its history) stand in workflow/pages.py.

They are plain functions and hold no rights of their own: a list draws from `visible_to`, a form's action
refuses. What a page has besides goes into the context, and into a template that extends the ready one.
Docs: docs/pages.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partnerships.common.export import ExportColumn
from partnerships.common.forms import take
from partnerships.common.listing import Listed, listing
from partnerships.common.paging import capped_counts, counted, keyset, narrowed, page_links
from partnerships.common.refusals import Missing, Refused, StaleState, WorkflowError
from partnerships.common.tables import Column, drawn, named, page_column
from partnerships.common.templatetags.ui import chip
from partnerships.common.text import fold

SAVED = gettext_lazy("Saved.")
STATE = gettext_lazy("State")


def crumbs(above: Sequence[tuple[Any, str]], *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way to a page, for its `crumbs`: names of addresses first, then addresses."""
    return [*((label, reverse(name)) for label, name in above), *more]


# Forms --------------------------------------------------------------------------------------------------
def as_typed(field: Any, **kwargs: Any) -> Any:
    """The form field of a model's field as this house draws it: days with a calendar, texts of any script."""
    if isinstance(field, models.DateTimeField):
        kwargs["widget"] = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    elif isinstance(field, models.DateField):
        kwargs["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
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
    except Missing as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.reason))
    except StaleState as error:
        if hasattr(form, "meet"):
            form.meet(error.obj)
        else:
            form.add_error(None, f"{error.reason} {_('Send again to keep what you wrote.')}")
    except WorkflowError as error:
        form.add_error(None, str(error.reason))
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
    to: str | None = None,
    template: str = "act.html",
    **context: Any,
) -> HttpResponse:
    """A page with a form: POST calls `run(**what was typed)`, an action with object and actor filled in.

    form   already bound to `posted(request)`; its `values()`, where it has them, are what `run` is given
    may    user -> bool: who is shown the form at all; the action refuses for itself
    done   what is said afterwards, or made of what `run` answered
    to     where it leads; by itself to what was made, or back
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
            return redirect(to or (made if hasattr(made, "get_absolute_url") else back))
    context = {"form": form, "heading": heading, "back": back, "crumbs": crumbs(above), **context}
    return render(request, template, context, status=status_of(form))


# Lists --------------------------------------------------------------------------------------------------
def state_column(kinds: Mapping[Any, str], label: Any = STATE) -> Column:
    """The state as a chip; `kinds` names the kind of each that is not "on"."""
    return Column(
        label,
        lambda row: row.get_state_display(),
        lambda row: chip(row.get_state_display(), kinds.get(row.state, "on")),
    )


@dataclass(frozen=True)
class Pill:
    """One way to narrow a list, drawn with its count: `narrow(rows, user)`."""

    key: str
    label: Any
    narrow: Callable[[Any, Any], Any]


ALL = Pill("", gettext_lazy("All"), lambda rows, _user: rows)


def state_pills(states: type[models.TextChoices]) -> tuple[Pill, ...]:
    return tuple(
        Pill(key, label, lambda rows, _user, key=key: rows.filter(state=key)) for key, label in states.choices
    )


@dataclass(frozen=True)
class Within:
    """A list of one thing's own: ?partner=aztu. `find` answers with the thing or None."""

    find: Callable[[str], Any]
    narrow: Callable[[Any, Any], Any]


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A list as data.

    rows     user -> rows, through `visible_to`; may raise Refused
    fill     adds what a row shows (select_related), for the page and the table
    order    fields, the last one unique
    columns  the first leads to the row; `under` is the small line below it
    counted  n -> "%(count)s ideas"; empty  title and text of a list without rows
    show     the parameter of the pills; within  parameter -> whose list it is
    search   words of the search field, over the column `folded`; none without
    new      (label, name of the address, user -> may); lead  (label, name) for an empty list without it
    download the kind of `exports.py` that takes it away
    above    the way to it: (label, name of the address), ...
    """

    title: Any
    above: Sequence[tuple[Any, str]] = ()
    about: Any = ""
    rows: Callable[[Any], Any]
    fill: Callable[[Any], Any] = lambda rows: rows
    order: tuple[str, ...] = ("-pk",)
    columns: Sequence[Column]
    under: Callable[[Any], Any] = lambda _row: ""
    counted: Callable[[int], str]
    empty: tuple[Any, Any]
    icon: str = "inbox"
    pills: Sequence[Pill] = ()
    show: str = "show"
    within: Mapping[str, Within] | None = None
    search: Any = ""
    new: tuple[Any, str, Callable[[Any], bool]] | None = None
    lead: tuple[Any, str] | None = None
    download: str = ""


class Asked:
    """What an address asks of a list."""

    def __init__(self, page: ListPage, user: Any, params: QueryDict) -> None:
        self.page, self.user, self.params = page, user, params
        wanted = params.get(page.show, "")
        self.pill = next((pill for pill in page.pills if pill.key == wanted), None)
        self.query = params.get("q", "").strip()[:100] if page.search else ""
        found = {
            name: within.find(params.get(name, ""))
            for name, within in (page.within or {}).items()
            if params.get(name)
        }
        self.within = {name: thing for name, thing in found.items() if thing is not None}

    @cached_property
    def base(self) -> Any:
        """Everything that one sees, by words and whose it is."""
        rows = self.page.rows(self.user)
        for word in fold(self.query).split():
            rows = rows.filter(folded__contains=word)
        for name, thing in self.within.items():
            rows = (self.page.within or {})[name].narrow(rows, thing)
        return rows

    def rows(self) -> Any:
        return self.pill.narrow(self.base, self.user) if self.pill else self.base

    @property
    def narrowed(self) -> bool:
        return bool(self.pill or self.query or self.within)

    def pills(self) -> list[dict[str, Any]]:
        """Those with something in them, and the present one."""
        present, found = self.pill.key if self.pill else "", []
        for pill in (ALL, *self.page.pills):
            count, more = self.counts[pill.key]
            if count or pill.key in ("", present):
                url = narrowed(self.params, **{self.page.show: pill.key})
                shown = {"label": pill.label, "url": url, "count": counted(count, more)}
                found.append({**shown, "on": pill.key == present})
        return found

    @cached_property
    def counts(self) -> dict[str, tuple[int, bool]]:
        """How many each pill leaves, "" for no pill, in one query."""
        base = self.base
        return capped_counts({pill.key: pill.narrow(base, self.user) for pill in (ALL, *self.page.pills)})

    def hidden(self) -> list[tuple[str, str]]:
        """What the search field sends along."""
        kept = (self.page.show, *(self.page.within or {}))
        return [(name, self.params[name]) for name in kept if self.params.get(name)]

    def chosen(self) -> list[tuple[Any, str]]:
        """Whose list it is, with the address that takes this off."""
        return [(thing, narrowed(self.params, **{name: ""})) for name, thing in self.within.items()]


@require_safe
@login_required
def list_page(
    request: HttpRequest, page: ListPage, template: str = "pages/list.html", **context: Any
) -> HttpResponse:
    """The page of a list: pills with counts, search, rows (cards on a phone), pages, what is not there.

    A view as it is: path("", list_page, {"page": IDEAS}, name="list").
    """
    asked = Asked(page, request.user, request.GET)
    rows = keyset(page.fill(asked.rows()), request.GET, order=page.order)
    count, more = asked.counts[asked.pill.key if asked.pill else ""]
    columns = [column for column in page.columns if column.only != "table"]
    context = {
        "listing": page,
        "crumbs": crumbs(page.above),
        "asked": asked,
        "columns": columns,
        "rows": rows.rows,
        "body": _body(page, rows, columns),
        "pills": asked.pills() if page.pills else [],
        "new": (new := _new(page, asked)),
        "lead": new or (page.lead and (page.lead[0], reverse(page.lead[1]))),
        "pages": page_links(request.GET, rows, page.counted(count) % {"count": counted(count, more)}),
        **context,
    }
    return render(request, template, context)


def _body(page: ListPage, rows: Iterable[Any], columns: Sequence[Column]) -> SafeString:
    """The rows; the first column leads to the row."""
    first = columns[0]
    show = first.show or first.value
    leading = page_column(
        first.label, lambda row: named(row.get_absolute_url(), show(row), page.under(row)), bare=True
    )
    return drawn(rows, [leading, *columns[1:]])


def _new(page: ListPage, asked: Asked) -> tuple[Any, str] | None:
    """(label, address) of the button that makes one more; whose list it is goes along."""
    if page.new is None or not page.new[2](asked.user):
        return None
    kept = QueryDict(mutable=True)
    kept.update({name: asked.params[name] for name in asked.within})
    return page.new[0], reverse(page.new[1]) + (f"?{kept.urlencode()}" if kept else "")


def table_of(page: ListPage, user: Any, params: QueryDict) -> Listed:
    """The same list to be taken away, narrowed as the page is."""
    columns = [
        ExportColumn(column.label, column.value, column.width)
        for column in page.columns
        if column.only != "page"
    ]
    return Listed(str(page.title), page.fill(Asked(page, user, params).rows()), columns, order=page.order)


def offer(page: ListPage, *, people: bool = False) -> None:
    """Let the list be taken away under the kind of its `download`: a line of `exports.py`."""
    listing(page.download, people=people)(partial(table_of, page))
