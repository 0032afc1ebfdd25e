"""A new booking: a time that is taken is answered with what could be had instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from partnerships.bookings import actions, elsewhere, forms, grids, rules
from partnerships.bookings.enums import BookingState
from partnerships.bookings.models import Booking, Thing
from partnerships.bookings.spent import Hours
from partnerships.common.clock import BAKU, baku_date, day_in_words, moment_in_words
from partnerships.common.days import validate_day
from partnerships.common.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Book; a time that is taken is answered with the nearest free ones and a place in the line."""
    if not rules.books(request.user):
        raise Refused(_("Rooms are booked by those who have a role at a partner."))
    chosen = _chosen(request)
    things = grids.bookable_at(request.user, chosen.top) if chosen and chosen.top else []
    if not things:
        return redirect("bookings:grid")
    posted = request.POST if request.method == "POST" else None
    hours = Hours(request.user, things)
    initial = {**_initial(request, chosen), "organization": hours.organization}
    form = forms.BookForm(posted, things=things, organizations=hours.organizations, initial=initial)
    answer: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            made = _book(request, form)
        except actions.Taken as taken:
            form.take(taken)
            answer = {"free": taken.free, "may_wait": True}
        except actions.SeriesClash as clash:
            form.take(clash)
            found = _clashes(request, form, clash, things)
            answer = {"conflicts": found, "rooms_instead": any(one.rooms for one in found)}
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _said(made))
            return redirect(made[0])
    spent = hours.spent(form)
    context = {"form": form, "thing": chosen, "back": _grid_url(chosen, form), "spent": spent, **answer}
    return render(request, "bookings/new.html", context, status=422 if form.is_bound and form.errors else 200)


def _chosen(request: HttpRequest) -> Thing | None:
    """The thing that led here: it says at which site."""
    rows = Thing.objects.visible_to(request.user).bookable().select_related("top", "owner")
    uid = request.GET.get("thing", "")
    keys = [key for key in request.POST.getlist("things") if key.isdecimal() and len(key) < 18]
    if uid:
        try:
            found = rows.filter(uid=UUID(uid)).first()
        except ValueError as error:
            raise Http404 from error
        if found is None:
            raise Http404
        return found
    return rows.filter(pk__in=keys).order_by("pk").first() if keys else rows.order_by("pk").first()


def _initial(request: HttpRequest, chosen: Thing | None) -> dict[str, Any]:
    asked = f"{request.GET.get('day', '')}T{request.GET.get('start', '')}"
    try:
        starts = datetime.fromisoformat(asked).replace(tzinfo=BAKU)
        validate_day(starts)
    except (ValueError, ValidationError):
        starts = grids.soon()
    ends = starts + timedelta(hours=1)
    return {
        "things": [chosen.pk] if chosen and request.GET.get("thing") else [],
        "day": starts.date(),
        "start": starts.time(),
        "end": ends.time(),
        "last_day": ends.date() if ends.date() != starts.date() else None,
    }


def _book(request: HttpRequest, form: forms.BookForm) -> list[Booking]:
    things = list(form.cleaned_data["things"])
    if form.rule:
        return actions.book_series(
            things,
            actor=request.user,
            rule=form.rule,
            left_out=form.cleaned_data["left_out"],
            skip_conflicts="skip" in request.POST or "instead" in request.POST,
            elsewhere=_elsewhere(request, form) if "instead" in request.POST else {},
            **form.values,
        )
    return [actions.book(things, actor=request.user, wait="wait" in request.POST, **form.values)]


@dataclass(frozen=True)
class Clash:
    """Days of a series that cannot be had as asked for, for one reason; of a single day also what could
    be had instead, and what is chosen of it."""

    days: tuple[date, ...]
    reason: str
    rooms: Sequence[Thing] = ()
    chosen: str = ""

    @property
    def name(self) -> str:
        return f"room-{self.days[0].isoformat()}"

    @property
    def said(self) -> str:
        return ", ".join(map(day_in_words, self.days))


def together(
    clash: actions.SeriesClash, free: Mapping[datetime, Sequence[Thing]] = MappingProxyType({})
) -> list[Clash]:
    """Days of one reason are one line; a day on which something else is free has its own."""
    found: dict[Any, Clash] = {}
    for moment, reason in clash.conflicts:
        key, day = moment if moment in free else reason, baku_date(moment)
        before = found[key].days if key in found else ()
        found[key] = Clash((*before, day), reason, free.get(moment, ()))
    return list(found.values())


def _clashes(
    request: HttpRequest, form: forms.BookForm, clash: actions.SeriesClash, offered: Sequence[Thing]
) -> list[Clash]:
    """Day by day; where one thing was asked for, with others that are free then."""
    asked, free, values = list(form.cleaned_data["things"]), {}, form.values
    if len(asked) == 1:
        bound = {name: values.get(name) for name in ("organization", "people")}
        length = values["ends"] - values["starts"]
        free = elsewhere.free_instead(asked[0], offered, clash.taken, length, user=request.user, **bound)
    found = together(clash, free)
    best = {one.name: str(one.rooms[0].pk) for one in found if one.rooms}
    return [replace(one, chosen=request.POST.get(one.name, best.get(one.name, ""))) for one in found]


def _elsewhere(request: HttpRequest, form: forms.BookForm) -> dict[date, Thing]:
    """The rooms that were chosen for some days, of those that the form offers."""
    offered = {str(thing.pk): thing for thing in form.fields["things"].queryset}
    found = {}
    for name, value in request.POST.items():
        if name.startswith("room-") and value in offered:
            try:
                found[date.fromisoformat(name.removeprefix("room-"))] = offered[value]
            except ValueError:  # nobody's field
                continue
    return found


def _said(made: list[Booking]) -> str:
    first = made[0]
    if len(made) > 1 and first.state == BookingState.REQUESTED:
        words = ngettext(
            "Asked for on %(n)d day. It is kept for you until it is decided.",
            "Asked for on %(n)d days. They are kept for you until it is decided.",
            len(made),
        )
        return words % {"n": len(made)}
    if len(made) > 1:
        words = ngettext("Booked for %(n)d day.", "Booked for %(n)d days.", len(made))
        return words % {"n": len(made)}
    if first.state == BookingState.WAITING:
        return _("You stand in line. When it becomes free, you are told.")
    when = {"when": moment_in_words(first.starts)}
    if first.state == BookingState.REQUESTED:
        return _("Asked for: %(when)s. It is kept for you until it is decided.") % when
    return _("Booked: %(when)s.") % when


def _grid_url(chosen: Thing | None, form: forms.BookForm) -> str:
    day = form["day"].value() or ""
    return f"{reverse('bookings:grid')}?day={day}" + (
        f"&site={chosen.top.uid}" if chosen and chosen.top else ""
    )
