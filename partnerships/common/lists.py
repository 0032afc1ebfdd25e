"""Ready lists: a page from one declaration, and the same list as a table to be taken away.

They hold no rights of their own: rows come from `visible_to`. What a page has besides goes into the context,
and into a template that extends the ready one. Docs: docs/pages.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from partnerships.common.addresses import addresses
from partnerships.common.among import Among
from partnerships.common.capped import SEEN, counted
from partnerships.common.export import ExportColumn
from partnerships.common.list_asked import Asked
from partnerships.common.listing import Listed, listing
from partnerships.common.pages import crumbs
from partnerships.common.paging import in_order, page_links
from partnerships.common.tables import Column, drawn, named, page_column
from partnerships.common.templatetags.ui import chip
from partnerships.common.text import folded_words

STATE = gettext_lazy("State")


def state_column(kinds: Mapping[Any, str], label: Any = STATE) -> Column:
    """The state as a chip, drawn once in each language; `kinds` names the kind of each that is not "on"."""
    known: dict[tuple[str | None, str], SafeString] = {}

    def show(row: Any) -> SafeString:
        key = get_language(), row.state
        if key not in known:
            known[key] = chip(row.get_state_display(), kinds.get(row.state, "on"))
        return known[key]

    return Column(label, lambda row: row.get_state_display(), show)


Narrow = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Pill:
    """One way to narrow a list, drawn with its count: `narrow(rows, user)`.

    empty       title and text where nothing is left of it
    order       its own, while none was chosen
    when_asked  counted and drawn only where it stands: what is dear to work out and led to from elsewhere
    """

    key: str
    label: Any
    narrow: Narrow
    empty: tuple[Any, Any] | None = None
    order: tuple[str, ...] = ()
    when_asked: bool = False


ALL = Pill("", gettext_lazy("All"), lambda rows, _user: rows)


def state_pills(states: type[models.TextChoices]) -> tuple[Pill, ...]:
    return tuple(
        Pill(key, label, lambda rows, _user, key=key: rows.filter(state=key)) for key, label in states.choices
    )


@dataclass(frozen=True)
class Within:
    """A list of one thing's own: ?partner=aztu. `find` answers with the thing or None, `narrow` with those of
    (rows, thing, user) that are its own."""

    find: Callable[[str], Any]
    narrow: Callable[[Any, Any, Any], Any]


@dataclass(frozen=True)
class Choice:
    """A drop-down that narrows: ?kind=framework.

    every    what stands in it while nothing is chosen: "All kinds"
    options  user -> (value, label), ...; it is drawn where there are two of them
    narrow   (rows, value, user) -> rows
    """

    key: str
    label: Any
    every: Any
    options: Callable[[Any], Sequence[tuple[str, Any]]]
    narrow: Callable[[Any, str, Any], Any]


@dataclass(frozen=True)
class Order:
    """One order that the reader may choose: ?sort=ends. `fields` as in `keyset`, the last one unique."""

    key: str
    label: Any
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Button:
    """Where else a list leads. Of a page's buttons one is primary; it stands in the empty list too."""

    label: Any
    url: str
    icon: str = ""
    primary: bool = False


def by_words(rows: Any, typed: str, _user: Any = None) -> Any:
    """Rows whose column `folded` holds every word, letters forgiven."""
    for word in folded_words(typed):
        rows = rows.filter(folded__contains=word)
    return rows


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A list as data.

    rows     user -> rows, through `visible_to`; may raise Refused
    fill     adds what a row shows (select_related), for the page and the table
    table    the same for the table, where that shows more
    lines    (rows of the page, user) -> what the columns read, in a fixed number of queries; rows by itself
    order    fields, the last one unique
    orders   those that may be chosen, in place of `order`; the first one stands by itself
    columns  the first leads to the row; `under` is the small line below it. Or a function that makes them
             once for a page
    address  name of the address of a row, of its uid; else each row is asked for its own
    counted  n -> "%(count)s ideas"
    empty    title and text of a list without rows, or user -> those
    first    the pill that stands while none was chosen: all rows by itself
    show     the parameter of the pills; within  parameter -> whose list it is; choices  drop-downs
    search   words of the search field; none without. find  (rows, words) -> rows: over `folded` by itself
    few      who sees what is dear to find and never much: it is found once for the numbers of all pills;
             the first pill then is everything
    keep     `directory.asked.asked`, for a much used list: its questions are written out once for all who
             stand alike. `rows`, pills and `find` may then neither ask the database nor look at another clock
             than common.clock, `find` at words alone; a pill that is drawn `when_asked` is left out
    apart    with `keep`: (key of a pill) -> the condition by which its rows are told apart, where each pill
             is one; what a search finds is gone through once for the numbers of all, and its first rows are
             told by their keys: no order may hang on what `fill` adds
    new      (label, name of the address, user -> may); lead  (label, name) for an empty list without it
    buttons  user -> where else it leads
    download the kind of `exports.py` that takes it away
    above    the way to it: (label, name of the address), ...
    """

    title: Any
    above: Sequence[tuple[Any, str]] = ()
    about: Any = ""
    rows: Callable[[Any], Any]
    fill: Callable[[Any], Any] = lambda rows: rows
    table: Callable[[Any], Any] | None = None
    lines: Callable[[list[Any], Any], Iterable[Any]] | None = None
    order: tuple[str, ...] = ("-pk",)
    orders: Sequence[Order] = ()
    columns: Sequence[Column] | Callable[[], Sequence[Column]]
    under: Callable[[Any], Any] = lambda _row: ""
    address: str = ""
    counted: Callable[[int], str]
    empty: tuple[Any, Any] | Callable[[Any], tuple[Any, Any]]
    icon: str = "inbox"
    first: Pill = ALL
    pills: Sequence[Pill] = ()
    show: str = "show"
    within: Mapping[str, Within] | None = None
    choices: Sequence[Choice] = ()
    search: Any = ""
    find: Callable[[Any, str], Any] = by_words
    few: bool = False
    keep: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
    apart: Callable[[str], models.Q] | None = None
    new: tuple[Any, str, Callable[[Any], bool]] | None = None
    lead: tuple[Any, str] | None = None
    buttons: Callable[[Any], Sequence[Button]] = lambda _user: ()
    download: str = ""

    def drawing(self) -> Sequence[Column]:
        """The columns, those made once for a page made."""
        return self.columns() if callable(self.columns) else self.columns

    @cached_property
    def question(self) -> Callable[..., Any] | None:
        """(user, pill, order, choices, most, words) -> its rows as a question whose words are kept; `most`:
        so many of them, found before what a row shows is read."""
        if self.keep is None:
            return None

        def rows(user: Any, pill: str, order: tuple[str, ...], choices: Any, most: int, *words: str) -> Any:
            chosen = next((one for one in self.pills if one.key == pill), self.first)
            found = self.narrow(self.rows(user), user, " ".join(words), dict(choices))
            found = chosen.narrow(found, user)
            if most:
                first = in_order(found, order).values("pk")[:most]
                found = found.model._default_manager.filter(Among("pk", first))
            return in_order(self.fill(found), order)

        return self.keep(rows)

    @cached_property
    def question_of_seen(self) -> Callable[..., Any]:
        """(user, pill, model) -> what a pill leaves of the keys that were found, in kept words (`few`)."""
        assert self.keep is not None

        def rows(user: Any, pill: str, model: Any) -> Any:
            chosen = next((one for one in self.pills if one.key == pill), self.first)
            return chosen.narrow(model._default_manager.filter(pk__in=SEEN), user)

        return self.keep(rows)

    @cached_property
    def question_of_pills(self) -> Callable[..., Any]:
        """(user, choices, words) -> whether each row is one of each pill, in kept words (`apart`)."""
        assert self.keep is not None

        def rows(user: Any, choices: Any, *words: str) -> Any:
            assert self.apart is not None
            found = self.narrow(self.rows(user), user, " ".join(words), dict(choices))
            kinds = {
                f"pill{n}": models.Case(models.When(self.apart(pill.key), then=1), default=0)
                for n, pill in enumerate(self.pills)
            }
            return found.order_by().annotate(**kinds).values_list(*kinds)

        return self.keep(rows)

    def narrow(self, rows: Any, user: Any, typed: str, choices: Mapping[str, str]) -> Any:
        """Of these rows what answers to the words and to what was chosen."""
        if typed:
            rows = self.find(rows, typed)
        for choice in self.choices:
            if choice.key in choices:
                rows = choice.narrow(rows, choices[choice.key], user)
        return rows


@require_safe
@login_required
def list_page(
    request: HttpRequest, page: ListPage, template: str = "pages/list.html", **context: Any
) -> HttpResponse:
    """The page of a list: pills with counts, search, order, rows (cards on a phone), pages.

    A view as it is: path("", list_page, {"page": IDEAS}, name="list").
    """
    asked = Asked(page, request.user, request.GET)
    rows = asked.of_page()
    count, more = asked.counts[asked.pill.key]
    columns = [column for column in page.drawing() if column.only != "table"]
    buttons = list(page.buttons(request.user))
    new = _new(page, asked)
    lead = new or _lead(page, buttons)
    context = {
        "listing": page,
        "crumbs": crumbs(page.above),
        "asked": asked,
        "columns": columns,
        "rows": rows.rows,
        "body": _body(page, asked.lines(rows.rows), columns),
        "pills": asked.pills() if page.pills else [],
        "buttons": buttons,
        "new": new,
        "lead": lead,
        # The one primary button stands in an empty list that says what would be here, else in the heading.
        "invites": lead if not rows.rows and asked.says_what_would_be_here else None,
        "primary": bool(new) or any(button.primary for button in buttons),
        "pages": page_links(request.GET, rows, page.counted(count) % {"count": counted(count, more)}),
        **context,
    }
    return render(request, template, context)


def _body(page: ListPage, lines: Iterable[Any], columns: Sequence[Column]) -> SafeString:
    """The rows; the first column leads to the row."""
    first = columns[0]
    show, to = first.show or first.value, addresses(page.address) if page.address else None

    def lead(line: Any) -> SafeString:
        return named(to(line.uid) if to else line.get_absolute_url(), show(line), page.under(line))

    return drawn(lines, [page_column(first.label, lead, bare=True), *columns[1:]])


def _lead(page: ListPage, buttons: Iterable[Button]) -> tuple[Any, str] | None:
    """(label, address) of what an empty list leads to, where nothing new is made."""
    primary = next((button for button in buttons if button.primary), None)
    if primary is not None:
        return primary.label, primary.url
    return (page.lead[0], reverse(page.lead[1])) if page.lead else None


def _new(page: ListPage, asked: Asked) -> tuple[Any, str] | None:
    """(label, address) of the button that makes one more; whose list it is goes along."""
    if page.new is None or not page.new[2](asked.user):
        return None
    kept = QueryDict(mutable=True)
    kept.update({name: asked.params[name] for name in asked.within})
    return page.new[0], reverse(page.new[1]) + (f"?{kept.urlencode()}" if kept else "")


def table_columns(page: ListPage) -> list[ExportColumn]:
    """The columns of the table that is taken away."""
    shown = (column for column in page.drawing() if column.only != "page")
    return [ExportColumn(column.label, column.value, column.width) for column in shown]


def table_of(page: ListPage, user: Any, params: QueryDict) -> Listed:
    """The same list to be taken away, narrowed and ordered as the page is."""
    asked = Asked(page, user, params)
    rows = (page.table or page.fill)(asked.rows())
    return Listed(str(page.title), rows, table_columns(page), order=asked.order, lines=asked.lines)


def offer(page: ListPage, *, people: bool = False) -> None:
    """Let the list be taken away under the kind of its `download`: a line of `exports.py`."""
    listing(page.download, people=people)(partial(table_of, page))
