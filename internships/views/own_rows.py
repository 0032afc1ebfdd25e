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
from partnerships.common.sharing import attach, sharing
from partnerships.common.tables import Column, page_column
from partnerships.common.templatetags.figures import baku, due_kind, until
from partnerships.common.templatetags.ui import chip

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
    return (
        sharing(rows)
        .with_late()
        .select_related(
            "person",
            "unit",
            "university",
            "programme__host",
            "programme__call",
            "offered_vacancy__position",
            "offered_vacancy__period",
            "placement",
        )
        .defer(*_NOT_DRAWN)
    )


def filled(page: list[Application]) -> list[Application]:
    """With deadlines, chosen places and talks of these rows; three queries."""
    keys = [row.pk for row in page]
    calls = {row.programme.call_id: row.programme.call for row in page}
    deadlines = sharing(Deadline.objects.filter(call_id__in=calls))
    attach(calls.values(), "deadlines", deadlines, "call_id", "call")
    choices = sharing(Choice.objects.filter(application_id__in=keys)).select_related("vacancy__position")
    choices = choices.only(
        "application_id", "rank", "vacancy__position__title_az", "vacancy__position__title_en"
    )
    attach(page, "choices", choices.order_by("rank"), "application_id", "application")
    talks = sharing(Interview.objects.filter(application_id__in=keys)).only(
        *("application_id", "state", "starts", "ends"),
        *("place", "place_en", "link", "candidate_id", "interviewer_id"),
    )
    attach(page, "interviews", talks, "application_id", "application")
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
