"""The public check: one lookup, whatever was asked, and not too many of them from one address."""

from django.conf import settings
from django.http import HttpRequest

from partnerships.certificates.codes import normalise
from partnerships.certificates.models import Certificate
from partnerships.common import limits

WINDOW = 60  # seconds


def find(typed: str) -> Certificate | None:
    """The certificate with this code. One query for what exists and for what does not; nothing that lies
    in the code itself is told apart, so the time of an answer says nothing about neighbouring codes."""
    return Certificate.objects.select_related("replaced_by").filter(code=normalise(typed) or "-").first()


def seconds_to_wait(request: HttpRequest) -> int:
    """0 while this address may ask again, else how long it has to wait (settings.VERIFY_LIMIT a minute)."""
    return limits.seconds_to_wait(request, "verify", settings.VERIFY_LIMIT, WINDOW)
