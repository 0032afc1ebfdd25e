"""Marks of evaluations in templates."""

from typing import Any

from django import template

from internships.criteria import mean_mark
from partnerships.common.templatetags.figures import grouped

register = template.Library()


@register.filter
def mean(evaluation: Any) -> str:
    """The mean of an evaluation's marks with one place: 4,5."""
    return grouped(mean_mark(evaluation), 1)
