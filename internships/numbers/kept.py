"""The numbers of a year for one reader: counted when they ask, or as the clock counted them.

Where a year has up to AT_ONCE applications they are counted for each page, so that what somebody has just
done is in them. Above that the history of the year is too long to be read while somebody waits: the clock
counts (actions.keep_numbers), and the page says when.
"""

import hashlib
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from internships.models import KeptYear
from internships.models.application_rows import meets_all
from internships.numbers import pace, yearly
from partnerships.common.clock import today
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.workflow.pace import Pace

AT_ONCE = 1_000  # applications of a year that are counted while somebody waits


@dataclass
class Figures:
    """What the page shows of a year. `counted_at` None: just now."""

    universities: list[yearly.Line]
    enterprises: list[yearly.Line]
    opinions: list[yearly.Opinion]
    paces: list[Pace]
    counted_at: datetime | None = None


class Reader:
    """Who reads: which years there are for them, and what each says. A query, two where no year is kept as a
    row (`KeptYear`)."""

    def __init__(self, user: Any) -> None:
        self.user, self.reach = user, reach_of(user)
        self._kept = set(KeptYear.objects.filter(reach=self.reach).values_list("year", flat=True))

    @cached_property
    def years(self) -> list[int]:
        """Years in which there is something to count, the newest first; the present one always."""
        return sorted({*self._kept, today().year}, reverse=True) if self._kept else yearly.years(self.user)

    def figures(self, year: int) -> Figures:
        """As they were kept, else counted now."""
        kept = KeptYear.objects.filter(reach=self.reach, year=year).first() if year in self._kept else None
        as_now = kept is not None and kept.figures.get("columns") == COLUMNS
        return _read(kept) if as_now else count(self.user, year)


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
    the company is kept apart from some candidate has numbers of their own."""
    access = access_of(user)
    if access.administers:
        return "*"
    covered = (access.of(*roles) for roles in yearly.REACH)
    parts = [",".join(sorted({scope.path for scope in scopes})) for scopes in covered]
    words = "|".join(["operator" if access.operates else "", *parts])
    if access.has(Role.HR) and not meets_all(access):
        words += f"~{access.person_id}"
    return words if len(words) <= 200 else hashlib.sha256(words.encode()).hexdigest()


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


def _read(kept: KeptYear) -> Figures:
    found = kept.figures
    return Figures(
        [_line_of(one) for one in found["universities"]],
        [_line_of(one) for one in found["enterprises"]],
        [
            yearly.Opinion(**{**one, "means": {key: Decimal(mean) for key, mean in one["means"].items()}})
            for one in found["opinions"]
        ],
        [Pace(*one) for one in found["paces"]],
        kept.counted_at,
    )


def _line_of(values: list[Any]) -> yearly.Line:
    *counts, mark_sum = values
    return yearly.Line(*counts, mark_sum=Decimal(mark_sum))
