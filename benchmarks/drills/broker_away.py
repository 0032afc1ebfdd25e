"""The broker, which is the cache as well, is away for a minute: pages answer, mail goes later."""

import json
import time
from collections import Counter

import kit

AWAY = 60  # seconds


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
    student, hr = kit.signed_in(address, rows[0][1]), kit.signed_in(address, scene.hr)
    visitor = kit.Browser(address)
    looks = [
        ("front page", lambda: visitor.get("/")),
        ("sign-in page", lambda: visitor.get("/accounts/login/")),
        ("home, student", lambda: student.get("/home/")),
        ("list, company", lambda: hr.get("/internships/applications/")),
        ("API, visitor", lambda: visitor.get("/api/v1/programmes/")),
        ("readyz", lambda: visitor.get("/readyz/")),
    ]
    for _name, look in looks:
        look()
    stage.redis.stop(9)
    began, codes, slowest, alarms = time.monotonic(), Counter[tuple[str, int]](), 0.0, set[str]()
    acts: list[int] = []
    while time.monotonic() - began < AWAY:
        for name, look in looks:
            answer = look()
            codes[name, answer.status] += 1
            if name == "readyz":
                alarms.add(",".join(json.loads(answer.body)["failing"]))
            else:
                slowest = max(slowest, answer.seconds)
        if len(acts) < 3:
            application, _user = rows[len(acts)]
            answer = hr.post(f"/internships/decide/{application.uid}/offer/", {"vacancy": scene.place.pk})
            acts.append(answer.status)
            slowest = max(slowest, answer.seconds)
        elif len(acts) < 6:
            _application, user = rows[len(acts) - 3]
            answer = kit.Browser(address).post("/accounts/password/reset/", {"email": user.email})
            acts.append(answer.status)
            slowest = max(slowest, answer.seconds)
        elif len(acts) < 7:
            answer = kit.Browser(address).post(
                "/accounts/login/", {"login": rows[1][1].email, "password": "x"}
            )
            acts.append(answer.status)
        time.sleep(0.2)
    stage.figure("pages and their answers meanwhile", dict(codes))
    pages = {status for (name, status), _n in codes.items() if name != "readyz"}
    stage.promise("every page answered 200", pages == {200}, sorted(pages))
    stage.promise("offers, password letters and a sign-in were taken", acts == [302] * 6 + [200], acts)
    stage.promise("the slowest answer, seconds", slowest < 5, f"{slowest:.2f}")
    stage.promise("/readyz/ named the broker", any("broker" in names for names in alarms), sorted(alarms))
    waiting = Message.objects.waiting().count() + Change.objects.untold().count()
    stage.figure("letters and changes that waited in the database", waiting)
    stage.redis.start()
    took = kit.until(lambda: settled() and len(box.letters) >= before + 6, 120, "the letters; worker.log")
    stage.figure("seconds from the broker's return to the last letter", f"{took:.1f}")
    ids = Counter(message_id for message_id, _to, _subject in box.letters)
    stage.promise(
        "letters lost",
        len(ids) == Message.objects.filter(state="sent").count(),
        Message.objects.exclude(state="sent").count(),
    )
    stage.promise("letters that came twice", max(ids.values()) == 1, sum(ids.values()) - len(ids))
    kit.until(lambda: not kit.alarms(), 60, "the alarms to fall silent")
    stage.figure("/readyz/ afterwards", kit.alarms() or "ok")


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
