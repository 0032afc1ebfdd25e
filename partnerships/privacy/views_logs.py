"""The logs of personal data, for who guards them: read and nothing else, and no content of anything."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partnerships.common.paging import keyset, page_links
from partnerships.common.refusals import Refused
from partnerships.privacy import reports, rules

# What the page shows -> (its words, rows of it, their order).
LOGS: dict[str, tuple[Any, Callable[[Any], Any], tuple[str, ...]]] = {
    "keeping": (gettext_lazy("What time took away"), reports.runs, ("-pk",)),
    "looks": (gettext_lazy("Looks at files"), reports.looks, ("-at", "-pk")),
    "codes": (gettext_lazy("Looks at personal codes"), reports.codes, ("-at", "-pk")),
    "copies": (gettext_lazy("Copies of data"), reports.copies, ("-at", "-pk")),
    "erasures": (gettext_lazy("Erasures"), reports.erasures, ("-pk",)),
    "consents": (gettext_lazy("Consents"), reports.consents, ("-last", "-pk")),
}


@require_safe
@login_required
def logs(request: HttpRequest) -> HttpResponse:
    """One log, newest first."""
    if not rules.reads_logs(request.user):
        raise Refused(_("This page is for the person responsible for data protection."))
    shown = request.GET.get("show", "")
    shown = shown if shown in LOGS else "keeping"
    label, rows, order = LOGS[shown]
    page = keyset(rows(request.user), request.GET, order=order, reader=request.user)
    context = {
        "shown": shown,
        "label": label,
        "page": page,
        "pages": page_links(request.GET, page),
        "pills": [(key, words) for key, (words, _rows, _order) in LOGS.items()],
        "names": reports.rule_names(),
    }
    return render(request, "privacy/logs.html", context)
