"""Texts of programmes and places in the reader's language, or in Azerbaijani and marked as such."""

from collections.abc import Callable
from typing import Any

from django import template
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from internships.place_rows import body
from partnerships.common.markup import markup

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
        return markup('<span lang="{}">{}</span>', FALLBACK, text)
    return markup("{}", text)


def own_of(field: str) -> Callable[[Any], SafeString]:
    """`own` of this text for the rows of a list: the language is looked up once for all of them."""
    language = (get_language() or FALLBACK)[:2]
    mine, fallback = f"{field}_{language}", f"{field}_{FALLBACK}"

    def line(thing: Any) -> SafeString:
        text, given = getattr(thing, mine), getattr(thing, fallback)
        if text or not given or language == FALLBACK:
            return markup("{}", text or given or "")
        return markup('<span lang="{}">{}</span>', FALLBACK, given)

    return line


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


@register.simple_tag
def place_rows(rows: Any, with_programme: bool) -> SafeString:
    """The rows of a table of places; with_programme shows the programme's name in each."""
    return body(rows, own_of("title"), with_programme=with_programme)
