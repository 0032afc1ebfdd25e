"""PostgreSQL is restarted under load, once in order and once as a crash, while people write."""

import http.client
import signal
import threading
import time
from collections import Counter, defaultdict

import kit

WRITERS = 8
WAIT = 10  # seconds beyond the time that the database was away
SECONDS = 6  # of load before, between and after


def main(stage: kit.Stage) -> None:
    from django.db import connection
    from scene import Scene

    from partnerships.accounts.models import User
    from partnerships.workflow.models import Change

    assert stage.postgres
    scene = Scene(seats=3)
    rows = scene.applicants(WRITERS)
    english = rows[0][1]
    User.objects.filter(pk=english.pk).update(language="en")
    stage.open_mail()
    address = stage.web()
    browsers = [(kit.signed_in(address, user), application, user) for application, user in rows]
    acknowledged: set[str] = set()
    unsure: set[str] = set()  # sent, and answered with anything but "done"
    answers: dict[str, Counter[object]] = defaultdict(Counter)
    pages: dict[str, set[tuple[str, str]]] = defaultdict(set)
    slowest, longest = [0.0], 0.0
    stop = threading.Event()
    phase = ["before"]

    def write(browser: kit.Browser, application: object, user: object) -> None:
        verb, number = "withdraw", 0
        while not stop.is_set():
            number += 1
            mark = f"drill-{user.pk}-{number}"  # type: ignore[attr-defined]
            at = phase[0]
            try:
                path = f"/internships/applications/{application.uid}/{verb}/"  # type: ignore[attr-defined]
                answer = browser.post(path, **{"X-Request-ID": mark})
            except (OSError, http.client.HTTPException) as error:
                answers[at][type(error).__name__] += 1
                unsure.add(mark)
                continue
            slowest[0] = max(slowest[0], answer.seconds)
            # What was on its way when the database went belongs to the restart.
            answers[phase[0] if answer.status == 503 else at][answer.status] += 1
            if answer.status == 302 and "/accounts/login/" not in answer.headers.get("Location", ""):
                acknowledged.add(mark)
                verb = "resume" if verb == "withdraw" else "withdraw"
                continue
            unsure.add(mark)
            if answer.status == 503:
                pages[user.email].add((answer.text.partition('<html lang="')[2][:2], answer.says))  # type: ignore[attr-defined]
                time.sleep(0.2)
            elif answer.status in (409, 422):  # the one before was written after all
                verb = "resume" if verb == "withdraw" else "withdraw"

    probe = browsers[0][0]
    threads = [threading.Thread(target=write, args=args, daemon=True) for args in browsers]
    for thread in threads:
        thread.start()
    for name, number in (("restarted in order", signal.SIGINT), ("crashed", signal.SIGQUIT)):
        time.sleep(SECONDS)
        connection.close()
        phase[0] = name
        began = time.monotonic()
        stage.postgres.stop(number)
        stage.postgres.start()
        away = time.monotonic() - began
        longest = max(longest, away)
        reached = kit.until(lambda: probe.get("/home/").status == 200, 30, "the first page after the restart")
        stage.figure(f"{name}: database away, then first page (seconds)", f"{away:.1f}, {reached:.2f}")
        time.sleep(1)
        phase[0] = f"after it was {name}"
    time.sleep(SECONDS)
    stop.set()
    for thread in threads:
        thread.join(60)
    for at, counted in answers.items():
        stage.figure(f"answers, {at}", dict(counted))
    kept = set(Change.objects.filter(request_id__startswith="drill-").values_list("request_id", flat=True))
    lost = acknowledged - kept
    stage.promise("acknowledged writes that are lost", not lost, f"{len(lost)} of {len(acknowledged)}")
    stage.promise("writes without a sender", kept <= acknowledged | unsure, len(kept - acknowledged - unsure))
    stage.figure("answered 503 or cut off, and yet written", len(kept & unsure))
    bad = {code for counted in answers.values() for code in counted} - {302, 503, 409, 422}
    stage.promise("nobody met anything but an answer or the 503 page", not bad, sorted(map(str, bad)))
    settled = [counted for at, counted in answers.items() if at.startswith(("before", "after"))]
    stage.promise("before and after, every write was taken", all(set(c) <= {302, 409, 422} for c in settled))
    # What is on its way when the database goes may wait as long as it is away, and for the crowd after it.
    stage.promise(
        f"nobody waited {longest + WAIT:.0f} s", slowest[0] < longest + WAIT, f"slowest {slowest[0]:.2f}"
    )
    shown = {email: sorted(found) for email, found in pages.items()}
    languages = {
        ("en" if email == english.email else "az", lang)
        for email, found in shown.items()
        for lang, _s in found
    }
    stage.promise(
        "the 503 page stood in the reader's language",
        bool(languages) and all(a == b for a, b in languages),
        sorted(languages),
    )
    for _language, says in sorted({item for found in shown.values() for item in found})[:4]:
        stage.figure("it says", says[:200])


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
