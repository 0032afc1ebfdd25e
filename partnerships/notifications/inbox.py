"""What a person finds in the inbox, and how they are told of each kind."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _

from partnerships.directory.access import access_of
from partnerships.notifications.collect import Kind, table
from partnerships.notifications.enums import Channel
from partnerships.notifications.models import Notification, Preference

PAGE = 20
# The bell says "99+" above this; counting on costs and tells nobody more.
MOST = 100


def unread_count(user: Any) -> int:
    """How many notifications of this user are unread, at most MOST."""
    if access_of(user).person_id is None:
        return 0
    return Notification.objects.visible_to(user).unread()[:MOST].count()


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
    """One line of the preferences page."""

    kind: Kind
    mail: bool
    locked: bool


def choices(person_id: int) -> list[tuple[str, list[Choice]]]:
    """Every kind under the name of its app, with how this person gets it now."""
    stated = dict(Preference.objects.filter(person_id=person_id).values_list("kind", "channel"))
    groups: dict[str, list[Choice]] = {}
    for kind in table().kinds().values():
        usual = Channel.MAIL if kind.mail else Channel.INBOX
        mail = kind.urgent or stated.get(kind.key, usual) == Channel.MAIL
        groups.setdefault(_app_name(kind.app), []).append(Choice(kind, mail, kind.urgent))
    return list(groups.items())


def _app_name(label: str) -> str:
    """A direction by its own name, a core app by its config's."""
    if label in settings.DIRECTIONS and find_spec(f"{label}.direction"):
        return str(import_module(f"{label}.direction").DIRECTION.name)
    try:
        return str(apps.get_app_config(label).verbose_name)
    except LookupError:
        return _("General")
