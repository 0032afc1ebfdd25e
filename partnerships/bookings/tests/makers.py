"""A site with a hall of two rooms and a laboratory with an instrument, open on working days from 9 to 18."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.urls import reverse

from partnerships.bookings import actions
from partnerships.bookings.enums import Audience, ThingKind
from partnerships.bookings.models import Booking, Thing
from partnerships.common.clock import BAKU, is_working_day, today
from partnerships.testing.worlds import world
from partnerships.workflow.actors import SYSTEM

NEW = reverse("bookings:new")


@dataclass
class Site:
    site: Thing
    hall: Thing
    left: Thing
    right: Thing
    lab: Thing
    meter: Thing


@world
def site(owner, name="Tədris mərkəzi", **values) -> Site:
    """The root says who may come; what is below has its rules."""
    add = actions.add_thing
    given = {"audience": Audience.EVERYBODY, **values}
    top = add(actor=SYSTEM, kind=ThingKind.SITE, name=name, owner=owner, is_bookable=False, **given)
    hall = add(actor=SYSTEM, kind=ThingKind.HALL, name="Böyük zal", parent=top, capacity=80)
    left = add(actor=SYSTEM, kind=ThingKind.ROOM, name="Otaq A", parent=hall, capacity=40)
    right = add(actor=SYSTEM, kind=ThingKind.ROOM, name="Otaq B", parent=hall, capacity=40)
    lab = add(actor=SYSTEM, kind=ThingKind.LABORATORY, name="Relə laboratoriyası", parent=top, capacity=12)
    meter = add(actor=SYSTEM, kind=ThingKind.EQUIPMENT, name="OMICRON CMC", parent=lab)
    actions.set_hours(top, [(day, time(9), time(18)) for day in range(5)], actor=SYSTEM)
    return Site(top, hall, left, right, lab, meter)


def workday(ahead=3):
    """A working day, so many days ahead at least, with a working day a week later."""
    day = today() + timedelta(days=ahead)
    while not (is_working_day(day) and is_working_day(day + timedelta(days=7))):
        day += timedelta(days=1)
    return day


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BAKU)


def booked(cast, things, day, hour=10, minutes=60, who="hr", **values) -> Booking:
    """Booked by the action, as a page does it."""
    things = things if isinstance(things, list) else [things]
    starts = at(day, hour)
    ends = starts + timedelta(minutes=minutes)
    given = {"title": "Müşavirə", **values}
    return actions.book(things, actor=cast.user(who), starts=starts, ends=ends, **given)


def again(booking) -> Booking:
    return Booking.objects.with_rows().get(pk=booking.pk)


def sent(things, day, **values):
    """What the form of a new booking posts."""
    things = things if isinstance(things, list) else [things]
    given = {"day": day.isoformat(), "start": "10:00", "end": "11:00", "title": "Müşavirə"}
    return {"things": [thing.pk for thing in things], **given, **values}
