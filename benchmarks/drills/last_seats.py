"""200 people for 10 seats at once, over HTTP through gunicorn on PostgreSQL: ten hold one, all are answered.

An offered seat counts as taken, so ten seats have ten offers and no more. What can collide is therefore: the
company offering ten seats to 200 candidates at once (1); all 200 pressing "accept" at once, of whom ten have
an offer (2); each of ten pressing twenty times (3); ten declining at once with 20 in line (4).
"""

import os
import statistics
from collections import Counter
from collections.abc import Callable
from functools import partial

import kit

PEOPLE, SEATS = 200, 10
WAIT = 5.0  # seconds that 200 people for the last seats may wait; other presses show their figure


def main(stage: kit.Stage) -> None:
    from django.db import connection
    from scene import Scene, seats_add_up

    from internships import actions
    from internships.enums import ApplicationState as A
    from internships.models import Application
    from internships.tests import makers
    from partnerships.workflow.models import Change

    scene = Scene(seats=SEATS)
    rows = scene.applicants(PEOPLE)
    colleagues = scene.colleagues(20)
    address = stage.web()
    desks = [kit.signed_in(address, user) for user in colleagues]
    people = [kit.signed_in(address, user) for _application, user in rows]
    desks[0].get("/home/")
    by_state = lambda state: Application.objects.filter(state=state)  # noqa: E731

    def press(
        name: str, calls: list[Callable[[], kit.Answer]], wait: float | None = None
    ) -> list[kit.Answer]:
        connection.close()
        cpu = stage.cpu()
        answers = kit.at_once(calls)
        cpu = (stage.cpu() - cpu) / len(calls) * 1000
        errors = [a for a in answers if isinstance(a, Exception)]
        good = [a for a in answers if not isinstance(a, Exception)]
        codes = Counter(a.status for a in good)
        slowest = max(a.seconds for a in good)
        stage.figure(f"{name}: answers", dict(codes))
        stage.figure(
            f"{name}: median and slowest, seconds",
            f"{statistics.median(a.seconds for a in good):.2f}, {slowest:.2f}",
        )
        stage.figure(f"{name}: processor of the web, ms a request", f"{cpu:.0f}")
        stage.figure(f"{name}: load of the machine", f"{os.getloadavg()[0]:.1f}")
        stage.promise(
            f"{name}: no error page", not errors and not [c for c in codes if c >= 500], errors[:2] or ""
        )
        if wait is not None:
            stage.promise(f"{name}: nobody waited over {wait:.0f} s", slowest <= wait, f"{slowest:.2f}")
        told = Counter(a.says[:160] for a in good if a.status != 302)
        for says, times in told.most_common(3):
            stage.figure(f"{name}: {times} read", says)
        return good

    def verb(browser: kit.Browser, application: Application, name: str) -> Callable[[], kit.Answer]:
        return lambda: browser.post(f"/internships/applications/{application.uid}/{name}/")

    def offer(session: str, application: Application) -> kit.Answer:
        path = f"/internships/decide/{application.uid}/offer/"
        return kit.Browser(address, session).post(path, {"vacancy": place})

    place = scene.place.pk
    passes = [desk.cookies["portal_session"] for desk in desks]
    press(
        "200 offers",
        [partial(offer, passes[n % len(passes)], application) for n, (application, _user) in enumerate(rows)],
    )
    stage.promise(
        "200 offers: exactly ten went out", by_state(A.OFFERED).count() == SEATS, by_state(A.OFFERED).count()
    )
    stage.promise("200 offers: seats add up", seats_add_up())

    accepts = [verb(people[n], application, "accept") for n, (application, _u) in enumerate(rows)]
    press("200 accept", accepts, wait=WAIT)
    stage.promise(
        "200 accept: exactly ten hold a seat",
        by_state(A.ACCEPTED).count() == SEATS,
        by_state(A.ACCEPTED).count(),
    )
    stage.promise("200 accept: seats add up", seats_add_up())

    scene.place = makers.place(scene.cast, scene.programme, seats=SEATS)
    holders = scene.applicants(SEATS, first=PEOPLE)
    for application, _user in holders:
        actions.offer(application, actor=scene.hr)
    sessions = [kit.signed_in(address, user).cookies["portal_session"] for _a, user in holders]
    press(
        "10 press 20 times",
        [
            verb(kit.Browser(address, sessions[n % SEATS]), holders[n % SEATS][0], "accept")
            for n in range(PEOPLE)
        ],
    )
    times = Counter(
        Change.objects.filter(verb="accept", object_id__in=[a.pk for a, _u in holders]).values_list(
            "object_id", flat=True
        )
    )
    stage.promise(
        "10 press 20 times: each accepted once",
        len(times) == SEATS and set(times.values()) == {1},
        sum(times.values()),
    )

    scene.place = makers.place(scene.cast, scene.programme, seats=SEATS)
    third = scene.applicants(SEATS, first=2 * PEOPLE)
    for application, _user in third:
        actions.offer(application, actor=scene.hr)
    queue = scene.applicants(2 * SEATS, first=3 * PEOPLE)
    for application, _user in queue:
        actions.waitlist(application, actor=scene.hr)
    browsers = [kit.signed_in(address, user).cookies["portal_session"] for _a, user in third]
    press(
        "10 decline, 5 times each",
        [
            verb(kit.Browser(address, browsers[n % SEATS]), third[n % SEATS][0], "decline")
            for n in range(5 * SEATS)
        ],
    )
    moved = by_state(A.OFFERED).filter(pk__in=[a.pk for a, _u in queue]).count()
    stage.promise("10 decline: the first ten in line hold the seats", moved == SEATS, moved)
    stage.promise("10 decline: seats add up", seats_add_up())


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
