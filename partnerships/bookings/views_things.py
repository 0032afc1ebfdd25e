"""The page of a thing: what holds for it, when it is open, closures."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.bookings import actions, feeds, forms, grids, quotas, reports, rules
from partnerships.bookings.actions.hitting import by_closure
from partnerships.bookings.models import Booking, Closure, Thing
from partnerships.bookings.timetable import Timetable
from partnerships.common.access import access
from partnerships.common.clock import today
from partnerships.directory.access import access_of

SHOWN = timedelta(days=60)  # of what is to come


@require_safe
@login_required
def thing(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What it is, what holds for it, when it is open."""
    found = access(Thing.objects.select_related("owner__root", "top"), uid, request.user)
    table = _table(found)
    keeper = rules.keeps(request.user, found)
    inside = [node for node in table.nodes.values() if node.parent_id == found.pk]
    above = [table.nodes[key] for key in found.above[:-1] if key in table.nodes]
    context: dict[str, Any] = {
        "thing": found,
        "above": " › ".join(node.display_name for node in above),
        "inside": sorted(inside, key=lambda node: (node.sort_key, node.pk)),
        "parts": list(found.parts.order_by("sort_key")),
        "facts": reports.rules_in_words(found, table),
        "hours": reports.hours_in_words(found, table),
        "closures": table.closures(found),
        "keeper": keeper,
        "spent": _spent(request.user, found),
        "feed": feeds.addresses(found, access_of(request.user).person_id) if found.is_bookable else None,
    }
    if context["feed"] and context["feed"]["token"]:
        path = reverse("bookings:feed", args=[context["feed"]["token"]])
        context["feed_url"] = request.build_absolute_uri(path)
    if found.is_bookable and found.is_active:
        near = table.free_times([found], timedelta(hours=1), near=timezone.now(), limit=4)
        context["free"] = [(at, grids.new_url(found, at)) for at in near]
    return render(request, "bookings/thing.html", context)


def _table(found: Thing) -> Timetable:
    day = today()
    return Timetable([found], day, day + SHOWN)


def closures_of(found: Thing) -> tuple[list[Closure], dict[int, Thing]]:
    """What its page says of when it is closed, and the things by their keys."""
    table = _table(found)
    return table.closures(found), table.nodes


def _spent(user: Any, found: Thing) -> list[quotas.Line]:
    """What the organisation of this reader has of it this month, where there is a bound."""
    mine = access_of(user)
    whose = quotas.first_of(mine.works_at, mine.own_roots, found.owner)
    return quotas.lines(quotas.standing([found]), whose, today().replace(day=1))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Close a thing for a time; whoever has it then is told."""
    found = access(Thing.objects.select_related("owner__root"), uid, request.user, rules.keeps)
    form = forms.CloseForm(request.POST if request.method == "POST" else None)
    hit: list[Booking] = []
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("starts", "ends", "reason", "kind")}
        try:
            actions.close(found, actor=request.user, seen=request.POST.getlist("seen"), **values)
        except actions.Unseen as unseen:
            hit = unseen.bookings
            form.take(unseen)
        except ValidationError as error:
            form.take(error)
        else:
            count = len(by_closure(found, values["starts"], values["ends"]))
            words = ngettext(
                "Closed. %(n)d booking lies in this time; its holder is told.",
                "Closed. %(n)d bookings lie in this time; their holders are told.",
                count,
            )
            messages.success(request, words % {"n": count} if count else _("Closed."))
            return redirect(found)
    context = {
        "form": form,
        "heading": _("Close for a time"),
        "subheading": found.display_name,
        "intro": _(
            "Nothing new is booked in this time. Bookings that are there stay; their holders are told."
        ),
        "button": _("Close it and tell them") if hit else pgettext("verb", "Close it"),
        "hit": hit,
        "back": found.get_absolute_url(),
    }
    return render(
        request, "bookings/form.html", context, status=422 if form.is_bound and form.errors else 200
    )


@require_POST
@login_required
def lift(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open again before its time."""
    found = access(Closure.objects.select_related("thing__owner__root"), uid, request.user, rules.keeps)
    actions.lift(found, actor=request.user)
    messages.success(request, _("Open again."))
    return redirect(found.thing)
