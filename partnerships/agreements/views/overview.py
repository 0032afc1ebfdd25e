"""Looking over all agreements: on a line of years, those that sleep, what has none; what one of them gave."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from partnerships.agreements import standing
from partnerships.agreements.given import given_by
from partnerships.agreements.moves import state_shown
from partnerships.agreements.printing import given_pdf
from partnerships.agreements.timeline import timeline_of
from partnerships.agreements.views.acts import found
from partnerships.documents.printing import pdf_response


@require_safe
@login_required
def timeline(request: HttpRequest) -> HttpResponse:
    """When each agreement begins and until when it holds."""
    return render(request, "agreements/timeline.html", {"timeline": timeline_of(request.user)})


@require_safe
@login_required
def gaps(request: HttpRequest) -> HttpResponse:
    """Agreements without activity, and activity without an agreement that holds."""
    rows: Any = standing.asleep(request.user).with_rows()
    sleeping = list(rows[: standing.SHOWN])
    context = {
        "sleeping": [(one, *state_shown(one)) for one in sleeping],
        "asleep": len(sleeping) if len(sleeping) < standing.SHOWN else rows.count(),
        "months": standing.ASLEEP_AFTER,
        "uncovered": standing.uncovered_lines(request.user),
    }
    return render(request, "agreements/gaps.html", context)


@login_required
@require_GET
def given(request: HttpRequest, uid: str) -> HttpResponse:
    """What the agreement gave: promised against done, year by year, what is late."""
    shown = found(request, uid)
    context = {"agreement": shown, "given": given_by(shown), "state": state_shown(shown)}
    return render(request, "agreements/given.html", context)


@login_required
@require_GET
def given_paper(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The same on one sheet of paper, in the language of the page."""
    shown = found(request, uid)
    language = (get_language() or "az")[:2]
    name = _("What the agreement gave: %(number)s") % {"number": shown.number.replace("/", "-")}
    return pdf_response(given_pdf(shown, language), name, inline=True)
