"""PostgreSQL is restarted under load, once in order and once as a crash, while people write."""

import http.client
import signal
import threading
import time
from collections import Counter, defaultdict
from typing import Any

import kit

WRITERS = 8
WAIT = 10  # seconds beyond the time that the database was away
SECONDS = 6  # of load before, between and after
RESTARTS = {"restarted in order": signal.SIGINT, "crashed": signal.SIGQUIT}


class Writers:
    """People who withdraw and resume their applications without a pause, and what they were answered."""

    def __init__(self, stage: kit.Stage) -> None:
        from scene import Scene

        from partnerships.accounts.models import User

        rows = Scene(seats=3).applicants(WRITERS)
        english = rows[0][1]
        User.objects.filter(pk=english.pk).update(language="en")
        self.english = english.email
        stage.open_mail()
        address = stage.web()
        people = [(kit.signed_in(address, user), application, user) for application, user in rows]
        self.probe = people[0][0]
        self.acknowledged: set[str] = set()
        self.unsure: set[str] = set()  # sent, and answered with anything but "done"
        self.answers: dict[str, Counter[object]] = defaultdict(Counter)
        self.pages: dict[str, set[tuple[str, str]]] = defaultdict(set)  # of 503: (language, what it says)
        self.slowest = 0.0
        self.phase = "before"
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=one, daemon=True) for one in people]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _write(self, browser: kit.Browser, application: Any, user: Any) -> None:
        from scene import press

        verb, number = "withdraw", 0
        while not self._stop.is_set():
            number += 1
            mark, at = f"drill-{user.pk}-{number}", self.phase
            try:
                answer = press(browser, application, verb, **{"X-Request-ID": mark})
            except (OSError, http.client.HTTPException) as error:
                self.answers[at][type(error).__name__] += 1
                self.unsure.add(mark)
                continue
            self.slowest = max(self.slowest, answer.seconds)
            # What was on its way when the database went, or is told late that it was away, belongs to the
            # restart.
            self.answers[self.phase if answer.status == 503 and at not in RESTARTS else at][
                answer.status
            ] += 1
            done = answer.status == 302 and "/accounts/login/" not in answer.headers.get("Location", "")
            (self.acknowledged if done else self.unsure).add(mark)
            if answer.status == 503:
                language = answer.text.partition('<html lang="')[2][:2]
                self.pages[user.email].add((language, answer.says))
                time.sleep(0.2)
            elif done or answer.status in (409, 422):  # the one before was written after all
                verb = "resume" if verb == "withdraw" else "withdraw"


def restart(stage: kit.Stage, writers: Writers, name: str, number: signal.Signals) -> float:
    """The database goes by this signal and comes back; seconds that it was away."""
    from django.db import connection

    assert stage.postgres
    time.sleep(SECONDS)
    connection.close()
    writers.phase = name
    began = time.monotonic()
    stage.postgres.stop(number)
    stage.postgres.start()
    away = time.monotonic() - began
    home = lambda: writers.probe.get("/home/").status == 200  # noqa: E731
    reached = kit.until(home, 30, "the first page after the restart")
    stage.figure(f"{name}: database away, then first page (seconds)", f"{away:.1f}, {reached:.2f}")
    time.sleep(1)
    writers.phase = f"after it was {name}"
    return away


def nothing_is_lost(stage: kit.Stage, writers: Writers) -> None:
    from partnerships.workflow.models import Change

    acknowledged, unsure = writers.acknowledged, writers.unsure
    kept = set(Change.objects.filter(request_id__startswith="drill-").values_list("request_id", flat=True))
    lost = acknowledged - kept
    stage.promise("acknowledged writes that are lost", not lost, f"{len(lost)} of {len(acknowledged)}")
    stage.promise("writes without a sender", kept <= acknowledged | unsure, len(kept - acknowledged - unsure))
    stage.figure("answered 503 or cut off, and yet written", len(kept & unsure))


def everybody_is_answered(stage: kit.Stage, writers: Writers, longest: float) -> None:
    answers = writers.answers
    for at, counted in answers.items():
        stage.figure(f"answers, {at}", dict(counted))
    bad = {code for counted in answers.values() for code in counted} - {302, 503, 409, 422}
    stage.promise("nobody met anything but an answer or the 503 page", not bad, sorted(map(str, bad)))
    settled = [counted for at, counted in answers.items() if at.startswith(("before", "after"))]
    stage.promise("before and after, every write was taken", all(set(c) <= {302, 409, 422} for c in settled))
    # What is on its way when the database goes may wait as long as it is away, and for the crowd after it.
    most, slowest = longest + WAIT, writers.slowest
    stage.promise(f"nobody waited {most:.0f} s", slowest < most, f"slowest {slowest:.2f}")


def the_page_speaks_their_language(stage: kit.Stage, writers: Writers) -> None:
    languages = {
        ("en" if email == writers.english else "az", language)
        for email, found in writers.pages.items()
        for language, _says in found
    }
    spoken = bool(languages) and all(own == language for own, language in languages)
    stage.promise("the 503 page stood in the reader's language", spoken, sorted(languages))
    for _language, says in sorted(set().union(*writers.pages.values()))[:4]:
        stage.figure("it says", says[:200])


def main(stage: kit.Stage) -> None:
    writers = Writers(stage)
    longest = max(restart(stage, writers, name, number) for name, number in RESTARTS.items())
    time.sleep(SECONDS)
    writers.end()
    nothing_is_lost(stage, writers)
    everybody_is_answered(stage, writers, longest)
    the_page_speaks_their_language(stage, writers)


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
