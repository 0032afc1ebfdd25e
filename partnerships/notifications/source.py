"""What notifications give the portal: the state of the outbox, for administrators."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.common.direction import Source, Stat, Todo
from partnerships.common.piles import Numbers, Pile, Tally
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.notifications.enums import MessageState
from partnerships.notifications.models import Message

UNSENT = (MessageState.QUEUED, MessageState.SENDING)


def _outbox(state: str = "") -> str:
    address = reverse("admin:notifications_message_changelist")
    return f"{address}?state__exact={state}" if state else address


def piles(user: Any) -> list[Pile]:
    """Letters given up wait for an administrator: mend the address or the server, then send them again."""
    return [Tally(_dead(user), 0, _given_up)] if access_of(user).administers else []


@asked
def _dead(user: Any) -> Any:
    return Message.objects.visible_to(user).filter(state=MessageState.DEAD)


@asked
def _unsent(user: Any) -> Any:
    return Message.objects.visible_to(user).filter(state__in=UNSENT)


def _given_up(dead: int) -> list[Todo]:
    title = ngettext("%(n)s letter could not be delivered", "%(n)s letters could not be delivered", dead)
    return [
        Todo(title % {"n": dead}, _("See why, then send them again."), _outbox(MessageState.DEAD), count=dead)
    ]


def numbers(user: Any) -> list[Numbers]:
    if not access_of(user).administers:
        return []
    return [Numbers((_unsent(user).counted(), _dead(user).counted()), _letters)]


def _letters(unsent: int, dead: int) -> list[Stat]:
    return [
        Stat(str(unsent), _("letters on their way"), _outbox(MessageState.QUEUED)),
        Stat(str(dead), _("letters given up"), _outbox(MessageState.DEAD)),
    ]


SOURCE = Source(key="notifications", piles=piles, numbers=numbers)
