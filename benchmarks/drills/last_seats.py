"""200 people for 10 seats at once, over HTTP through gunicorn on PostgreSQL: ten hold one, all are answered.

An offered seat counts as taken, so ten seats have ten offers and no more. What can collide is therefore: the
company offering ten seats to 200 candidates at once (1); all 200 pressing "accept" at once, of whom ten have
an offer (2); each of ten pressing twenty times (3); ten declining at once with 20 in line (4).
"""

import os
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import kit

PEOPLE, SEATS = 200, 10
WAIT = 5.0  # seconds that 200 people for the last seats may wait; other presses show their figure


class Crowd:
    """The portal with its ten seats, and everybody who presses at once."""

    def __init__(self, stage: kit.Stage) -> None:
        from scene import Scene, sessions

        self.stage = stage
        self.scene = Scene(seats=SEATS)
        self.rows = self.scene.applicants(PEOPLE)
        colleagues = self.scene.colleagues(20)
        self.address = stage.web()
        self.desks = sessions(self.address, colleagues)
        self.people = sessions(self.address, [user for _application, user in self.rows])
        kit.Browser(self.address, self.desks[0]).get("/home/")

    def offers(self) -> None:
        """The company offers ten seats to 200 candidates."""
        from internships.enums import ApplicationState as A

        fields = {"vacancy": self.scene.place.pk}
        self.at_once(
            "200 offers",
            (
                partial(
                    kit.Browser(self.address, self.desks[number % len(self.desks)]).post,
                    f"/internships/decide/{application.uid}/offer/",
                    fields,
                )
                for number, (application, _user) in enumerate(self.rows)
            ),
        )
        self.hold("200 offers: exactly ten went out", A.OFFERED)
        self.seats("200 offers")

    def accepts(self) -> None:
        """All 200 press, of whom ten have an offer."""
        from internships.enums import ApplicationState as A

        self.at_once("200 accept", self.presses("accept", self.rows, self.people), wait=WAIT)
        self.hold("200 accept: exactly ten hold a seat", A.ACCEPTED)
        self.seats("200 accept")

    def press_again(self) -> None:
        """Ten who have an offer press twenty times each."""
        from scene import sessions, times

        holders = self.offered(first=PEOPLE)
        keys = sessions(self.address, [user for _application, user in holders])
        self.at_once("10 press 20 times", self.presses("accept", holders, keys, each=PEOPLE // SEATS))
        accepted = times("accept", holders)
        once = len(accepted) == SEATS and set(accepted.values()) == {1}
        self.stage.promise("10 press 20 times: each accepted once", once, sum(accepted.values()))

    def declines(self) -> None:
        """Ten who have an offer decline, five times each, with 20 in line."""
        from scene import sessions

        from internships.enums import ApplicationState as A

        holders = self.offered(first=2 * PEOPLE)
        queue = self.scene.applicants(2 * SEATS, first=3 * PEOPLE)
        self.scene.waitlist(queue)
        keys = sessions(self.address, [user for _application, user in holders])
        self.at_once("10 decline, 5 times each", self.presses("decline", holders, keys, each=5))
        self.hold("10 decline: the first ten in line hold the seats", A.OFFERED, queue)
        self.seats("10 decline")

    def offered(self, first: int) -> list[Any]:
        """Ten new students, each with an offer of a place of its own ten seats."""
        from internships.tests import makers

        self.scene.place = makers.place(self.scene.cast, self.scene.programme, seats=SEATS)
        rows = self.scene.applicants(SEATS, first=first)
        self.scene.offer(rows)
        return rows

    def presses(
        self, verb: str, rows: list[Any], keys: list[str], each: int = 1
    ) -> Iterable[Callable[[], kit.Answer]]:
        """Everybody of `rows` presses so often, in a browser of its own each time."""
        from scene import press

        for number in range(each * len(rows)):
            who = number % len(rows)
            yield partial(press, kit.Browser(self.address, keys[who]), rows[who][0], verb)

    def at_once(
        self, name: str, presses: Iterable[Callable[[], kit.Answer]], wait: float | None = None
    ) -> None:
        """Pressed at once; what came of it, how long it took, and what those read who came too late."""
        from django.db import connection

        stage, calls = self.stage, list(presses)
        connection.close()
        cpu = stage.cpu()
        answers = kit.at_once(calls)
        cpu = (stage.cpu() - cpu) / len(calls) * 1000
        errors = [a for a in answers if isinstance(a, Exception)]
        good = [a for a in answers if not isinstance(a, Exception)]
        codes = Counter(a.status for a in good)
        middle, slowest = statistics.median(a.seconds for a in good), max(a.seconds for a in good)
        stage.figure(f"{name}: answers", dict(codes))
        stage.figure(f"{name}: median and slowest, seconds", f"{middle:.2f}, {slowest:.2f}")
        stage.figure(f"{name}: processor of the web, ms a request", f"{cpu:.0f}")
        stage.figure(f"{name}: load of the machine", f"{os.getloadavg()[0]:.1f}")
        faults = [code for code in codes if code >= 500]
        stage.promise(f"{name}: no error page", not errors and not faults, errors[:2] or "")
        if wait is not None:
            stage.promise(f"{name}: nobody waited over {wait:.0f} s", slowest <= wait, f"{slowest:.2f}")
        told = Counter(a.says[:160] for a in good if a.status != 302)
        for says, times in told.most_common(3):
            stage.figure(f"{name}: {times} read", says)

    def hold(self, name: str, state: str, among: Iterable[Any] = ()) -> None:
        """Exactly ten applications are in this state, of all or of these."""
        from internships.models import Application

        found = Application.objects.filter(state=state)
        if keys := [application.pk for application, _user in among]:
            found = found.filter(pk__in=keys)
        self.stage.promise(name, found.count() == SEATS, found.count())

    def seats(self, name: str) -> None:
        from scene import seats_add_up

        self.stage.promise(f"{name}: seats add up", seats_add_up())


def main(stage: kit.Stage) -> None:
    crowd = Crowd(stage)
    crowd.offers()
    crowd.accepts()
    crowd.press_again()
    crowd.declines()


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
