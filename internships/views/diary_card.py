"""The diary's card on the placement's page."""

from datetime import timedelta

from django.db.models import Count, Q, Sum

from internships.enums import DiaryState, PlacementState
from internships.views.diary_desk import link_card
from internships.views.placing.parts import Card, Reader
from internships.weeks import missing_by_placement
from partnerships.common.clock import today


def card(reader: Reader) -> Card | None:
    """Totals of the diary and the state of the mentor's link; none before there is either."""
    placement, user = reader.placement, reader.user
    if placement.state == PlacementState.CANCELLED:
        return None
    counts = placement.diary.aggregate(
        confirmed_minutes=Sum("minutes", filter=Q(state=DiaryState.CONFIRMED)),
        waiting=Count("pk", filter=Q(state=DiaryState.SUBMITTED)),
        returned=Count("pk", filter=Q(state=DiaryState.RETURNED)),
    )
    missing = missing_by_placement([placement], today() - timedelta(days=1))
    link = link_card(placement, user)
    if placement.state == PlacementState.PREPARING and link is None:
        return None
    shown = {**counts, "missing": missing.get(placement.pk, 0), "link": link, "placement": placement}
    return Card("internships/placement/_diary.html", shown)
