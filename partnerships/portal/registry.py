"""What the apps give the portal, collected once: the portal knows no direction by name.

Directions stand in settings.DIRECTIONS, each with DIRECTION in its `direction.py`; a core app that
contributes has SOURCE in its `source.py`. How to add one: docs/add-a-direction.md.
"""

from functools import cache
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule

from partnerships.common.direction import Direction, Source


@cache
def directions() -> tuple[Direction, ...]:
    """The directions in the order of settings.DIRECTIONS."""
    return tuple(import_module(f"{name}.direction").DIRECTION for name in settings.DIRECTIONS)


@cache
def core_sources() -> tuple[Source, ...]:
    """The contributions of the core apps, in the order of INSTALLED_APPS."""
    return tuple(
        import_module(f"{config.name}.source").SOURCE
        for config in apps.get_app_configs()
        if config.name.startswith("partnerships.") and module_has_submodule(config.module, "source")
    )


def sources() -> tuple[Source, ...]:
    """All that contribute: the directions first, then the core."""
    return (*directions(), *core_sources())


def direction(key: str) -> Direction:
    """The direction with this key. Raises KeyError when settings.DIRECTIONS does not name it."""
    for found in directions():
        if found.key == key:
            return found
    raise KeyError(key)
