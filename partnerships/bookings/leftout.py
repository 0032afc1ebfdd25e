"""The days of a series on which there is no booking of it: why, and who has the thing then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.bookings import quotas
from partnerships.bookings.grids import new_url
from partnerships.bookings.models import Booking, Thing
from partnerships.bookings.timetable import Span, Timetable
from partnerships.common.clock import BAKU, baku_date


@dataclass(frozen=True)
class Missing:
    """A day that a series has no booking on.

    reason   why, as it stands by now; of a day that is over, as its holder was told then
    holders  the bookings that keep it then, those that the reader may see
    url      where it is booked after all, when it is free by now
    """

    day: date
    reason: str
    holders: Sequence[Booking] = ()
    url: str = ""


def of_series(booking: Booking, user: Any, *, bound: bool) -> list[Missing]:
    """Days of the rule that were left out or could not be had, in order, for who holds or keeps the booking
    (`with_rows`). `bound`: its holder is bound by the rules of the things and the hours of an organisation,
    beside opening hours and closures. One table of the days to come, whatever their number."""
    series = booking.series
    if series is None:
        return []
    found = [Missing(date.fromisoformat(day), _("Left out when it was booked.")) for day in series.left_out]
    told = [(datetime.fromisoformat(moment), reason) for moment, reason in series.skipped]
    length, things = timedelta(minutes=series.minutes), booking.things
    ahead = [Span(starts, starts + length) for starts, _reason in told if starts > timezone.now()]
    table = None
    if ahead and things:
        first, last = (baku_date(edge(span.starts for span in ahead)) for edge in (min, max))
        table = Timetable(things, first, last + timedelta(days=1))
    seen = _seen(table, things, ahead, user) if table is not None else {}
    for starts, reason in told:
        day = starts.astimezone(BAKU).date()
        if table is None or starts <= timezone.now():
            found.append(Missing(day, reason))
        else:
            found.append(_by_now(table, things, Span(starts, starts + length), day, seen, bound))
    if bound:
        found = _without_hours(found, booking, ahead)
    return sorted(found, key=lambda one: one.day)


def _without_hours(found: Sequence[Missing], booking: Booking, ahead: Sequence[Span]) -> list[Missing]:
    """The same days; what is free is not to be had where the organisation has used its hours up."""
    free = {one.day for one in found if one.url}
    spans = {day: span for span in ahead if (day := baku_date(span.starts)) in free}
    full = quotas.used_up(booking.things, booking.organization_id, list(spans.values()))
    return [
        Missing(one.day, full[spans[one.day]]) if one.url and spans[one.day] in full else one for one in found
    ]


def _by_now(
    table: Timetable, things: Sequence[Thing], span: Span, day: date, seen: dict[int, Booking], bound: bool
) -> Missing:
    """Why it cannot be had as things stand."""
    problem = next((one for thing in things if (one := table.shut(thing, span))), None)
    if problem is not None:
        return Missing(day, problem.reason)
    if keys := _keepers(table, things, span):
        return Missing(day, _("It is taken at this time."), [seen[key] for key in keys if key in seen])
    if bound and (
        problem := next((one for thing in things if (one := table.against_rules(thing, span))), None)
    ):
        return Missing(day, problem.reason)
    return Missing(day, _("Free by now."), url=new_url(things[0], span.starts))


def _keepers(table: Timetable, things: Sequence[Thing], span: Span) -> list[int]:
    """Keys of the bookings that are in the way, by their beginnings."""
    slots = [
        slot
        for thing in things
        for slot in table.slots(thing)
        if table.kept(thing, span).meets(Span(slot.starts, slot.ends))
    ]
    return list(
        dict.fromkeys(slot.booking_id for slot in sorted(slots, key=lambda slot: (slot.starts, slot.pk)))
    )


def _seen(table: Timetable, things: Sequence[Thing], spans: Sequence[Span], user: Any) -> dict[int, Booking]:
    """Those of the bookings in the way that this reader may see."""
    keys = {key for span in spans for key in _keepers(table, things, span)}
    if not keys:
        return {}
    return Booking.objects.visible_to(user).select_related("holder").in_bulk(list(keys))
