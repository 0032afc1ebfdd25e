"""The rows of one's own applications: what a line says, and how the page draws it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from internships.models import Application, Choice, Interview
from internships.templatetags.place_text import own
from partnerships.calls.models import Deadline
from partnerships.common.markup import markup
from partnerships.common.prepared import PreparedRows
from partnerships.common.sharing import attach, sharing
from partnerships.common.tables import Column, page_column
from partnerships.common.templatetags.figures import baku, due_kind, until
from partnerships.common.templatetags.ui import chip
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked

_NOT_DRAWN = (
    *("motivation", "eligibility", "programme__summary_az", "programme__summary_en"),
    *("programme__description_az", "programme__description_en", "programme__folded"),
    *("offered_vacancy__position__tasks_az", "offered_vacancy__position__tasks_en"),
)


@dataclass(frozen=True)
class MineRow:
    application: Application
    label: Any
    kind: str
    move: Any
    url: str


def with_columns(rows: Any) -> Any:
    """With whom a row concerns; what hangs on it is added to a page by `filled`."""
    return sharing(rows).with_late().select_related(*_CONCERNED).defer(*_NOT_DRAWN)


_CONCERNED = (
    *("person", "unit", "university", "programme__host", "programme__call"),
    *("offered_vacancy__position", "offered_vacancy__period", "placement"),
)
OWN = 20  # rows a page
_SIZES = (OWN,)
_ROWS: PreparedRows[Application] = PreparedRows(
    lambda keys: (
        Application.objects.filter(pk__in=keys).select_related(*_CONCERNED).defer(*_NOT_DRAWN).order_by()
    ),
    widths=_SIZES,
)
_DEADLINES: PreparedRows[Deadline] = PreparedRows(
    lambda calls: Deadline.objects.filter(call_id__in=calls), widths=_SIZES
)
_CHOICES: PreparedRows[Choice] = PreparedRows(
    lambda keys: (
        Choice.objects.filter(application_id__in=keys)
        .select_related("vacancy__position")
        .only("application_id", "rank", "vacancy__position__title_az", "vacancy__position__title_en")
        .order_by()
    ),
    widths=_SIZES,
)
_TALKS: PreparedRows[Interview] = PreparedRows(
    lambda keys: Interview.objects.filter(application_id__in=keys).only(
        *("application_id", "state", "starts", "ends"),
        *("place", "place_en", "link", "candidate_id", "interviewer_id"),
    ),
    widths=_SIZES,
)


@asked
def own_newest(user: Any) -> Any:
    """One's own by their keys, with what hangs on the day; `rows_of` reads the rest."""
    rows = Application.objects.filter(person_id=access_of(user).person_id)
    return rows.with_late().only("pk").order_by("-pk")


def rows_of(found: list[Application]) -> list[Application]:
    """The rows in full, as `with_columns` has them."""
    rows = {row.pk: row for row in _ROWS([one.pk for one in found])}
    for one in found:
        if one.pk in rows:
            rows[one.pk].late_until = one.late_until  # type: ignore[attr-defined]
    return [rows[one.pk] for one in found if one.pk in rows]


def filled(page: list[Application]) -> list[Application]:
    """With deadlines, chosen places and talks of these rows; three queries."""
    keys = [row.pk for row in page]
    calls = {row.programme.call_id: row.programme.call for row in page}
    attach(calls.values(), "deadlines", _DEADLINES(list(calls)), "call_id", "call")
    choices = sorted(_CHOICES(keys), key=lambda choice: choice.rank)
    attach(page, "choices", choices, "application_id", "application")
    attach(page, "interviews", _TALKS(keys), "application_id", "application")
    return page


def columns() -> list[Column]:
    return [
        page_column(_("Programme"), _programme, bare=True),
        page_column(_("State"), lambda row: chip(row.label, row.kind)),
        page_column(_("Whose move"), lambda row: markup("<span>{}</span>", row.move.text), "small"),
        page_column(_("By when"), _due(), "small"),
    ]


def _programme(row: MineRow) -> SafeString:
    application = row.application
    first: Iterable[Choice] = application.choices.all()[:1]
    under: list[Any] = [application.programme.host.short_name]
    if application.number:
        under.insert(0, markup('<span class="num">{}</span>', application.number))
    under += [own(choice.vacancy.position, "title") for choice in first]
    return markup(
        '<div><a class="name" href="{}">{}</a><div class="small muted">{}</div></div>',
        row.url,
        own(application.programme, "title"),
        SafeString(" · ".join(markup("{}", part) for part in under)),
    )


def _due() -> Callable[[MineRow], SafeString]:
    nothing = markup('<span class="muted">{}</span>', "—")

    def draw(row: MineRow) -> SafeString:
        due = row.move.due
        if not due:
            return nothing
        kind = due_kind(due) if row.move.mine else ""
        return markup(
            '<span><span class="deadline"><time datetime="{}">{}</time> · '
            '<span class="{}">{}</span></span></span>',
            timezone.localtime(due).isoformat(),
            baku(due),
            f"chip {kind}" if kind else "muted",
            until(due),
        )

    return draw
