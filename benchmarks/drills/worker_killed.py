"""A worker is killed again and again while it sends 1,000 letters through a real mail server."""

import os
import signal
from collections import Counter
from datetime import timedelta

import kit

LETTERS = 1000
KILLED_AT = (120, 450, 780)
PROCESSES = 2  # of the worker, each with one letter between the server's answer and its own next write


def main(stage: kit.Stage) -> None:
    from django.db import connection, transaction

    from partnerships.common.mail import post
    from partnerships.notifications.models import Message

    box = stage.open_mail(pause=0.01)
    with transaction.atomic():
        for number in range(LETTERS):
            post("drill", f"t{number}@else.example", "az", f"Məktub {number}", "Sınaq məktubu.")
        # One call for all of them, as a change that is told to a thousand people makes.
        connection.run_on_commit = connection.run_on_commit[:1]
    stage.beat()
    seen_dropped = []
    for moment in KILLED_AT:
        worker = stage.worker()
        kit.until(lambda moment=moment: len(box.letters) >= moment, 180, f"{moment} letters; worker.log")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        stage.running.remove(worker)
        seen_dropped.append(Message.objects.filter(state="sending").count())
    stage.figure("letters under a lease when the worker was killed", seen_dropped)
    stage.figure("/readyz/ four minutes later without a worker", kit.alarms(timedelta(minutes=4)))
    stage.figure("/readyz/ twenty minutes later without a worker", kit.alarms(timedelta(minutes=20)))
    stage.worker()
    waiting = Message.objects.waiting()
    took = kit.until(lambda: not waiting.exists(), 300, "the rest to be sent; worker.log")
    stage.figure("seconds from the last start of a worker to the last letter", f"{took:.1f}")
    taken = Counter((message_id, to) for message_id, to, _subject in box.letters)
    rows = set(Message.objects.values_list("message_id", "address"))
    twice = sum(times - 1 for times in taken.values())
    stage.promise("letters lost", rows == set(taken) and len(rows) == LETTERS, LETTERS - len(taken))
    stage.promise(
        "letters marked sent",
        Message.objects.filter(state="sent").count() == LETTERS,
        Message.objects.filter(state="sent").count(),
    )
    stage.promise(
        "letters that came twice, each with its own Message-ID", twice <= PROCESSES * len(KILLED_AT), twice
    )


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
