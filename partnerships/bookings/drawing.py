"""The rows of the list of bookings, as the page draws them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.bookings.enums import BookingState as B
from partnerships.bookings.models import Booking, Slot
from partnerships.common.addresses import addresses
from partnerships.common.sharing import sharing
from partnerships.common.tables import Column, named, page_column
from partnerships.common.templatetags.figures import baku_short, baku_time
from partnerships.common.templatetags.ui import chip

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
    "uid",
    "state",
    "title",
    "title_en",
    "starts",
    "ends",
    "holder__given_name",
    "holder__family_name",
    "holder__erased_at",
)


def with_columns(rows: Any) -> Any:
    """What the page draws of a row, and no more; what was booked is read by `columns`."""
    return sharing(rows).select_related("holder").only(*SHOWN)


def columns(rows: Iterable[Booking]) -> list[Column]:
    """What the list shows of these bookings; one query for what was booked."""
    what = _what(rows)
    return [
        page_column(_("What for"), _title(), bare=True),
        page_column(_("What"), lambda row: what.get(row.pk, "")),
        page_column(_("When"), lambda row: f"{baku_short(row.starts)}–{baku_time(row.ends)}", "num nowrap"),
        page_column(_("Booked for"), lambda row: row.holder.name),
        page_column(_("State"), _state()),
    ]


def _what(rows: Iterable[Booking]) -> dict[int, str]:
    """The things that were asked for, in the order of names, by the key of the booking."""
    asked = Slot.objects.filter(asked=True, booking_id__in=[row.pk for row in rows])
    english, found = (get_language() or "az").startswith("en"), dict[int, list[str]]()
    names = asked.order_by("thing__sort_key", "thing_id").values_list(
        "booking_id", "thing__name", "thing__name_en"
    )
    for key, name, name_en in names:
        found.setdefault(key, []).append(name_en if english and name_en else name)
    return {key: ", ".join(names) for key, names in found.items()}


def _title() -> Callable[[Booking], SafeString]:
    to = addresses("bookings:booking")
    return lambda row: named(to(row.uid), row.display_title)


def _state() -> Callable[[Booking], SafeString]:
    chips = {state.value: chip(state.label, KINDS.get(state, "")) for state in B}
    return lambda row: chips[row.state]
