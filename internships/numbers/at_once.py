"""A short year counted while somebody waits: what `yearly` and `pace` count, by questions in kept words."""

from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from internships.models import Application
from internships.numbers import pace, yearly
from partnerships.directory.asked import asked
from partnerships.workflow.pace import Pace, moves, paces_of


@asked
def _counts(user: Any, first: date, last: date, name: str) -> QuerySet[Any]:
    return yearly.counts_by(yearly.between(yearly.counted(user), first, last), name)


@asked
def _answers(user: Any, first: date, last: date) -> QuerySet[Any]:
    return yearly.answers(yearly.between(yearly.counted(user), first, last))


@asked
def _moves(user: Any, first: date, after: date, kind: int) -> QuerySet[Any]:
    return moves(pace.sent(user, first, after), kind)


def lines(user: Any, year: int, name: str) -> list[yearly.Line]:
    """A line for each university ("university_id") or enterprise ("unit__path")."""
    return yearly.lines_by(name, _counts(user, date(year, 1, 1), date(year, 12, 31), name))


def opinions(user: Any, year: int) -> list[yearly.Opinion]:
    """What students say of the places, as `yearly.opinions` has it."""
    return yearly.opinions_of(_answers(user, date(year, 1, 1), date(year, 12, 31)))


def paces(user: Any, year: int) -> list[Pace]:
    """The steps of the applications sent in that year, as `pace.counted` has them."""
    kind = ContentType.objects.get_for_model(Application, for_concrete_model=True)
    return paces_of(_moves(user, date(year, 1, 1), date(year + 1, 1, 1), kind.pk), pace.STEPS)
