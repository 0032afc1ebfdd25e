"""Another room for the days of a series on which the one that was asked for is taken."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from partnerships.bookings import rules
from partnerships.bookings.actions.booking import problems
from partnerships.bookings.actions.quotas import whose_hours
from partnerships.bookings.enums import ThingKind
from partnerships.bookings.models import Booking, Thing
from partnerships.bookings.timetable import Span, Timetable
from partnerships.common.clock import baku_date
from partnerships.directory.models import Organization, Person
from partnerships.workflow.actors import as_actor

OFFERED = 5  # rooms a day
LOOKED_AT = 40  # rooms of a site
_GATHER = {ThingKind.ROOM, ThingKind.HALL}  # where people meet in either


def free_instead(
    asked: Thing,
    offered: Sequence[Thing],
    moments: Sequence[datetime],
    length: timedelta,
    *,
    user: Any,
    organization: Organization | None = None,
    people: int | None = None,
) -> dict[datetime, list[Thing]]:
    """What else of its kind could be had at each of these beginnings, by the rules, hours and quotas of each.

    offered  what the user may book there
    people   for so many there must be room
    Those that are free on most of the days come first, of these the nearest to it in size: so that one other
    room does for all of them where there is one.
    """
    if not moments:
        return {}
    wanted = _GATHER if asked.kind in _GATHER else {asked.kind}
    alike = [
        thing
        for thing in offered
        if thing.pk != asked.pk and thing.kind in wanted and (not people or (thing.capacity or 0) >= people)
    ]
    alike = sorted(alike, key=lambda thing: _far(thing, asked))[:LOOKED_AT]
    table = Timetable(alike, baku_date(min(moments)), baku_date(max(moments) + length))
    asks = _Asks(table, user, length, organization, people)
    free = {thing.pk: found for thing in alike if (found := [at for at in moments if asks.could(thing, at)])}
    best = sorted(
        (thing for thing in alike if thing.pk in free),
        key=lambda thing: (-len(free[thing.pk]), _far(thing, asked)),
    )
    rooms = {at: [thing for thing in best if at in free[thing.pk]][:OFFERED] for at in moments}
    return {at: things for at, things in rooms.items() if things}


class _Asks:
    """Whether somebody could have a thing at a time."""

    def __init__(
        self,
        table: Timetable,
        user: Any,
        length: timedelta,
        organization: Organization | None,
        people: int | None,
    ) -> None:
        self.table, self.user, self.length = table, user, length
        self.organization, self.people = organization, people
        self.by = as_actor(user)
        self.holder = Person.objects.get(pk=self.by.person_id)
        self._bound: dict[tuple[int, date], bool] = {}

    def could(self, thing: Thing, at: datetime) -> bool:
        span = Span(at, at + self.length)
        if self.table.clash(thing, span) or self.table.shut(thing, span):
            return False
        keeper = rules.keeps(self.user, thing)
        if not keeper and self.table.against_rules(thing, span):
            return False
        return not self._too_much(thing, span, keeper=keeper)

    def _too_much(self, thing: Thing, span: Span, *, keeper: bool) -> bool:
        """By what one person and one organisation may have: asked of the database once for each month."""
        key = thing.pk, baku_date(span.starts).replace(day=1)
        if key not in self._bound:
            booking = Booking(
                holder=self.holder,
                owner=thing.owner,
                organization_id=whose_hours(self.by, self.holder, thing.owner, self.organization),
                starts=span.starts,
                ends=span.ends,
                people=self.people,
            )
            self._bound[key] = bool(problems(booking, [thing], self.table, keeper=keeper))
        return self._bound[key]


def _far(thing: Thing, asked: Thing) -> tuple[Any, ...]:
    """How far a thing is from what was asked for: another kind, smaller, larger by so much."""
    size, wanted = thing.capacity or 0, asked.capacity or 0
    return thing.kind != asked.kind, size < wanted, abs(size - wanted), thing.sort_key, thing.pk
