"""What every app says about personal data, collected once."""

from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule

from partnerships.common.held import Block, Held, KeepRule


@cache
def _modules() -> tuple[Any, ...]:
    """`personal.py` of the core apps in the order of INSTALLED_APPS, then of the directions."""
    return tuple(
        import_module(f"{config.name}.personal")
        for config in apps.get_app_configs()
        if (config.name.startswith("partnerships.") or config.name in settings.DIRECTIONS)
        and module_has_submodule(config.module, "personal")
    )


def held() -> tuple[Held, ...]:
    """Every kind of data about people, the core's first."""
    return tuple(kind for module in _modules() for kind in module.HELD)


def rules() -> tuple[KeepRule, ...]:
    """Everything that time takes away."""
    return tuple(rule for module in _modules() for rule in getattr(module, "RULES", ()))


def blocks(person: Any) -> list[Block]:
    """What stands against erasing this person now."""
    return [block for kind in held() if kind.blocks is not None for block in kind.blocks(person)]
