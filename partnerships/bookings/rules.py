"""Who books, who looks after things, who sees what stands behind "taken": predicates (user, row)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rules.predicates import predicate

from partnerships.bookings.enums import KEEPERS, Audience
from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of, is_system
from partnerships.workflow.actors import SYSTEM, as_actor


def books(user: Any) -> bool:
    """Has a role somewhere, so that something may be open to them."""
    access = access_of(user)
    return access.person_id is not None and bool(access.scopes)


def keeps_something(user: Any) -> bool:
    return access_of(user).has(*KEEPERS)


@predicate
def keeps(user: Any, row: Any) -> bool:
    """Looks after the things of this owner: of a thing, a closure or a booking."""
    access = access_of(user)
    return access.administers or access.covers(row.owner.path, *KEEPERS)


def must_keep(actor: Any, row: Any) -> None:
    """Raises Refused to who does not look after the things of this owner; the clock and imports may."""
    who = as_actor(actor).principal
    if who is not SYSTEM and not keeps(who, row):
        raise Refused(_("Your role does not include this here."))


@predicate
def works_there(user: Any, row: Any) -> bool:
    return row.owner.root_id in access_of(user).workplaces


@predicate
def may_ask(user: Any, thing: Any) -> bool:
    """The thing is open to this user."""
    return are_open(user, thing, [thing])


def are_open(user: Any, row: Any, things: Iterable[Any]) -> bool:
    """All these things, whose owner is that of `row`, are open to this user."""
    if keeps(user, row) or works_there(user, row):
        return True
    access = access_of(user)
    if not access.scopes:
        return False
    welcome = {Audience.EVERYBODY, Audience.PARTNERS} if access.workplaces else {Audience.EVERYBODY}
    return all(thing.shown_to in welcome for thing in things)


@predicate
def is_holder(user: Any, booking: Any) -> bool:
    person = access_of(user).person_id
    return person is not None and person == booking.holder_id


@predicate
def stands_alone(user: Any, booking: Any) -> bool:
    """Not the room of something else, such as an interview, with which it moves and ends."""
    return not booking.belongs_to


holds = is_holder & stands_alone
keeps_alone = keeps & stands_alone
holds_or_keeps = (is_holder | keeps) & stands_alone
holds_or_clock = holds | keeps_alone | is_system


talks = is_holder | keeps


@predicate
def is_approved_by_others(user: Any, booking: Any) -> bool:
    """Whoever holds it needs somebody's word."""
    return bool(booking.needs_approval)


@predicate
def is_asked_for_more(user: Any, booking: Any) -> bool:
    """Whoever decides wants to know more first."""
    return booking.more_asked is not None


answers = holds & is_asked_for_more
accepts = is_holder & ~is_approved_by_others
accepts_and_asks = is_holder & is_approved_by_others
