"""What a timetable reads: trees, hours, closures and kept times, in queries whose words are kept."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from partnerships.bookings.enums import ClosureState
from partnerships.bookings.models import Closure, Hours, Slot, Thing
from partnerships.common.prepared import PreparedRows
from partnerships.common.query_words import Key
from partnerships.common.sharing import sharing
from partnerships.directory.asked import asked

# What of a kept time, and of a node, tables and grids ask for.
SLOT = (
    "thing_id",
    "starts",
    "ends",
    "asked",
    "active",
    "booking__starts",
    "booking__ends",
    "booking__state",
    "booking__version",
)
NOT_IN_TREES = (
    "created",
    "updated",
    "about",
    "folded",
    *(
        f"owner__{name}"
        for name in ("uid", "folded", "sort_key", "source", "checked_at", "created", "updated")
    ),
)


def trees(tops: Iterable[Any]) -> list[Thing]:
    """Every node of these trees with its owner, out of use or not; what is made of others stands there once
    for each of its parts, whose key is `part`."""
    found: Any = _NODES(sorted(tops))
    return found  # type: ignore[no-any-return]


# Most pages are of one site, a booking sometimes of two.
_NODES = PreparedRows(
    lambda keys: (
        Thing.objects.filter(top_id__in=keys)
        .select_related("owner")
        .annotate(part=F("parts"))
        .defer(*NOT_IN_TREES)
        .order_by()
    ),
    widths=(1, 4, 16, 64),
)
HOURS = PreparedRows(lambda keys: Hours.objects.filter(thing__top_id__in=keys), widths=(1, 4, 16, 64))


@asked
def closed(starts: datetime, ends: datetime, *tops: Key) -> Any:
    """Closures in these trees that meet this time."""
    rows = Closure.objects.filter(thing__top_id__in=tops, state=ClosureState.CLOSED)
    return rows.filter(starts__lt=ends, ends__gt=starts)


@asked
def kept(starts: datetime, ends: datetime, *tops: Key) -> Any:
    """What is taken in these trees at this time, with the columns that grids and refusals look at."""
    rows = sharing(Slot.objects.select_related("booking")).filter(thing__top_id__in=tops, active=True)
    return rows.filter(starts__lt=ends, ends__gt=starts).only(*SLOT).order_by("starts")
