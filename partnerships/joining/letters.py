"""What the partnership managers are told of requests to join; the askers are written to by the actions."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import moment_in_words
from partnerships.common.letters import Letter, ReminderRule, told_as
from partnerships.directory.models import Person
from partnerships.directory.reports import partnership_managers
from partnerships.joining.enums import JoinState
from partnerships.joining.models import JoinRequest

MODEL = "joining.JoinRequest"
DAY = timedelta(days=1)


def words(change: Any, request: JoinRequest) -> dict[str, Any]:
    return {
        "name": request.name,
        "contact": ", ".join(part for part in (request.contact_name, request.contact_position) if part),
        "kind": request.get_kind_display(),
        "directions": "; ".join(request.wanted) or "–",
        "since": moment_in_words(request.state_since),
        "note": change.note if change else "",
    }


@told_as(_("as partnership manager"))
def managers(change: Any, request: JoinRequest) -> Iterable[Person]:
    return partnership_managers()


LETTERS = [
    Letter(
        kind="joining.request",
        model=MODEL,
        verbs=("request",),
        audience=managers,
        context=words,
        subject=_("Asks to join: %(name)s"),
        body=_(
            "Kind: %(kind)s. Directions wanted: %(directions)s.\n\nContact: %(contact)s.\n\n"
            "It is your move: look at it, ask, invite or decline."
        ),
        label=_("An organisation asks to join"),
        action=_("Open the request"),
        move=True,
    ),
    Letter(
        kind="joining.reply",
        model=MODEL,
        verbs=("reply",),
        audience=managers,
        context=words,
        subject=_("Answered: %(name)s"),
        body=_("Contact: %(contact)s.\n\n%(note)s"),
        label=_("An organisation that asks to join has answered"),
        action=_("Open the request"),
        move=True,
    ),
    Letter(
        kind="joining.withdrawn",
        model=MODEL,
        verbs=("withdraw",),
        audience=managers,
        context=words,
        subject=_("No longer asks to join: %(name)s"),
        body=_("Contact: %(contact)s."),
        label=_("An organisation no longer asks to join"),
        action=_("Open the request"),
    ),
]

REMINDERS = [
    ReminderRule(
        kind="joining.remind_received",
        model=MODEL,
        due="due_at",
        rows=lambda: (
            JoinRequest.objects.filter(state=JoinState.RECEIVED).annotate(due_at=F("state_since")).with_rows()
        ),
        offsets=(-3 * DAY, -7 * DAY),
        audience=lambda _request, _offset: partnership_managers(),
        context=lambda request: words(None, request),
        subject=_("Still waits to be looked at: %(name)s"),
        body=_("Waits since %(since)s. Contact: %(contact)s. They were told to expect an answer."),
        label=_("Reminder: a request to join is not looked at"),
        action=_("Open the request"),
    ),
    ReminderRule(
        kind="joining.remind_code",
        model=MODEL,
        due="due_at",
        rows=lambda: (
            JoinRequest.objects.filter(state=JoinState.INVITED, invitation__uses_left__gt=0)
            .annotate(due_at=F("invitation__expires"))
            .with_rows()
        ),
        offsets=(timedelta(0),),
        audience=lambda _request, _offset: partnership_managers(),
        context=lambda request: words(None, request),
        subject=_("Nobody came with the code: %(name)s"),
        body=_("Its days are over. Contact: %(contact)s. Send a new code, or decline."),
        label=_("Reminder: the code of an invited organisation is over"),
        action=_("Open the request"),
    ),
]
