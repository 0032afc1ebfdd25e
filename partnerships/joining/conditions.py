"""What must hold before a request to join moves, with the reason when it does not."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.agreements.enums import AgreementState
from partnerships.common.refusals import Refusal
from partnerships.directory.models import Affiliation
from partnerships.directory.rules import keeps
from partnerships.joining.enums import FIRST, Asker


def has_nobody_of_its_own(request: Any, actor: Any) -> Refusal | None:
    """Where a partner has its own coordinator or human resources, they invite their people."""
    if request.organization is None or keeps(
        actor.principal, request.organization, FIRST[Asker(request.kind)]
    ):
        return None
    return Refusal(
        _("The organisation is there already and has its own people: they invite the contact."), code="kept"
    )


def somebody_came(request: Any, actor: Any) -> Refusal | None:
    """Its first coordinator has used the invitation: there is somebody to sign with."""
    if _has_people(request):
        return None
    return Refusal(_("Nobody of the organisation has come to the portal yet."), code="nobody_yet")


def nobody_came(request: Any, actor: Any) -> Refusal | None:
    """The code is still waited for: it was lost, or its days are over."""
    if not _has_people(request):
        return None
    return Refusal(_("Somebody of the organisation is in the portal already."), code="came")


def code_is_read(request: Any, actor: Any) -> Refusal | None:
    """A second press a moment later would mail another code, and the one just mailed would be no good."""
    made = request.invitation.created if request.invitation is not None else None
    if made is None or not timedelta(0) <= timezone.now() - made < timedelta(minutes=1):
        return None
    return Refusal(
        _("A code was mailed a moment ago. Wait a minute: with another one it would be good no longer."),
        code="just_sent",
    )


def _has_people(request: Any) -> bool:
    held = Affiliation.objects.current().filter(organization__path__startswith=request.organization.path)
    return bool(held.exists())


def is_university(request: Any, actor: Any) -> Refusal | None:
    if request.kind == Asker.UNIVERSITY:
        return None
    return Refusal(_("A framework agreement is made with a university."), code="no_university")


def agreement_open(request: Any, actor: Any) -> Refusal | None:
    """What all have signed is not undone by saying no to the request."""
    agreement = request.agreement
    if agreement is None or agreement.state != AgreementState.IN_FORCE:
        return None
    return Refusal(
        _("The agreement is in force: the organisation becomes a partner within minutes."), code="in_force"
    )


def agreement_holds(request: Any, actor: Any) -> Refusal | None:
    """Where an agreement was offered, it is in force."""
    agreement = request.agreement
    if agreement is None or agreement.state == AgreementState.IN_FORCE:
        return None
    return Refusal(_("The agreement is not signed by all yet."), code="not_in_force")
