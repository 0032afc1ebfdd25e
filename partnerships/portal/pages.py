"""The public page of a direction, for its `urls`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.portal import registry

ROWS = 20


@require_safe
def direction_page(request: HttpRequest, key: str, template: str = "portal/direction.html") -> HttpResponse:
    """What the direction is, its chain step by step, and what is open in it now."""
    direction = registry.direction(key)
    others = [other for other in registry.directions() if other.key != key and other.open_count()[0]]
    context = {
        "direction": direction,
        "rows": direction.open_rows(ROWS),
        "others": others,
        "contact": settings.CONTACT_EMAIL,
    }
    return render(request, template, context)
