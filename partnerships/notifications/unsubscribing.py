"""Leaving a kind of letter by the link in it: signed, without signing in (RFC 8058)."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from partnerships.notifications.collect import Kind, table
from partnerships.notifications.enums import Channel, Timing
from partnerships.notifications.models import Message, Preference

SALT = "notifications.unsubscribe"
# Before the number of a joint letter, in place of a kind: all kinds of its lines are left.
JOINT = "joint:"


def token(person_id: int, kind: str) -> str:
    """Good for this person and kind for ever: an old letter can still be left."""
    return signing.dumps([person_id, kind], salt=SALT)


def read(given: str) -> tuple[int, str] | None:
    """(person id, kind), or None for what we have not signed."""
    try:
        person_id, kind = signing.loads(given, salt=SALT)
    except signing.BadSignature:
        return None
    return person_id, kind


def address(person_id: int, kind: str) -> str:
    """The page on which this person leaves this kind."""
    return settings.BASE_URL + reverse("unsubscribe", args=[token(person_id, kind)])


def headers(person_id: int, kind: str) -> dict[str, str]:
    """What a mail program needs to offer "unsubscribe" beside a letter."""
    link = address(person_id, kind)
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def has_left(person_id: int, kinds: list[Kind]) -> bool:
    """Whether none of these comes by mail any more, of those that can be left."""
    keys = {kind.key for kind in kinds if not kind.urgent}
    off = Preference.objects.filter(
        person_id=person_id, kind__in=keys, channel=Channel.MAIL, timing=Timing.OFF
    )
    return bool(keys) and off.count() == len(keys)


def kinds_of(given: str) -> list[Kind]:
    """The kinds that a link leaves: the one it names, or those of the lines of the joint letter it names."""
    known = table().kinds()
    if not given.startswith(JOINT):
        return [known[given]] if given in known else []
    lines = Message.objects.filter(joined=given.removeprefix(JOINT)).order_by()
    return [known[key] for key in sorted(set(lines.values_list("kind", flat=True))) if key in known]
