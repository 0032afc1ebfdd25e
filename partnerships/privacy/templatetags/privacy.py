"""What the pages of personal data need of templates."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def named(names: dict[str, Any], key: str) -> Any:
    """The words for a rule; of one that is no longer there, its key."""
    return names.get(key, key)
