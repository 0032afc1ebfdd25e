"""Everybody's pages, links, forms and API, asked for by everybody else and by nobody, on the demo data.

A test walks as one person and has the others ask for what was found. By itself it follows two addresses of
each view, one for who sees no more than those before, and has one of each relation to the finder ask for
each kind of address or form: two minutes in all. PORTAL_CRAWL=wide (`make crawl`) has everybody ask, half an
hour; PORTAL_CRAWL=all follows and asks for everything that there is, hours.
"""

import os
import re

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings as django_settings

from partnerships.portal.tests.walkers import EVERYBODY
from partnerships.testing.crawling import GLANCE, SAMPLE, WHOLE, WIDE, Crawler, Report

pytestmark = [pytest.mark.crawl, pytest.mark.django_db]

MEASURE = {"": SAMPLE, "wide": WIDE, "all": WHOLE}[os.environ.get("PORTAL_CRAWL", "")]
# Who finds what others may not see, and which of it for sure.
FINDS = {
    "student": {"internships.Application", "internships.Placement", "agreements.Agreement"},
    "graduate": {"certificates.Certificate", "internships.Placement", "agreements.Agreement"},
    "coordinator": {"internships.Application", "agreements.Agreement", "certificates.Certificate"},
    "hr": {"internships.Application", "internships.Placement", "certificates.Batch"},
    "hr2": {"internships.Application"},
    "mentor": {"internships.Placement"},
}
CLOSELY = {*FINDS, "partnerships", "admin"}  # what others see is of the same kind, from another side
# Parts of a message between what is put in and its tags.
GAP = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}|<[^>]+>")


class English:
    """Finds what was left in English on an Azerbaijani page: messages of more than two words."""

    def __init__(self) -> None:
        path = django_settings.BASE_DIR / "locale" / "az" / "LC_MESSAGES" / "django.po"
        with path.open("rb") as file:
            catalogue = read_po(file, locale="az")
        self.by_start: dict[tuple[str, ...], list[str]] = {}
        self.found: set[str] = set()
        for message in catalogue:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            for part in (part for text in ids if text and text not in said for part in GAP.split(text)):
                words = part.split()
                if len(words) > 2:
                    self.by_start.setdefault(tuple(words[:3]), []).append(" ".join(words))

    def read(self, path: str, who: str, texts: list[str]) -> None:
        for text in texts:
            words = text.split()
            for at in range(len(words) - 2):
                for message in self.by_start.get(tuple(words[at : at + 3]), ()):
                    if message in text:
                        self.found.add(f"{who} {path}: {message}")


def counted() -> dict[str, int]:
    """Rows of every table but those that a look may write to."""
    free = {"sessions.Session", "documents.DocumentView", "documents.ExportRun"}
    return {m._meta.label: m._default_manager.count() for m in apps.get_models() if m._meta.label not in free}


@pytest.mark.parametrize("name", EVERYBODY)
def test_what_one_person_finds_answers_to_no_stranger_and_nothing_on_the_way_is_broken(
    crawler: Crawler, name: str
) -> None:
    english, crawler.report = English(), Report()
    crawler.read_texts = english.read
    crawler.measure = GLANCE if MEASURE is SAMPLE and name not in CLOSELY else MEASURE
    before = counted()
    crawler.walk(name)
    crawler.replay(name)
    asked, met = crawler.report.asked, crawler.report.met
    assert {promise: found[:40] for promise, found in crawler.report.wrong.items()} == {}
    assert sorted(english.found)[:40] == []
    assert counted() == before
    assert FINDS.get(name, set()) - set(met) == set()
    assert name not in FINDS or (asked["foreign addresses"] > 20 and asked["own forms that wrote"] > 0)
