"""Periods, positions and seats of a company's programme."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from internships import actions, reports
from internships.forms.deciding import take_errors
from internships.forms.programme import (
    PeriodFormSet,
    PositionForm,
    QuotaFormSet,
    SeatsForm,
    periods_initial,
    seats_fit,
    seats_initial,
)
from internships.models import Position
from internships.views.manage import own
from partnerships.common.refusals import Blocked, StaleState


def own_position(request: HttpRequest, uid: UUID) -> Position:
    """A position of the reader's own company; any other is 404."""
    rows = Position.objects.filter(programme__in=reports.own_programmes(request.user))
    return get_object_or_404(rows.select_related("unit", "programme__host", "programme__call"), uid=uid)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_periods(request: HttpRequest, slug: str) -> HttpResponse:
    """When the students are there. An emptied or ticked row goes, unless it has places."""
    programme = own(request, slug)
    initial = periods_initial(programme)
    rows = PeriodFormSet(request.POST or None, initial=initial, prefix="periods")
    refusal: Any = ""
    if request.method == "POST" and rows.is_valid():
        mine = {row["key"] for row in initial}
        given = rows.rows()
        try:
            actions.set_periods(
                programme,
                [(row["name_az"], row["name_en"], row["starts"], row["ends"]) for row in given],
                keys=[row["key"] if row["key"] in mine else None for row in given],
                actor=request.user,
            )
        except Blocked as blocked:
            refusal = blocked.reason
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            messages.success(request, _("The periods are kept."))
            return redirect("internships:manage_programme", slug)
    status = 422 if refusal or (rows.is_bound and not rows.is_valid()) else 200
    context = {"programme": programme, "rows": rows, "refusal": refusal}
    return render(request, "internships/manage_periods.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_position_new(request: HttpRequest, slug: str) -> HttpResponse:
    programme = own(request, slug)
    form = PositionForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_position(programme, actor=request.user, **form.values())
        except ValidationError as error:
            take_errors(form, error)
        else:
            period = programme.periods.first()
            if period is None:
                messages.success(request, _("The position is kept. Next: a period, then its seats."))
                return redirect("internships:manage_periods", slug)
            messages.success(request, _("The position is kept. Next: its seats."))
            return redirect("internships:manage_seats", made.uid, period.pk)
    context = {"programme": programme, "form": form}
    return render(request, "internships/manage_position.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_position(request: HttpRequest, uid: UUID) -> HttpResponse:
    position = own_position(request, uid)
    form = PositionForm(request.POST or None, instance=position, programme=position.programme)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            fresh = own_position(request, uid)
            actions.update_position(fresh, actor=request.user, version=version, **form.values())
        except StaleState:
            fresh = own_position(request, uid)
            form = PositionForm(request.POST, instance=fresh, programme=fresh.programme)
            form.is_valid()
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("The position is kept."))
            return redirect("internships:manage_programme", position.programme.slug)
    stored = own_position(request, uid)
    context = {"programme": stored.programme, "position": stored, "form": form}
    return render(request, "internships/manage_position.html", context, status=form.status)


@require_POST
@login_required
def manage_position_remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a position out while nobody has chosen it."""
    position = own_position(request, uid)
    try:
        actions.remove_position(position, actor=request.user)
    except Blocked as blocked:
        messages.error(request, str(blocked.reason))
    else:
        messages.success(request, _("The position is taken out."))
    return redirect("internships:manage_programme", position.programme.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_seats(request: HttpRequest, uid: UUID, period: int) -> HttpResponse:
    """Seats of a position in a period, with quotas; more seats move the waiting line up."""
    position = own_position(request, uid)
    when = get_object_or_404(position.programme.periods, pk=period)
    vacancy = (
        position.vacancies.filter(period=when).select_related("pool").prefetch_related("pool__quotas").first()
    )
    seats, quotas = seats_initial(vacancy)
    form = SeatsForm(request.POST or None, initial=seats)
    rows = QuotaFormSet(request.POST or None, initial=quotas, prefix="quotas")
    taken = vacancy.pool.taken if vacancy is not None else 0
    if request.method == "POST" and seats_fit(form, rows, taken):
        values = form.cleaned_data
        try:
            actions.set_seats(
                position,
                when,
                values["capacity"],
                actor=request.user,
                quotas=rows.quotas(),
                quota_only=values["quota_only"],
            )
        except Blocked as blocked:
            form.add_error("capacity", str(blocked.reason))
        else:
            messages.success(request, _("The seats are kept."))
            return redirect("internships:manage_programme", position.programme.slug)
    bad = form.is_bound and (bool(form.errors) or not rows.is_valid())
    context = {
        "programme": position.programme,
        "position": position,
        "period": when,
        "vacancy": vacancy,
        "form": form,
        "rows": rows,
    }
    return render(request, "internships/manage_seats.html", context, status=422 if bad else 200)
