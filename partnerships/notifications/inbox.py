"""What a person finds in the inbox, and how they are told of each kind."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from partnerships.common.counting import Counted
from partnerships.directory.access import access_of
from partnerships.directory.models import Person
from partnerships.notifications.collect import Kind, app_name, table
from partnerships.notifications.enums import Channel, Timing
from partnerships.notifications.hours import usual
from partnerships.notifications.models import Notification, Preference, Rhythm

PAGE = 20
# The bell says "99+" above this; counting on costs and tells nobody more.
MOST = 100
# Of more followed records than these the oldest are drawn as not followed; the list of them all shows them.
FOLLOWED = 1000


def unread_count(user: Any) -> int:
    """How many notifications of this user are unread, at most MOST."""
    if access_of(user).person_id is None:
        return 0
    return Notification.objects.visible_to(user).unread()[:MOST].count()


def bell(user: Any) -> tuple[int, frozenset[tuple[int, int]]]:
    """What every page's shell shows, in one query: how many notifications are unread, at most MOST, and what
    this user follows, as (content type, object)."""
    person_id = access_of(user).person_id
    if person_id is None:
        return 0, frozenset()
    unread = Notification.objects.filter(person_id=person_id).unread().order_by("-pk").values("pk")[:MOST]
    rows = list(
        Person.objects.filter(pk=person_id)
        .order_by("-follows__pk")
        .values_list(Counted(unread), "follows__content_type", "follows__object_id")[:FOLLOWED]
    )
    return (rows[0][0] if rows else 0), frozenset((kind, key) for _n, kind, key in rows if key is not None)


@dataclass
class Page:
    rows: list[Notification]
    next_uid: Any = None


def page(user: Any, *, unread: bool, before: Any = None) -> Page:
    """Twenty notifications, newest first, after the one with the uid `before`; costs one query."""
    rows = Notification.objects.visible_to(user).order_by("-pk")
    if unread:
        rows = rows.unread()
    if before is not None:
        rows = rows.filter(pk__lt=Notification.objects.visible_to(user).filter(uid=before).values("pk")[:1])
    found = list(rows[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].uid if len(found) > PAGE else None)


@dataclass(frozen=True)
class Choice:
    """One line of the preferences page: how this person gets a kind now, and whether it ever came."""

    kind: Kind
    timing: str
    shown: bool
    came: bool


def choices(person_id: int) -> list[tuple[str, list[Choice]]]:
    """Every kind under the name of its app."""
    rows = Preference.objects.filter(person_id=person_id).values_list("kind", "channel", "timing")
    stated = {(kind, channel): timing for kind, channel, timing in rows}
    came = set(Notification.objects.filter(person_id=person_id).order_by().values_list("kind", flat=True))
    groups: dict[str, list[Choice]] = {}
    for kind in table().kinds().values():
        usual = Timing.NOW if kind.mail or kind.urgent else Timing.OFF
        timing = usual if kind.urgent else stated.get((kind.key, Channel.MAIL), usual)
        shown = kind.urgent or stated.get((kind.key, Channel.PORTAL)) != Timing.OFF
        groups.setdefault(app_name(kind.app), []).append(Choice(kind, timing, shown, kind.key in came))
    return list(groups.items())


def rhythm_of(person: Person) -> Rhythm:
    """The person's quiet hours, unsaved where they have chosen none: then as everybody's."""
    found = Rhythm.objects.filter(person=person).first()
    if found is not None:
        return found
    default = usual()
    starts, ends = default.starts or time.min, default.ends or time.min
    return Rhythm(person=person, quiet_from=starts, quiet_until=ends, days_off=not default.days_off)
