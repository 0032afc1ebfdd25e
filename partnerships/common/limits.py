"""How often one network address may do what needs no account."""

import hashlib
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def seconds_to_wait(request: HttpRequest, name: str, limit: int, window: int, *, of: str = "") -> int:
    """0 while this address may do it again, else how long it has to wait. Asking counts.

    limit   how often in `window` seconds; 0 turns the limit off
    of      what is counted instead of the network address: a mailbox that anybody may name, say
    """
    if not limit:
        return 0
    now = time.time()
    turn = int(now // window)
    whose = hashlib.sha256(of.encode()).hexdigest() if of else _network(get_adapter().get_client_ip(request))
    key = f"{name}:{whose}:{turn}"
    cache.add(key, 0, window * 2)
    try:
        asked: Any = cache.incr(key)
    except ValueError:  # it ran out between the two
        return 0
    return int((turn + 1) * window - now) + 1 if asked > limit else 0


def _network(address: str) -> str:
    """An address as it is counted: whoever has one of IPv6 has the 64 bits behind it as well."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False).network_address)
