"""From where a token is taken: addresses and networks, as its owner typed them and as they are kept."""

import re
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 10
_BETWEEN = re.compile(r"[\s,;]+")


def cleaned(typed: str) -> str:
    """Addresses and networks of either kind, with commas, spaces or lines between, as they are kept.

    Raises ValidationError for what is neither, and for more than MOST.
    """
    found = []
    for part in filter(None, _BETWEEN.split(typed)):
        try:
            found.append(str(ip_network(part, strict=False)))
        except ValueError as error:
            words = _("This is no address or network: %(what)s. Write 203.0.113.7 or 203.0.113.0/24.")
            raise ValidationError(words % {"what": part[:60]}) from error
    found = list(dict.fromkeys(found))
    if len(found) > MOST:
        raise ValidationError(_("At most %(count)s addresses and networks.") % {"count": MOST})
    return " ".join(found)


def stands_in(address: str | None, kept: str) -> bool:
    """Whether this address lies in one of those that are kept; everywhere where none is. An address that
    nobody knows lies in none. IPv4 within IPv6 (::ffff:203.0.113.7) is the IPv4 address."""
    if not kept:
        return True
    try:
        one = ip_address(address or "")
    except ValueError:
        return False
    if isinstance(one, IPv6Address) and one.ipv4_mapped is not None:
        one = one.ipv4_mapped
    return any(one in ip_network(network) for network in kept.split())
