"""Lists of bookings, of what is taken when, and of what one looks after, to be taken away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.bookings import kept, quotas, rules
from partnerships.bookings.enums import BookingState
from partnerships.bookings.grids import in_english
from partnerships.bookings.lists import BOOKINGS
from partnerships.bookings.models import Thing
from partnerships.bookings.timetable import Timetable
from partnerships.bookings.views_grid import Shown, shown_to
from partnerships.bookings.views_quotas import this_month
from partnerships.bookings.views_things import closures_of
from partnerships.common.access import access
from partnerships.common.clock import month_in_words
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.lists import offer
from partnerships.common.text import fold

offer(BOOKINGS, people=True)


@listing("bookings.things")
def things(user: Any, params: QueryDict) -> Listed:
    """All that one looks after, in the order of the tree: of more than its page shows, the rest too. What is
    taken away here can be changed and brought again (bookings.things of the imports)."""
    if not rules.keeps_something(user):
        raise Http404
    rows, _more = kept.kept_tree(user, fold(params.get("q", "")[:100]), settings.EXPORT_ROWS)
    return Listed(_("What I look after"), rows, THINGS)


THINGS = [
    ExportColumn(gettext_lazy("Name in Azerbaijani"), lambda row: row.thing.name, 40),
    ExportColumn(gettext_lazy("Name in English"), lambda row: row.thing.name_en, 40),
    ExportColumn(gettext_lazy("Kind"), lambda row: row.thing.get_kind_display(), 18),
    ExportColumn(gettext_lazy("Stands in"), lambda row: row.way, 50),
    ExportColumn(gettext_lazy("How many people"), lambda row: row.thing.capacity, 12),
    ExportColumn(gettext_lazy("What is there"), lambda row: row.thing.about, 50),
    ExportColumn(
        gettext_lazy("Can be booked"), lambda row: _("yes") if row.thing.is_bookable else _("no"), 14
    ),
    ExportColumn(gettext_lazy("Whose it is"), lambda row: row.thing.owner.display_name, 36),
    ExportColumn(gettext_lazy("State"), lambda row: row.state, 22),
]


@listing("bookings.quotas")
def hours(user: Any, params: QueryDict) -> Listed:
    """Who used how much in a month (`month`, as 2026-11) of what one looks after, against the quotas."""
    if not rules.keeps_something(user):
        raise Http404
    month = this_month(params.get("month", ""))
    name = f"{_('Hours of organisations')}, {month_in_words(month)}"
    return Listed(name, quotas.kept(user, month), HOURS)


HOURS = [
    ExportColumn(gettext_lazy("Month"), lambda line: f"{line.month:%m.%Y}", 12),
    ExportColumn(gettext_lazy("What"), lambda line: line.quota.thing.display_name, 40),
    ExportColumn(
        gettext_lazy("Organisation"),
        lambda line: (
            line.organization.display_name if line.organization else _("Each organisation by itself")
        ),
        40,
    ),
    ExportColumn(gettext_lazy("Used, hours"), lambda line: round(line.minutes / 60, 2), 16),
    ExportColumn(gettext_lazy("Quota, hours"), lambda line: line.quota.hours, 16),
]


@dataclass(frozen=True)
class Kept:
    """A time in which a thing cannot be had: a booking as far as its reader may know it, or a closure."""

    thing: Thing
    starts: datetime
    ends: datetime
    what: str
    state: str


@listing("bookings.taken")
def taken(user: Any, params: QueryDict) -> Listed:
    """What the grid draws as taken or closed on its day, week or month (`site`, `thing`, `day`, `view`): of a
    booking that is not for these eyes the hours alone."""
    shown = shown_to(user, params)
    if shown is None:
        raise Http404
    first, last = shown.days
    days = f"{first:%d.%m.%Y}" + (f" – {last:%d.%m.%Y}" if last != first else "")
    name = (shown.thing or shown.site).display_name
    return Listed(f"{name}, {days}", list(_kept(user, shown)), TAKEN)


def _kept(user: Any, shown: Shown) -> Iterator[Kept]:
    first, last = shown.days
    table = Timetable(shown.chosen, first, last, nodes=shown.nodes, around=timedelta(), reader=user)
    english, closed, waits, held = in_english(), _("Not open"), _("Waits for approval"), _("Taken")
    for thing in shown.chosen:
        times = [
            Kept(
                thing,
                slot.begins,
                slot.until,
                slot.titled(english) if slot.readable else "",
                waits if slot.readable and slot.state == BookingState.REQUESTED else held,
            )
            for slot in table.slots(thing)
        ]
        times += [Kept(thing, one.starts, one.ends, one.reason, closed) for one in table.closures(thing)]
        yield from sorted(times, key=lambda one: (one.starts, one.ends))


TAKEN = [
    ExportColumn(gettext_lazy("What"), lambda one: one.thing.display_name, 40),
    ExportColumn(gettext_lazy("From"), lambda one: one.starts, 18),
    ExportColumn(gettext_lazy("Until"), lambda one: one.ends, 18),
    ExportColumn(gettext_lazy("What for"), lambda one: one.what, 50),
    ExportColumn(gettext_lazy("State"), lambda one: one.state, 22),
]


@listing("bookings.closures")
def closures(user: Any, params: QueryDict) -> Listed:
    """When a thing is closed, with what it stands in and what one has with it: as its page tells it."""
    try:
        uid = UUID(params.get("of", ""))
    except ValueError as error:
        raise Http404 from error
    found = access(Thing.objects.select_related("owner__root", "top"), uid, user)
    rows, nodes = closures_of(found)
    lines = [(row, nodes[row.thing_id].display_name) for row in rows]
    return Listed(f"{_('Closures')}: {found.display_name}", lines, CLOSURES)


CLOSURES = [
    ExportColumn(gettext_lazy("What"), lambda pair: pair[1], 40),
    ExportColumn(gettext_lazy("From"), lambda pair: pair[0].starts, 18),
    ExportColumn(gettext_lazy("Until"), lambda pair: pair[0].ends, 18),
    ExportColumn(gettext_lazy("Kind"), lambda pair: pair[0].get_kind_display(), 20),
    ExportColumn(gettext_lazy("Reason"), lambda pair: pair[0].reason, 50),
]
