"""Every write of a request to join."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.agreements import actions as agreements
from partnerships.agreements.enums import OPEN_STATES as OPEN_AGREEMENTS
from partnerships.agreements.enums import PartyRole
from partnerships.agreements.models import Agreement
from partnerships.common import mail
from partnerships.common.clock import baku_date, day_in_words, today
from partnerships.common.text import clean_line
from partnerships.directory import actions as directory
from partnerships.directory.models import Organization
from partnerships.joining import links
from partnerships.joining.enums import FIRST, OPEN_STATES, Asker, JoinState
from partnerships.joining.models import JoinRequest
from partnerships.joining.workflow import JOINING
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import record

KIND = "joining.state"
INVITED_FOR = 30  # days
THEIR_MOVE = frozenset({JoinState.ASKED, JoinState.INVITED})


def ask_to_join(
    *,
    kind: str,
    name: str,
    contact_name: str,
    email: str,
    language: str,
    organization: Organization | None = None,
    domain: str = "",
    contact_position: str = "",
    phone: str = "",
    directions: Sequence[str] = (),
    message: str = "",
) -> JoinRequest:
    """A request of somebody without an account; the link to its state is mailed to them.

    The same contact asking again for the same organisation gets the open request and its link once more.
    """
    name, email = clean_line(name), email.strip().lower()
    same = JoinRequest.objects.open().filter(email=email, name=name)
    try:
        with transaction.atomic():
            if (there := same.first()) is None:
                there = JoinRequest.objects.create(
                    kind=kind,
                    name=name,
                    organization=organization,
                    domain=domain.strip().lower(),
                    contact_name=clean_line(contact_name),
                    contact_position=clean_line(contact_position),
                    email=email,
                    phone=phone,
                    directions=[key for key in settings.DIRECTIONS if key in directions],
                    message=message.strip(),
                    language=language,
                )
                record(there, "request", actor=links.actor_of(there), to_state=there.state)
            _tell(there)
    except IntegrityError:  # pressed twice at once: the other one was first
        there = same.get()
    return there


@transaction.atomic
def ask(request: JoinRequest, *, actor: Any, note: str) -> JoinRequest:
    """Ask the contact something; they answer by their link."""
    return _moved(JOINING.apply(request, "ask", actor=actor, note=note), note)


def reply(request: JoinRequest, *, actor: Any, note: str) -> JoinRequest:
    """The contact answers a question."""
    return JOINING.apply(request, "reply", actor=actor, note=note)


@transaction.atomic
def invite(request: JoinRequest, *, actor: Any) -> JoinRequest:
    """Invite the contact as the first one of the organisation, which is made where the portal has none.

    The code is mailed to the contact alone.
    """
    locked = JoinRequest.objects.select_for_update(of=("self",)).with_rows().get(pk=request.pk)
    JOINING.apply(locked, "invite", actor=actor)
    if locked.organization is None:
        locked.organization = directory.create_organization(
            locked.kind, locked.name, actor=actor, domains=[locked.domain] if locked.domain else []
        )
    return _with_code(locked, actor)


@transaction.atomic
def invite_again(request: JoinRequest, *, actor: Any) -> JoinRequest:
    """Mail a new code where nobody came: the one that was sent is good no longer."""
    locked = JoinRequest.objects.select_for_update(of=("self",)).with_rows().get(pk=request.pk)
    JOINING.apply(locked, "invite_again", actor=actor)
    _close_invitation(locked)
    return _with_code(locked, actor)


def _with_code(request: JoinRequest, actor: Any) -> JoinRequest:
    request.invitation = directory.make_invitation(
        request.organization,
        actor=actor,
        role=FIRST[Asker(request.kind)],
        days=INVITED_FOR,
        note=request.contact_name,
    )
    request.save(update_fields=["organization", "invitation", "updated"])
    return _moved(request)


@transaction.atomic
def offer(request: JoinRequest, *, actor: Any) -> Agreement:
    """A draft framework agreement between the operator and the university; answers with the draft."""
    return _offered(request, "offer", actor)


@transaction.atomic
def offer_again(request: JoinRequest, *, actor: Any) -> Agreement:
    """Another draft where the one that was offered fell away."""
    return _offered(request, "offer_again", actor)


def _offered(request: JoinRequest, verb: str, actor: Any) -> Agreement:
    locked = JoinRequest.objects.select_for_update(of=("self",)).with_rows().get(pk=request.pk)
    JOINING.apply(locked, verb, actor=actor)
    operator = Organization.objects.get(is_operator=True)
    locked.agreement = agreements.open_agreement(
        "agreements.framework",
        None,
        [
            agreements.Given(PartyRole.UNIVERSITY, organization=locked.organization),
            agreements.Given(PartyRole.COMPANY, organization=operator),
        ],
        {},
        actor,
        owner=operator,
        starts=today(),
    )
    locked.save(update_fields=["agreement", "updated"])
    _moved(locked)
    return locked.agreement


@transaction.atomic
def join(request: JoinRequest, *, actor: Any) -> JoinRequest:
    """The organisation is a partner from now on, named on the page of partners."""
    locked = JoinRequest.objects.select_for_update(of=("self",)).with_rows().get(pk=request.pk)
    JOINING.apply(locked, "join", actor=actor)
    directory.update_organization(locked.organization, actor=actor, is_partner=True)
    return _moved(locked)


def join_signed() -> int:
    """Make partners of those whose agreement has come into force; the clock calls it. Returns how many."""
    rows = JoinRequest.objects.filter(state=JoinState.OFFERED, agreement__state="in_force").with_rows()
    return len([join(row, actor=SYSTEM) for row in rows])


@transaction.atomic
def decline(request: JoinRequest, *, actor: Any, note: str) -> JoinRequest:
    """Say no, with the reason that the contact reads. The invitation no longer works."""
    declined = JOINING.apply(request, "decline", actor=actor, note=note)
    _close_invitation(declined)
    _drop_agreement(declined, note)
    return _moved(declined, note)


@transaction.atomic
def withdraw(request: JoinRequest, *, actor: Any) -> JoinRequest:
    """The contact no longer asks."""
    withdrawn = JOINING.apply(request, "withdraw", actor=actor)
    _close_invitation(withdrawn)
    _drop_agreement(withdrawn, _("The request to join was withdrawn."))
    return withdrawn


def _close_invitation(request: JoinRequest) -> None:
    if request.invitation is not None:
        directory.close_invitation(request.invitation, actor=SYSTEM)


def _drop_agreement(request: JoinRequest, note: str) -> None:
    """What was offered and is not signed by all falls away with the request."""
    if request.agreement is not None and request.agreement.state in OPEN_AGREEMENTS:
        agreements.withdraw(request.agreement, actor=SYSTEM, note=note)


def _moved(request: JoinRequest, note: str = "") -> JoinRequest:
    _tell(request, note)
    return request


def _tell(request: JoinRequest, note: str = "") -> None:
    """One letter to the contact: where the request stands, with the link to it."""
    joined = request.state == JoinState.JOINED
    with translation.override(request.language):
        subject = _("%(organization)s is a partner now") if joined else _("%(organization)s: %(state)s")
        subject %= {"organization": request.name, "state": request.get_state_display()}
        lines = [_dear(request), *_said(request, note)]
        if request.state in OPEN_STATES:
            lines.append(_("The page behind this link always shows whose move it is. It is yours alone."))
        mail.post(
            KIND,
            request.email,
            request.language,
            subject,
            "\n\n".join(lines),
            button=_button(request),
            link=settings.BASE_URL + reverse("home") if joined else links.address_of(request),
            move=request.state in THEIR_MOVE,
        )


def _button(request: JoinRequest) -> str:
    words = {JoinState.ASKED: _("Answer the question"), JoinState.JOINED: _("To the portal")}
    return words.get(JoinState(request.state), _("Open my request"))


def _dear(request: JoinRequest) -> str:
    return _("Dear %(name)s,") % {"name": request.contact_name}


def _what_now(request: JoinRequest) -> list[str]:
    """What whoever came first for a partner does in the portal from now on, each with its address."""
    pages = {"people": "people", "open": "front", "rooms": "bookings:grid"}
    at = {key: settings.BASE_URL + reverse(name) for key, name in pages.items()}
    own = {
        Asker.UNIVERSITY: _(
            "Students: they sign up and you confirm them, or you bring their list as a table on the pages of "
            "practices."
        ),
        Asker.COMPANY: _("Practices: offer students places and say who looks after them."),
    }
    return [
        _("What you can do in the portal from now on:"),
        _("People: invite colleagues by a code or a table, and confirm who belongs to you: %(people)s") % at,
        own[Asker(request.kind)],
        _("Calls, programmes and events that are open now: %(open)s") % at,
        _("Rooms and equipment that can be booked: %(rooms)s") % at,
    ]


def _said(request: JoinRequest, note: str) -> list[str]:
    """What has come of it, and whose move it is: paragraphs."""
    invitation = request.invitation
    words = {
        "code": invitation.code if invitation is not None else "",
        "until": day_in_words(baku_date(invitation.expires)) if invitation is not None else "",
        "page": settings.BASE_URL + links.sign_up_path(),
        "where": f"{settings.BASE_URL}{reverse('profile_code')}",
    }
    said = {
        JoinState.RECEIVED: [
            _("Your request to join the partnership has arrived."),
            _("The partnership manager looks at it and answers you by mail. You need not do anything now."),
        ],
        JoinState.ASKED: [_("It is your move: before we go on, please answer a question."), note],
        JoinState.INVITED: [
            _("It is your move: you are invited to the portal."),
            _("Sign up here: %(page)s") % words,
            _("Then type the code into the field that is shown. You find it here, too: %(where)s") % words,
            _("Your code: %(code)s") % words,
            _("The code is good for one person, until the end of this day: %(until)s.") % words,
        ],
        JoinState.OFFERED: [
            _("A framework agreement is being prepared for your organisation."),
            _("The partnership manager sends it; whoever signs for you then finds it in the portal."),
        ],
        JoinState.JOINED: [_("Your organisation is a partner now."), *_what_now(request)],
        JoinState.DECLINED: [
            _("Your request was declined. The reason:"),
            note,
            _("Once this has changed you can ask again on the public page."),
        ],
    }.get(JoinState(request.state), [])
    return [paragraph for paragraph in said if paragraph]
