"""What a record grew out of: told by the apps above its own, which it cannot import (`Source.grew_from`)."""

from functools import cache
from importlib import import_module
from typing import Any

from django import template
from django.apps import apps
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import module_has_submodule
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.direction import Hit

register = template.Library()


@cache
def _tellers() -> tuple[Any, ...]:
    found = (
        import_module(f"{config.name}.source").SOURCE
        for config in apps.get_app_configs()
        if config.name.startswith("partnerships.") and module_has_submodule(config.module, "source")
    )
    return tuple(source.grew_from for source in found if source.grew_from is not None)


def origins_of(user: Any, record: Any) -> list[Hit]:
    """Where a record came from, as far as this user may see it."""
    return [hit for tell in _tellers() for hit in tell(user, record)]


@register.simple_tag(takes_context=True)
def grew_from(context: template.Context, record: Any) -> SafeString:
    """A line among the facts of a record, with links; nothing where it grew out of nothing."""
    hits = origins_of(context["request"].user, record)
    if not hits:
        return SafeString("")
    lines = format_html_join(
        "", '<a class="d-block" href="{}" dir="auto">{}</a>', ((hit.url, hit.title) for hit in hits)
    )
    return format_html("<dt>{}</dt><dd>{}</dd>", _("Grew out of"), lines)
