"""The public page of a direction, for its `urls`."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from partnerships.directory.registers import registers_of
from partnerships.portal import registry, reports
from partnerships.portal.gathering import Unread, names_of

ROWS = 20


@require_safe
def direction_page(request: HttpRequest, key: str, template: str = "portal/direction.html") -> HttpResponse:
    """What the direction is, its chain step by step, what is open in it now, its pages for their readers."""
    direction = registry.direction(key)
    unread, uncounted, rows = Unread(), Unread(), []
    with unread.of(direction):
        rows = direction.open_rows(ROWS)
    others = [card for card in reports.cards(uncounted, but=key) if card.count]
    context = {
        "direction": direction,
        "rows": rows,
        "unread": names_of(unread.sources),
        "uncounted": names_of(uncounted.sources),
        "own": [line for line in direction.menu if line.shown(request.user)],
        "others": others,
        "contact": settings.CONTACT_EMAIL,
    }
    return render(request, template, context)


def direction_urls(key: str) -> list[Any]:
    """The addresses of a direction: those of its `urls`, where it has them, and of its registers, and its
    public page where they name none as `index`."""
    module = f"{key}.urls"
    own = [*import_module(module).urlpatterns] if find_spec(module) else []
    own += [pattern for register in registers_of(key) for pattern in register.addresses()]
    if any(pattern.name == "index" for pattern in own):
        return [*own]
    return [path("", direction_page, {"key": key}, name="index"), *own]
