"""The public face of the direction."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from partnerships.portal.pages import direction_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the direction is, and what is open in it."""
    return direction_page(request, "events", "events/index.html")
