"""What the directions tell about agreements, none of them known by name."""

from typing import Any

from partnerships.common.direction import directions


def figure_labels() -> dict[str, Any]:
    """What the directions count under an agreement: key -> words."""
    return {key: label for one in directions() for key, label in one.figure_labels.items()}
