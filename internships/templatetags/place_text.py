"""Texts of programmes and places in the reader's language, or in Azerbaijani and marked as such."""

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
FALLBACK = "az"


def is_missing(thing: Any, field: str) -> bool:
    """Whether this text is there in Azerbaijani and not in the language of the page."""
    language = (get_language() or FALLBACK)[:2]
    if language == FALLBACK:
        return False
    return not getattr(thing, f"{field}_{language}", "") and bool(getattr(thing, f"{field}_{FALLBACK}", ""))


@register.filter
def own(thing: Any, field: str) -> SafeString:
    """A line of text, marked lang="az" where the page's language lacks it: it is then read out rightly."""
    text = getattr(thing, field)
    if is_missing(thing, field):
        return format_html('<span lang="{}">{}</span>', FALLBACK, text)
    return conditional_escape(text)


@register.filter
def own_paragraphs(thing: Any, field: str) -> SafeString:
    """The same for a longer text, with its paragraphs kept."""
    # linebreaks escapes the text itself
    html = mark_safe(linebreaks(getattr(thing, field), autoescape=True))
    return format_html('<div lang="{}">{}</div>', FALLBACK, html) if is_missing(thing, field) else html


@register.simple_tag
def untranslated(thing: Any, *fields: str) -> bool:
    """Whether any of these texts is shown in Azerbaijani on a page in another language."""
    return any(is_missing(thing, field) for field in fields)
