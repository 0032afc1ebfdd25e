"""What notifications give the portal: the state of the outbox, for administrators."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.common.direction import Source, Stat, Todo
from partnerships.directory.access import access_of
from partnerships.notifications.enums import MessageState
from partnerships.notifications.models import Message

UNSENT = (MessageState.QUEUED, MessageState.SENDING)


def _outbox(state: str = "") -> str:
    address = reverse("admin:notifications_message_changelist")
    return f"{address}?state__exact={state}" if state else address


def todos(user: Any) -> list[Todo]:
    """Letters given up wait for an administrator: mend the address or the server, then send them again."""
    if not access_of(user).administers:
        return []
    dead = Message.objects.visible_to(user).filter(state=MessageState.DEAD).count()
    if not dead:
        return []
    title = ngettext("%(n)s letter could not be delivered", "%(n)s letters could not be delivered", dead)
    return [
        Todo(title % {"n": dead}, _("See why, then send them again."), _outbox(MessageState.DEAD), count=dead)
    ]


def stats(user: Any) -> list[Stat]:
    if not access_of(user).administers:
        return []
    letters = Message.objects.visible_to(user)
    return [
        Stat(
            str(letters.filter(state__in=UNSENT).count()),
            _("letters on their way"),
            _outbox(MessageState.QUEUED),
        ),
        Stat(
            str(letters.filter(state=MessageState.DEAD).count()),
            _("letters given up"),
            _outbox(MessageState.DEAD),
        ),
    ]


SOURCE = Source(key="notifications", todos=todos, stats=stats)
