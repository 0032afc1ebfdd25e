"""What the tests of an application's page share."""

from datetime import timedelta

from django.utils import timezone

from internships import actions


def invited(cast, application, interviewer="mentor"):
    starts = timezone.now() + timedelta(days=3)
    return actions.invite(
        application,
        actor=cast.user("hr"),
        interviewer=getattr(cast, interviewer),
        starts=starts,
        ends=starts + timedelta(minutes=30),
        place="Bakı RETSİ, otaq 214",
        link="https://meet.example/otaq",
        note="Tələbə biletinizi götürün.",
    )


def url(application, verb=""):
    return f"/internships/applications/{application.uid}/{verb + '/' if verb else ''}"


def names(page):
    return [button.name for button in page.context["buttons"]]
