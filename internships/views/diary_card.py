"""The diary's card on the placement's page."""

from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.urls import reverse

from internships.actions import day_refusal
from internships.actions.diary import EDITABLE
from internships.enums import DiaryState, PlacementState
from internships.views.diary_desk import link_card
from internships.views.placing.parts import Card, Reader
from internships.weeks import missing_by_placement
from partnerships.common.clock import today

FRIDAY = 4


def card(reader: Reader) -> Card | None:
    """Totals of the diary and the state of the mentor's link; none before there is either."""
    placement, user = reader.placement, reader.user
    if placement.state == PlacementState.CANCELLED:
        return None
    counts = placement.diary.aggregate(
        confirmed_minutes=Sum("minutes", filter=Q(state=DiaryState.CONFIRMED)),
        waiting=Count("pk", filter=Q(state=DiaryState.SUBMITTED)),
        handed=Count("pk", filter=Q(date=today()) & ~Q(state__in=EDITABLE)),
        returned=Count("pk", filter=Q(state=DiaryState.RETURNED)),
    )
    missing = missing_by_placement([placement], today() - timedelta(days=1))
    link = link_card(placement, user)
    if placement.state == PlacementState.PREPARING and link is None:
        return None
    write_url = _today_url(reader, counts.pop("handed"))
    shown = {
        **counts,
        "missing": missing.get(placement.pk, 0),
        "link": link,
        "placement": placement,
        "begun": placement.state != PlacementState.PREPARING,
        "today": write_url,
    }
    return Card("internships/placement/_diary.html", shown)


def _today_url(reader: Reader, handed: int) -> str:
    """Where the student writes this day, as long as nothing is handed in for it; empty for everybody else."""
    placement, day = reader.placement, today()
    if not reader.student or handed or day.weekday() > FRIDAY or day_refusal(placement, day) is not None:
        return ""
    if placement.absences.filter(date=day).exists():
        return ""
    return reverse("internships:diary_day", args=[placement.uid, day.isoformat()])
