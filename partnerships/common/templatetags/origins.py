"""What a record grew out of: told by the apps above its own, which it cannot import (`Source.grew_from`)."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.origins import origins_of

register = template.Library()


@register.simple_tag(takes_context=True)
def grew_from(context: template.Context, record: Any) -> SafeString:
    """A line among the facts of a record, with links; nothing where it grew out of nothing."""
    hits = origins_of(context["request"].user, record)
    if not hits:
        return SafeString("")
    lines = format_html_join(
        SafeString("<br>"), '<a href="{}" dir="auto">{}</a>', ((hit.url, hit.title) for hit in hits)
    )
    return format_html("<dt>{}</dt><dd>{}</dd>", _("Grew out of"), lines)
