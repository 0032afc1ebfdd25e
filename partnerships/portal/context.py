"""What every page's shell needs, each part read only when a template asks for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from partnerships.common.direction import MenuItem
from partnerships.common.text import initials
from partnerships.directory.access import access_of
from partnerships.notifications.health import banner
from partnerships.notifications.inbox import bell
from partnerships.portal import registry, reports
from partnerships.portal.saved_drawing import row_of_views

KEPT_SECONDS = 30
KNOWN_SECONDS = 900  # so long the page of a refusal shows what was known last


def shell(request: HttpRequest) -> dict[str, Any]:
    """A form that was refused is drawn with what is known: nothing has changed, so nothing is counted."""
    return {"shell": Shell(request, counting=request.method in ("GET", "HEAD"))}


@dataclass(frozen=True)
class Link:
    """One line of the menu. `css` is the key of a direction, for its dot; `sub` stands under another."""

    label: Any
    url: str
    current: bool = False
    count: int = 0
    css: str = ""
    sub: bool = False


@dataclass(frozen=True)
class Group:
    title: Any
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    absolute: str
    current: bool


class Shell:
    """The frame of a page: menu, counts, who is signed in, languages. Costs nothing until it is read.

    What is dear to compute (the count of what waits, the line of roles, the administrators' banner) is
    kept for KEPT_SECONDS in the cache under the session, and forgotten when that session changes anything.

    counting    False on the page of a refusal: what was known last is shown, nothing is computed for it
    """

    def __init__(self, request: HttpRequest, *, counting: bool = True) -> None:
        self._request, self._counting = request, counting

    @cached_property
    def _user(self) -> Any:
        return getattr(self._request, "user", None)

    @cached_property
    def signed_in(self) -> bool:
        return self._user is not None and self._user.is_authenticated

    @property
    def base(self) -> str:
        """The frame of a page that both visitors and signed-in people read."""
        return "base.html" if self.signed_in else "base_front.html"

    @property
    def front_line(self) -> str:
        """The line under the portal's name on the public pages."""
        return _("Azərişıq ASC and universities")

    @cached_property
    def _kept(self) -> dict[str, Any]:
        key = _cache_key(self._request, _language())
        known = cache.get(key) if key else None
        if not self._counting:
            return known or {"todo_count": 0, "role_line": "", "banner": ""}
        if known is None or known["until"] < timezone.now():
            todo_count = reports.waiting_count(self._user)
            role_line = reports.role_line(reports.roles(self._user))
            known = remember(self._request, todo_count=todo_count, role_line=role_line)
        return known

    @property
    def todo_count(self) -> int:
        return self._kept["todo_count"] if self.signed_in else 0

    @property
    def role_line(self) -> str:
        return self._kept["role_line"] if self.signed_in else ""

    @property
    def banner(self) -> str:
        """What an administrator has to know at once, such as a worker that stopped; empty otherwise."""
        return self._kept["banner"] if self.signed_in else ""

    @cached_property
    def _bell(self) -> tuple[int, frozenset[tuple[int, int]]]:
        return bell(self._user) if self.signed_in else (0, frozenset())

    @property
    def unread_count(self) -> int:
        return self._bell[0]

    @property
    def followed(self) -> frozenset[tuple[int, int]]:
        """What the reader follows, as (content type, object): for the button of a record's page."""
        return self._bell[1]

    @cached_property
    def person_name(self) -> str:
        return self._user.display_name if self.signed_in else ""

    @property
    def initials(self) -> str:
        return initials(self.person_name)

    @cached_property
    def menu(self) -> list[Group]:
        groups = [Group(""), Group(_("Directions")), Group(_("Partnership"))]
        groups[0].links.extend(self._first_links())
        for direction in registry.directions():
            links = list(self._links(direction.menu, sub=True))
            url = reverse(direction.url_name)
            here = self._request.path.startswith(url) and not any(link.current for link in links)
            groups[1].links.append(Link(direction.short_name, url, here, css=direction.key))
            groups[1].links.extend(links)
        for source in registry.core_sources():
            groups[2].links.extend(self._links(source.menu))
        if not self.signed_in:  # the public front names the directions first, the calendar last
            groups.append(groups.pop(0))
        return [group for group in groups if group.links]

    def _first_links(self) -> Iterator[Link]:
        path = self._request.path
        if self.signed_in:
            for label, name, count in (
                (_("Home"), "home", 0),
                (_("What waits for me"), "todo", self.todo_count),
            ):
                url = reverse(name)
                yield Link(label, url, path == url, count)
        url = reverse("calendar")
        yield Link(_("Calendar"), url, path.startswith(url))

    def _links(self, items: tuple[MenuItem, ...], sub: bool = False) -> Iterator[Link]:
        for item in items:
            if item.shown(self._user):
                url = reverse(item.url_name)
                yield Link(item.label, url, self._request.path.startswith(url), sub=sub)

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """The same page in each language; `absolute` is what search engines are told (hreflang)."""
        present = _language()
        links = []
        for code, _name in settings.LANGUAGES:
            query = self._request.GET.copy()
            query["lang"] = code
            url = f"{self._request.path}?{query.urlencode()}"
            absolute = f"{settings.BASE_URL.rstrip('/')}{self._request.path}?{urlencode({'lang': code})}"
            name = get_language_info(code)["name_local"]
            links.append(LanguageLink(code, name, url, absolute, code == present))
        return links

    @property
    def list_views(self) -> str:
        """The reader's saved views of the list whose page this is."""
        return row_of_views(self._request) if self.signed_in else ""

    @property
    def canonical(self) -> str:
        """The page's address without any query, for the default language."""
        return f"{settings.BASE_URL.rstrip('/')}{self._request.path}"


def remember(request: HttpRequest, *, todo_count: int, role_line: str) -> dict[str, Any]:
    """Keep for the shell what has just been read, as the home page does, and what it needs beside."""
    known = {
        "todo_count": todo_count,
        "role_line": role_line,
        "banner": banner() if access_of(request.user).administers else "",
        "until": timezone.now() + timedelta(seconds=KEPT_SECONDS),
    }
    if key := _cache_key(request, _language()):
        cache.set(key, known, KNOWN_SECONDS)
    return known


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def _cache_key(request: HttpRequest, language: str) -> str:
    session_key = getattr(getattr(request, "session", None), "session_key", None)
    return f"shell:{session_key}:{request.user.pk}:{language}" if session_key else ""


def forget(request: HttpRequest) -> None:
    """After this session did something: what its shell shows is computed anew."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        keys = [_cache_key(request, code) for code, _name in settings.LANGUAGES]
        cache.delete_many([key for key in keys if key])
