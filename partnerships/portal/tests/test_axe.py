"""Each view that somebody of the demonstration comes to by links, as a browser draws it under the real
policy, tried by axe: one on a phone in Azerbaijani, the next on a desk in English.

The browser asks the portal within this process, so that it sees what stands in the transaction of the crawl.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from axe_core_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from partnerships.accounts.models import User
from partnerships.testing.crawling import GLANCE, Crawler
from partnerships.testing.crawling.crawler import body_of
from partnerships.testing.crawling.presses import view_of

pytestmark = [pytest.mark.browser, pytest.mark.crawl, pytest.mark.django_db]
# Ten minutes of a processor: `make crawl`. Of the pages most used: internships/tests/test_story.py.
__test__ = bool(os.environ.get("PORTAL_CRAWL"))

# Who comes first looks at what the next would see as well.
GROUPS = {
    "who learns": ("nobody", "student", "graduate", "student2", "founder", "lecturer"),
    "who teaches": ("mentor", "mentor by link", "coordinator", "supervisor", "expert"),
    "who hires": ("hr",),
    "who leads": ("partnerships", "legal", "rector", "director", "protection", "admin"),
}
PHONE = ("az", {"width": 390, "height": 844})
DESK = ("en", {"width": 1360, "height": 900})
ORIGIN = "http://localhost"  # trustworthy to a browser, as production is
# Of the administration, whose pages are all made alike, one view in so many.
ADMINISTRATION = 12


@contextmanager
def drawing(browser: Any, client: Client, size: dict[str, int]) -> Iterator[Callable[[str], list[str]]]:
    """address -> what is wrong with the page as this client's browser draws it."""
    context = browser.new_context(viewport=size, locale="de-DE")
    heard: list[str] = []
    # Before the browser does: what it calls has no part in the transaction.
    asked: dict[str, Any] = {f"{ORIGIN}{path}": client.get(path) for path in ("/admin/jsi18n/",)}

    def serve(route: Any, request: Any) -> None:
        path = urlsplit(request.url).path
        answer = client.get(path) if path.startswith("/static/") else asked.get(request.url)
        if answer is None:  # what htmx fetches by itself
            return route.abort()
        kept = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
        return route.fulfill(status=answer.status_code, headers=kept, body=body_of(answer))

    def look(address: str) -> list[str]:
        heard.clear()
        asked[f"{ORIGIN}{address}"] = client.get(address)
        page = context.new_page()
        page.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.goto(f"{ORIGIN}{address}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            heard.append(f"{wide} pixels wide")
        page.evaluate(Axe().axe_script)
        found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
        page.close()
        return [*heard, *(f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found)]

    context.route("**/*", serve)
    try:
        yield look
    finally:
        context.close()


def shown_to(crawler: Crawler, name: str, tried: set[str]) -> list[str]:
    """One address of each view that is not yet tried, of those that this person comes to."""
    addresses = []
    for path, status in crawler.walk(name).looks.items():
        view = view_of(path)
        apart = path.startswith("/admin/") and crc32(repr(view).encode()) % ADMINISTRATION
        if (
            status != 200
            or view in tried
            or path.startswith("/api/")
            or apart
            or not is_page(crawler, name, path)
        ):
            continue
        tried.add(view)
        addresses.append(path)
    return addresses


def is_page(crawler: Crawler, name: str, path: str) -> bool:
    answer = crawler.client(name).get(path)
    return (
        answer.headers.get("Content-Type", "").startswith("text/html") and b"<html" in body_of(answer)[:400]
    )


@pytest.fixture(scope="module")
def tried() -> set[str]:
    """The views that were looked at: each by one person alone."""
    return set()


@pytest.mark.parametrize("group", GROUPS)
def test_no_view_has_a_fault_that_axe_or_the_policy_finds(
    crawler: Crawler, browser: Any, tried: set[str], group: str
) -> None:
    crawler.measure, crawler.read_texts = GLANCE, None
    wrong: dict[str, list[str]] = {}
    for name in GROUPS[group]:
        addresses = shown_to(crawler, name, tried)
        for turn, (language, size) in enumerate((PHONE, DESK)):
            User.objects.update(language=language)
            client = crawler.client(name)
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            with drawing(browser, client, size) as look:
                for address in addresses[turn::2]:
                    if faults := look(address):
                        wrong[f"{name} {language} {address}"] = faults
    assert wrong == {}
    assert len(tried) >= 10
