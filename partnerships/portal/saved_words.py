"""What a saved view is a view of, and how it is narrowed and ordered, as its reader calls these."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext

from partnerships.common.addresses import within
from partnerships.common.list_asked import Asked
from partnerships.common.lists import ListPage
from partnerships.common.text import in_quotes
from partnerships.portal import registry
from partnerships.portal.models import SavedView


def in_words(view: SavedView, user: Any, menu: Mapping[str, Any]) -> tuple[str, list[str]]:
    """(its list, what narrows and orders it). A ready list tells all of it, of a page of its own kind `menu`
    (path -> label) tells the name and the search is read; further filters are only counted."""
    page = _ready_list(view.path)
    if page is None:
        return str(menu.get(view.path, view.path)), _counted(view.query)
    asked = Asked(page, user, QueryDict(urlencode(view.query)))
    words = [] if asked.pill is page.first else [asked.pill.label]
    words += [_quoted(asked.query)] if asked.query else []
    words += asked.within.values()
    for key, value in asked.choices.items():
        words += [label for offered, label in asked.options[key] if str(offered) == value]
    words += [asked.sorting.label] if asked.sorting and "sort" in asked.params else []
    return str(page.title), [str(word) for word in words]


def known_lists() -> dict[str, Any]:
    """Path of a list -> what the menu calls it."""
    sources = (*registry.directions(), *registry.core_sources())
    return {reverse(item.url_name): item.label for source in sources for item in source.menu}


def _ready_list(path: str) -> ListPage | None:
    try:
        page = resolve(within(path)).kwargs.get("page")
    except Resolver404:
        return None
    return page if isinstance(page, ListPage) else None


def _counted(query: list[list[str]]) -> list[str]:
    typed = [_quoted(value) for name, value in query if name == "q"]
    others = len(query) - len(typed)
    if others:
        typed.append(ngettext("%(n)s filter", "%(n)s filters", others) % {"n": others})
    return typed


def _quoted(text: str) -> str:
    return f"“{in_quotes(text)}”"
