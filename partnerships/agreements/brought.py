"""What was promised under an agreement against what was done, as the directions and the parties tell it."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from partnerships.agreements import reports, rules
from partnerships.agreements.directions import directions
from partnerships.agreements.models import Agreement, Obligation
from partnerships.agreements.models.obligations import number_in_words


@dataclass
class Counted:
    """What the directions counted of one figure under an agreement."""

    value: Decimal = Decimal(0)
    by_year: dict[int, Decimal] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True)
class ObligationLine:
    """An obligation as its reader sees it."""

    obligation: Obligation
    done: Decimal
    finished: bool
    late: bool
    enters: bool  # the reader may enter what was done

    @property
    def share(self) -> int:
        """Of a hundred, for the bar."""
        whole = self.obligation.amount or Decimal(1)
        return min(100, int(self.done * 100 / whole))

    @property
    def done_in_words(self) -> str:
        return number_in_words(self.done)


def counted_under(agreement: Agreement) -> dict[str, Counted]:
    """Every figure of the directions for this agreement and its amendments: counts, no names."""
    keys = frozenset(reports.chain_of(agreement).values_list("pk", flat=True))
    found: dict[str, Counted] = defaultdict(Counted)
    for direction in directions():
        for figure in direction.figures(keys):
            counted = found[figure.key]
            counted.value += figure.value
            counted.url = counted.url or figure.url
            for year, number in figure.by_year.items():
                counted.by_year[year] = counted.by_year.get(year, Decimal(0)) + number
    return dict(found)


def obligations_of(agreement: Agreement) -> list[Obligation]:
    """Of the agreement and its amendments, the earliest due first; those without a day last."""
    rows = Obligation.objects.filter(agreement__in=reports.chain_of(agreement).values("pk")).with_rows()
    return sorted(rows, key=lambda one: (one.due is None, one.due or 0, one.pk))


def obligation_lines(
    agreement: Agreement, user: Any, counted: dict[str, Counted] | None = None
) -> list[ObligationLine]:
    """`user` None: for a paper, where nobody enters anything."""
    rows = obligations_of(agreement)
    if counted is None:
        counted = counted_under(agreement) if any(row.figure for row in rows) else {}
    lines = []
    for row in rows:
        number = counted[row.figure].value if row.figure in counted else None
        done = row.done_by_hand + (number or Decimal(0))
        finished = row.is_done(number)
        may = user is not None and not finished and rules.owes(user, row)
        lines.append(ObligationLine(row, done, finished, row.is_late(number), may))
    return lines
