"""The deadlines of a programme, drawn in Python."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.markup import markup
from partnerships.common.templatetags.figures import baku, baku_date, until

register = template.Library()


@register.simple_tag
def chain_lines(chain: Iterable[Any]) -> SafeString:
    """The deadlines of a programme in their order (views.parts.Link)."""
    lines = []
    for link in chain:
        told = _("has begun") if link.begins else _("over")
        lines.append(
            markup(
                '<li>{} <span class="when"><time datetime="{}">{}</time> · {}</span></li>',
                link.label,
                timezone.localtime(link.moment).isoformat(),
                baku_date(link.moment) if link.whole_day else baku(link.moment),
                told if link.passed else until(link.moment),
            )
        )
    return markup('<ol class="timeline">{}</ol>', SafeString("\n".join(lines)))
