"""What every app says about personal data, collected once."""

from functools import cache
from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule

from partnerships.common.held import Block, Held, KeepRule
from partnerships.directory.registers import Register, registers_of


@cache
def _apps() -> tuple[AppConfig, ...]:
    """The core apps in the order of INSTALLED_APPS, then the directions."""
    return tuple(
        config
        for config in apps.get_app_configs()
        if config.name.startswith("partnerships.") or config.name in settings.DIRECTIONS
    )


@cache
def _modules() -> tuple[Any, ...]:
    """`personal.py` of these."""
    return tuple(
        import_module(f"{config.name}.personal")
        for config in _apps()
        if module_has_submodule(config.module, "personal")
    )


@cache
def _registers() -> tuple[Register, ...]:
    return tuple(one for config in _apps() for one in registers_of(config.name) if one.keeps)


def held() -> tuple[Held, ...]:
    """Every kind of data about people, the core's first, then what registers keep."""
    said = (kind for module in _modules() for kind in module.HELD)
    return (*said, *(register.held for register in _registers()))


def rules() -> tuple[KeepRule, ...]:
    """Everything that time takes away."""
    return tuple(rule for module in _modules() for rule in getattr(module, "RULES", ()))


def blocks(person: Any) -> list[Block]:
    """What stands against erasing this person now."""
    return [block for kind in held() if kind.blocks is not None for block in kind.blocks(person)]
