"""What somebody looks after, for the pages on which it is kept."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.bookings.enums import KEEPERS
from partnerships.bookings.models import Closure, Thing
from partnerships.directory.access import access_of

MOST_KEPT = 500


@dataclass(frozen=True)
class Kept:
    """A line of the tree of what somebody looks after."""

    thing: Thing
    depth: int
    closed: bool  # at this moment
    way: str = ""  # names of what it stands in, from the site on

    @property
    def state(self) -> str:
        """Out of use, closed, or that it can be booked; nothing for what only holds others."""
        if not self.thing.is_active:
            return _("out of use")
        if self.closed:
            return _("closed now")
        return _("can be booked") if self.thing.is_bookable else ""


def kept_tree(user: Any, folded: str = "", most: int | None = None) -> tuple[list[Kept], bool]:
    """What this user looks after in the order of the tree, and whether there is more than `most`
    (`MOST_KEPT` unless said).

    With `folded` words only what they name, with nothing around it.
    """
    most = MOST_KEPT if most is None else most
    rows = Thing.objects.visible_to(user).filter(access_of(user).q("owner", *KEEPERS))
    if folded:
        rows = rows.filter(folded__contains=folded)
    found = list(rows.select_related("owner__root").order_by("top_id", "path")[: most + 1])
    above = {key for thing in found for key in thing.above}
    nodes = Thing.objects.filter(pk__in=above).values_list("pk", "sort_key", "name")
    keys, names = {pk: key for pk, key, _name in nodes}, {pk: name for pk, _key, name in nodes}
    now = timezone.now()
    shut = set(
        Closure.objects.standing().filter(starts__lte=now, thing__in=above).values_list("thing_id", flat=True)
    )
    kept = sorted(found[:most], key=lambda thing: [(keys.get(key, ""), key) for key in thing.above])
    return (
        [
            Kept(
                thing,
                0 if folded else len(thing.above) - 1,
                bool(shut & set(thing.above)),
                " › ".join(names[key] for key in thing.above[:-1] if key in names),
            )
            for thing in kept
        ],
        len(found) > most,
    )


def possible_parts(thing: Thing) -> list[Thing]:
    """What a thing can be made of beside what stands in it: others of its site that it does not stand in."""
    rows = Thing.objects.filter(top_id=thing.top_id, is_active=True).exclude(path__startswith=thing.path)
    return list(rows.exclude(pk__in=thing.above).order_by("sort_key", "pk")[:500])
