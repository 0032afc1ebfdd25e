"""The diary's card on the placement's page."""

from datetime import timedelta

from django.urls import reverse

from internships.actions import day_refusal
from internships.actions.diary import EDITABLE
from internships.enums import DiaryState, PlacementState
from internships.hours import Days
from internships.views.diary_desk import link_card
from internships.views.placing.parts import Card, Reader
from internships.weeks import missing_of
from partnerships.common.clock import today

FRIDAY = 4


def card(reader: Reader) -> Card | None:
    """Totals of the diary and the state of the mentor's link; none before there is either."""
    placement, user = reader.placement, reader.user
    if placement.state == PlacementState.CANCELLED:
        return None
    link = link_card(placement, user)
    shown = {"link": link, "placement": placement, "begun": placement.state != PlacementState.PREPARING}
    if not shown["begun"]:
        return Card("internships/placement/_diary.html", shown) if link is not None else None
    days = reader.days
    states = [state for _day, state, _minutes in days.diary]
    shown |= {
        "confirmed_minutes": sum(
            minutes for _day, state, minutes in days.diary if state == DiaryState.CONFIRMED
        ),
        "waiting": states.count(DiaryState.SUBMITTED),
        "returned": states.count(DiaryState.RETURNED),
        # Those returned are told beside them.
        "missing": missing_of(placement, today() - timedelta(days=1), days, returned=False),
        "today": _today_url(reader, days),
    }
    return Card("internships/placement/_diary.html", shown)


def _today_url(reader: Reader, days: Days) -> str:
    """Where the student writes this day, as long as nothing is handed in for it; empty for everybody else."""
    placement, day = reader.placement, today()
    if not reader.student or day.weekday() > FRIDAY or day_refusal(placement, day) is not None:
        return ""
    handed = any(one == day and state not in EDITABLE for one, state, _minutes in days.diary)
    if handed or any(one == day for one, _state, _minutes in days.absences):
        return ""
    return reverse("internships:diary_day", args=[placement.uid, day.isoformat()])
