"""Hours a month of organisations, for who looks after things: what is used, and what they may have."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.bookings import actions, quotas, rules
from partnerships.bookings.forms_quotas import GiveForm, HoursOfMonthForm
from partnerships.bookings.models import Quota, Thing
from partnerships.common.access import access
from partnerships.common.clock import month_in_words, today
from partnerships.common.pages import form_page, posted
from partnerships.common.refusals import Refused


def this_month(typed: str) -> date:
    """The month of an address, as 2026-11; the present one for what is none."""
    try:
        found = date.fromisoformat(f"{typed}-01")
    except ValueError:
        return today().replace(day=1)
    return found if 2000 <= found.year <= 2100 else today().replace(day=1)


@require_safe
@login_required
def used(request: HttpRequest) -> HttpResponse:
    """Who used how much this month of what one looks after, against what they may have."""
    if not rules.keeps_something(request.user):
        raise Refused(_("This is for those who look after rooms and equipment."))
    month = this_month(request.GET.get("month", ""))
    before, after = month - timedelta(days=1), quotas.next_month(month)
    context = {
        "rows": quotas.kept(request.user, month),
        "month": month,
        "heading": month_in_words(month),
        "before": f"{before:%Y-%m}" if before.year >= 2000 else "",
        "after": f"{after:%Y-%m}" if after.year <= 2100 else "",
    }
    return render(request, "bookings/quotas.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def of_thing(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The quotas of a thing, what is used of them this month, and a new one."""
    found = access(Thing.objects.select_related("owner__root", "top"), uid, request.user, rules.keeps)
    data, _files = posted(request)
    month = today().replace(day=1)
    rows = quotas.kept(request.user, month, found)
    has = [line.quota.organization_id for line in rows if line.quota.organization_id is not None]

    def give(**values: Any) -> Quota:
        return actions.give_hours(found, actor=request.user, **values)

    return form_page(
        request,
        GiveForm(data, has=has),
        give,
        heading=_("Hours a month"),
        subheading=found.display_name,
        back=found.get_absolute_url(),
        done=_("Given. It holds for bookings from now on."),
        template="bookings/thing_quotas.html",
        submit=_("Give these hours"),
        thing=found,
        rows=rows,
        month=month_in_words(month),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Other hours for a quota that is there."""
    found, before = _mine(request, uid), _mine(request, uid)
    data, _files = posted(request)
    whose = found.organization
    name = whose.display_name if whose is not None else _("Each organisation by itself")
    return form_page(
        request,
        HoursOfMonthForm(data, instance=found),
        lambda **values: actions.change_hours(before, actor=request.user, **values),
        heading=_("Hours a month"),
        subheading=f"{found.thing.display_name} · {name}",
        back=reverse("bookings:thing_quotas", args=[found.thing.uid]),
        done=_("Saved. It holds for bookings from now on."),
        template="bookings/quota.html",
        quota=before,
    )


@require_POST
@login_required
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """No bound by this quota any more."""
    found = _mine(request, uid)
    actions.end_quota(found, actor=request.user)
    messages.success(request, _("Taken away: there is no bound by it any more."))
    return redirect("bookings:thing_quotas", found.thing.uid)


def _mine(request: HttpRequest, uid: UUID) -> Quota:
    rows = Quota.objects.select_related("thing__owner__root", "thing__top", "organization")
    return access(rows, uid, request.user, rules.keeps)
