"""The list of agreements and its Excel."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.agreements import reports
from partnerships.agreements.enums import READERS
from partnerships.agreements.filters import ListFilter
from partnerships.agreements.models import Agreement
from partnerships.agreements.moves import state_shown
from partnerships.agreements.rules import signs_for
from partnerships.common.export import ExportColumn, export
from partnerships.common.paging import Keyset, counted, keyset, page_links
from partnerships.directory.access import access_of

EXPORTED = 20_000


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


def _line(agreement: Agreement, user: Any) -> Line:
    words, kind = state_shown(agreement)
    first = agreement.awaiting
    mine = first is not None and signs_for(user, first)
    return Line(agreement, words, "move" if mine else kind, mine, first.name if first else "")


@require_safe
@login_required
def agreements(request: HttpRequest) -> HttpResponse:
    """Agreements of those whom they concern, searched and narrowed by the address."""
    shown = ListFilter(request.GET, request.user)
    rows = shown.rows().with_rows()  # type: ignore[attr-defined]
    page = keyset(rows, request.GET, order=("-pk",))
    pills = shown.pills
    context = {
        "filter": shown,
        "pills": pills,
        "lines": [_line(row, request.user) for row in page],
        "page": _pages(request, page, next(pill for pill in pills if pill.on)),
        "opens": bool(reports.types_opened(request.user)),
        "proposes": access_of(request.user).has(*READERS),
        "narrowed_by": request.GET.urlencode(),
    }
    return render(request, "agreements/list.html", context)


def _pages(request: HttpRequest, page: Keyset[Any], pill: Any) -> dict[str, str]:
    words = ngettext("%(count)s agreement", "%(count)s agreements", pill.count)
    return page_links(request.GET, page, words % {"count": counted(pill.count, pill.more)})


@require_safe
@login_required
def agreements_export(request: HttpRequest) -> HttpResponseBase:
    """The same rows and rights as the page, as a spreadsheet."""
    rows = ListFilter(request.GET, request.user).rows().with_rows()  # type: ignore[attr-defined]
    listed = keyset(rows, {}, order=("-pk",), size=EXPORTED).rows
    return export((_line(row, request.user) for row in listed), _columns(), name=_("Agreements"))


def _columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("Number"), lambda line: line.agreement.number, 20),
        ExportColumn(_("Agreement"), lambda line: line.agreement.title, 60),
        ExportColumn(_("Kind"), lambda line: line.agreement.type_name, 24),
        ExportColumn(_("Parties"), lambda line: "; ".join(line.parties), 60),
        ExportColumn(_("State"), lambda line: line.state, 22),
        ExportColumn(_("Signs next"), lambda line: line.awaits, 36),
        ExportColumn(_("Effective date"), lambda line: line.agreement.starts, 14),
        ExportColumn(_("Expiry date"), lambda line: line.agreement.period_ends or _("without an end"), 16),
        ExportColumn(_("Notice day"), lambda line: line.agreement.notice_by or "", 14),
        ExportColumn(
            _("Answers for it"), lambda line: line.agreement.keeper.name if line.agreement.keeper else "", 30
        ),
    ]
