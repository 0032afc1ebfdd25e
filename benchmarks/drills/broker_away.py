"""The broker, which is the cache as well, is away for a minute: pages answer, mail goes later."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import kit

AWAY = 60  # seconds
Ask = Callable[[], kit.Answer]


def main(stage: kit.Stage) -> None:
    from scene import Scene

    from partnerships.notifications.models import Message
    from partnerships.workflow.models import Change

    scene = Scene(seats=3)
    rows = scene.applicants(3)
    box = stage.open_mail()
    address = stage.web()
    stage.worker()
    stage.beat()
    assert stage.redis
    kit.until(lambda: not kit.alarms(), 60, f"the portal to be well: {kit.alarms()}")
    settled = lambda: not Message.objects.waiting().exists() and not Change.objects.untold().exists()  # noqa: E731
    kit.until(settled, 60, "what the scene told")
    before = len(box.letters)
    looks, acts = asked_of(address, scene, rows)
    for look in looks.values():
        look()
    stage.redis.stop(9)
    seen = watched(looks, acts)
    stage.figure("pages and their answers meanwhile", dict(seen.codes))
    pages = {status for (name, status), _n in seen.codes.items() if name != "readyz"}
    stage.promise("every page answered 200", pages == {200}, sorted(pages))
    stage.promise(
        "offers, password letters and a sign-in were taken", seen.acts == [302] * 6 + [200], seen.acts
    )
    stage.promise("the slowest answer, seconds", seen.slowest < 5, f"{seen.slowest:.2f}")
    stage.promise(
        "/readyz/ named the broker", any("broker" in names for names in seen.alarms), sorted(seen.alarms)
    )
    waiting = Message.objects.waiting().count() + Change.objects.untold().count()
    stage.figure("letters and changes that waited in the database", waiting)
    stage.redis.start()
    took = kit.until(lambda: settled() and len(box.letters) >= before + 6, 120, "the letters; worker.log")
    stage.figure("seconds from the broker's return to the last letter", f"{took:.1f}")
    ids = Counter(message_id for message_id, _to, _subject in box.letters)
    unsent = Message.objects.exclude(state="sent").count()
    stage.promise("letters lost", len(ids) == Message.objects.filter(state="sent").count(), unsent)
    stage.promise("letters that came twice", max(ids.values()) == 1, sum(ids.values()) - len(ids))
    kit.until(lambda: not kit.alarms(), 60, "the alarms to fall silent")
    stage.figure("/readyz/ afterwards", kit.alarms() or "ok")


def asked_of(address: str, scene: Any, rows: list[Any]) -> tuple[dict[str, Ask], list[Ask]]:
    """Pages that are looked at again and again by their names; and what is done once: three offers, a letter
    for a forgotten password to each of the three, a sign-in with a wrong one."""
    student, hr = kit.signed_in(address, rows[0][1]), kit.signed_in(address, scene.hr)
    visitor = kit.Browser(address)
    looks: dict[str, Ask] = {
        "front page": partial(visitor.get, "/"),
        "sign-in page": partial(visitor.get, "/accounts/login/"),
        "home, student": partial(student.get, "/home/"),
        "list, company": partial(hr.get, "/internships/applications/"),
        "API, visitor": partial(visitor.get, "/api/v1/programmes/"),
        "readyz": partial(visitor.get, "/readyz/"),
    }

    def sent(path: str, **fields: Any) -> kit.Answer:
        return kit.Browser(address).post(path, fields)

    place = {"vacancy": scene.place.pk}
    acts: list[Ask] = [
        *(partial(hr.post, f"/internships/decide/{one.uid}/offer/", place) for one, _user in rows),
        *(partial(sent, "/accounts/password/reset/", email=user.email) for _one, user in rows),
        partial(sent, "/accounts/login/", login=rows[1][1].email, password="x"),
    ]
    return looks, acts


@dataclass
class Seen:
    """What was answered while the broker was away."""

    codes: Counter[tuple[str, int]] = field(default_factory=Counter)
    acts: list[int] = field(default_factory=list)
    alarms: set[str] = field(default_factory=set)
    slowest: float = 0.0


def watched(looks: dict[str, Ask], acts: list[Ask]) -> Seen:
    """Looks for so many seconds, and does one thing more between two rounds of it."""
    seen, began = Seen(), time.monotonic()
    while time.monotonic() - began < AWAY:
        for name, look in looks.items():
            answer = look()
            seen.codes[name, answer.status] += 1
            if name == "readyz":
                seen.alarms.add(",".join(json.loads(answer.body)["failing"]))
            else:
                seen.slowest = max(seen.slowest, answer.seconds)
        if len(seen.acts) < len(acts):
            answer = acts[len(seen.acts)]()
            seen.acts.append(answer.status)
            seen.slowest = max(seen.slowest, answer.seconds)
        time.sleep(0.2)
    return seen


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
