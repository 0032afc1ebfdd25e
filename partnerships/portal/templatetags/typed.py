"""`{% typed_again %}`: what was typed into a form that cannot be sent any more, to be copied; else none."""

from typing import Any

from django import template

from partnerships.portal.errors import typed_texts

register = template.Library()


@register.inclusion_tag("portal/_typed_again.html", takes_context=True)
def typed_again(context: Any) -> dict[str, Any]:
    request = context["request"]
    return {"typed": typed_texts(request) if request.method == "POST" else []}
