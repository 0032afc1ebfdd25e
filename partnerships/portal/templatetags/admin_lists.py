"""The files of a list of the administration, beside the button that adds to it."""

from django import template

from partnerships.common.addresses import kept_address
from partnerships.common.export import FORMATS, NAMES
from partnerships.portal.admin_lists import KIND, OF, filters_of

register = template.Library()


@register.simple_tag(takes_context=True)
def files_of_list(context: template.Context) -> list[tuple[str, str]]:
    """Address and name of each file of the list of this page, narrowed and ordered as the page is."""
    asked = filters_of(context["request"].GET)
    asked[OF] = context["cl"].opts.label_lower
    found = []
    for fmt in FORMATS:
        asked["format"] = fmt
        found.append((f"{kept_address('export', KIND)}?{asked.urlencode()}", NAMES[fmt]))
    return found
