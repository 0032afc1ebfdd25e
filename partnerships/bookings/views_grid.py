"""Rooms by time: a day, a week of one thing, a month; and free rooms by time first."""

import calendar
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partnerships.bookings import drawing, grids, months, reports, rules
from partnerships.bookings.forms import FindForm
from partnerships.bookings.models import Thing
from partnerships.common.clock import today
from partnerships.common.days import FIRST_YEAR, LAST_YEAR, day_asked
from partnerships.common.refusals import Refused

VIEWS = ("day", "week", "month")


@dataclass
class Shown:
    """What the address asks for: which site, which thing, which day, drawn as what."""

    site: Thing
    sites: list[Thing]
    nodes: list[Thing]  # the tree of the site
    things: list[Thing]
    thing: Thing | None
    day: date
    view: str

    def url(self, **changed: str) -> str:
        query = {"site": str(self.site.uid), "view": self.view, "day": self.day.isoformat()}
        if self.thing is not None:
            query["thing"] = str(self.thing.uid)
        query.update(changed)
        return f"{self._address}?{urlencode({k: v for k, v in query.items() if v})}"

    @cached_property
    def _address(self) -> str:
        return reverse("bookings:grid")

    @property
    def options(self) -> SafeString:
        return drawing.options(self.things, self.thing)

    @property
    def chosen(self) -> list[Thing]:
        return [self.thing] if self.thing is not None else self.things

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that it is drawn for, of a month without those beside it."""
        if self.view == "week":
            monday = self.day - timedelta(days=self.day.weekday())
            return monday, monday + timedelta(days=6)
        if self.view == "month":
            return self.day.replace(day=1), self.day.replace(
                day=calendar.monthrange(self.day.year, self.day.month)[1]
            )
        return self.day, self.day

    def _near(self, step: int) -> date | None:
        try:
            if self.view == "month":
                first = self.day.replace(day=1)
                found = (first + timedelta(days=32)).replace(day=1) if step > 0 else first - timedelta(days=1)
            else:
                found = self.day + step * timedelta(days=7 if self.view == "week" else 1)
        except OverflowError:
            return None
        return found if FIRST_YEAR <= found.year <= LAST_YEAR else None

    @property
    def before(self) -> str:
        found = self._near(-1)
        return self.url(day=found.isoformat()) if found else ""

    @property
    def after(self) -> str:
        found = self._near(1)
        return self.url(day=found.isoformat()) if found else ""

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        labels = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
        return [(self.url(view=key), label, key == self.view) for key, label in labels.items()]

    @property
    def now_url(self) -> str:
        return self.url(day=today().isoformat())


def shown_to(user: Any, params: QueryDict) -> Shown | None:
    """None where there is nothing that this user may book; 404 for what does not exist or is not theirs."""
    if not rules.books(user):
        raise Refused(_("Rooms are booked by those who have a role at a partner."))
    sites = grids.sites(user)
    if not sites:
        return None
    wanted, asked = params.get("site", ""), params.get("thing", "")
    site = next((top for top in sites if str(top.uid) == wanted), None)
    if wanted and site is None:
        raise Http404
    site = site or sites[0]
    nodes = grids.tree_of(user, site)
    things = grids.bookable_at(user, site, nodes)
    thing = next((found for found in things if str(found.uid) == asked), None)
    if asked and thing is None:
        raise Http404
    view = params.get("view", "day")
    if view not in VIEWS:
        raise Http404
    day = day_asked(params.get("day", ""))
    if view == "week" and thing is None:
        thing = things[0]
    return Shown(site, sites, nodes, things, thing, day, view)


@require_safe
@login_required
def grid(request: HttpRequest) -> HttpResponse:
    """What is free and what is taken, at a glance."""
    shown = shown_to(request.user, request.GET)
    if shown is None:
        return render(request, "bookings/nothing.html", {"keeps": rules.keeps_something(request.user)})
    context: dict[str, Any] = {"shown": shown, "is_today": shown.day == today()}
    context["keeps"] = rules.keeps_something(request.user)
    if shown.view == "month":
        return render(request, "bookings/month.html", {**context, **_month(request.user, shown)})
    if shown.view == "week" and shown.thing is not None:
        context["grid"] = grids.week_grid(request.user, shown.thing, shown.day, shown.nodes)
    else:
        context["grid"] = grids.day_grid(request.user, shown.chosen, shown.day, shown.nodes)
    week = shown.view == "week"
    context["body"] = drawing.grid_rows(context["grid"], week=week)
    context["cards"] = drawing.grid_cards(context["grid"], week=week)
    return render(request, "bookings/grid.html", context)


@dataclass(frozen=True)
class Square:
    """A day of the month."""

    date: date
    inside: bool
    today: bool
    marks: list[months.Mark]  # the first few of it
    count: int
    url: str


_NO_DAY = "0000-00-00"


def _month(user: Any, shown: Shown) -> dict[str, Any]:
    weeks = calendar.Calendar(calendar.MONDAY).monthdatescalendar(shown.day.year, shown.day.month)
    marks = months.month_marks(user, shown.chosen, weeks[0][0], weeks[-1][-1], shown.nodes)
    # The addresses of the days differ by the day alone: one is put together, with one that is not asked for.
    before, after = shown.url(view="day", day=_NO_DAY).split(_NO_DAY)
    squares = [
        [
            Square(
                day,
                day.month == shown.day.month,
                day == today(),
                marks[day].marks if day in marks else [],
                marks[day].count if day in marks else 0,
                f"{before}{day.isoformat()}{after}",
            )
            for day in week
        ]
        for week in weeks
    ]
    days = [square for week in squares for square in week if square.inside and square.marks]
    body = drawing.month_rows(squares, where=shown.thing is None)
    return {
        "month": date_format(shown.day, "F Y"),
        "head": drawing.month_head()(),
        "weeks": squares,
        "days": days,
        "body": body,
        "cards": drawing.month_days(days),
    }


@require_safe
@login_required
def find(request: HttpRequest) -> HttpResponse:
    """The time first: which rooms are free about then, for so long and so many."""
    if not rules.books(request.user):
        raise Refused(_("Rooms are booked by those who have a role at a partner."))
    sites = grids.sites(request.user)
    asked = bool(request.GET.get("day"))
    initial = {"day": grids.usual_day(today() + timedelta(days=1)), "start": time(10), "minutes": 60}
    form = FindForm(request.GET if asked else None, initial=initial)
    offers = []
    if asked and form.is_valid():
        things = [thing for site in sites for thing in grids.bookable_at(request.user, site)]
        values = form.cleaned_data
        offers = reports.find(
            request.user, things, near=form.near, minutes=values["minutes"], people=values["people"]
        )
    context = {"form": form, "offers": offers, "asked": asked and form.is_valid()}
    return render(request, "bookings/find.html", context, status=422 if asked and form.errors else 200)
