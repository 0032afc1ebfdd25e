"""Looking over all agreements: on a line of years, those that sleep, what has none; what one of them gave."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from partnerships.agreements import places, standing
from partnerships.agreements.filters import SHOWS
from partnerships.agreements.given import given_by
from partnerships.agreements.moves import state_shown
from partnerships.agreements.printing import given_pdf
from partnerships.agreements.timeline import timeline_of
from partnerships.agreements.views.acts import found
from partnerships.common.components import Pill
from partnerships.directory.maps import atlas
from partnerships.documents.printing import pdf_response


@require_safe
@login_required
def timeline(request: HttpRequest) -> HttpResponse:
    """When each agreement begins and until when it holds."""
    return render(request, "agreements/timeline.html", {"timeline": timeline_of(request.user)})


@require_safe
@login_required
def on_map(request: HttpRequest) -> HttpResponse:
    """Where those are with whom there are agreements."""
    user, show = request.user, places.show_of(request.GET)
    counts, to = places.counts(user), reverse("agreements:list")
    pills = [
        Pill(SHOWS[key], *counts[key], f"?show={key}", key == show)
        for key in places.DRAWN
        if counts[key][0] or key == show
    ]
    drawn = atlas(
        places.by_place(user, show), lambda place: f"{to}?{urlencode({'show': show, 'place': place.key})}"
    )
    return render(request, "agreements/map.html", {"atlas": drawn, "pills": pills})


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
