"""What keeps a list as it is narrowed, in the head of its page."""

from typing import Any

from django import template

from partnerships.portal.saved_drawing import menu_of_views

register = template.Library()


@register.simple_tag(takes_context=True)
def list_menu(context: template.Context) -> Any:
    """What saves the list as it is narrowed now; nothing for visitors."""
    shell = context.get("shell")
    if shell is None or not shell.signed_in:
        return ""
    return menu_of_views(context["request"], context["csrf_token"])
