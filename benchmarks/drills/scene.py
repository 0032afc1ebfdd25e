"""People and applications for the drills, made by the actions that people use; needs Django set up."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from people import Answer, Browser, signed_in

from internships import actions
from internships.enums import ApplicationState as A
from internships.models import Application
from internships.tasks import clocks
from internships.tests import makers
from partnerships.directory.enums import Role
from partnerships.notifications import tasks
from partnerships.seats.models import Hold, Pool
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, build
from partnerships.workflow.models import Change

Row = tuple[Application, Any]  # with the account of who applies


class Scene:
    """The cast, one published internship, and students who apply for it."""

    def __init__(self, seats: int, **programme: Any) -> None:
        self.cast: Cast = build()
        self.hr = self.cast.user("hr")
        values = {"endorsement_required": False, **programme}
        self.programme = makers.programme(self.cast, seats=seats, **values)
        self.place = makers.vacancy(self.programme)

    def applicants(self, number: int, first: int = 0) -> list[Row]:
        """So many students, each sent to the company; one transaction for all."""
        found = []
        with transaction.atomic():
            for index in range(first, first + number):
                person = make.student(f"Tələbə {index}", f"t{index}@aztu.example", self.cast.energy)
                application = actions.start_application(self.place, actor=person.user)
                found.append((actions.submit(application, actor=person.user), person.user))
        return found

    def offer(self, rows: Iterable[Row]) -> None:
        for application, _user in rows:
            actions.offer(application, actor=self.hr)

    def waitlist(self, rows: Iterable[Row]) -> None:
        for application, _user in rows:
            actions.waitlist(application, actor=self.hr)

    def colleagues(self, number: int) -> list[Any]:
        """Accounts of so many more of the company's HR."""
        found = []
        for index in range(number):
            person = make.person(f"Həmkar {index}", f"hemkar{index}@cast.example")
            make.affiliation(person, self.cast.azerisiq, Role.HR)
            found.append(person.user)
        return found


def sessions(address: str, users: Iterable[Any]) -> list[str]:
    """The keys under which these accounts are signed in."""
    return [signed_in(address, user).cookies["portal_session"] for user in users]


def press(browser: Browser, application: Application, verb: str, **headers: str) -> Answer:
    """The button of a verb on the page of an application."""
    return browser.post(f"/internships/applications/{application.uid}/{verb}/", **headers)


def minute() -> None:
    """What a minute of the clock does, in this process."""
    tasks.heartbeat()
    clocks()
    tasks.remind()
    tasks.sweep()


def times(verb: str, rows: Iterable[Row] | None = None) -> Counter[int]:
    """How often the verb was done to each application: to these, or to any."""
    done = Change.objects.filter(verb=verb)
    if rows is not None:
        done = done.filter(object_id__in=[application.pk for application, _user in rows])
    return Counter(done.values_list("object_id", flat=True))


def seats_add_up() -> bool:
    """Every pool counts exactly its live holds within its capacity; every offer or acceptance has one."""
    live = Hold.objects.exclude(state="released")
    counted = all(p.taken == live.filter(pool=p).count() <= p.capacity for p in Pool.objects.all())
    holding = Application.objects.filter(state__in=[A.OFFERED, A.ACCEPTED])
    expected = sorted(holding.values_list("pk", "offered_vacancy__pool_id"))
    return counted and sorted(live.values_list("claimant", "pool_id")) == expected
