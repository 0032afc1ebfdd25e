"""The card of the certificate: the paper itself, or the button by which the company issues it."""

from internships.certificates import KEY
from internships.enums import PlacementState
from internships.views.placing.parts import Card, Reader
from partnerships.certificates.reports import standing_of


def card(reader: Reader) -> Card | None:
    """There from the end of the practice on; before that nobody thinks of it."""
    if reader.placement.state not in (PlacementState.FINISHED, PlacementState.ASSESSED):
        return None
    standing = standing_of(reader.placement, KEY, reader.user, none=not reader.placement.certified)  # type: ignore[attr-defined]
    if standing.certificate is None and not standing.may_issue:
        return None
    return Card("internships/placement/_certificate.html", {"standing": standing}, side=True)
