"""Everybody of the demonstration, and who comes beside them, as those who walk through the portal."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

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
from partnerships.testing.crawling import SAMPLE, Crawler, Sight
from partnerships.workflow.models import Change

DEMO = (
    "student student2 coordinator coordinator2 supervisor hr hr2 mentor mentor2 partnerships legal rector "
    "expert organiser trainer founder admin director protection lecturer"
)
EVERYBODY = [*DEMO.split(), "nobody", "graduate", "mentor by link"]


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


def _what_directions_add(users: dict[str, Any]) -> dict[str, tuple[Any, list[str]]]:
    """Rows that the demonstration lacks, and who comes with them: `tests/crawled.py` of the directions."""
    added: dict[str, tuple[Any, list[str]]] = {}
    for direction in django_settings.DIRECTIONS:
        if find_spec(f"{direction}.tests") and find_spec(f"{direction}.tests.crawled"):
            added |= import_module(f"{direction}.tests.crawled").build(users)
    return added


@contextmanager
def everybody(**settings: Any) -> Iterator[Crawler]:
    """The demonstration with what people were told of it, an open invitation of each side, and everybody.

    Made once for all the tests of a file, in a transaction around them; what a crawler sends is undone.
    """
    with override_settings(DEMO=True, **settings), transaction.atomic():
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
        yield Crawler(walkers, Sight(RULES), SAMPLE, starts_of=starts)
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
