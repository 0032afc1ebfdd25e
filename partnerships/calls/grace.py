"""Grace: a form that was open before a deadline may arrive a moment after it.

Since when a form is open is signed into it, for one call and one account, so that nobody invents it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import timezone

from partnerships.calls.models import Call

SALT = "partnerships.calls.form-opened"


def grace() -> timedelta:
    """How long after a deadline a form that was open before it is still taken (SUBMIT_GRACE)."""
    return timedelta(seconds=settings.SUBMIT_GRACE)


def opened_token(given: str, user: Any, call: Call) -> str:
    """The token that a form came with, if it is a good one, else one of this moment."""
    if opened_at(given, user, call) is not None:
        return given
    return signing.dumps([call.pk, user.pk, int(timezone.now().timestamp())], salt=SALT)


def opened_at(token: str, user: Any, call: Call) -> datetime | None:
    """When a form of this account for this call was opened; None for any other token."""
    try:
        call_id, user_id, moment = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if (call_id, user_id) != (call.pk, user.pk):
        return None
    return datetime.fromtimestamp(moment, UTC)


def in_grace(call: Call, step: str, opened: datetime | None) -> bool:
    """Whether a form opened then still arrives in time for `step`."""
    closes = call.at(step)
    return opened is not None and closes is not None and opened <= closes >= timezone.now() - grace()
