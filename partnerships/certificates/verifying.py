"""The public check: one lookup, whatever was asked, and not too many of them from one address."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from partnerships.certificates.codes import normalise
from partnerships.certificates.models import Certificate

WINDOW = 60  # seconds


def find(typed: str) -> Certificate | None:
    """The certificate with this code. One query for what exists and for what does not; nothing that lies
    in the code itself is told apart, so the time of an answer says nothing about neighbouring codes."""
    return Certificate.objects.select_related("replaced_by").filter(code=normalise(typed) or "-").first()


def seconds_to_wait(request: HttpRequest) -> int:
    """0 while this address may ask again, else how long it has to wait. Asking counts.

    settings.VERIFY_LIMIT codes a minute and address; 0 turns it off.
    """
    if not settings.VERIFY_LIMIT:
        return 0
    now = time.time()
    window = int(now // WINDOW)
    key = f"verify:{get_adapter().get_client_ip(request)}:{window}"
    cache.add(key, 0, WINDOW * 2)
    try:
        asked: Any = cache.incr(key)
    except ValueError:  # it ran out between the two
        return 0
    return int((window + 1) * WINDOW - now) + 1 if asked > settings.VERIFY_LIMIT else 0
