"""Walking the portal as somebody, and asking as everybody else for what was found there."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from partnerships.testing.crawling import pages
from partnerships.testing.crawling.sight import Sight, is_uid

# What a look may write: the session, and the line that somebody looked at a file of another.
WRITTEN_BY_A_LOOK = frozenset({"django_session", "documents_documentview"})
# Signs the reader out or in: nothing to walk through.
_SKIPPED = ("/static/", "/accounts/logout/", "/admin/logout/", "/admin/jsi18n/")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE")
_BY_QUERY = 2  # addresses that differ in their query alone


@dataclass(frozen=True)
class Press:
    """One thing to send: method, address, fields (or JSON, for the API)."""

    method: str
    path: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def json(self) -> bool:
        return self.path.startswith("/api/")

    def uids(self) -> set[str]:
        """Every uid in the address and in what is sent."""
        texts = urlsplit(self.path).path.split("/") + [v for _name, values in self.fields for v in values]
        return {text.removesuffix(".ics") for text in texts if is_uid(text.removesuffix(".ics"))}

    def kind(self) -> tuple[str, ...]:
        """What is the same thing for another object: view and verb, names in the query, button pressed."""
        parts = urlsplit(self.path)
        try:
            match = resolve(parts.path)
        except Resolver404:
            return (self.method, parts.path)
        words = sorted(
            str(v) for k, v in match.kwargs.items() if not is_uid(str(v)) and k in ("verb", "token")
        )
        names = sorted({key for key, _value in parse_qsl(parts.query, keep_blank_values=True)})
        button = [
            value.partition(":")[0]
            for key, values in self.fields
            for value in values
            if key in ("do", "verb")
        ]
        return (self.method, match.view_name, *words, *names, *button, str(len(self.uids())))

    def in_path(self) -> set[str]:
        return {part for part in urlsplit(self.path).path.split("/") if is_uid(part)}


@dataclass
class Walk:
    """What one person found."""

    looks: dict[str, int] = field(default_factory=dict)  # address -> status
    presses: dict[Press, str] = field(default_factory=dict)  # -> the page it was found on


@dataclass
class Report:
    """What went against a promise, by promise, and how much was asked."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: Counter[str] = field(default_factory=Counter)

    def note(self, promise: str, what: str) -> None:
        if what not in self.wrong[promise] and len(self.wrong[promise]) < 200:
            self.wrong[promise].append(what)


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that are written to meanwhile."""
    tables: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split(None, 3)
        if words and words[0].upper() in WRITES:
            tables.add(words[1 if words[0].upper() == "UPDATE" else 2].strip('"`').split('"')[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables


def patterns(
    resolver: Any = None, prefix: str = "", names: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """(name, address, pattern) of every URL there is, the packages' and the API's included."""
    for item in (resolver or get_resolver()).url_patterns:
        address = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item, address, f"{names}{item.namespace}:" if item.namespace else names)
        else:
            yield f"{names}{item.name or '?'}", address, item


def every_start() -> list[str]:
    """Every address without a parameter, of the pages and of the API."""
    found = [f"/{address}" for _name, address, _pattern in patterns() if not set(address) & set("<(^?")]
    return [path for path in dict.fromkeys(found) if not path.startswith(_SKIPPED)]


def view_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return "?"


class Crawler:
    """Walks as each of `users` ({name: account}; None is nobody) and replays.

    per_view  how many addresses of one view one person follows; None for all of them
    replayed  how many objects of each kind of address or form the others ask for; None for all of them
    read_texts  what to do with every text that is read on a page: (path, who, texts)
    starts    where everybody begins; by itself at every address without a parameter
    """

    def __init__(
        self,
        users: dict[str, Any],
        sight: Sight,
        per_view: int | None = None,
        replayed: int | None = None,
        read_texts: Callable[[str, str, list[str]], None] | None = None,
        starts: list[str] | None = None,
    ) -> None:
        self.users = users
        self.sight = sight
        self.per_view = per_view
        self.replayed = replayed
        self.read_texts = read_texts
        self.starts = every_start() if starts is None else starts
        self.report = Report()
        self.walks: dict[str, Walk] = {}
        self.sessions: dict[str, str] = {}
        for name, user in users.items():
            if user is not None and user.is_authenticated:
                client = Client()
                client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
                self.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value

    # Asking ---------------------------------------------------------------------------------------
    def client(self, name: str, **options: Any) -> Client:
        """A browser that is signed in as this person, whatever happened in an earlier one."""
        client = Client(raise_request_exception=False, **options)
        if name in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        return client

    def send(self, name: str, press: Press, **options: Any) -> tuple[Any, set[str]]:
        """(answer, tables written to); whatever it did is undone."""
        client = self.client(name, **options)
        htmx = {"HX-Request": "true"} if press.method.startswith("hx-") else {}
        method = press.method.removeprefix("hx-")
        self.report.asked[method] += 1
        with transaction.atomic(), written() as tables:
            if method == "get":
                answer = client.get(press.path, headers=htmx)
            elif press.json:
                body = {key: values[0] for key, values in press.fields}
                answer = client.generic(method, press.path, json.dumps(body), "application/json")
            else:
                answer = client.post(press.path, {k: list(v) for k, v in press.fields}, headers=htmx)
            body_of(answer)
            transaction.set_rollback(True)
        if answer.status_code >= 500 and "readyz" not in press.path:
            self.report.note("no page breaks", f"{name} {method} {press.path}: {answer.status_code}")
        if method == "get" and tables - WRITTEN_BY_A_LOOK:
            tables -= WRITTEN_BY_A_LOOK
            self.report.note("a look changes nothing", f"{name} {press.path}: {sorted(tables)}")
        return answer, tables

    # Walking --------------------------------------------------------------------------------------
    def walk(self, name: str) -> Walk:
        """Follow everything that is shown to this person, breadth first."""
        walk, counted = Walk(), Counter[Any]()
        waiting = [(path, "") for path in self.starts]
        known = set(self.starts)
        while waiting:
            path, source = waiting.pop(0)
            answer, _tables = self.send(name, Press("get", path))
            walk.looks[path] = answer.status_code
            if source and answer.status_code == 404:
                self.report.note("no link is dead", f"{name} {path} on {source}")
            for found in self._take(name, path, answer, walk):
                if found in known or found.startswith(_SKIPPED):
                    continue
                known.add(found)
                key = self._kind(found)
                counted[key] += 1
                most = _BY_QUERY if key[1] else self.per_view
                if most is None or counted[key] <= most:
                    waiting.append((found, path))
        self.walks[name] = walk
        return walk

    def _kind(self, path: str) -> tuple[str, str]:
        """What counts together: one view; with a query, one path and the names in the query."""
        parts = urlsplit(path)
        names = ",".join(sorted({key for key, _value in parse_qsl(parts.query, keep_blank_values=True)}))
        view = view_of(path)
        if view.startswith("admin:"):
            return view, names or "admin"
        return (parts.path if names else view), names

    def _take(self, name: str, path: str, answer: Any, walk: Walk) -> list[str]:
        """Addresses on this page; its forms and verbs are put down in the walk."""
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code in (301, 302) and pages.ours(answer["Location"]):
            return [urljoin(path, answer["Location"]).partition("#")[0]]
        if "json" in kind and path.startswith("/api/") and "/schema/" not in path:
            return self._take_json(name, path, answer, walk)
        if "html" not in kind or path.startswith("/api/"):
            return []
        page = pages.read(answer.content.decode())
        self._check_shown(name, path, answer.content.decode())
        found = [urljoin(path, link).partition("#")[0] for link in page.links if pages.ours(link)]
        for method, address in page.htmx:
            target = urljoin(path, address).partition("#")[0]
            if method == "get":
                found.append(target)
            elif not page.guarded and "<html" in answer.content.decode()[:300]:
                self.report.note("every form is guarded", f"{name} {path}: {address}")
        for form in page.forms:
            self._take_form(name, path, form, walk, found)
        if self.read_texts and answer.status_code == 200 and not path.startswith(("/admin/", "/en/")):
            self.read_texts(path, name, page.texts)
        return found

    def _take_form(self, name: str, path: str, form: pages.Form, walk: Walk, found: list[str]) -> None:
        if form.method == "dialog":
            return
        if form.method == "post" and not form.guarded:
            self.report.note("every form is guarded", f"{name} {path}: {form.action}")
        for action, fields in form.ways():
            if not pages.ours(action or path):
                continue
            target = urljoin(path, action).partition("#")[0]
            if form.method == "get":
                found.append(target)
                continue
            sent = tuple(sorted((key, tuple(values)) for key, values in fields.items()))
            walk.presses.setdefault(Press("post", target, sent), path)

    def _take_json(self, name: str, path: str, answer: Any, walk: Walk) -> list[str]:
        """The rows of a list of the API, one by one, and every verb that its routes know."""
        texts = pages.in_json(answer.json())
        found = [
            urlsplit(text)._replace(scheme="", netloc="").geturl() for text in texts if "/api/v1/" in text
        ]
        self._check_shown(name, path, answer.content.decode())
        base = urlsplit(path).path
        rows = answer.json().get("results", []) if isinstance(answer.json(), dict) else []
        for row in rows[: self.per_view]:
            key = row.get("uid") or row.get("slug")
            if not key:
                continue
            found.append(f"{base}{key}/")
            for verb in self.verbs(f"{base}{key}/"):
                sent = (("code", ("other",)), ("note", ("Sınaq",)), ("reason", ("Sınaq",)))
                walk.presses.setdefault(Press("post", f"{base}{key}/{verb}/", sent), path)
            walk.presses.setdefault(Press("patch", f"{base}{key}/", (("motivation", ("Sınaq",)),)), path)
        return found

    def verbs(self, path: str) -> list[str]:
        """Verbs of the API's route behind the address of one row."""
        base = path.rstrip("/").rsplit("/", 1)[0].lstrip("/")
        return sorted(
            {
                address.rstrip("/").rsplit("/", 1)[-1]
                for _name, address, pattern in patterns()
                if address.startswith(f"{base}/<") and address.rstrip("/").count("/") == base.count("/") + 2
            }
        )

    def _check_shown(self, name: str, path: str, text: str) -> None:
        """Every uid on a page is of something that its reader may see."""
        user = self.users[name]
        for uid in set(pages.UID.findall(text)):
            if not self.sight.knows(uid) or self.sight.label(uid) in self.sight.named:
                continue
            if not self.sight.sees(user, uid):
                what = f"{name} {path}: {self.sight.label(uid)} {uid}"
                self.report.note("a page shows only what is seen", what)

    # Replaying ------------------------------------------------------------------------------------
    def replay(self) -> None:
        """What anybody found, by everybody else and by nobody."""
        walks = self.walks.values()
        looks = self._some([[Press("get", path) for path in walk.looks] for walk in walks])
        presses = self._some([list(walk.presses) for walk in walks])
        for name in self.users:
            mine = self.walks[name]
            for press in looks:
                if press.path not in mine.looks:
                    self._look(name, press)
            for press in presses:
                self._press(name, press, mine)

    def _some(self, found: list[list[Press]]) -> list[Press]:
        """Of each kind the first few, of one person after the other, so that they belong to several."""
        counted, taken = Counter[Any](), []
        for press in dict.fromkeys(
            press for row in zip_longest(*found) for press in row if press is not None
        ):
            kind = press.kind()
            counted[kind] += 1
            most = (self.replayed if press.uids() else 1) if self.replayed else None
            if most is None or counted[kind] <= most:
                taken.append(press)
        return taken

    def _look(self, name: str, press: Press) -> None:
        answer, _tables = self.send(name, press)
        self._check(name, press, answer)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and ("html" in kind or "json" in kind) and "/schema/" not in press.path:
            self._check_shown(name, press.path, answer.content.decode())

    def _press(self, name: str, press: Press, mine: Walk) -> None:
        answer, tables = self.send(name, press)
        if press in mine.presses:
            self.report.asked["own forms that wrote"] += bool(tables - WRITTEN_BY_A_LOOK)
            return
        self._check(name, press, answer)
        if self._foreign(name, press) and tables - WRITTEN_BY_A_LOOK:
            what = f"{name} {press.path} {dict(press.fields)}: {answer.status_code} {sorted(tables)}"
            self.report.note("nobody changes what is not theirs", what)

    def _foreign(self, name: str, press: Press) -> bool:
        """Whether something that it names is not for this person to see."""
        user = self.users[name]
        return any(self.sight.knows(uid) and not self.sight.sees(user, uid) for uid in press.uids())

    def _check(self, name: str, press: Press, answer: HttpResponse) -> None:
        """The address of what one may not see answers as if it did not exist."""
        user = self.users[name]
        hidden = [uid for uid in press.in_path() if self.sight.knows(uid) and not self.sight.sees(user, uid)]
        if not hidden:
            return
        self.report.asked["foreign addresses"] += 1
        if answer.status_code == 404 or (name not in self.sessions and _to_sign_in(answer, press)):
            return
        # A door that is shut for this role whatever stands behind it tells nothing of the object.
        nothing = press.path
        for uid in hidden:
            nothing = nothing.replace(uid, "00000000-0000-4000-8000-000000000007")
        other, _tables = self.send(name, Press(press.method, nothing, press.fields))
        if answer.status_code in (302, 401, 403, 405, 415) and other.status_code == answer.status_code:
            return
        what = f"{name} {press.method} {press.path} ({self.sight.label(hidden[0])}): {answer.status_code}"
        self.report.note("what is not seen does not answer", what)


def _to_sign_in(answer: Any, press: Press) -> bool:
    if answer.status_code in (401, 403) and press.json:
        return True
    return answer.status_code == 302 and answer["Location"].startswith(("/accounts/login/", "/admin/login/"))


def body_of(answer: Any) -> bytes:
    """Read an answer to its end, as a browser would."""
    if answer.streaming:
        return b"".join(answer.streaming_content)
    return bytes(answer.content)
