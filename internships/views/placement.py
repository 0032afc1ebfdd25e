"""The page of one placement, shared by everyone who may see it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from internships import rules
from internships.enums import PlacementState
from internships.models import Placement
from partnerships.common.access import access

KINDS = {
    PlacementState.ACTIVE: "on",
    PlacementState.ASSESSED: "good",
    PlacementState.ENDED_EARLY: "bad",
    PlacementState.CANCELLED: "bad",
}


@login_required
@require_GET
def placement(request: HttpRequest, uid: str) -> HttpResponse:
    user = request.user
    found = access(Placement.objects.with_rows(), uid, user)
    context: dict[str, Any] = {
        "placement": found,
        "programme": found.programme,
        "student": rules.is_placed(user, found),
        "state_kind": KINDS.get(PlacementState(found.state), ""),
    }
    return render(request, "internships/placement.html", context)
