"""One machine's clock is a day ahead, then right again: sign-in, links, letters and offers behave."""

import re
from collections import Counter
from datetime import timedelta

import kit

DAY = timedelta(days=1)


def main(stage: kit.Stage) -> None:
    from celery import current_app
    from django.utils import timezone
    from scene import Scene, seats_add_up

    from internships import actions
    from internships.enums import ApplicationState as A
    from internships.models import Application
    from internships.tasks import clocks
    from partnerships.accounts.models import User
    from partnerships.notifications import outbox, tasks, unsubscribing
    from partnerships.notifications.models import Message, Occurrence
    from partnerships.workflow.models import Change

    current_app.conf.task_always_eager = True
    box = stage.open_mail()
    scene = Scene(seats=30, offer_days=5)
    rows = scene.applicants(50)
    for application, _user in rows[:30]:
        actions.offer(application, actor=scene.hr)
    for application, _user in rows[30:]:
        actions.waitlist(application, actor=scene.hr)
    now = timezone.now()
    today, far = [a.pk for a, _u in rows[:10]], [a.pk for a, _u in rows[10:20]]
    Application.objects.filter(pk__in=today).update(offer_expires=now + timedelta(hours=12))
    Application.objects.filter(pk__in=far).update(offer_expires=now + timedelta(days=2, hours=12))
    right, ahead = stage.web(), stage.web("benchmarks.drills.ahead:application", name="web-ahead")

    def turn() -> None:
        tasks.heartbeat()
        clocks()
        tasks.remind()
        tasks.sweep()

    turn()
    # Sign-in and sessions ---------------------------------------------------------------------------
    user = User.objects.get(pk=rows[0][1].pk)
    user.set_password("Sınaq-parolu-2027")
    user.save()
    kept = {}
    for name, here, there in (("ahead", ahead, right), ("right", right, ahead)):
        browser = kit.Browser(here)
        browser.get("/accounts/login/")
        answer = browser.post("/accounts/login/", {"login": user.email, "password": "Sınaq-parolu-2027"})
        other = kit.Browser(there)
        other.cookies = dict(browser.cookies)
        kept[name] = (answer.status, browser.get("/home/").status, other.get("/home/").status)
    stage.promise(
        "signed in on either, the session holds on both", set(kept.values()) == {(302, 200, 200)}, kept
    )
    # A letter with a code, asked for on the machine that is ahead --------------------------------------
    seen = len(box.letters)
    asked = kit.Browser(ahead)
    asked.get("/accounts/password/reset/")
    asked.post("/accounts/password/reset/", {"email": rows[1][1].email})
    secret = Message.objects.get(kind__startswith="account", address=rows[1][1].email)
    code = (re.search(r"\b\d{6}\b", f"{secret.subject} {secret.text}") or [""])[0]
    outbox.deliver()
    stage.promise(
        "its letter goes out at once, not tomorrow", len(box.letters) == seen + 1, len(box.letters) - seen
    )
    there = kit.Browser(right)
    there.cookies = dict(asked.cookies)
    answer = there.post("/accounts/password/reset/confirm/", {"code": code})
    stage.promise("its code is good on the other machine", answer.status == 302, answer.status)
    # Signed links --------------------------------------------------------------------------------------
    token = unsubscribing.token(rows[2][1].person_id, "internships.remind_answer")
    links = {
        name: kit.Browser(web).get(f"/unsubscribe/{token}/").status
        for name, web in (("ahead", ahead), ("right", right))
    }
    stage.promise("a signed link opens on both", set(links.values()) == {200}, links)
    # Offers and reminders: the clock of the worker runs ahead ---------------------------------------------
    with kit.moved(now + DAY):
        turn()
        tasks.heartbeat()
    lapsed = Counter(Change.objects.filter(verb="lapse").values_list("object_id", flat=True))
    promoted = Counter(Change.objects.filter(verb="promote").values_list("object_id", flat=True))
    stage.figure("offers of the next 12 hours that lapsed a day early", sum(lapsed.values()))
    stage.promise(
        "each lapsed once, and each seat went to one next in line",
        lapsed == Counter(today) and len(promoted) == 10 and set(promoted.values()) == {1},
        (len(lapsed), len(promoted)),
    )
    stage.promise(
        "/readyz/ does not take a heartbeat of tomorrow for one of now", kit.alarms() != [], kit.alarms()
    )
    early, letters = Occurrence.objects.count(), len(box.letters)
    for _again in range(3):
        turn()
    stage.promise(
        "the clock is right again: nothing lapses twice",
        Counter(Change.objects.filter(verb="lapse").values_list("object_id", flat=True)) == lapsed,
    )
    stage.promise(
        "nobody is reminded twice",
        (Occurrence.objects.count(), len(box.letters)) == (early, letters),
        len(box.letters) - letters,
    )
    stage.promise(
        "no letter is left behind", not Message.objects.waiting().exists(), Message.objects.waiting().count()
    )
    stage.promise("/readyz/ is green again", not kit.alarms(), kit.alarms() or "ok")
    with kit.moved(now + DAY + timedelta(hours=1)):
        turn()
        again = Counter(Change.objects.filter(verb="lapse").values_list("object_id", flat=True))
    stage.promise(
        "when the day has really come, nothing lapses or reminds again",
        again == lapsed and len(box.letters) == letters,
        len(box.letters) - letters,
    )
    stage.promise("seats add up", seats_add_up())
    # A worker that is ahead dies with letters in its hands -------------------------------------------------
    with kit.moved(now + DAY):
        from partnerships.common.mail import post

        for number in range(5):
            post("drill", f"a{number}@else.example", "az", f"Məktub {number}", "Sınaq.")
    Message.objects.filter(kind="drill").update(state="queued", sent_at=None, attempts=0)
    with kit.moved(now + DAY):
        held = len(outbox.lease())
    seen = len(box.letters)
    tasks.sweep()
    stage.promise(
        "what it held goes out at once, not tomorrow",
        (held, len(box.letters) - seen) == (5, 5),
        (held, len(box.letters) - seen),
    )
    accepted = (
        kit.signed_in(right, rows[12][1]).post(f"/internships/applications/{rows[12][0].uid}/accept/").status
    )
    stage.promise("an offer that stands is accepted", accepted == 302, accepted)
    on_ahead = (
        kit.signed_in(ahead, rows[25][1]).post(f"/internships/applications/{rows[25][0].uid}/accept/").status
    )
    stage.promise("also on the machine that is ahead", on_ahead == 302, on_ahead)
    stage.promise(
        "seats add up at the end",
        seats_add_up() and Application.objects.filter(state=A.ACCEPTED).count() == 2,
    )


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
