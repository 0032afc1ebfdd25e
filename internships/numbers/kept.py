"""The numbers of a year for one reader: counted when they ask, or as the clock counted them.

Where a year has up to AT_ONCE applications they are counted for each page, so that what somebody has just
done is in them. Above that the history of the year is too long to be read while somebody waits: the clock
counts (actions.keep_numbers), and the page says when.

Who of the company is kept apart from candidates has numbers of their own, under a word for what ties them
(`ties_of`). Once that changes nothing that was kept is theirs any more: they are told that it is being
counted, and it is, at once.
"""

import hashlib
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import Case, F, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from internships.models import KeptYear
from internships.models.kept_apart import meets_all, ties_of
from internships.numbers import at_once, pace, yearly
from partnerships.common.clock import today
from partnerships.common.query_words import Typed
from partnerships.common.queue import enqueue
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.workflow.pace import Pace

AT_ONCE = 1_000  # applications of a year that are counted while somebody waits
ASKED_FOR = 600  # seconds in which numbers are not asked for again
LONGEST = 160  # letters of a reach, of 200: who and which ties comes behind


@dataclass
class Figures:
    """What the page shows of a year. `counted_at` None: just now."""

    universities: list[yearly.Line]
    enterprises: list[yearly.Line]
    opinions: list[yearly.Opinion]
    paces: list[Pace]
    counted_at: datetime | None = None


class Reader:
    """Who reads: which years there are for them, and what each says. A query, which brings the figures of
    `year` along; another where no year is kept as a row (`KeptYear`)."""

    def __init__(self, user: Any, year: int = 0) -> None:
        self.user, self.reach, self._covered = user, reach_of(user), _covered(user)
        self._at_hand = {year: self._look(year)}

    def _look(self, year: int) -> Figures | None:
        """Which years are kept, and what is kept of this one."""
        own = f"{self._covered}~{access_of(self.user).person_id}:"  # of whatever ties
        rows = list(_rows(Typed(self.reach), Typed(self._covered), Typed(own), Typed(year)))
        self._long = {found for found, *_kept in rows}  # too long to be counted here, whoever's they are
        return next((_read(kept, at) for _year, kept, at in rows if kept is not None), None)

    @cached_property
    def years(self) -> list[int]:
        """Years in which there is something to count, the newest first; the present one always."""
        return sorted({*self._long, today().year}, reverse=True) if self._long else yearly.years(self.user)

    def figures(self, year: int) -> Figures | None:
        """As they were kept, else counted now; None while they are being counted for this reader."""
        found = self._at_hand[year] if year in self._at_hand else self._look(year)
        if found is not None:
            return found
        if year not in self._long or self.reach == self._covered:
            return count_at_once(self.user, year)
        if cache.add(f"numbers-asked:{self.reach}", True, ASKED_FOR):
            enqueue("internships.keep_numbers_of", self.user.pk)
        return self._look(year)


@asked
def _rows(reach: str, covered: str, own: str, year: str) -> QuerySet[Any]:
    """(year, figures, when they were counted): the figures of this one year and reach alone."""
    kept = KeptYear.objects.filter(Q(reach=reach) | Q(reach=covered) | Q(reach__startswith=own))
    wanted = When(Exact(Cast("year", TextField()), year) & Q(reach=reach), then=F("figures"))
    return kept.order_by().values_list("year", Case(wanted), "counted_at")


def count_at_once(user: Any, year: int) -> Figures:
    """Counted now, while somebody waits: a short year."""
    return Figures(
        at_once.lines(user, year, "university_id"),
        at_once.lines(user, year, "unit__path"),
        at_once.opinions(user, year),
        at_once.paces(user, year),
    )


def count(user: Any, year: int) -> Figures:
    """Counted now, however many there are."""
    rows = yearly.in_year(yearly.counted(user), year)
    return Figures(
        yearly.by_university(rows),
        yearly.by_enterprise(rows),
        yearly.opinions(rows),
        pace.counted(user, year),
    )


def reach_of(user: Any) -> str:
    """The same for all whose numbers are the same: what their roles cover, as `yearly` and `pace` ask. Who of
    the company is kept apart from some candidate has their own, and others once the ties are others."""
    access, words = access_of(user), _covered(user)
    if not access.administers and access.has(Role.HR) and not meets_all(access):
        return f"{words}~{access.person_id}:{ties_of(access)}"
    return words


def _covered(user: Any) -> str:
    access = access_of(user)
    if access.administers:
        return "*"
    covered = (access.of(*roles) for roles in yearly.REACH)
    parts = [",".join(sorted({scope.path for scope in scopes})) for scopes in covered]
    words = "|".join(["operator" if access.operates else "", *parts])
    return words if len(words) <= LONGEST else hashlib.sha256(words.encode()).hexdigest()


# As JSON ------------------------------------------------------------------------------------------------
LINE = ("node", *yearly.COUNTS)
# Kept beside the figures, which stand without their names: what was kept for other columns is counted anew.
COLUMNS = [*LINE, "mark_sum", *(field.name for field in fields(Pace))]


def as_json(found: Figures) -> dict[str, Any]:
    return {
        "columns": COLUMNS,
        "universities": [_line(one) for one in found.universities],
        "enterprises": [_line(one) for one in found.enterprises],
        "opinions": [
            {**asdict(one), "means": {key: str(mean) for key, mean in one.means.items()}}
            for one in found.opinions
        ],
        "paces": [[getattr(one, field.name) for field in fields(Pace)] for one in found.paces],
    }


def _line(line: yearly.Line) -> list[Any]:
    return [*(getattr(line, name) for name in LINE), str(line.mark_sum)]


def _read(found: dict[str, Any], counted_at: datetime) -> Figures | None:
    if found.get("columns") != COLUMNS:
        return None
    return Figures(
        [_line_of(one) for one in found["universities"]],
        [_line_of(one) for one in found["enterprises"]],
        [
            yearly.Opinion(**{**one, "means": {key: Decimal(mean) for key, mean in one["means"].items()}})
            for one in found["opinions"]
        ],
        [Pace(*one) for one in found["paces"]],
        counted_at,
    )


def _line_of(values: list[Any]) -> yearly.Line:
    return yearly.Line(*values[:-1], mark_sum=Decimal(values[-1]))
