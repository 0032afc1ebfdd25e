"""What the apps give the portal, collected once: the portal knows no direction by name.

Directions stand in settings.DIRECTIONS, each with DIRECTION in its `direction.py`; a core app that
contributes has SOURCE in its `source.py`. How to add one: docs/add-a-direction.md.
"""

from partnerships.common.direction import Direction, Source, core_sources, directions

__all__ = ["core_sources", "direction", "directions", "sources"]


def sources() -> tuple[Source, ...]:
    """All that contribute: the directions first, then the core."""
    return (*directions(), *core_sources())


def direction(key: str) -> Direction:
    """The direction with this key. Raises KeyError when settings.DIRECTIONS does not name it."""
    for found in directions():
        if found.key == key:
            return found
    raise KeyError(key)
