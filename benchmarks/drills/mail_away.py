"""The mail server is away for an hour of simulated time: letters back off, then all of them arrive once."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import kit

LETTERS = 200


def main(stage: kit.Stage) -> None:
    import time_machine
    from celery import current_app
    from django.utils import timezone

    from partnerships.common.mail import post
    from partnerships.notifications import tasks
    from partnerships.notifications.models import Message

    current_app.conf.task_always_eager = True
    start = timezone.now()
    tried, red = [], {}
    with time_machine.travel(start, tick=False) as clock:
        for number in range(LETTERS):
            post("drill", f"t{number}@else.example", "az", f"Məktub {number}", "Sınaq məktubu.")
        attempts = 0
        for minute in range(60):
            clock.move_to(start + timedelta(minutes=minute))
            tasks.heartbeat()
            tasks.sweep()
            now = Message.objects.order_by("-attempts").values_list("attempts", flat=True)[0]
            if now != attempts:
                tried.append(minute)
                attempts = now
            for alarm in kit.alarms():
                red.setdefault(alarm, minute)
        stage.figure("minutes at which the letters were tried in vain", tried)
        stage.figure("/readyz/ turned red at minute", red)
        stage.promise(
            "letters given up",
            not Message.objects.filter(state="dead").exists(),
            Message.objects.filter(state="dead").count(),
        )
        box = stage.open_mail()
        minute = 60
        while Message.objects.waiting().exists() and minute < 200:
            clock.move_to(start + timedelta(minutes=minute))
            tasks.heartbeat()
            tasks.sweep()
            minute += 1
        stage.figure("the server is back at minute 60; the last letter at minute", minute - 1)
        stage.promise("the alarm has fallen silent", not kit.alarms(), kit.alarms() or "ok")
    ids = Counter(message_id for message_id, _to, _subject in box.letters)
    stage.promise("letters lost", len(ids) == LETTERS, LETTERS - len(ids))
    stage.promise("letters that came twice", sum(ids.values()) == len(ids), sum(ids.values()) - len(ids))
    stage.promise(
        "waits doubled: 1, 2, 4, 8, 16 minutes",
        [b - a for a, b in pairwise(tried)] == [1, 2, 4, 8, 16],
    )


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
