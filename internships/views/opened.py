"""Since when a form is open: signed into it, so that it counts when it is sent as the deadline passes."""

from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from internships.models import Programme

SALT = "internships.form-opened"


def opened_token(request: HttpRequest, programme: Programme) -> str:
    """The token that this form came with, if it is a good one, else one of this moment."""
    given = request.POST.get("opened") or request.GET.get("opened", "")
    if opened_at(given, request.user, programme) is not None:
        return given
    return signing.dumps([programme.pk, request.user.pk, int(timezone.now().timestamp())], salt=SALT)


def opened_at(token: str, user: Any, programme: Programme) -> datetime | None:
    """When a form of this person for this programme was opened; None for any other token."""
    try:
        programme_id, user_id, moment = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if (programme_id, user_id) != (programme.pk, user.pk):
        return None
    return datetime.fromtimestamp(moment, UTC)
