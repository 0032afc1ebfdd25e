"""Calendar addresses of rooms: made, closed by who had them made, or all at once by who keeps the room."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.bookings import rules
from partnerships.bookings.models import RoomFeed, Thing
from partnerships.common.refusals import Refused
from partnerships.directory.models import Person
from partnerships.workflow.actors import as_actor
from partnerships.workflow.models import record


@transaction.atomic
def open_feed(thing: Thing, *, actor: Any) -> RoomFeed:
    """An address by which a calendar reads what is booked here, as far as the actor may read it. Asked twice,
    it is the same one."""
    who = as_actor(actor)
    if who.person_id is None or not rules.may_ask(who.principal, thing):
        raise Refused(_("This is not open to you."))
    feed, made = RoomFeed.objects.get_or_create(thing=thing, person=Person.objects.get(pk=who.person_id))
    if made:
        record(thing, "feed", actor=actor)
    return feed


@transaction.atomic
def close_feeds(thing: Thing, *, actor: Any, everybodys: bool = False) -> int:
    """End one's own address, or everybody's; answers with how many ended. Raises Refused for everybody's to
    who does not look after the thing."""
    rows = RoomFeed.objects.filter(thing=thing)
    if everybodys:
        rules.must_keep(actor, thing)
    else:
        rows = rows.filter(person_id=as_actor(actor).person_id)
    ended = rows.delete()[0]
    if ended:
        record(thing, "feed_end", actor=actor, data={"ended": ended})
    return ended
