"""Everybody's pages, links, forms and API, asked for by everybody else and by nobody, on the demo data."""

import logging
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from partnerships.accounts.models import User
from partnerships.directory import actions
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization
from partnerships.testing.crawling import Crawler, Sight

pytestmark = pytest.mark.crawl

NOBODY = "nobody"
# Addresses of one view that one person follows, and objects of one kind that the others ask for.
# PORTAL_CRAWL=all asks for everything: an hour.
PER_VIEW, REPLAYED = (None, None) if os.environ.get("PORTAL_CRAWL") == "all" else (2, 2)
# Parts of a message between what is put in and its tags.
GAP = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}|<[^>]+>")


def unreachable(rows: Any, user: Any) -> Any:
    """No address leads to such a row."""
    return rows.none()


def invited(rows: Any, user: Any) -> Any:
    """Whoever confirms roles at the unit or above."""
    return rows.filter(access_of(user).q("organization", Role.COORDINATOR, Role.HR, Role.ADMINISTRATOR))


def ordered(rows: Any, user: Any) -> Any:
    """The university that gave the order."""
    return rows.filter(access_of(user).q("university", Role.COORDINATOR, Role.ADMINISTRATOR))


# Models with a uid whose rows are seen neither by `visible_to` nor through the row that they belong to.
RULES = {
    "directory.Invitation": invited,
    "calls.Call": unreachable,
    "internships.NominationOrder": ordered,
}


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
    free = {"sessions.Session", "documents.DocumentView"}
    return {m._meta.label: m._default_manager.count() for m in apps.get_models() if m._meta.label not in free}


@pytest.fixture
def demo(db: Any, settings: Any, django_capture_on_commit_callbacks: Any) -> Iterator[dict[str, Any]]:
    """The demonstration with what people were told of it, an open invitation of each side, and everybody."""
    settings.DEMO = True
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demo", verbosity=0)
    users = {user.email.partition("@")[0]: user for user in User.objects.order_by("pk")}
    for name, acronym in (("coordinator", "AzTU"), ("hr", "Azərişıq")):
        node = Organization.objects.get(acronym=acronym, parent=None)
        actions.make_invitation(
            node, role=Role.MENTOR if name == "hr" else Role.SUPERVISOR, actor=users[name]
        )
    logging.disable(logging.ERROR)  # refusals by the thousand are what is asked for
    yield {**users, NOBODY: AnonymousUser()}
    logging.disable(logging.NOTSET)


def test_no_foreign_object_answers_and_nothing_on_the_way_is_broken(demo: dict[str, Any]) -> None:
    english = English()
    crawler = Crawler(demo, Sight(RULES), per_view=PER_VIEW, replayed=REPLAYED, read_texts=english.read)
    before = counted()
    for name in demo:
        crawler.walk(name)
    crawler.replay()
    asked = crawler.report.asked
    assert {promise: found[:40] for promise, found in crawler.report.wrong.items()} == {}
    assert sorted(english.found)[:40] == []
    assert counted() == before
    assert asked["foreign addresses"] > 500
    assert asked["own forms that wrote"] > 50
