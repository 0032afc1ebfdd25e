"""One machine's clock is a day ahead, then right again: sign-in, links, letters and offers behave."""

import re
from collections import Counter
from datetime import timedelta

import kit

DAY = timedelta(days=1)
PASSWORD = "Sınaq-parolu-2027"


class Machines:
    """Two web processes, one of them a day ahead, and an internship of 30 offers with 20 people in line."""

    def __init__(self, stage: kit.Stage) -> None:
        from django.utils import timezone
        from scene import Scene

        self.stage, self.box = stage, stage.open_mail()
        self.scene = Scene(seats=30, offer_days=5)
        self.rows = self.scene.applicants(50)
        self.scene.offer(self.rows[:30])
        self.scene.waitlist(self.rows[30:])
        self.now = timezone.now()
        self.today = [application.pk for application, _user in self.rows[:10]]
        self._ends(self.today, timedelta(hours=12))
        self._ends([application.pk for application, _user in self.rows[10:20]], timedelta(days=2, hours=12))
        self.right = stage.web()
        self.ahead = stage.web("benchmarks.drills.ahead:application", name="web-ahead")

    def _ends(self, keys: list[int], after: timedelta) -> None:
        from internships.models import Application

        Application.objects.filter(pk__in=keys).update(offer_expires=self.now + after)

    def sign_in(self) -> None:
        """On either, and the session is good on both."""
        user = self.rows[0][1]
        user.set_password(PASSWORD)
        user.save()
        kept = {}
        for name, here, there in (
            ("ahead", self.ahead, self.right), ("right", self.right, self.ahead),
        ):  # fmt: skip
            browser, other = kit.Browser(here), kit.Browser(there)
            browser.get("/accounts/login/")
            answer = browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
            other.cookies = dict(browser.cookies)
            kept[name] = (answer.status, browser.get("/home/").status, other.get("/home/").status)
        held = set(kept.values()) == {(302, 200, 200)}
        self.stage.promise("signed in on either, the session holds on both", held, kept)

    def ask_for_a_code(self) -> None:
        """A letter with a code, asked for on the machine that is ahead."""
        from partnerships.notifications import outbox
        from partnerships.notifications.models import Message

        seen, address = len(self.box.letters), self.rows[1][1].email
        asked, there = kit.Browser(self.ahead), kit.Browser(self.right)
        asked.get("/accounts/password/reset/")
        asked.post("/accounts/password/reset/", {"email": address})
        secret = Message.objects.get(kind__startswith="account", address=address)
        code = (re.search(r"\b\d{6}\b", f"{secret.subject} {secret.text}") or [""])[0]
        outbox.deliver()
        went = len(self.box.letters) - seen
        self.stage.promise("its letter goes out at once, not tomorrow", went == 1, went)
        there.cookies = dict(asked.cookies)
        answer = there.post("/accounts/password/reset/confirm/", {"code": code})
        self.stage.promise("its code is good on the other machine", answer.status == 302, answer.status)

    def open_a_signed_link(self) -> None:
        from partnerships.notifications import unsubscribing

        token = unsubscribing.token(self.rows[2][1].person_id, "internships.remind_answer")
        links = {
            name: kit.Browser(web).get(f"/unsubscribe/{token}/").status
            for name, web in (("ahead", self.ahead), ("right", self.right))
        }
        self.stage.promise("a signed link opens on both", set(links.values()) == {200}, links)

    def run_the_clock_ahead(self) -> None:
        """Offers and reminders: the clock of the worker runs ahead, is right again, and the day comes."""
        from scene import minute, seats_add_up, times

        from partnerships.notifications import tasks

        stage, letters = self.stage, self.box.letters
        with kit.moved(self.now + DAY):
            minute()
            tasks.heartbeat()
        lapsed, promoted = times("lapse"), times("promote")
        stage.figure("offers of the next 12 hours that lapsed a day early", sum(lapsed.values()))
        stage.promise(
            "each lapsed once, and each seat went to one next in line",
            lapsed == Counter(self.today) and len(promoted) == 10 and set(promoted.values()) == {1},
            (len(lapsed), len(promoted)),
        )
        tomorrow = kit.alarms()
        stage.promise(
            "/readyz/ does not take a heartbeat of tomorrow for one of now", tomorrow != [], tomorrow
        )
        self._be_right_again(lapsed)
        seen = len(letters)
        with kit.moved(self.now + DAY + timedelta(hours=1)):
            minute()
        stage.promise(
            "when the day has really come, nothing lapses or reminds again",
            times("lapse") == lapsed and len(letters) == seen,
            len(letters) - seen,
        )
        stage.promise("seats add up", seats_add_up())

    def _be_right_again(self, lapsed: Counter[int]) -> None:
        from scene import minute, times

        from partnerships.notifications.models import Message, Occurrence

        early, seen = Occurrence.objects.count(), len(self.box.letters)
        for _again in range(3):
            minute()
        more = len(self.box.letters) - seen
        self.stage.promise("the clock is right again: nothing lapses twice", times("lapse") == lapsed)
        self.stage.promise("nobody is reminded twice", (Occurrence.objects.count(), more) == (early, 0), more)
        left = Message.objects.waiting().count()
        self.stage.promise("no letter is left behind", not left, left)
        self.stage.promise("/readyz/ is green again", not kit.alarms(), kit.alarms() or "ok")

    def die_with_letters(self) -> None:
        """A worker that is ahead dies with letters in its hands."""
        from partnerships.common.mail import post
        from partnerships.notifications import outbox, tasks
        from partnerships.notifications.models import Message

        with kit.moved(self.now + DAY):
            for number in range(5):
                post("drill", f"a{number}@else.example", "az", f"Məktub {number}", "Sınaq.")
        Message.objects.filter(kind="drill").update(state="queued", sent_at=None, attempts=0)
        with kit.moved(self.now + DAY):
            held = len(outbox.lease())
        seen = len(self.box.letters)
        tasks.sweep()
        went = len(self.box.letters) - seen
        self.stage.promise(
            "what it held goes out at once, not tomorrow", (held, went) == (5, 5), (held, went)
        )

    def accept(self) -> None:
        """An offer that stands is accepted on either machine."""
        from scene import press, seats_add_up

        from internships.enums import ApplicationState as A
        from internships.models import Application

        for name, web, number in (
            ("an offer that stands is accepted", self.right, 12),
            ("also on the machine that is ahead", self.ahead, 25),
        ):
            application, user = self.rows[number]
            status = press(kit.signed_in(web, user), application, "accept").status
            self.stage.promise(name, status == 302, status)
        accepted = Application.objects.filter(state=A.ACCEPTED).count()
        self.stage.promise("seats add up at the end", seats_add_up() and accepted == 2)


def main(stage: kit.Stage) -> None:
    from celery import current_app
    from scene import minute

    current_app.conf.task_always_eager = True
    machines = Machines(stage)
    minute()
    machines.sign_in()
    machines.ask_for_a_code()
    machines.open_a_signed_link()
    machines.run_the_clock_ahead()
    machines.die_with_letters()
    machines.accept()


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
