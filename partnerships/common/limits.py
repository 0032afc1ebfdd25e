"""How often one network address may do what needs no account."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def seconds_to_wait(request: HttpRequest, name: str, limit: int, window: int) -> int:
    """0 while this address may do it again, else how long it has to wait. Asking counts.

    limit   how often in `window` seconds; 0 turns the limit off
    """
    if not limit:
        return 0
    now = time.time()
    turn = int(now // window)
    key = f"{name}:{get_adapter().get_client_ip(request)}:{turn}"
    cache.add(key, 0, window * 2)
    try:
        asked: Any = cache.incr(key)
    except ValueError:  # it ran out between the two
        return 0
    return int((turn + 1) * window - now) + 1 if asked > limit else 0
