"""Markup that is drawn hundreds of times on a page."""

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def text(value: Any) -> str:
    """Escaped for the page, what is markup already as it is: Django's `conditional_escape`, at a third of
    its cost."""
    if type(value) is not str:
        if hasattr(value, "__html__"):
            return str(value.__html__())
        value = str(value)
    return escape(value)


def markup(template: str, *values: Any) -> SafeString:
    """`template` with the values in its places, each escaped: Django's `format_html`, at a third of its
    cost."""
    return SafeString(template.format(*[text(value) for value in values]))
