"""The list of agreements."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.agreements import reports
from partnerships.agreements.enums import READERS
from partnerships.agreements.filters import ListFilter
from partnerships.agreements.models import Agreement, Party
from partnerships.agreements.moves import state_shown
from partnerships.agreements.rules import signs_for
from partnerships.common.addresses import addresses
from partnerships.common.markup import markup
from partnerships.common.paging import Keyset, counted, keyset, page_links
from partnerships.common.sharing import attach, sharing
from partnerships.common.tables import Column, drawn, page_column, twofold
from partnerships.common.templatetags.ui import chip
from partnerships.directory.access import access_of


@dataclass(frozen=True)
class Line:
    """One row as its reader sees it."""

    agreement: Agreement
    state: str
    kind: str
    mine: bool
    awaits: str

    @property
    def parties(self) -> list[str]:
        return [party.name for party in self.agreement.in_order]


def line_of(agreement: Agreement, user: Any) -> Line:
    words, kind = state_shown(agreement)
    first = agreement.awaiting
    mine = first is not None and signs_for(user, first)
    return Line(agreement, words, "move" if mine else kind, mine, first.name if first else "")


@require_safe
@login_required
def agreements(request: HttpRequest) -> HttpResponse:
    """Agreements of those whom they concern, searched and narrowed by the address."""
    shown = ListFilter(request.GET, request.user)
    page = keyset(with_columns(shown.rows()), request.GET, order=("-pk",), reader=request.user)
    attach(page, "parties", parties_of(page), "agreement_id", "agreement")
    lines = [line_of(row, request.user) for row in page]
    pills = shown.pills
    context = {
        "filter": shown,
        "pills": pills,
        "lines": lines,
        "columns": (shown_columns := columns()),
        "body": drawn(lines, shown_columns),
        "page": _pages(request, page, next(pill for pill in pills if pill.on)),
        "opens": bool(reports.types_opened(request.user)),
        "brings": bool(reports.brings_for(request.user)),
        "proposes": access_of(request.user).has(*READERS),
    }
    return render(request, "agreements/list.html", context)


def _pages(request: HttpRequest, page: Keyset[Any], pill: Any) -> dict[str, str]:
    words = ngettext("%(count)s agreement", "%(count)s agreements", pill.count)
    return page_links(request.GET, page, words % {"count": counted(pill.count, pill.more)})


# As the page draws it -----------------------------------------------------------------------------------
_SHOWN = (
    *("uid", "kind", "state", "number", "title_az", "title_en", "term_kind", "starts", "ends", "period_ends"),
    *("renew_months", "notice_by", "decision", "postponed_until", "text_kind"),
    *("type__key", "type__name_az", "type__name_en", "root__kind"),
    *("awaiting__role", "awaiting__person_id", "awaiting__signatory_id", "awaiting__name_az"),
    *("awaiting__name_en", "awaiting__unit__path", "awaiting__unit__root_id"),
)


def with_columns(rows: Any) -> Any:
    """What a line looks at, and no more; the parties come by `parties_of`."""
    return sharing(rows).select_related("type", "root", "awaiting__unit").only(*_SHOWN)


def parties_of(rows: Iterable[Agreement]) -> Any:
    found = Party.objects.filter(agreement_id__in=[row.pk for row in rows])
    return sharing(found).only("agreement_id", "order", "name_az", "name_en")


def columns() -> list[Column]:
    """What the list shows of a line."""
    return [
        page_column(_("Agreement"), _name(), bare=True),
        page_column(_("Parties"), _parties),
        page_column(_("State"), _state()),
        page_column(_("Term"), lambda line: markup("{}", line.agreement.term), "small num"),
        page_column(_("Action"), _act(), bare=True),
    ]


def _name() -> Callable[[Line], SafeString]:
    to = addresses("agreements:agreement")

    def draw(line: Line) -> SafeString:
        row, number = line.agreement, SafeString()
        if row.number:
            number = markup('<br><span class="small muted num nowrap">{}</span>', row.number)
        return markup('<span><a class="name" href="{}">{}</a>{}</span>', to(row.uid), row.type_name, number)

    return draw


def _parties(line: Line) -> SafeString:
    names = (markup('<span class="d-block" dir="auto">{}</span>', name) for name in line.parties)
    return markup("<span>{}</span>", SafeString("".join(names)))


def _state() -> Callable[[Line], SafeString]:
    words = _("signs now: %(party)s")
    return lambda line: twofold(
        chip(line.state, line.kind), words % {"party": line.awaits} if line.awaits else ""
    )


def _act() -> Callable[[Line], SafeString]:
    sign = addresses("agreements:sign"), _("Sign"), _("Sign: %(title)s")
    look = addresses("agreements:agreement"), _("View"), _("View: %(name)s")

    def draw(line: Line) -> SafeString:
        to, words, aloud = sign if line.mine else look
        title = line.agreement.title
        return markup(
            '<a class="btn btn-quiet btn-sm" href="{}" aria-label="{}">{}</a>',
            to(line.agreement.uid),
            aloud % {"title": title, "name": title},
            words,
        )

    return draw
