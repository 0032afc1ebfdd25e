"""Booking, moving, approving, using, cancelling."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.bookings import quotas, rules
from partnerships.bookings.actions import line, locking
from partnerships.bookings.actions.locking import answer_by, lock_trees, locked, sensible, time_to_come
from partnerships.bookings.actions.quotas import must_have_hours, whose_hours
from partnerships.bookings.enums import FIRM, OPEN, BookingState
from partnerships.bookings.models import SHORTEST, Booking, Slot, Thing
from partnerships.bookings.timetable import RASTER, Problem, Span, Timetable, Tree, nearest
from partnerships.bookings.timetable_rows import trees
from partnerships.bookings.workflow import BOOKING
from partnerships.common.clock import baku_date
from partnerships.common.refusals import Refused
from partnerships.common.text import clean_line
from partnerships.directory.models import Organization, Person
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

MOST_THINGS = 20


class Taken(ValidationError):
    """Somebody has it at this time; `free` are the nearest beginnings at which it could be had as long."""

    def __init__(self, things: Sequence[Thing], span: Span, *, leave_out: int | None = None) -> None:
        self.things = list(things)
        super().__init__({"starts": ValidationError(self._said(span, leave_out), code="taken")})
        self.free = nearest(self.things, span.starts, span.ends, leave_out=leave_out)

    def _said(self, span: Span, leave_out: int | None) -> str:
        """Of several things, which it is: the others could be had."""
        if len(self.things) > 1:
            table = Timetable(self.things, baku_date(span.starts), baku_date(span.ends), leave_out=leave_out)
            names = [thing.display_name for thing in self.things if table.clash(thing, span)]
            if names:
                return _("Taken at this time: %(things)s.") % {"things": "; ".join(names)}
        return _("It is taken at this time.")


@transaction.atomic
def book(
    things: Sequence[Thing],
    *,
    actor: Any,
    starts: datetime,
    ends: datetime,
    title: str,
    holder: Person | None = None,
    organization: Organization | None = None,
    wait: bool = False,
    follows: bool = False,
    **values: Any,
) -> Booking:
    """Book one or several things, all of them or none, by the rules of each.

    holder   for whom; whoever asks, unless they look after the things or book for what `belongs_to` says
    organization   whose hours of the month it takes, of those to which the holder belongs; by itself the
             owner where they work there, else where they work
    follows  one of the series with the same things was booked before: who decides is told of that
    wait     stand in line for a time that is taken: the first in line is offered it when it becomes free
    values   note, people, private, title_en, belongs_to, belongs_url, series

    Who looks after the things is bound by opening hours and closures, not by horizon, notice, lengths,
    number, hours of the month and approval. Raises Refused where a thing is not open to the actor,
    ValidationError with the rule that is broken, and Taken with the nearest free times.
    """
    sensible(starts, ends)
    things = _checked(things, actor)
    lock_trees(things)
    span = Span(starts, ends)
    table = Timetable(things, baku_date(starts), baku_date(ends))
    by = as_actor(actor)
    booking = Booking(
        holder=holder or Person.objects.get(pk=by.person_id),
        owner=things[0].owner,
        organization_id=None
        if values.get("belongs_to")
        else whose_hours(by, holder, things[0].owner, organization),
        title=clean_line(title),
        starts=starts,
        ends=ends,
        **values,
    )
    keeper = all(rules.keeps(by.principal, thing) for thing in things)
    check(booking, things, table, keeper=keeper)
    if booking.belongs_to and not keeper and (thing := _asks(things, table)):
        words = _("%(thing)s needs approval: book it on its own page first.")
        raise ValidationError({"things": words % {"thing": thing.display_name}})
    taken = any(table.clash(thing, span) for thing in things)
    if taken and not wait:
        raise Taken(things, span)
    if wait and not taken:
        raise ValidationError({"starts": _("It is free at this time: book it.")}, code="free")
    _begin(booking, things, table, keeper=keeper, wait=wait)
    keep(booking, things, table)
    record(booking, "book", actor=actor, to_state=booking.state, data={"follows": True} if follows else None)
    return booking


def _checked(things: Sequence[Thing], actor: Any) -> list[Thing]:
    """The things afresh, in the order of their keys, all open to the actor."""
    keys = {thing.pk for thing in things}
    rows = list(Thing.objects.filter(pk__in=keys).select_related("owner").order_by("pk"))
    if not rows:
        raise ValidationError({"things": _("Choose what you need.")})
    if len(rows) > MOST_THINGS:
        words = ngettext("At most %(n)d thing at once.", "At most %(n)d things at once.", MOST_THINGS)
        raise ValidationError({"things": words % {"n": MOST_THINGS}})
    who = as_actor(actor).principal
    for thing in rows:
        if not rules.may_ask(who, thing):
            raise Refused(_("This is not open to you."))
        if not (thing.is_bookable and thing.is_active):
            raise ValidationError(
                {"things": _("%(thing)s cannot be booked.") % {"thing": thing.display_name}}
            )
    if len({thing.owner_id for thing in rows}) > 1:
        raise ValidationError({"things": _("These belong to different owners: book them one by one.")})
    return rows


def _asks(things: Sequence[Thing], table: Timetable) -> Thing | None:
    """The first of the things that needs approval."""
    return next((thing for thing in things if table.rule(thing, "approval")), None)


def problems(
    booking: Booking, things: Sequence[Thing], table: Timetable, *, keeper: bool
) -> list[tuple[str, Problem]]:
    """Everything that speaks against it but that it is taken, by the field that it concerns."""
    span, found = Span(booking.starts, booking.ends), []
    if booking.starts <= timezone.now() - RASTER:
        return [("starts", Problem("past", _("This time lies in the past.")))]
    for thing in things:
        broken = None if keeper else table.against_rules(thing, span)
        if problem := table.shut(thing, span) or broken:
            field = "ends" if problem.code in ("min_minutes", "max_minutes") else "starts"
            found.append((field, problem))
        if not keeper and not booking.belongs_to and (problem := _too_many(booking, thing, table)):
            found.append(("things", problem))
    if not keeper and not found and (problem := quotas.problem(booking, things)):
        found.append(("starts", problem))
    room = [thing.capacity for thing in things if thing.capacity]
    if booking.people and room and booking.people > sum(room):
        words = _("There is room for %(n)d: choose more or larger rooms, or fewer people.") % {"n": sum(room)}
        found.append(("people", Problem("capacity", words)))
    return found


def _too_many(booking: Booking, thing: Thing, table: Timetable) -> Problem | None:
    limit, node = table.rule_of(thing, "per_person")
    if limit is None or node is None:
        return None
    others = Booking.objects.filter(holder=booking.holder, state__in=OPEN, ends__gt=timezone.now())
    others = others.filter(slots__asked=True, slots__thing__path__startswith=node.path).exclude(pk=booking.pk)
    if others.distinct().count() < limit:
        return None
    words = ngettext(
        "%(thing)s: one person has %(n)d booking at a time. Cancel or use yours first.",
        "%(thing)s: one person has %(n)d bookings at a time. Cancel or use one first.",
        limit,
    )
    return Problem("per_person", words % {"thing": thing.display_name, "n": limit})


def check(booking: Booking, things: Sequence[Thing], table: Timetable, *, keeper: bool) -> None:
    """Raises ValidationError with everything that speaks against it."""
    booking.clean_fields(exclude=["holder", "owner", "organization", "series"])
    errors: dict[str, list[ValidationError]] = {}
    for field, problem in problems(booking, things, table, keeper=keeper):
        errors.setdefault(field, []).append(ValidationError(problem.reason, code=problem.code))
    if errors:
        raise ValidationError(errors)


def _minutes_to_come(things: Sequence[Thing], table: Timetable) -> int:
    """How long after the beginning they are freed when nobody checks in; 0: never."""
    return max(table.rule(thing, "check_in_minutes") for thing in things)


def _begin(booking: Booking, things: Sequence[Thing], table: Timetable, *, keeper: bool, wait: bool) -> None:
    """The state in which it begins, and what its rules ask for later."""
    booking.needs_approval = _asks(things, table) is not None and not keeper
    minutes = _minutes_to_come(things, table)
    if minutes and not booking.belongs_to:
        booking.check_in_by = booking.starts + timedelta(minutes=minutes)
    if wait:
        booking.state = BookingState.WAITING
        # Where who does not come loses the room, it may become free after the beginning as well.
        booking.expires = booking.ends - timedelta(minutes=SHORTEST) if minutes else booking.starts
    elif booking.needs_approval:
        booking.state = BookingState.REQUESTED
        booking.expires = answer_by(booking)
    booking.save()


def spans(things: Sequence[Thing], table: Timetable, span: Span) -> dict[int, tuple[Span, bool]]:
    """What the things keep, by key of each: the time, and whether it was asked for itself."""
    asked = {thing.pk for thing in things}
    found: dict[int, tuple[Span, bool]] = {}
    for thing in things:
        kept = table.kept(thing, span)
        for key in table.held(thing):
            other = found[key][0] if key in found else kept
            widest = Span(min(kept.starts, other.starts), max(kept.ends, other.ends))
            found[key] = (widest, key in asked)
    return found


def keep(booking: Booking, things: Sequence[Thing], table: Timetable) -> None:
    """Keep the things for the booking. The database has the last word when two ask at once."""
    span, active = Span(booking.starts, booking.ends), booking.state != BookingState.WAITING
    rows = [
        Slot(
            booking=booking,
            thing_id=key,
            starts=kept.starts,
            ends=kept.ends,
            booked_from=span.starts,
            booked_until=span.ends,
            asked=asked,
            active=active,
        )
        for key, (kept, asked) in sorted(spans(things, table, span).items())
    ]
    try:
        with transaction.atomic():
            Slot.objects.bulk_create(rows)
    except IntegrityError as error:
        raise clash(error, things, span) from error


def clash(
    error: IntegrityError, things: Sequence[Thing], span: Span, *, leave_out: int | None = None
) -> Exception:
    """An overlap that the database refused, in words; any other error as it is."""
    if "thing_kept_once" not in str(error):
        return error
    return Taken(things, span, leave_out=leave_out)


@transaction.atomic
def approve(booking: Booking, *, actor: Any, note: str = "") -> Booking:
    """Say yes to a request. Raises ValidationError where its organisation has too few hours by now."""
    booking = locked(booking)
    if booking.state == BookingState.REQUESTED:
        must_have_hours(booking, states=FIRM)
    changes: dict[str, Any] = {"expires": None, "more_asked": None, **time_to_come(booking)}
    return BOOKING.apply(booking, "approve", actor=actor, note=note, **changes)


@transaction.atomic
def decline(booking: Booking, *, actor: Any, note: str) -> Booking:
    """Say no to a request, with the reason; its time is free again."""
    booking = BOOKING.apply(locked(booking), "decline", actor=actor, note=note)
    line.free_up(booking)
    return booking


@transaction.atomic
def cancel(booking: Booking, *, actor: Any, note: str = "") -> Booking:
    """One no longer needs it, or no longer wants to wait."""
    booking = BOOKING.apply(locked(booking), "cancel", actor=actor, note=note)
    line.free_up(booking)
    return booking


@transaction.atomic
def withdraw(booking: Booking, *, actor: Any, note: str) -> Booking:
    """Who looks after the things takes them back, with the reason."""
    booking = BOOKING.apply(locked(booking), "withdraw", actor=actor, note=note)
    line.free_up(booking)
    return booking


@transaction.atomic
def check_in(booking: Booking, *, actor: Any) -> Booking:
    """One is there."""
    return BOOKING.apply(locked(booking), "check_in", actor=actor)


@transaction.atomic
def finish(booking: Booking, *, actor: Any) -> Booking:
    """One is done, perhaps earlier than thought; the rest of the time is free again."""
    booking = BOOKING.apply(locked(booking), "finish", actor=actor)
    line.free_up(booking)
    return booking


@transaction.atomic
def move(booking: Booking, *, actor: Any, starts: datetime, ends: datetime, note: str = "") -> Booking:
    """Another time, by the same rules. What was approved needs no new approval within its old time."""
    booking = locked(booking)
    BOOKING.demand(booking, moving(booking), actor=actor)  # before what is wrong with the time is told
    if (starts, ends) == (booking.starts, booking.ends):
        raise locking.Unmoved
    keeper = bool(rules.keeps(as_actor(actor).principal, booking))
    inside = booking.starts <= starts and ends <= booking.ends
    asks = booking.state == BookingState.REQUESTED or (not keeper and not inside and _needs_a_word(booking))
    changes: dict[str, Any] = {"expires": None}
    if asks:
        trial = Booking(starts=starts, ends=ends)
        changes = {"expires": answer_by(trial), "needs_approval": True}
    return _move(
        booking,
        "move_ask" if asks else "move",
        starts,
        ends,
        actor=actor,
        note=note,
        keeper=keeper,
        **changes,
    )


def moving(booking: Booking) -> str:
    """The verb by which it is moved where nobody has to say yes anew: what is asked for is only asked for."""
    return "move_ask" if booking.state == BookingState.REQUESTED else "move"


def _needs_a_word(booking: Booking) -> bool:
    """Somebody approves another time of it: they did before, or the rule has come since."""
    if booking.needs_approval:
        return True
    things = booking.things
    tree = Tree(trees({thing.top_id for thing in things}))
    return any(tree.rule(thing, "approval") for thing in things)


@transaction.atomic
def follow(booking: Booking, *, starts: datetime, ends: datetime) -> Booking:
    """The booking moves with what it belongs to. Raises Taken; then nothing has moved."""
    return _move(locked(booking), "follow", starts, ends, actor=SYSTEM, note="", keeper=False)


@transaction.atomic
def fall_away(booking: Booking) -> Booking:
    """The booking ends with what it belongs to; one that has ended already stays as it is."""
    booking = locked(booking)
    if booking.state not in BOOKING["fall_away"].sources or booking.is_over:
        return booking
    booking = BOOKING.apply(booking, "fall_away", actor=SYSTEM)
    line.free_up(booking)
    return booking


def _move(
    booking: Booking,
    verb: str,
    starts: datetime,
    ends: datetime,
    *,
    actor: Any,
    note: str,
    keeper: bool,
    **changes: Any,
) -> Booking:
    sensible(starts, ends)
    things, span = booking.things, Span(starts, ends)
    before = Span(booking.starts, booking.ends)
    table = Timetable(things, baku_date(starts), baku_date(ends), leave_out=booking.pk)
    trial = Booking.objects.get(pk=booking.pk)
    trial.starts, trial.ends = starts, ends
    check(trial, things, table, keeper=keeper)
    if any(table.clash(thing, span) for thing in things):
        raise Taken(things, span, leave_out=booking.pk)
    if booking.check_in_by:
        # Not as long as before: who took it after its beginning had time from then on.
        minutes = _minutes_to_come(things, table)
        changes["check_in_by"] = starts + timedelta(minutes=minutes) if minutes else None
    data = {"from": before.starts.isoformat(), "until": before.ends.isoformat()}
    old = [(slot.thing_id, Span(slot.starts, slot.ends)) for slot in booking.slots.all()]
    booking = BOOKING.apply(
        booking, verb, actor=actor, note=note, data=data, starts=starts, ends=ends, **changes
    )
    wanted = spans(things, table, span)
    try:
        with transaction.atomic():
            for slot in booking.slots.order_by("thing_id"):
                if slot.thing_id in wanted:
                    kept, _asked = wanted[slot.thing_id]
                    slot.starts, slot.ends = kept.starts, kept.ends
                    slot.booked_from, slot.booked_until = starts, ends
                    slot.save(update_fields=["starts", "ends", "booked_from", "booked_until"])
    except IntegrityError as error:
        raise clash(error, things, span, leave_out=booking.pk) from error
    line.offer_freed(old)
    return booking
