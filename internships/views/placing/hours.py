"""The card of hours against the plan."""

from typing import Any

from internships.enums import PlacementState
from internships.hours import Hours, hours_of
from internships.views.placing.parts import Card, Reader

CHART, STEP = 100, 18  # units of the drawing: its height, and the width of a week


def card(reader: Reader) -> Card | None:
    if reader.placement.state in (PlacementState.PREPARING, PlacementState.CANCELLED):
        return None
    hours = hours_of(reader.placement, reader.days)
    return Card(
        "internships/placement/_hours.html",
        {
            "hours": hours,
            "columns": _columns(hours),
            "width": max(1, len(hours.weeks)) * STEP,
            "height": CHART,
            "running": reader.placement.state == PlacementState.ACTIVE,
        },
    )


def _columns(hours: Hours) -> list[dict[str, Any]]:
    """Each week as a column: confirmed below, handed in above it, the plan as a line across."""
    most = max([1, *(max(week.planned, week.confirmed + week.handed_in) for week in hours.weeks)])

    def units(minutes: int) -> int:
        return round(minutes * (CHART - 4) / most)

    return [
        {
            "x": index * STEP + 3,
            "width": STEP - 6,
            "plan_y": CHART - units(week.planned),
            "plan_x2": (index + 1) * STEP,
            "plan_x1": index * STEP,
            "sure_y": CHART - units(week.confirmed),
            "sure": units(week.confirmed),
            "waits_y": CHART - units(week.confirmed) - units(week.handed_in),
            "waits": units(week.handed_in),
        }
        for index, week in enumerate(hours.weeks)
    ]
