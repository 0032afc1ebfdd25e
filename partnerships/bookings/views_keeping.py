"""The pages of who looks after things: what they keep, adding, changing, opening hours."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.bookings import actions, kept, rules
from partnerships.bookings.enums import KEEPERS
from partnerships.bookings.forms_keeping import HoursForm, ThingForm
from partnerships.bookings.models import Thing
from partnerships.common.access import access
from partnerships.common.refusals import Refused, StaleState
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization


def _must_keep_something(request: HttpRequest) -> None:
    if not rules.keeps_something(request.user):
        raise Refused(_("This is for those who look after rooms and equipment."))


@require_safe
@login_required
def things(request: HttpRequest) -> HttpResponse:
    """Everything that one looks after, as a tree; what is out of use too."""
    _must_keep_something(request)
    typed = request.GET.get("q", "")[:100]
    rows, more = kept.kept_tree(request.user, fold(typed))
    several = len({row.thing.owner_id for row in rows}) > 1
    context = {"rows": rows, "more": more, "query": typed, "several": several}
    return render(request, "bookings/things.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thing_new(request: HttpRequest) -> HttpResponse:
    """A new site, or something in a place that is there."""
    _must_keep_something(request)
    parent = _parent(request)
    owners = None
    if parent is None:
        keys = [scope.node_id for scope in access_of(request.user).of(*KEEPERS)]
        owners = Organization.objects.filter(pk__in=keys).order_by("pk")
    instance = Thing(owner=parent.owner, parent=parent) if parent is not None else Thing()
    posted = request.POST if request.method == "POST" else None
    form = ThingForm(posted, instance=instance, parent=parent, owners=owners)
    if request.method == "POST" and form.is_valid():
        values = _values(form)
        try:
            made = actions.add_thing(actor=request.user, parent=parent, **values)
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _("Added."))
            return redirect(made)
    back = parent.get_absolute_url() if parent is not None else reverse("bookings:things")
    heading = _("Add a room or equipment") if parent is not None else _("Add a site")
    return _form_page(request, form, heading, parent.display_name if parent is not None else "", back)


def _parent(request: HttpRequest) -> Thing | None:
    uid = request.GET.get("within", "")
    if not uid:
        return None
    try:
        found = UUID(uid)
    except ValueError as error:
        raise Http404 from error
    return access(Thing.objects.select_related("owner__root", "top"), found, request.user, rules.keeps)


def _values(form: ThingForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name not in ("version", "parts")}


def _form_page(
    request: HttpRequest, form: Any, heading: str, subheading: str, back: str, name: str = "thing_form"
) -> HttpResponse:
    context = {"form": form, "heading": heading, "subheading": subheading, "back": back}
    status = getattr(form, "status", 422 if form.is_bound and form.errors else 200)
    return render(request, f"bookings/{name}.html", context, status=status)


def _mine(request: HttpRequest, uid: UUID) -> Thing:
    return access(
        Thing.objects.select_related("owner__root", "parent", "top"), uid, request.user, rules.keeps
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thing_change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Names, rules, what it is made of, whether it is in use."""
    found, before = _mine(request, uid), _mine(request, uid)
    others = kept.possible_parts(found)
    posted = request.POST if request.method == "POST" else None
    form = ThingForm(posted, instance=found, parent=found.parent, others=others)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rewrite_thing(
                before,
                actor=request.user,
                version=form.cleaned_data["version"],
                parts=list(form.cleaned_data["parts"]) if "parts" in form.cleaned_data else None,
                **_values(form),
            )
        except ValidationError as error:
            form.take(error)
        except StaleState:
            form.show_conflict()
        else:
            messages.success(request, _("Saved. It holds for bookings from now on."))
            return redirect(before)
    return _form_page(request, form, _("Change"), before.display_name, before.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thing_hours(request: HttpRequest, uid: UUID) -> HttpResponse:
    """When it is open on each day of the week."""
    found = _mine(request, uid)
    form = HoursForm(request.POST if request.method == "POST" else None, thing=found)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.set_hours(found, values["week"], actor=request.user, version=values["version"])
        except ValidationError as error:
            form.add_error(None, error)
        except StaleState as stale:
            data = request.POST.copy()
            found = _mine(request, uid)
            data["version"] = str(found.version)
            form = HoursForm(data, thing=found)
            form.is_valid()
            form.add_error(None, f"{stale.reason} {_('Send again to keep what you wrote.')}")
        else:
            messages.success(request, _("Saved. It holds for bookings from now on."))
            return redirect(found)
    return _form_page(
        request, form, _("Opening hours"), found.display_name, found.get_absolute_url(), "hours_form"
    )
