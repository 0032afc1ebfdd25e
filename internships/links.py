"""The mentor's link: an address for one placement, behind which the mentor acts without an account.

The address is the row's uid signed with the portal's key, so that it can be printed and mailed again; the row
says whether it still opens, and is asked at each request. Reading it changes nothing: scanners of mail open
every address they see.
"""

import base64
import binascii
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from internships import rules
from internships.enums import PlacementState
from internships.models import MentorLink, Placement
from partnerships.common.clock import today
from partnerships.directory.models import Affiliation, Person
from partnerships.workflow.actors import Actor, link_actor

_signer = Signer(salt="internships.mentor-link", sep=".")


class Closed(Exception):
    """A link that does not open: `code` is unknown, revoked, changed, left or over."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def token_of(link: MentorLink) -> str:
    return _signer.sign(base64.urlsafe_b64encode(link.uid.bytes).rstrip(b"=").decode())


def path_of(link: MentorLink) -> str:
    return reverse("internships:mentor_link", args=[token_of(link)])


def address_of(link: MentorLink) -> str:
    """The whole address, for mail and print."""
    return settings.BASE_URL + path_of(link)


def printed_address(placement: Placement, user: Any) -> str:
    """What a QR code on paper leads to. The link itself only for those who may hold it: a student
    who prints the diary would else confirm their own days; theirs leads to where the mentor asks for the link
    by mail."""
    if rules.mentors_placement(user, placement) or rules.runs_placement(user, placement):
        link = live_link(placement)
        if link is not None:
            return address_of(link)
    return settings.BASE_URL + reverse("internships:mentor_ask")


def live_link(placement: Placement) -> MentorLink | None:
    """The one that opens now, of the mentor that the placement has now."""
    rows = MentorLink.objects.filter(placement=placement, revoked_at=None, person_id=placement.mentor_id)
    return rows.select_related("person").first()


def _live_links() -> Any:
    return MentorLink.objects.filter(
        placement=OuterRef("pk"), revoked_at=None, person=OuterRef("mentor")
    ).order_by("pk")


def link_made() -> Subquery:
    """When the one that opens now was made, to be read with a placement."""
    return Subquery(_live_links().values("created")[:1])


def link_used() -> Subquery:
    """When it was last used, likewise."""
    return Subquery(_live_links().values("last_used")[:1])


def closes_on(placement: Placement) -> date:
    """The last day on which a link opens: settings.MENTOR_LINK_DAYS after the practice."""
    return (placement.last_day or placement.ends) + timedelta(days=settings.MENTOR_LINK_DAYS)


def open_link(token: str) -> MentorLink:
    """The link behind a token, with its placement and person. Raises Closed, and writes nothing."""
    try:
        packed = _signer.unsign(token)
        uid = UUID(bytes=base64.urlsafe_b64decode(packed + "=="))
    except (BadSignature, binascii.Error, ValueError) as error:
        raise Closed("unknown") from error
    link = MentorLink.objects.filter(uid=uid).select_related("person__user").first()
    if link is None:
        raise Closed("unknown")
    link.placement = Placement.objects.with_rows().get(pk=link.placement_id)
    if code := _why_closed(link):
        raise Closed(code)
    return link


def _why_closed(link: MentorLink) -> str:
    placement = link.placement
    account = link.person.user
    if link.revoked_at is not None or link.person.erased_at is not None:
        return "revoked"
    if account is not None and not account.is_active:  # whoever was shut out does not come in by this door
        return "revoked"
    if placement.mentor_id != link.person_id:
        return "changed"
    if placement.state == PlacementState.CANCELLED or today() > closes_on(placement):
        return "over"
    return "" if still_there(link.person, placement) else "left"


def still_there(mentor: Person, placement: Placement) -> bool:
    """Whether the mentor still belongs to the company: a colleague who has left confirms nothing more.

    Somebody whom human resources named without an affiliation is there as long as they are named.
    """
    rows = Affiliation.objects.filter(person=mentor, organization__root_id=placement.host.root_id)
    return rows.current().exists() or not rows.exists()


def actor_of(link: MentorLink) -> Actor:
    return link_actor(link.person_id, link.placement.link_scope, link.person.name)
