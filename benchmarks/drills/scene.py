"""People and applications for the drills, made by the actions that people use; needs Django set up."""

from typing import Any

from django.db import transaction

from internships import actions
from internships.models import Application
from internships.tests import makers
from partnerships.directory.enums import Role
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast, build


class Scene:
    """The cast, one published internship, and students who apply for it."""

    def __init__(self, seats: int, **programme: Any) -> None:
        self.cast: Cast = build()
        self.hr = self.cast.user("hr")
        values = {"endorsement_required": False, **programme}
        self.programme = makers.programme(self.cast, seats=seats, **values)
        self.place = makers.vacancy(self.programme)

    def applicants(self, number: int, first: int = 0) -> list[tuple[Application, Any]]:
        """(application, account) of so many students, each sent to the company; one transaction for all."""
        found = []
        with transaction.atomic():
            for index in range(first, first + number):
                person = make.student(f"Tələbə {index}", f"t{index}@aztu.example", self.cast.energy)
                application = actions.start_application(self.place, actor=person.user)
                found.append((actions.submit(application, actor=person.user), person.user))
        return found

    def colleagues(self, number: int) -> list[Any]:
        """Accounts of so many more of the company's HR."""
        found = []
        for index in range(number):
            person = make.person(f"Həmkar {index}", f"hemkar{index}@cast.example")
            make.affiliation(person, self.cast.azerisiq, Role.HR)
            found.append(person.user)
        return found


def seats_add_up() -> bool:
    """Every pool counts exactly its live holds within its capacity; every offer or acceptance has one."""
    from internships.enums import ApplicationState as A
    from partnerships.seats.models import Hold, Pool

    live = Hold.objects.exclude(state="released")
    counted = all(p.taken == live.filter(pool=p).count() <= p.capacity for p in Pool.objects.all())
    holding = Application.objects.filter(state__in=[A.OFFERED, A.ACCEPTED])
    expected = sorted(holding.values_list("pk", "offered_vacancy__pool_id"))
    return counted and sorted(live.values_list("claimant", "pool_id")) == expected
