"""The tree: things, their rules and hours, kept by who looks after them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.bookings import rules
from partnerships.bookings.actions.hitting import by_hours, must_be_seen, tell_reopened, told_and_shut
from partnerships.bookings.actions.line import offer_below
from partnerships.bookings.actions.locking import lock_trees
from partnerships.bookings.enums import HOLDING, Audience
from partnerships.bookings.models import Booking, Hours, Slot, Thing
from partnerships.common.refusals import StaleState
from partnerships.directory.models import Organization
from partnerships.workflow.models import record


@transaction.atomic
def add_thing(
    *,
    actor: Any,
    kind: str,
    name: str,
    owner: Organization | None = None,
    parent: Thing | None = None,
    **values: Any,
) -> Thing:
    """A new node of the tree. The root names its owner, whoever stands below has the same.

    Bookings that hold a node above hold the new one too, as they hold everything below. Raises Refused to who
    does not look after that place, ValidationError for a root without an owner and a name that is there.
    """
    if parent is None and owner is None:
        raise ValidationError({"owner": _("Say whose it is.")})
    if parent is not None:
        parent = Thing.objects.select_related("owner").get(pk=parent.pk)
        lock_trees([parent])
    thing = Thing(
        kind=kind, name=name.strip(), parent=parent, owner=parent.owner if parent else owner, **values
    )
    rules.must_keep(actor, thing)
    thing.full_clean(exclude=["path", "top"])
    thing.save()
    thing.path = f"{parent.path if parent else ''}{thing.pk}."
    thing.top_id = parent.top_id if parent else thing.pk
    thing.save(update_fields=["path", "top"])
    _spread_audience(thing)
    _kept_from_above(thing)
    record(thing, "add", actor=actor)
    return thing


@transaction.atomic
def change_thing(thing: Thing, *, actor: Any, version: int | None = None, **values: Any) -> Thing:
    """Change names, rules or whether it can be booked. Its place in the tree and its owner stay.

    version   the one that was read: StaleState for the slower of two editors

    Bookings that are there stay as they are; the new rules hold for those to come. Raises Refused to who does
    not look after it, and ValidationError for taking out of use what somebody holds in times to come.
    """
    if fixed := set(values) & {"owner", "parent", "path", "top"}:
        raise ValueError(f"not to be changed: {sorted(fixed)}")
    rules.must_keep(actor, thing)
    lock_trees([thing])
    locked = _locked(thing, version)
    if locked.is_active and values.get("is_active") is False:
        _must_be_free(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=["path", "top", "parts"])
    locked.version += 1
    locked.save()
    _spread_audience(locked)
    record(locked, "change", actor=actor)
    return locked


@transaction.atomic
def rewrite_thing(
    thing: Thing, *, actor: Any, version: int, parts: Sequence[Thing] | None = None, **values: Any
) -> Thing:
    """All that a page changes of a thing: as `change_thing`, and what it is made of where that differs."""
    changed = change_thing(thing, actor=actor, version=version, **values)
    if parts is not None and set(parts) != set(changed.parts.all()):
        set_parts(changed, parts, actor=actor)
    return changed


def _locked(thing: Thing, version: int | None) -> Thing:
    locked = (
        Thing.objects.select_for_update(no_key=True, of=("self",)).select_related("owner").get(pk=thing.pk)
    )
    if version is not None and locked.version != version:
        raise StaleState(_("Someone has just changed this; here is how it stands now."), locked)
    return locked


def _must_be_free(thing: Thing) -> None:
    """Nothing of it or in it is held in times to come."""
    held = Booking.objects.upcoming().filter(slots__thing__path__startswith=thing.path).distinct().count()
    if held:
        words = ngettext(
            "It has %(n)d booking to come: end that first, then take it out of use.",
            "It has %(n)d bookings to come: end those first, then take it out of use.",
            held,
        )
        raise ValidationError({"is_active": words % {"n": held}})


@transaction.atomic
def set_hours(
    thing: Thing,
    week: Iterable[tuple[int, time, time]],
    *,
    actor: Any,
    version: int | None = None,
    seen: Collection[str] | None = None,
) -> list[Booking]:
    """The opening hours of a node, replacing those that it has: (weekday from Monday = 0, opens, closes).
    None at all: as the node above.

    seen   uids of the bookings that whoever confirms was shown: Unseen where there are others by now

    Bookings that are there stay. Holders of those that now lie outside are told; returns these. So
    are those who were told before and whose time is open again.
    """
    rules.must_keep(actor, thing)
    lock_trees([thing])
    locked = _locked(thing, version)
    week = list(week)
    rows = [Hours(thing=locked, weekday=day, opens=opens, closes=closes) for day, opens, closes in week]
    for row in rows:
        row.full_clean()
    hit = by_hours(locked, week)
    must_be_seen([booking for booking, _opens in hit], seen)
    shut = told_and_shut(locked)
    locked.hours.all().delete()
    Hours.objects.bulk_create(rows)
    Thing.objects.filter(pk=locked.pk).update(version=locked.version + 1)
    record(locked, "hours", actor=actor)
    for booking, opens in hit:
        record(booking, "outside", actor=actor, to_state=booking.state, data={"opens": opens})
    tell_reopened(shut, actor=actor)
    offer_below(locked)
    return [booking for booking, _opens in hit]


@transaction.atomic
def set_parts(thing: Thing, parts: Sequence[Thing], *, actor: Any) -> None:
    """What a thing is made of beside what stands in it: whoever has the one has the others.

    Raises ValidationError for what stands in another tree, for a whole that would be a part of its own part,
    and while somebody holds the thing in times to come: what they have would change under their hands.
    """
    rules.must_keep(actor, thing)
    lock_trees([thing])
    if any(part.top_id != thing.top_id or part.pk == thing.pk for part in parts):
        raise ValidationError({"parts": _("A thing is made of others of the same site.")})
    if any(thing.path.startswith(part.path) for part in parts):
        raise ValidationError({"parts": _("It stands in this one: the whole is not a part of its part.")})
    if Slot.objects.filter(thing=thing, booking__in=thing_bookings(thing)).exists():
        raise ValidationError({"parts": _("It is booked: change this when nobody holds it.")})
    thing.parts.set(parts)
    record(thing, "change", actor=actor)


def thing_bookings(thing: Thing) -> Any:
    """Bookings to come that hold this thing."""
    return Booking.objects.upcoming().filter(state__in=HOLDING, slots__thing=thing)


def _spread_audience(thing: Thing) -> None:
    """Whom each node below is shown to: by its own word, else by that of the nearest node above."""
    rows = Thing.objects.filter(path__startswith=thing.path).order_by("path")
    above = thing.parent.shown_to if thing.parent_id and thing.parent else Audience.STAFF
    known: dict[int, str] = {thing.parent_id or 0: above}
    changed = []
    for row in sorted(rows, key=lambda node: len(node.above)):
        shown = row.audience or known.get(row.parent_id or 0, above)
        known[row.pk] = shown
        if row.shown_to != shown:
            row.shown_to = shown
            changed.append(row)
    Thing.objects.bulk_update(changed, ["shown_to"])
    thing.shown_to = known[thing.pk]


def _kept_from_above(thing: Thing) -> None:
    """Whoever holds the whole holds the new part, too."""
    above = (
        Slot.objects.filter(thing=thing.parent_id, booking__in=thing_bookings(thing.parent))
        if thing.parent
        else []
    )
    Slot.objects.bulk_create(
        Slot(
            booking_id=slot.booking_id,
            thing=thing,
            starts=slot.starts,
            ends=slot.ends,
            booked_from=slot.booked_from,
            booked_until=slot.booked_until,
            asked=False,
            active=slot.active,
        )
        for slot in above
    )
