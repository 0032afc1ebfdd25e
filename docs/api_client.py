"""Applies for a place over the API, with nothing but Python.

    PORTAL_TOKEN=… python docs/api_client.py http://localhost:8000 "yarımstansiya" "Why I should like to come"

Finds the first open place whose title has the word, starts an application, fills it in and submits it. It may
be stopped and run again at any point: what is there already is taken up, and nothing is done twice.
"""

import json
import os
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TRIES = 3


class Refused(Exception):
    """The portal said no: `status` and `code` for programs, str() for people."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body.get("detail") or json.dumps(body, ensure_ascii=False))
        self.status, self.code = status, body.get("code", "")


class Portal:
    def __init__(self, address: str, token: str) -> None:
        self.base = f"{address.rstrip('/')}/api/v1"
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        self.known: dict[str, tuple[str, Any]] = {}  # address -> ETag and row, as last read

    def call(self, method: str, url: str, body: Any = None, **headers: str) -> tuple[int, Any, str]:
        """Status, body and ETag. What may be repeated is, when the answer is lost or the portal is busy."""
        if method == "POST":  # one key for all tries: the portal does it once
            headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        data = None if body is None else json.dumps(body).encode()
        for left in reversed(range(TRIES)):
            asked = Request(url, data, {**self.headers, **headers}, method=method)
            try:
                with urlopen(asked, timeout=30) as answer:
                    return answer.status, json.load(answer), answer.headers.get("ETag", "")
            except HTTPError as error:
                if error.code == 304:
                    return 304, None, error.headers.get("ETag", "")
                if error.code not in (429, 502, 503) or not left:
                    raise Refused(error.code, json.load(error)) from error
                time.sleep(min(int(error.headers.get("Retry-After") or 1), 60))
            except (URLError, TimeoutError):
                if not left:
                    raise
                time.sleep(1)
        raise AssertionError("not reached")

    def rows(self, name: str, **filters: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page."""
        url: str | None = f"{self.base}/{name}/?{urlencode(filters)}"
        while url:
            _status, page, _tag = self.call("GET", url)
            yield from page["results"]
            url = page["next"]

    def read(self, url: str) -> Any:
        """One row; what has not changed since the last time is not sent again."""
        tag, row = self.known.get(url, ("", None))
        status, body, now = self.call("GET", url, **({"If-None-Match": tag} if tag else {}))
        if status == 304:
            return row
        self.known[url] = (now, body)
        return body

    def write(self, method: str, url: str, body: Any, *, seen: str) -> Any:
        """Changes the row at `seen` only while it is as it was read there."""
        _status, row, tag = self.call(method, url, body, **{"If-Match": self.known[seen][0]})
        self.known[seen] = (tag, row)
        return row


def apply(portal: Portal, word: str, motivation: str) -> dict[str, Any]:
    places = portal.rows("positions", open="true")
    place = next((row for row in places if word.casefold() in row["title_az"].casefold()), None)
    if place is None:
        raise SystemExit(f"No open place with “{word}” in its title.")
    mine = (row for row in portal.rows("applications", mine="true") if row["programme"] == place["programme"])
    row = next((row for row in mine if row["state"] != "withdrawn"), None)
    if row is None:
        _status, row, _tag = portal.call("POST", f"{portal.base}/applications/", {"position": place["uid"]})
    url = f"{portal.base}/applications/{row['uid']}/"
    row = portal.read(url)
    if row["state"] == "draft":
        if row["motivation"] != motivation:
            row = portal.write("PATCH", url, {"motivation": motivation}, seen=url)
        row = portal.write("POST", f"{url}submit/", {}, seen=url)
    return row


def main() -> int:
    address, word, motivation = sys.argv[1:4]
    portal = Portal(address, os.environ["PORTAL_TOKEN"])
    try:
        row = apply(portal, word, motivation)
    except Refused as refused:
        if refused.status == 412:
            print("Somebody has changed it meanwhile: run this again.", file=sys.stderr)
        print(f"{refused.status} {refused.code}: {refused}", file=sys.stderr)
        return 1
    print(f"{row['number'] or row['uid']}: {row['state']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
