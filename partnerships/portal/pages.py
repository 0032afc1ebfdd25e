"""The public page of a direction that has no pages of its own yet, for the directions' views."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerships.portal import registry

ROWS = 20


def direction_page(request: HttpRequest, key: str, template: str) -> HttpResponse:
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
