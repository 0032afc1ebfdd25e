"""The diary's card on the placement's page."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from internships.enums import DiaryState, PlacementState
from internships.models import Placement
from internships.views.diary_desk import link_card
from internships.weeks import missing_by_placement
from partnerships.common.clock import today


def card(placement: Placement, user: Any) -> dict[str, Any] | None:
    """Totals of the diary and the state of the mentor's link; None before the practice has begun and after it
    was cancelled."""
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
    return {**counts, "missing": missing.get(placement.pk, 0), "link": link}
