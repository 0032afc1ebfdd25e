"""Two clocks run at once, and two workers with them: nobody hears anything twice, nothing lapses twice."""

import time
from collections import Counter

import kit

STUDENTS = 200
SECONDS = 30


def main(stage: kit.Stage) -> None:
    from datetime import timedelta

    from django.utils import timezone
    from scene import Scene, seats_add_up, times

    from internships.enums import ApplicationState as A
    from internships.models import Application
    from partnerships.notifications.models import Message, Occurrence

    scene = Scene(seats=150, offer_days=5)
    rows = scene.applicants(STUDENTS)
    scene.offer(rows[:150])
    scene.waitlist(rows[150:])
    now = timezone.now()
    lapsing, reminded = [a.pk for a, _u in rows[:50]], [a.pk for a, _u in rows[50:150]]
    box = stage.open_mail()
    # Everything falls due in the moment in which both clocks start.
    Application.objects.filter(pk__in=lapsing).update(offer_expires=now - timedelta(minutes=1))
    Application.objects.filter(pk__in=reminded).update(offer_expires=now + timedelta(hours=20))
    for name in ("one", "two"):
        stage.worker(f"worker-{name}", DRILL_EVERY="0.5")
        stage.beat(f"beat-{name}", DRILL_EVERY="0.5")
    lapsed = Application.objects.filter(state=A.LAPSED)
    kit.until(lambda: lapsed.count() >= 50, 120, "the offers to lapse; worker-one.log")
    time.sleep(SECONDS)
    kit.until(lambda: not Message.objects.waiting().exists(), 120, "the letters to be sent")
    done, moved = times("lapse"), times("promote")
    stage.promise("offers lapsed, each once", done == Counter(lapsing), sum(done.values()))
    stage.promise(
        "moved up from the line, each once",
        len(moved) == 50 and set(moved.values()) == {1},
        sum(moved.values()),
    )
    told = Occurrence.objects.filter(object_id__in=reminded, caught_up=False).count()
    stage.promise("reminded, each once", told == len(reminded), told)
    ids = Counter(message_id for message_id, _to, _subject in box.letters)
    pairs = Counter((to, subject) for _id, to, subject in box.letters)
    stage.figure("letters taken by the mail server", sum(ids.values()))
    stage.promise("the same letter twice", max(ids.values()) == 1, sum(ids.values()) - len(ids))
    stage.promise(
        "the same words twice to one person",
        max(pairs.values()) == 1,
        [p for p, n in pairs.items() if n > 1][:3] or 0,
    )
    stage.promise(
        "letters lost",
        len(ids) == Message.objects.filter(state="sent").count(),
        Message.objects.filter(state="dead").count(),
    )
    stage.promise("seats add up", seats_add_up())
    stage.figure("/readyz/", kit.alarms() or "ok")


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
