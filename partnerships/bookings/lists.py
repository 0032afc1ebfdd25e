"""The list of bookings: one's own, those to be decided, those that one sees, and what is over."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from partnerships.bookings import reports, rules
from partnerships.bookings.enums import BookingState as B
from partnerships.bookings.models import Booking, Slot, Thing
from partnerships.common.among import AmongKnown, in_one
from partnerships.common.lists import Button, Choice, ListPage, Pill
from partnerships.common.sharing import sharing
from partnerships.common.tables import Column, page_column
from partnerships.common.templatetags.figures import baku_short, baku_time
from partnerships.common.templatetags.ui import chip
from partnerships.common.wording import names_in_language
from partnerships.directory.asked import asked

KINDS = {
    B.BOOKED: "good",
    B.IN_USE: "good",
    B.OFFERED: "move",
    B.REQUESTED: "on",
    B.WAITING: "on",
    B.NO_SHOW: "bad",
    B.DECLINED: "bad",
}
SHOWN = (
    *("uid", "state", "title", "title_en", "starts", "ends"),
    *("holder__given_name", "holder__family_name", "holder__erased_at"),
)


def with_columns(rows: Any) -> Any:
    """What a row shows, and no more; what was booked is read by `with_things`."""
    return sharing(rows).select_related("holder").only(*SHOWN)


def with_things(rows: list[Booking], _user: Any) -> list[Booking]:
    """These rows with `what` was asked for, in the order of names; one query."""
    what = _what(rows)
    for row in rows:
        row.what = what.get(row.pk, "")  # type: ignore[attr-defined]
    return rows


def _what(rows: Iterable[Booking]) -> dict[int, str]:
    english, found = (get_language() or "az").startswith("en"), dict[int, list[str]]()
    for key, name, name_en in _things_of(in_one(row.pk for row in rows)):
        found.setdefault(key, []).append(name_en if english and name_en else name)
    return {key: ", ".join(names) for key, names in found.items()}


@asked
def _things_of(bookings: str) -> Any:
    rows = Slot.objects.filter(AmongKnown("booking_id", bookings), asked=True)
    names = ("booking_id", "thing__name", "thing__name_en")
    return rows.order_by("thing__sort_key", "thing_id").values_list(*names)


def columns() -> list[Column]:
    chips = {state.value: chip(state.label, KINDS.get(state, "")) for state in B}
    words = {state.value: state.label for state in B}
    return [
        Column(_("What for"), lambda row: row.display_title, width=50),
        Column(_("What"), lambda row: row.what, width=40),
        page_column(_("When"), lambda row: f"{baku_short(row.starts)}–{baku_time(row.ends)}", "num nowrap"),
        Column(_("From"), lambda row: row.starts, width=18, only="table"),
        Column(_("Until"), lambda row: row.ends, width=18, only="table"),
        Column(_("Booked for"), lambda row: row.holder.name, width=28),
        Column(_("State"), lambda row: words[row.state], lambda row: chips[row.state], width=22),
    ]


def _sites(user: Any) -> list[tuple[str, str]]:
    """Where one may book or looks after something."""
    name_of = names_in_language()
    return [(str(row.uid), name_of(row)) for row in _sites_of(user)]


@asked
def _sites_of(user: Any) -> Any:
    rows = Thing.objects.visible_to(user).filter(parent=None).order_by("sort_key", "pk")
    return sharing(rows).only("uid", "name", "name_en")


def at_site(rows: Any, uid: Any, _user: Any = None) -> Any:
    """Of what stands at one site."""
    return rows.filter(Exists(Slot.objects.filter(booking=OuterRef("pk"), asked=True, thing__top__uid=uid)))


def _pill(key: str, label: Any, **more: Any) -> Pill:
    nothing = (
        gettext_lazy("Nothing here"),
        gettext_lazy("When there is a booking of this kind, it stands here."),
    )
    return Pill(key, label, lambda rows, user: reports.in_show(rows, key, user), empty=nothing, **more)


def _buttons(user: Any) -> list[Button]:
    if not rules.books(user):
        return []
    return [
        Button(_("Rooms by time"), reverse("bookings:grid"), "calendar3"),
        Button(_("Find a free room"), reverse("bookings:find"), "search", primary=True),
    ]


BOOKINGS = ListPage(
    title=gettext_lazy("Bookings"),
    above=((gettext_lazy("Rooms and equipment"), "bookings:grid"),),
    rows=Booking.objects.visible_to,
    fill=with_columns,
    lines=with_things,
    order=("starts", "pk"),  # what comes next stands first; of what is over, what was last
    columns=columns,
    address="bookings:booking",
    counted=lambda n: ngettext("%(count)s booking", "%(count)s bookings", n),
    empty=(
        gettext_lazy("You have booked nothing"),
        gettext_lazy(
            "Rooms, halls and equipment that are open to you are booked here; what is free is seen at a "
            "glance."
        ),
    ),
    icon="calendar-event",
    first=Pill("", gettext_lazy("Mine"), lambda rows, user: reports.in_show(rows, "mine", user)),
    pills=(
        # What is closed is worked out for who comes for it, from what waits for them.
        _pill("hit", gettext_lazy("Not open then"), when_asked=True),
        _pill("decide", gettext_lazy("To decide")),
        _pill("coming", gettext_lazy("All to come")),
        _pill("past", gettext_lazy("Mine before"), order=("-starts", "-pk")),
    ),
    choices=(Choice("site", gettext_lazy("Site"), gettext_lazy("All sites"), _sites, at_site),),
    search=gettext_lazy("What for, room or person"),
    find=reports.answering,
    keep=asked,
    buttons=_buttons,
    download="bookings.bookings",
)
