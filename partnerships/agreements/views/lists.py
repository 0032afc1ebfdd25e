"""The list of agreements."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.agreements import reports
from partnerships.agreements.enums import READERS
from partnerships.agreements.filters import ListFilter
from partnerships.agreements.models import Agreement
from partnerships.agreements.moves import state_shown
from partnerships.agreements.rules import signs_for
from partnerships.common.paging import Keyset, counted, keyset, page_links
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
    rows = shown.rows().with_rows()  # type: ignore[attr-defined]
    page = keyset(rows, request.GET, order=("-pk",))
    pills = shown.pills
    context = {
        "filter": shown,
        "pills": pills,
        "lines": [line_of(row, request.user) for row in page],
        "page": _pages(request, page, next(pill for pill in pills if pill.on)),
        "opens": bool(reports.types_opened(request.user)),
        "brings": bool(reports.brings_for(request.user)),
        "proposes": access_of(request.user).has(*READERS),
    }
    return render(request, "agreements/list.html", context)


def _pages(request: HttpRequest, page: Keyset[Any], pill: Any) -> dict[str, str]:
    words = ngettext("%(count)s agreement", "%(count)s agreements", pill.count)
    return page_links(request.GET, page, words % {"count": counted(pill.count, pill.more)})
