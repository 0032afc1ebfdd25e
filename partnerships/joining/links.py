"""The asker's link: the uid of the request, signed. Reading it changes nothing."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from partnerships.common.refusals import LinkDoesNotOpen
from partnerships.joining.models import JoinRequest
from partnerships.workflow.actors import Actor

_signer = Signer(salt="joining.request", sep=".")


def path_of(request: JoinRequest) -> str:
    return reverse("joining:status", args=[_signer.sign(request.uid.hex)])


def address_of(request: JoinRequest) -> str:
    """The whole address, for mail."""
    return settings.BASE_URL + path_of(request)


def sign_up_path() -> str:
    """Where the invited contact makes an account; the field for the code is the page after it."""
    return f"{reverse('account_signup')}?{urlencode({'next': reverse('profile_code')})}"


def open_link(token: str) -> JoinRequest:
    """The request behind a token. Raises LinkDoesNotOpen for whatever was not signed by us."""
    try:
        uid = UUID(hex=_signer.unsign(token))
    except (BadSignature, ValueError) as error:
        raise LinkDoesNotOpen from error
    found = JoinRequest.objects.with_rows().filter(uid=uid).first()
    if found is None:
        raise LinkDoesNotOpen
    return found


def actor_of(request: JoinRequest) -> Actor:
    """The contact, who acts on this one request."""
    return Actor("link", scope=f"{request._meta.label}:{request.pk}", name=request.contact_name)
