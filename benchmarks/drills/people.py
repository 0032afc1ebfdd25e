"""People at their browsers: one, and many at once."""

import http.client
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit


class Answer:
    def __init__(self, status: int, headers: Any, body: bytes, seconds: float) -> None:
        self.status, self.headers, self.body, self.seconds = status, headers, body, seconds

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def says(self) -> str:
        """The first sentences that a person reads, without the menu around them."""
        from partnerships.testing.crawling.pages import read

        return " ".join([text for text in read(self.text).texts if text.endswith((".", "?"))][:3])


class Browser:
    """One person's browser: cookies, CSRF token, no redirects followed."""

    def __init__(self, address: str, session: str = "") -> None:
        self.host = urlsplit(address).netloc
        self.cookies = {"portal_session": session} if session else {}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        began = time.monotonic()
        line = http.client.HTTPConnection(self.host, timeout=120)
        try:
            sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
            line.request(method, path, body, sent)
            answer = line.getresponse()
            content = answer.read()
        finally:
            line.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _eq, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0].strip('"')
        return Answer(answer.status, dict(answer.getheaders()), content, time.monotonic() - began)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: Any = (), **headers: str) -> Answer:
        token = self.cookies.setdefault("csrftoken", "0123456789abcdefghijklmnopqrstuv")
        sent = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token, **headers}
        return self.ask("POST", path, urlencode(fields, doseq=True).encode(), **sent)

    def upload(self, path: str, field: str, name: str, content: bytes, fields: dict[str, str]) -> Answer:
        token = self.cookies.setdefault("csrftoken", "0123456789abcdefghijklmnopqrstuv")
        edge = "drill-edge-7d1f"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: application/pdf\r\n\r\n".encode()
            + content
            + b"\r\n"
        )
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self.ask(
            "POST",
            path,
            body,
            **{"Content-Type": f"multipart/form-data; boundary={edge}", "X-CSRFToken": token},
        )


def signed_in(address: str, user: Any) -> Browser:
    """A browser in which this person has signed in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return Browser(address, session.session_key)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Every call in a thread of its own, started together; answers in their order, errors included."""
    start, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number: int) -> None:
        try:
            start.wait()
            answers[number] = calls[number]()
        except Exception as error:  # noqa: BLE001  (the drill counts it)
            answers[number] = error

    threads = [threading.Thread(target=run, args=[number], daemon=True) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
