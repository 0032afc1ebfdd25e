"""Walking the portal as somebody, and asking as everybody else for what was found there."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from zlib import crc32

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from partnerships.accounts.actions import has_agreed
from partnerships.accounts.middleware import CONSENT_CHECKED
from partnerships.accounts.models import User
from partnerships.directory.access import access_of
from partnerships.testing.crawling import pages
from partnerships.testing.crawling.measure import WHOLE, WRITTEN_BY_A_LOOK, Measure, Report, Walk, written
from partnerships.testing.crawling.presses import NOTHING, SKIPPED, Press, every_start, patterns, view_of
from partnerships.testing.crawling.sight import Sight

BEGINNINGS = ("/home/", "/api/")  # besides the front page, for who comes to the rest by links


class Crawler:
    """Walks as each of `users` ({name: account}) and replays what was found.

    An account is a user, AnonymousUser for nobody, or the Actor behind a signed link, for whom `starts_of`
    has the address of the link.
    measure   how much of it
    read_texts  what to do with every text that is read on a page: (path, who, texts)
    starts    where everybody begins; by itself at every address without a parameter
    starts_of  {name: addresses} for who begins elsewhere
    """

    def __init__(
        self,
        users: dict[str, Any],
        sight: Sight,
        measure: Measure = WHOLE,
        read_texts: Callable[[str, str, list[str]], None] | None = None,
        starts: list[str] | None = None,
        starts_of: dict[str, list[str]] | None = None,
    ) -> None:
        self.users = users
        self.sight = sight
        self.measure = measure
        self.read_texts = read_texts
        self.starts = every_start() if starts is None else starts
        self.starts_of = starts_of or {}
        self.report = Report()
        self.walks: dict[str, Walk] = {}
        self.sessions: dict[str, str] = {}
        self.described: set[str] = set()  # the API in words: alike for all and long drawn, in a sample once
        self.heard: set[tuple[str, Press]] = set()  # who has asked for what that others found
        for name, user in users.items():
            if isinstance(user, User):
                self.sessions[name] = _signed_in(user)

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
        starts = [path for path in self.starts_of.get(name, self.starts) if self._begins_at(name, path)]
        waiting = [(path, "") for path in starts]
        known = set(starts)
        while waiting:
            path, source = waiting.pop(0)
            if path in self.described and self.measure.relations:
                continue
            self.described |= {path} if "/schema/" in path else set()
            answer, _tables = self.send(name, Press("get", path))
            walk.looks[path] = answer.status_code
            if source and answer.status_code == 404:
                self.report.note("no link is dead", f"{name} {path} on {source}")
            for found in self._take(name, path, answer, walk):
                if found in known or found.startswith(SKIPPED):
                    continue
                known.add(found)
                if self._follows(found, counted):
                    waiting.append((found, path))
        self.walks[name] = walk
        return walk

    def _begins_at(self, name: str, path: str) -> bool:
        """Everywhere, where the measure has it so; in a sample, whoever has no business in the administration
        at a fifth of its pages, another fifth than the next person."""
        if self.measure.from_home and name not in self.starts_of and not path.startswith(BEGINNINGS):
            return path == "/"
        press = Press("get", path)
        shut = press.administers and not getattr(self.users[name], "is_staff", False)
        return not (self.measure.relations and shut and turn_of(name, press) % 5)

    def _follows(self, path: str, counted: Counter[Any]) -> bool:
        """Whether there is room for one more of its view; with a query, of each set of names once at least
        as long as there is room for queries."""
        parts = urlsplit(path)
        view = view_of(path)
        names = frozenset(key for key, _value in parse_qsl(parts.query, keep_blank_values=True))
        alike = self.measure.relations and Press("get", path).administers
        if not names:
            counted[view] += 1
            most = 1 if alike else self.measure.per_view
            return most is None or counted[view] <= most
        room = 1 if alike else self.measure.queries
        if room is None:
            return True
        counted[view, names] += 1
        if counted[view, names] > 1 or counted[view, "queries"] >= room:
            return False
        counted[view, "queries"] += 1
        return True

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
        self._check_shown(name, Press("get", path), answer.content.decode())
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
        self._check_shown(name, Press("get", path), answer.content.decode())
        base = urlsplit(path).path
        rows = answer.json().get("results", []) if isinstance(answer.json(), dict) else []
        for row in rows[: self.measure.per_view]:
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

    def _check_shown(self, name: str, press: Press, text: str) -> None:
        """Every uid on a page is of something that its reader may see, or has named."""
        user = self.users[name]
        for uid in set(pages.UID.findall(text)) - press.said():
            if not self.sight.knows(uid) or self.sight.label(uid) in self.sight.named:
                continue
            if not self.sight.sees(user, uid):
                what = f"{name} {press.path}: {self.sight.label(uid)} {uid}"
                self.report.note("a page shows only what is seen", what)

    # Replaying ------------------------------------------------------------------------------------
    def replay(self, finder: str) -> None:
        """What this person found, by the others; and each form once by the one who found it."""
        walk = self.walks[finder]
        for press in self._some(Press("get", path) for path in walk.looks):
            for name in self._askers(finder, press):
                if self._is_new(name, press):
                    self._look(name, press)
        for press in self._some(walk.presses):
            if self._tries(finder, press):
                self._press_own(finder, press)
            for name in self._askers(finder, press):
                if self._is_new(name, press):
                    self._press(name, press)

    def _is_new(self, name: str, press: Press) -> bool:
        """The very same, asked once more in a sample, would be answered alike: whatever it did is undone."""
        heard = (name, press) in self.heard
        self.heard.add((name, press))
        return not (heard and self.measure.relations)

    def _some(self, found: Iterable[Press]) -> list[Press]:
        """Of each kind the first few; what names no object once."""
        counted, taken = Counter[Any](), []
        for press in found:
            kind = press.kind()
            counted[kind] += 1
            most = (self.measure.replayed if press.uids() else 1) if self.measure.replayed else None
            if most is None or counted[kind] <= most:
                taken.append(press)
        return taken

    def _tries(self, finder: str, press: Press) -> bool:
        """Whether the finder presses it too; in a sample every third, others for the next person."""
        return not self.measure.relations or not (press.administers or turn_of(finder, press) % 3)

    def _askers(self, finder: str, press: Press) -> list[str]:
        """Everybody else; or of those who may not see it one of each relation to the finder, who differs from
        one kind of address to the next, so that in the end all have asked."""
        others = [name for name in self.users if name != finder]
        if not self.measure.relations:
            return others
        related: dict[str, list[str]] = defaultdict(list)
        for name in others:
            if self._foreign(name, press):
                related[self._relation(finder, name)].append(name)
        turn = turn_of(finder, press)
        if press.administers and not press.uids():  # one door for all rows, and it asks only for the role
            related = {"anybody": [name for names in related.values() for name in names]} if related else {}
        return [names[turn % len(names)] for names in related.values()]

    def _relation(self, finder: str, name: str) -> str:
        if name not in self.sessions:
            return "nobody"
        mine, other = access_of(self.users[finder]).scopes, access_of(self.users[name]).scopes
        if {scope.role for scope in mine} & {scope.role for scope in other}:
            return "peer"
        return "house" if {s.root_id for s in mine} & {s.root_id for s in other} else "stranger"

    def _look(self, name: str, press: Press) -> None:
        answer, _tables = self.send(name, press)
        self._check(name, press, answer)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and ("html" in kind or "json" in kind) and "/schema/" not in press.path:
            self._check_shown(name, press, answer.content.decode())

    def _press_own(self, name: str, press: Press) -> None:
        """That it works for whom it is meant: else that it does nothing for others would prove nothing."""
        _answer, tables = self.send(name, press)
        self.report.asked["own forms that wrote"] += bool(tables - WRITTEN_BY_A_LOOK)

    def _press(self, name: str, press: Press) -> None:
        press = press.without(lambda uid: self.sight.sees(self.users[name], uid))
        answer, tables = self.send(name, press)
        self._check(name, press, answer)
        if self._foreign(name, press) and tables - WRITTEN_BY_A_LOOK:
            what = f"{name} {press.path} {dict(press.fields)}: {answer.status_code} {sorted(tables)}"
            self.report.note("nobody changes what is not theirs", what)

    def _foreign(self, name: str, press: Press) -> bool:
        """Whether something that it names is not for this person to see."""
        user = self.users[name]
        if press.administers and not getattr(user, "is_staff", False):
            return True
        return not press.keyed and any(
            self.sight.knows(uid) and not self.sight.sees(user, uid) for uid in press.uids()
        )

    def _check(self, name: str, press: Press, answer: HttpResponse) -> None:
        """The address of what one may not see answers as if it did not exist."""
        user = self.users[name]
        hidden = [uid for uid in press.uids() if self.sight.knows(uid) and not self.sight.sees(user, uid)]
        self.report.met.update(self.sight.label(uid) for uid in hidden)
        hidden = [uid for uid in hidden if uid in press.in_path()]
        if press.administers and not getattr(user, "is_staff", False) and answer.status_code == 200:
            self.report.note("administering is for administrators", f"{name} {press.method} {press.path}")
        if not hidden:
            return
        self.report.asked["foreign addresses"] += 1
        if answer.status_code == 404 or (name not in self.sessions and _to_sign_in(answer, press)):
            return
        # A door that is shut for this role whatever stands behind it tells nothing of the object.
        nothing = press.path
        for uid in hidden:
            nothing = nothing.replace(uid, NOTHING)
        other, _tables = self.send(name, replace(press, path=nothing))
        if answer.status_code in (302, 401, 403, 405, 415) and other.status_code == answer.status_code:
            return
        what = f"{name} {press.method} {press.path} ({self.sight.label(hidden[0])}): {answer.status_code}"
        self.report.note("what is not seen does not answer", what)


def _signed_in(user: User) -> str:
    """The key of a session that needs not look, with each page anew, whether the newest text has been agreed
    to: what a request writes to its session is undone here."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if has_agreed(user):
        session = client.session
        session[CONSENT_CHECKED] = int(time.time()) + 24 * 60 * 60
        session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def turn_of(finder: str, press: Press) -> int:
    """The same for each run, and another for another person or kind: whose turn it is in a sample."""
    return crc32(repr((finder, press.kind())).encode())


def _to_sign_in(answer: Any, press: Press) -> bool:
    if answer.status_code in (401, 403) and press.json:
        return True
    return answer.status_code == 302 and answer["Location"].startswith(("/accounts/login/", "/admin/login/"))


def body_of(answer: Any) -> bytes:
    """Read an answer to its end, as a browser would."""
    if answer.streaming:
        return b"".join(answer.streaming_content)
    return bytes(answer.content)
