"""Everybody's pages, links, forms and API, asked for by everybody else and by nobody, on the demo data.

A test walks as one person and has the others ask for what was found. By itself it follows two addresses of
each view, one for who sees no more than those before, and has one of each relation to the finder ask for
each kind of address or form: two minutes in all. PORTAL_CRAWL=wide (`make crawl`) has everybody ask, half an
hour; PORTAL_CRAWL=all follows and asks for everything that there is, hours.
"""

import logging
import os
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import TestCase, override_settings

from partnerships.accounts.models import User
from partnerships.common import jobs
from partnerships.common.models import Job, JobState
from partnerships.directory import actions
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Organization
from partnerships.notifications import telling
from partnerships.testing.crawling import GLANCE, SAMPLE, WHOLE, WIDE, Crawler, Report, Sight
from partnerships.workflow.models import Change

pytestmark = [pytest.mark.crawl, pytest.mark.django_db]

MEASURE = {"": SAMPLE, "wide": WIDE, "all": WHOLE}[os.environ.get("PORTAL_CRAWL", "")]
DEMO = (
    "student student2 coordinator coordinator2 supervisor hr hr2 mentor mentor2 partnerships legal rector "
    "expert organiser trainer founder admin director protection lecturer"
)
EVERYBODY = [*DEMO.split(), "nobody", "graduate", "mentor by link"]
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


def unreachable(rows: Any, user: Any) -> Any:
    """No address leads to such a row."""
    return rows.none()


def invited(rows: Any, user: Any) -> Any:
    """Whoever confirms roles at the unit or above; administrators, who keep every role, read them all."""
    access = access_of(user)
    return (
        rows
        if access.administers
        else rows.filter(access.q("organization", Role.COORDINATOR, Role.HR, Role.ADMINISTRATOR))
    )


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
    free = {"sessions.Session", "documents.DocumentView", "documents.ExportRun"}
    return {m._meta.label: m._default_manager.count() for m in apps.get_models() if m._meta.label not in free}


def _what_directions_add(users: dict[str, Any]) -> dict[str, tuple[Any, list[str]]]:
    """Rows that the demonstration lacks, and who comes with them: `tests/crawled.py` of the directions."""
    added: dict[str, tuple[Any, list[str]]] = {}
    for direction in django_settings.DIRECTIONS:
        if find_spec(f"{direction}.tests") and find_spec(f"{direction}.tests.crawled"):
            added |= import_module(f"{direction}.tests.crawled").build(users)
    return added


@pytest.fixture(scope="module")
def crawler(demonstration: None, django_db_blocker: Any) -> Iterator[Crawler]:
    """The demonstration with what people were told of it, an open invitation of each side, and everybody.

    Made once for all the tests here, in a transaction around them: what a crawler sends is undone each time.
    """
    settings = {"DEMO": True, "ROOT_URLCONF": "partnerships.testing.crawling.bare"}
    with django_db_blocker.unblock(), override_settings(**settings), transaction.atomic():
        with TestCase.captureOnCommitCallbacks() as waiting:
            users: dict[str, Any] = {u.email.partition("@")[0]: u for u in User.objects.order_by("pk")}
            for name, acronym, role in (
                ("coordinator", "AzTU", Role.SUPERVISOR),
                ("hr", "Azərişıq", Role.MENTOR),
            ):
                node = Organization.objects.get(acronym=acronym, parent=None)
                actions.make_invitation(node, role=role, actor=users[name])
            added = _what_directions_add(users)
        # What waits for the commit, without the mail: nobody here reads it.
        assert waiting
        for work in Job.objects.filter(state=JobState.QUEUED):
            jobs.run(work.pk)
        telling.tell(Change.objects.untold().values_list("pk", flat=True))
        walkers = {
            **users,
            "nobody": AnonymousUser(),
            **{name: who for name, (who, _starts) in added.items()},
        }
        assert sorted(walkers) == sorted(EVERYBODY)
        starts = {name: starts for name, (_who, starts) in added.items() if starts}
        logging.disable(logging.ERROR)  # refusals by the thousand are what is asked for
        yield Crawler(walkers, Sight(RULES), MEASURE, starts_of=starts)
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


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
