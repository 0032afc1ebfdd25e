"""`{% follow_button record %}`: the button of a record's page. Nothing for who cannot follow.

On the page of something else `named=True` says what is followed: {% follow_button round named=True %}; words
of its own say it better where the model's name is a long one: named=_("organisation").
"""

from typing import Any

from django import template
from django.db.models import Model

from partnerships.directory.access import access_of
from partnerships.notifications import following

register = template.Library()


@register.inclusion_tag("notifications/_follow.html", takes_context=True)
def follow_button(context: Any, record: Any, named: bool | str = False) -> dict[str, Any]:
    request = context["request"]
    if (
        not isinstance(record, Model)
        or access_of(request.user).person_id is None
        or not following.followable(type(record))
    ):
        return {"record": None}
    return {
        "record": record,
        "model": record._meta.label_lower,
        "named": record._meta.verbose_name if named is True else named or "",
        "follows": following.key_of(record) in context["shell"].followed,
        "here": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
