"""The pages of who looks after things: what they keep, adding, changing, opening hours."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.bookings import actions, bringing, bringing_bookings, kept, rules
from partnerships.bookings.enums import KEEPERS
from partnerships.bookings.forms_keeping import HoursForm, ThingForm
from partnerships.bookings.models import Booking, Thing
from partnerships.common.access import access
from partnerships.common.pages import form_page, posted
from partnerships.common.refusals import Refused
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization
from partnerships.documents import import_views

SAVED = gettext_lazy("Saved. It holds for bookings from now on.")


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


def _own(user: Any) -> QuerySet[Organization]:
    """Whose things this user looks after by a role there."""
    keys = [scope.node_id for scope in access_of(user).of(*KEEPERS)]
    return Organization.objects.filter(pk__in=keys).order_by("pk")


@require_http_methods(["GET", "POST"])
@login_required
def things_import(request: HttpRequest) -> HttpResponse:
    """Sites, rooms and equipment from a table; ?at= names whose they are for who looks after several."""
    return _upload(request, bringing.KIND)


@require_http_methods(["GET", "POST"])
@login_required
def bookings_import(request: HttpRequest) -> HttpResponse:
    """A timetable of them from a table; ?at= as there."""
    return _upload(request, bringing_bookings.KIND)


def _upload(request: HttpRequest, kind: str) -> HttpResponse:
    _must_keep_something(request)
    wanted = request.GET.get("at", "")
    owner = (Organization.objects.filter(slug=wanted) if wanted else _own(request.user)).first()
    if owner is None:
        raise Http404
    return import_views.upload(request, kind=kind, context={"organization": owner.pk})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thing_new(request: HttpRequest) -> HttpResponse:
    """A new site, or something in a place that is there."""
    _must_keep_something(request)
    parent = _parent(request)
    owners = None
    if parent is None:
        owners = _own(request.user)
    instance = Thing(owner=parent.owner, parent=parent) if parent is not None else Thing()
    data, _files = posted(request)
    return form_page(
        request,
        ThingForm(data, instance=instance, parent=parent, owners=owners),
        lambda **values: actions.add_thing(actor=request.user, parent=parent, **_new(values)),
        heading=_("Add a room or equipment") if parent is not None else _("Add a site"),
        subheading=parent.display_name if parent is not None else "",
        back=parent.get_absolute_url() if parent is not None else reverse("bookings:things"),
        done=_("Added."),
        template="bookings/thing_form.html",
    )


def _parent(request: HttpRequest) -> Thing | None:
    uid = request.GET.get("within", "")
    if not uid:
        return None
    try:
        found = UUID(uid)
    except ValueError as error:
        raise Http404 from error
    return access(Thing.objects.select_related("owner__root", "top"), found, request.user, rules.keeps)


def _new(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ("version", "parts")}


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
    data, _files = posted(request)
    return form_page(
        request,
        ThingForm(data, instance=found, parent=found.parent, others=others),
        lambda parts=None, **values: actions.rewrite_thing(
            before, actor=request.user, parts=None if parts is None else list(parts), **values
        ),
        heading=_("Change"),
        subheading=before.display_name,
        back=before.get_absolute_url(),
        done=SAVED,
        template="bookings/thing_form.html",
    )


def _hours_saved(told: list[Booking]) -> str:
    words = ngettext(
        "Saved. %(n)d booking lies outside now; its holder is told.",
        "Saved. %(n)d bookings lie outside now; their holders are told.",
        len(told),
    )
    return words % {"n": len(told)} if told else str(SAVED)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thing_hours(request: HttpRequest, uid: UUID) -> HttpResponse:
    """When it is open on each day of the week."""
    found = _mine(request, uid)
    data, _files = posted(request)
    hit: list[Booking] = []  # what whoever confirms is shown first

    def save(week: Any, version: int) -> list[Booking]:
        try:
            seen = request.POST.getlist("seen")
            return actions.set_hours(found, week, actor=request.user, version=version, seen=seen)
        except actions.Unseen as unseen:
            hit.extend(unseen.bookings)
            raise

    return form_page(
        request,
        HoursForm(data, thing=found),
        save,
        heading=_("Opening hours"),
        subheading=found.display_name,
        back=found.get_absolute_url(),
        done=_hours_saved,
        template="bookings/hours_form.html",
        hit=hit,
    )
