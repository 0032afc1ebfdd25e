"""Hours of a month that organisations have of what they book, against what they may have.

What is asked for counts, not what one has with it: two rooms for an hour are two hours, a hall is one. A
booking over midnight of the last day counts in each month for its part. Time to prepare and to clean up
does not count.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from partnerships.bookings.enums import COUNTED, KEEPERS
from partnerships.bookings.models import Booking, Quota, Slot, Thing
from partnerships.bookings.timetable import Problem, Span
from partnerships.common.clock import baku_date, month_in_words, start_of_day
from partnerships.common.templatetags.figures import grouped
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization


def month_of(moment: datetime) -> date:
    """The first day of the month, by Baku's calendar, in which a moment lies."""
    return baku_date(moment).replace(day=1)


def next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def span_of(month: date) -> Span:
    return Span(start_of_day(month), start_of_day(next_month(month)))


def months_of(span: Span) -> list[date]:
    """The months that a span touches; one that ends at midnight does not touch the next."""
    found, last = [month_of(span.starts)], month_of(span.ends - timedelta(microseconds=1))
    while found[-1] < last:
        found.append(next_month(found[-1]))
    return found


def minutes_in(month: date, span: Span) -> int:
    """How much of a span lies in a month."""
    whole = span_of(month)
    inside = min(span.ends, whole.ends) - max(span.starts, whole.starts)
    return max(0, int(inside.total_seconds() // 60))


def hours_in_words(minutes: int) -> str:
    """90 minutes: 1,5; by the sign of the language, without zeros at the end."""
    return grouped(minutes // 60) if minutes % 60 == 0 else grouped(float(f"{minutes / 60:.2f}"))


class Usage:
    """Minutes that organisations have in a month of what stands in some trees; read in one query.

    tops           keys of the roots of the trees
    until          the last month, where several are asked about
    organizations  keys of those that are asked about; none: everybody's
    states         what counts; leave_out  key of the booking that is looked at itself
    """

    def __init__(
        self,
        tops: Collection[int],
        month: date,
        *,
        organizations: Collection[int] | None = None,
        states: Sequence[str] = COUNTED,
        leave_out: int | None = None,
        until: date | None = None,
    ) -> None:
        self._month = month
        whole = Span(span_of(month).starts, span_of(until or month).ends)
        rows = Slot.objects.filter(thing__top_id__in=tops, asked=True, booking__state__in=states)
        rows = rows.filter(booking__starts__lt=whole.ends, booking__ends__gt=whole.starts)
        if organizations is None:
            rows = rows.filter(booking__organization__isnull=False)
        else:
            rows = rows.filter(booking__organization_id__in=organizations)
        if leave_out is not None:
            rows = rows.exclude(booking_id=leave_out)
        self._rows = [
            (key, path, Span(starts, ends))
            for key, path, starts, ends in rows.values_list(
                "booking__organization_id", "thing__path", "booking__starts", "booking__ends"
            )
        ]

    def of(self, thing: Thing, organization: int, month: date | None = None) -> int:
        """Of a thing and all that is in it, by one organisation."""
        return self.by_organization(thing, month).get(organization, 0)

    def by_organization(self, thing: Thing, month: date | None = None) -> dict[int, int]:
        """Of a thing and all that is in it, by each organisation that has anything."""
        found: dict[int, int] = {}
        for key, path, span in self._rows:
            if path.startswith(thing.path):
                found[key] = found.get(key, 0) + minutes_in(month or self._month, span)
        return found


def standing(things: Iterable[Thing]) -> list[Quota]:
    """Every quota of these things and of what they stand in; one query."""
    keys = {key for thing in things for key in thing.above}
    return list(Quota.objects.filter(thing_id__in=keys).select_related("thing__owner")) if keys else []


def binding(rows: Iterable[Quota], organization: int | None) -> list[Quota]:
    """Those that bind an organisation, in the order of the tree: at each node the one that names it, else
    the one of everybody, which does not bind the owner."""
    found: dict[int, Quota] = {}
    for quota in rows if organization is not None else ():
        of_each = quota.organization_id is None and quota.thing.owner.root_id != organization
        if quota.organization_id == organization or (of_each and quota.thing_id not in found):
            found[quota.thing_id] = quota
    return sorted(found.values(), key=lambda quota: (len(quota.thing.above), quota.thing_id))


def first_of(works: Collection[int], all_of: Collection[int], owner: Organization) -> int | None:
    """Key of the organisation whose hours are taken where none is named: the owner where one works there,
    else the first where one works, else where one studies."""
    if owner.root_id in works:
        return owner.root_id
    return min(works or all_of, default=None)


@dataclass(frozen=True)
class Line:
    """A quota as it stands for one organisation in a month."""

    quota: Quota
    organization: Organization | None
    month: date
    minutes: int

    @property
    def most(self) -> int:
        return self.quota.hours * 60

    @property
    def over(self) -> bool:
        return self.minutes >= self.most

    @property
    def used(self) -> str:
        return hours_in_words(self.minutes)

    @property
    def left(self) -> str:
        return hours_in_words(max(0, self.most - self.minutes))

    @property
    def in_words(self) -> str:
        words = {
            "thing": self.quota.thing.display_name,
            "used": self.used,
            "hours": grouped(self.quota.hours),
            "month": month_in_words(self.month),
        }
        return _("%(thing)s: %(used)s of %(hours)s hours used in %(month)s.") % words


def lines(rows: Iterable[Quota], organization: int | None, month: date) -> list[Line]:
    """What it has in a month against those of these quotas that bind it: a query where some do."""
    quotas = binding(rows, organization)
    if not quotas or organization is None:
        return []
    usage = Usage({quota.thing.top_id for quota in quotas}, month, organizations=[organization])
    return [Line(quota, None, month, usage.of(quota.thing, organization)) for quota in quotas]


def of_booking(booking: Booking) -> list[Line]:
    """What the organisation of a booking has in its months, this one counted as far as it counts."""
    if booking.organization_id is None:
        return []
    rows = standing(booking.things)
    months = months_of(Span(booking.starts, booking.ends)) if rows else []
    return [line for month in months for line in lines(rows, booking.organization_id, month)]


MOST = 500  # quotas of whoever looks after them


def kept(user: Any, month: date, thing: Thing | None = None) -> list[Line]:
    """Who has how much in a month of what this user looks after, quota by quota in the order of names; of
    one thing where it is said. A quota of each organisation has a line for each that has anything. Three
    queries, whatever their number."""
    rows = Quota.objects.filter(thing=thing) if thing is not None else Quota.objects.visible_to(user)
    if not access_of(user).administers:
        rows = rows.filter(access_of(user).q("thing__owner", *KEEPERS))
    rows = rows.select_related("thing__owner__root", "thing__top", "organization")
    found = list(
        rows.order_by("thing__top__sort_key", "thing__top_id", "thing__path", "organization", "pk")[:MOST]
    )
    usage = Usage({quota.thing.top_id for quota in found}, month) if found else None
    named = {(quota.thing_id, quota.organization_id) for quota in found}
    has: list[tuple[Quota, dict[int, int]]] = []
    for quota in found if usage is not None else ():
        minutes = usage.by_organization(quota.thing)
        has.append((quota, {key: n for key, n in minutes.items() if (quota.thing_id, key) not in named}))
        if quota.organization_id is not None:
            has[-1] = (quota, {quota.organization_id: minutes.get(quota.organization_id, 0)})
    names = Organization.objects.in_bulk({key for _quota, minutes in has for key in minutes})
    return [line for quota, minutes in has for line in _kept_lines(quota, minutes, names, month)]


def _kept_lines(
    quota: Quota, minutes: dict[int, int], names: dict[int, Organization], month: date
) -> list[Line]:
    """Most used first; a quota of each that nobody has used yet stands there by itself."""
    owner = quota.thing.owner.root_id
    bound = [key for key in minutes if quota.organization_id is not None or key != owner]
    found = [Line(quota, names[key], month, minutes[key]) for key in bound]
    return sorted(found, key=lambda line: -line.minutes) or [Line(quota, None, month, 0)]


def exceeded(
    booking: Booking, things: Sequence[Thing], *, states: Sequence[str] = COUNTED
) -> tuple[Line, int] | None:
    """The first quota that this booking would break, as it stands without it, and the minutes that it would
    come to; of each month that it touches. To be asked under the lock of its trees."""
    if booking.organization_id is None:
        return None
    span = Span(booking.starts, booking.ends)
    for quota in binding(standing(things), booking.organization_id):
        asked = sum(thing.path.startswith(quota.thing.path) for thing in things)
        for month in months_of(span):
            usage = Usage(
                [quota.thing.top_id],
                month,
                organizations=[booking.organization_id],
                states=states,
                leave_out=booking.pk,
            )
            has = usage.of(quota.thing, booking.organization_id)
            comes_to = has + asked * minutes_in(month, span)
            if comes_to > quota.hours * 60:
                return Line(quota, booking.organization, month, has), comes_to
    return None


def used_up(things: Sequence[Thing], organization: int | None, spans: Sequence[Span]) -> dict[Span, str]:
    """Of these times, those for which the organisation has not hours enough for all of the things, with the
    reason. Three queries, whatever the number of times; one where nothing is bound."""
    bound = binding(standing(things), organization) if spans else []
    if not bound or organization is None:
        return {}
    months = sorted({month for span in spans for month in months_of(span)})
    tops = {quota.thing.top_id for quota in bound}
    usage = Usage(tops, months[0], organizations=[organization], until=months[-1])
    name = Organization.objects.get(pk=organization)
    found: dict[Span, str] = {}
    for span in spans:
        for quota, month in product(bound, months_of(span)):
            has = usage.of(quota.thing, organization, month)
            asked = sum(thing.path.startswith(quota.thing.path) for thing in things)
            if (comes_to := has + asked * minutes_in(month, span)) > quota.hours * 60:
                words = {"has": _has(Line(quota, name, month, has)), "new": hours_in_words(comes_to)}
                found.setdefault(span, _("%(has)s With this it would be %(new)s.") % words)
    return found


def problem(booking: Booking, things: Sequence[Thing]) -> Problem | None:
    """Why the hours of its organisation do not suffice, and what can be done."""
    found = exceeded(booking, things)
    if found is None:
        return None
    line, comes_to = found
    words = {
        "has": _has(line),
        "new": hours_in_words(comes_to),
        "left": line.left,
    }
    reason = _(
        "%(has)s With this it would be %(new)s; %(left)s are left. Take less time or another month, cancel "
        "what you do not need, or ask those who look after it for more hours."
    )
    return Problem("quota", reason % words)


def not_to_approve(booking: Booking, things: Sequence[Thing], *, states: Sequence[str]) -> Problem | None:
    """Why a request cannot be granted: the quota may have been made smaller since it was asked for."""
    found = exceeded(booking, things, states=states)
    if found is None:
        return None
    line, comes_to = found
    words = {"has": _has(line), "new": hours_in_words(comes_to)}
    reason = _("%(has)s With this it would be %(new)s. Give it more hours first, or say no with the reason.")
    return Problem("quota", reason % words)


def _has(line: Line) -> str:
    words: dict[str, Any] = {
        "thing": line.quota.thing.display_name,
        "organization": line.organization.display_name if line.organization else "",
        "used": line.used,
        "hours": grouped(line.quota.hours),
        "month": month_in_words(line.month),
    }
    return _("%(thing)s: %(organization)s has %(used)s of %(hours)s hours in %(month)s.") % words
