"""A practice whose mentor has no account, for tests, and what stands behind the link."""

import re
from datetime import date

from internships import actions
from internships.tests import makers
from partnerships.directory.models import Person
from partnerships.testing.worlds import world

DAYS = [date(2027, 6, n) for n in (15, 16, 17)]
PAGE = re.compile(r"/internships/m/[\w-]+\.[\w-]+/")


@world
def with_days(cast):
    """Under way, with three days handed in and a mentor without an account."""
    placed = makers.active(cast)
    Person.objects.filter(pk=cast.mentor.pk).update(user=None, email="rasad@cast.example")
    handed(cast, placed)
    return makers.placement_again(placed)


@world
def handed(cast, placed, who="student", days=DAYS):
    student = cast.user(who)
    for day in days:
        entry = actions.write_day(placed, day, actor=student, minutes=300, site="", work="iş", learned="")
        actions.submit_day(entry, actor=student)


def opened(cast, placed):
    return actions.mentor_link(placed, actor=cast.user("hr"))


def picks(placed):
    return [f"{uid}.{version}" for uid, version in placed.diary.values_list("uid", "version")]


def states(placed):
    return list(placed.diary.order_by("date").values_list("state", flat=True))
