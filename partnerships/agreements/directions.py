"""What the directions tell about agreements: collected from their `direction.py`, none is known by name."""

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from partnerships.common.direction import Direction


@cache
def directions() -> tuple[Direction, ...]:
    """The directions in the order of settings.DIRECTIONS."""
    return tuple(import_module(f"{name}.direction").DIRECTION for name in settings.DIRECTIONS)


def figure_labels() -> dict[str, Any]:
    """What the directions count under an agreement: key -> words."""
    return {key: label for one in directions() for key, label in one.figure_labels.items()}
