"""What waits for a word of the university or the company, counted by programme, for lines and numbers."""

import json
from typing import Any

from django.db.models import Count, OuterRef, Q

from internships.models import Application, Programme
from internships.models.kept_apart import apart_keys
from partnerships.calls.models import Step
from partnerships.common.among import Among, AmongKnown, in_one
from partnerships.common.asked import Part, lists
from partnerships.common.capped import CAP, Found, capped
from partnerships.common.compiled import compiled_for
from partnerships.common.counting import Counted
from partnerships.common.reaching import Learning, keep, known
from partnerships.directory.access import access_of, with_people
from partnerships.directory.asked import asked
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Organization

MOST = 20  # so many programmes have a line


def left_alone() -> Q:
    """Of universities without a coordinator: named as those that there are, for they are few."""
    # As a list of keys: each is looked up, a join went through all that any university ever sent.
    return Q(Among("university_id", _without_coordinator()))


@compiled_for
def _without_coordinator() -> Any:
    """In the same words wherever a page asks by it, so that they are found once."""
    kept = with_people(Role.COORDINATOR)
    return Organization.objects.filter(kind=Kind.UNIVERSITY).exclude(pk__in=kept).order_by().values("pk")


def _to_endorse(user: Any) -> Any:
    access = access_of(user)
    roots, nodes = access.roots(Role.COORDINATOR), access.nodes(Role.COORDINATOR)
    # As a list of keys it is not turned into a join: the rows of a round are told apart from its index alone.
    covered = Q(Among("unit_id", nodes), university_id__in=roots)
    if access.operates:
        covered |= left_alone()
    return Application.objects.visible_to(user).to_endorse().filter(covered)


def _to_decide(user: Any) -> Any:
    mine = access_of(user).q("programme__host", Role.HR)
    return Application.objects.visible_to(user).to_decide().filter(mine)


def waiting_for(user: Any, step: str) -> Any:
    """The applications that wait for this person to endorse, or to decide."""
    return _to_endorse(user) if step == Step.ENDORSE else _to_decide(user)


def programmes(user: Any, step: str) -> Part:
    """For `ask_together`, once for lines and numbers: what `most` and `met` read."""
    if step == Step.DECIDE:
        return _Rounds.of(user)
    if access_of(user).operates:
        return lists(_orphans(user).listed("programme", "n"))
    return lists(_students(user).listed("pk", "n"))


class _Rounds(Learning):
    """Candidates by round for who decides, as three lists: of those whom they meet, of those whom a conflict
    of interest keeps apart, and of the rounds of which is known that more wait than are counted."""

    reader: tuple[str, int, str]

    @classmethod
    def of(cls, user: Any) -> "_Rounds":
        reader = ("waiting", user.pk, access_of(user).mark)
        long: list[int] = known(reader) or []
        met, apart = _candidates(user, in_one(long)).listed("pk", "n"), _apart(user).listed("programme", "n")
        part = lists(met, apart, ("%s", (json.dumps([[key, CAP + 1] for key in long]),)))
        made = cls(part)
        made.reader = reader
        return made

    def learn(self, answer: Any) -> None:
        if known(self.reader) is None and (long := [key for key, n in _read(answer)[0] if n > CAP]):
            keep(self.reader, long)


def _read(listed: str | None) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(round, how many are met) and (round, how many are kept apart)."""
    met, apart, long = (*json.loads(listed or "[]"), [], [], [])[:3]
    return met + long, apart


def most(listed: str | None) -> dict[int, Found]:
    """The programmes that have the most of what waits, MOST of them, with how many."""
    met, apart = _read(listed)
    found = dict(met)
    for programme, n in apart:
        if programme in found:  # else somebody else decides there
            found[programme] += n
    rows = sorted((-min(n, CAP + 1), programme) for programme, n in found.items() if n)
    return {programme: capped(-n) for n, programme in rows[:MOST]}


def met(listed: str | None) -> Found:
    """How many there are without those that a conflict of interest keeps apart."""
    met, _apart = _read(listed)
    return sum(min(n, CAP) for _programme, n in met), any(n > CAP for _programme, n in met)


@asked
def _students(user: Any) -> Any:
    """Those of a coordinator: each programme by the index of the university's rounds, to the cap."""
    waiting = _to_endorse(user).filter(programme=OuterRef("pk"))
    return _counted(Programme.objects.order_by(), waiting)


@asked
def _orphans(user: Any) -> Any:
    """Those whom nobody else endorses are few: they are counted through."""
    return _to_endorse(user).order_by().values_list("programme").annotate(n=Count("pk"))


@asked
def _candidates(user: Any, long: str) -> Any:
    """Those whom the person meets, in other rounds than these. A round has thousands: they are counted no
    further than the cap, from an index."""
    # In rounds of one's own company: what has reached it and is not kept apart is seen.
    reached = Q(reached_company_at__isnull=False)
    met = Application.objects.visible_to(user, surely=reached).met_by(user)
    mine = access_of(user).q("host", Role.HR)
    rounds = Programme.objects.filter(mine).exclude(AmongKnown("pk", long)).order_by()
    return _counted(rounds, met.to_decide().filter(programme=OuterRef("pk")))


@asked
def _apart(user: Any) -> Any:
    """Those whom they see and do not meet, such as an application of their own: found from the conflict."""
    access, rows = access_of(user), Application.objects.visible_to(user).to_decide().order_by()
    if access.administers:
        return rows.none()
    apart = rows.filter(Among("pk", apart_keys(access)))
    return apart.values_list("programme").annotate(n=Count("pk"))


def _counted(rounds: Any, waiting: Any) -> Any:
    rows = waiting.order_by().values("pk")[: CAP + 1]
    return rounds.values_list("pk").annotate(n=Counted(rows))
