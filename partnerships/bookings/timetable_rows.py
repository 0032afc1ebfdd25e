"""What a timetable reads: trees, hours, closures and kept times, in queries whose words are kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from partnerships.bookings.enums import ClosureState
from partnerships.bookings.models import Booking, Closure, Hours, Slot, Thing
from partnerships.common.among import AmongKnown, in_one
from partnerships.common.constraints import Meets
from partnerships.common.prepared import PreparedRows
from partnerships.common.query_words import Key, keys_of
from partnerships.directory.asked import asked


class Kept(NamedTuple):
    """A time that a booking keeps of a thing, as far as tables, grids and feeds look at it: a page has
    hundreds, so it is no object of `Slot`. Where a reader was named, what is said of the booking stands there
    as well: for nobody's eyes unless `readable`."""

    pk: int
    booking_id: int
    thing_id: int
    starts: datetime
    ends: datetime
    asked: bool
    begins: datetime  # the booking itself, without preparing and cleaning up
    until: datetime
    state: str
    version: int
    holder_id: int | None = None
    uid: UUID | None = None
    title: str = ""
    title_en: str = ""
    readable: bool = False

    def titled(self, english: bool) -> str:
        """As `Booking.display_title`."""
        return self.title_en if english and self.title_en else self.title


_OF_BOOKING = ("booking__starts", "booking__ends", "booking__state", "booking__version")
_KEPT = ("pk", "booking_id", "thing_id", "starts", "ends", "asked", *_OF_BOOKING)
_READ = ("booking__holder_id", "booking__uid", "booking__title", "booking__title_en")
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


def tree_rows(keys: Sequence[Any]) -> Any:
    """The query of `trees`."""
    rows = Thing.objects.filter(top_id__in=keys).select_related("owner").annotate(part=F("parts"))
    return rows.defer(*NOT_IN_TREES).order_by()


# Most pages are of one site, a booking sometimes of two.
_NODES = PreparedRows(tree_rows, widths=(1, 4, 16, 64))
HOURS = PreparedRows(lambda keys: Hours.objects.filter(thing__top_id__in=keys), widths=(1, 4, 16, 64))


@asked
def closed(starts: datetime, ends: datetime, *tops: Key) -> Any:
    """Closures in these trees that meet this time."""
    rows = Closure.objects.filter(thing__top_id__in=tops, state=ClosureState.CLOSED)
    return rows.filter(starts__lt=ends, ends__gt=starts)


def kept(starts: datetime, ends: datetime, tops: Iterable[int], reader: Any = None) -> list[Kept]:
    """What is taken in these trees at this time, in order of time; with what `reader` may read of it."""
    keys = keys_of(sorted(tops))
    if not keys:
        return []
    found = _kept(starts, ends, *keys) if reader is None else _kept_read(reader, starts, ends, *keys)
    return [Kept(*row) for row in found]


@asked
def _kept(starts: datetime, ends: datetime, *tops: Key) -> Any:
    return _kept_rows(starts, ends, tops).values_list(*_KEPT)


@asked
def _kept_read(user: Any, starts: datetime, ends: datetime, *tops: Key) -> Any:
    return _read_by(user, _kept_rows(starts, ends, tops))


def _kept_rows(starts: datetime, ends: datetime, tops: Sequence[Key]) -> Any:
    rows = Slot.objects.filter(Meets("starts", "ends", starts, ends), thing__top_id__in=tops, active=True)
    return rows.order_by("starts", "pk")


def held_by(bookings: Iterable[int], reader: Any) -> list[Kept]:
    """What these bookings hold, with what `reader` may read of them."""
    keys = sorted(set(bookings))
    return [Kept(*row) for row in _held_by(reader, in_one(keys))] if keys else []


@asked
def _held_by(user: Any, bookings: str) -> Any:
    rows = Slot.objects.filter(AmongKnown("booking_id", bookings), active=True)
    return _read_by(user, rows.order_by("thing_id"))


def _read_by(user: Any, slots: Any) -> Any:
    """The columns of `Kept`: titles of all of them, and whether this user may read them."""
    seen = Exists(Booking.objects.visible_to(user).filter(pk=OuterRef("booking_id")))
    return slots.annotate(readable=seen).values_list(*_KEPT, *_READ, "readable")
