"""What whoever books is shown of the hours of a month before they send the form."""

from datetime import date
from typing import Any

from partnerships.bookings import quotas, rules
from partnerships.bookings.models import Thing
from partnerships.common.clock import today
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization


class Hours:
    """The hours of a month that bind whoever books at these things, and whose they may be. One query where
    nothing is bound; none for who looks after the things and is not bound."""

    def __init__(self, user: Any, things: list[Thing]) -> None:
        self.things, mine = things, access_of(user)
        self._rows = [] if rules.keeps(user, things[0]) else quotas.standing(things)
        self.organization = quotas.first_of(mine.works_at, mine.own_roots, things[0].owner)
        self.organizations: list[Organization] = []
        if self._rows and len(mine.own_roots) > 1:
            rows = Organization.objects.filter(pk__in=mine.own_roots).order_by("sort_key", "pk")
            self.organizations = list(rows)

    def spent(self, form: Any) -> list[quotas.Line]:
        """What is used in the month that the form names, of what it names."""
        if not self._rows:
            return []
        wanted = {str(key) for key in form["things"].value() or ()}
        named = [thing for thing in self.things if str(thing.pk) in wanted] or self.things
        above = {key for thing in named for key in thing.above}
        rows = [quota for quota in self._rows if quota.thing_id in above]
        typed = str(form["organization"].value()) if "organization" in form.fields else ""
        known = {str(row.pk): row.pk for row in self.organizations}
        return quotas.lines(rows, known.get(typed, self.organization), _month(form["day"].value()))


def _month(day: Any) -> date:
    """The month of a day as a form has it, typed or given; the present one for what is none."""
    if isinstance(day, date):
        return day.replace(day=1)
    try:
        return date.fromisoformat(str(day)).replace(day=1)
    except ValueError:
        return today().replace(day=1)
