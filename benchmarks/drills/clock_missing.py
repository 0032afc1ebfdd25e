"""The clock (beat) is missing for three days: what it missed is made up for, in one letter each."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import kit

STUDENTS = 60


def main(stage: kit.Stage) -> None:
    import time_machine
    from celery import current_app
    from django.utils import timezone
    from scene import Scene, minute, seats_add_up

    from internships.enums import ApplicationState as A
    from internships.models import Application
    from partnerships.notifications.models import Message, Occurrence

    current_app.conf.task_always_eager = True
    box = stage.open_mail()
    scene = Scene(seats=40, offer_days=5)
    rows = scene.applicants(STUDENTS)
    first, later, waiting = rows[:20], rows[20:40], rows[40:]
    start = timezone.now()

    with time_machine.travel(start, tick=False) as clock:
        scene.offer(first + later)
        scene.waitlist(waiting)
        # Twenty offers end while the clock is away, twenty stand: of those both reminders fall due meanwhile.
        ends = start + timedelta(days=2)
        Application.objects.filter(pk__in=[a.pk for a, _u in first]).update(offer_expires=ends)
        stands = start + timedelta(days=3, hours=12)
        Application.objects.filter(pk__in=[a.pk for a, _u in later]).update(offer_expires=stands)
        minute()
        stage.figure("letters before the clock stopped", len(box.letters))
        seen = len(box.letters)
        quiet = set(Occurrence.objects.filter(cancelled=None).values_list("pk", flat=True))
        clock.move_to(start + timedelta(minutes=10))
        stage.figure("/readyz/ ten minutes after the clock stopped", kit.alarms())
        clock.move_to(start + timedelta(days=3))
        minute()
        reminded = Occurrence.objects.exclude(pk__in=quiet)
        caught_up(stage, box.letters[seen:], reminded, {user.email for _a, user in later})
        lapsed = Application.objects.filter(state=A.LAPSED).count()
        moved = Application.objects.filter(pk__in=[a.pk for a, _u in waiting], state=A.OFFERED).count()
        stage.promise("offers that ended meanwhile lapsed, once", lapsed == len(first), lapsed)
        stage.promise("each of their seats went to the next in line", moved == len(waiting) == 20, moved)
        stage.promise("seats add up", seats_add_up())
        letters = len(box.letters)
        for _again in range(3):
            minute()
        stage.promise(
            "the next rounds of the clock send nothing more",
            len(box.letters) == letters,
            len(box.letters) - letters,
        )
        stage.promise("letters lost", not Message.objects.exclude(state__in=["sent", "suppressed"]).exists())
        stage.promise("/readyz/ is green again", not kit.alarms(), kit.alarms() or "ok")


def caught_up(stage: kit.Stage, letters: list[Any], reminded: Any, missed: set[str]) -> None:
    """What came when the clock was back; `missed`: whose two reminders fell due meanwhile."""
    by_person: dict[str, list[str]] = defaultdict(list)
    for _id, to, subject in letters:
        by_person[to].append(subject)
    stage.figure("letters caught up, and to how many people", (len(letters), len(by_person)))
    without = reminded.filter(caught_up=True).count()
    stage.figure("reminders recorded as caught up without a letter", without)
    theirs = [by_person.get(email, []) for email in sorted(missed)]
    counts = Counter(map(len, theirs))
    stage.promise("whose two reminders were missed gets one letter", counts == {1: len(missed)}, dict(counts))
    stage.figure("for example", theirs[0])


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
