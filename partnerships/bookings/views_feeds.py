"""The calendar address of a room: made, closed, read without signing in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from partnerships.bookings import actions, feeds
from partnerships.bookings.models import Thing
from partnerships.common import ical
from partnerships.common.access import access


@require_POST
@login_required
def make(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An address of one's own for the calendar of this room."""
    found = access(Thing.objects.select_related("owner__root"), uid, request.user)
    actions.open_feed(found, actor=request.user)
    messages.success(request, _("The address is made. Whoever has it reads this calendar."))
    return redirect(f"{found.get_absolute_url()}#feed")


@require_POST
@login_required
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Close one's own address, or, for who looks after the room, everybody's."""
    found = access(Thing.objects.select_related("owner__root"), uid, request.user)
    actions.close_feeds(found, actor=request.user, everybodys="all" in request.POST)
    messages.success(request, _("Closed: the address no longer opens."))
    return redirect(f"{found.get_absolute_url()}#feed")


@require_safe
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of a room, read by a calendar program without signing in."""
    found = feeds.feed_of(token)
    if found is None:
        raise Http404
    with translation.override(found.person.user.language):
        body = feeds.calendar_of(found)
    return ical.feed_answer(body, "room.ics")
