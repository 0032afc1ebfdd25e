"""What waits for a word of the university or the company, counted by programme, for lines and numbers."""

import json
from typing import Any

from django.db.models import Count, F, OuterRef, Q

from internships.models import Application, Programme
from internships.models.application_rows import kept_apart
from partnerships.calls.models import Step
from partnerships.common.asked import Part
from partnerships.common.counting import Counted
from partnerships.common.paging import CAP, Found
from partnerships.directory.access import Access, access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Organization

MOST = 20  # so many programmes have a line


def left_alone(access: Access) -> Q:
    """Of universities without a coordinator: named as those that there are, for they are few."""
    alone = Organization.objects.filter(kind=Kind.UNIVERSITY).exclude(pk__in=access.kept_universities)
    return Q(university_id__in=alone.order_by().values("pk"))


def _to_endorse(user: Any) -> Any:
    access = access_of(user)
    roots, nodes = access.roots(Role.COORDINATOR), access.nodes(Role.COORDINATOR)
    covered = Q(university_id__in=roots, unit__in=nodes)
    if access.operates:
        covered |= left_alone(access)
    return Application.objects.visible_to(user).to_endorse().filter(covered)


def _to_decide(user: Any) -> Any:
    mine = access_of(user).q("programme__host", Role.HR)
    return Application.objects.visible_to(user).to_decide().filter(mine)


def waiting_for(user: Any, step: str) -> Any:
    """The applications that wait for this person to endorse, or to decide."""
    return _to_endorse(user) if step == Step.ENDORSE else _to_decide(user)


def programmes(user: Any, step: str) -> Part:
    """For `ask_together`, once for lines and numbers: what `most` and `met` read."""
    return _by_programme(user, step).listed("programme", "n", "met")


def most(listed: str | None) -> dict[int, Found]:
    """The programmes that have the most of what waits, MOST of them, with how many."""
    rows = sorted(json.loads(listed or "[]"), key=lambda row: (-row[1], row[0]))
    return {programme: (min(n, CAP), n > CAP) for programme, n, _met in rows[:MOST] if n}


def met(listed: str | None) -> Found:
    """How many there are without those that a conflict of interest keeps apart."""
    found = [met for _programme, _n, met in json.loads(listed or "[]")]
    return sum(min(n, CAP) for n in found), any(n > CAP for n in found)


def _by_programme(user: Any, step: str) -> Any:
    return _candidates(user) if step == Step.DECIDE else _students(user)


@asked
def _students(user: Any) -> Any:
    """Those to endorse are a university's own: few enough to be counted through."""
    rows = _to_endorse(user).order_by().values_list("programme")
    return rows.annotate(n=Count("pk"), met=Count("pk", filter=_meets(user)))


@asked
def _candidates(user: Any) -> Any:
    """A round has thousands: each is counted no further than the cap, from an index."""
    waiting = Application.objects.visible_to(user).to_decide().filter(programme=OuterRef("pk")).order_by()
    n, met = (Counted(rows.values("pk")[: CAP + 1]) for rows in (waiting, waiting.filter(_meets(user))))
    rounds = Programme.objects.filter(access_of(user).q("host", Role.HR)).order_by()
    return rounds.values_list("pk").annotate(programme=F("pk"), n=n, met=met)


def _meets(user: Any) -> Q:
    access = access_of(user)
    return Q() if access.administers else ~kept_apart(access)  # as `met_by`
