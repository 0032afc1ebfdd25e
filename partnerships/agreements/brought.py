"""What was promised under an agreement against what was done, as the directions and the parties tell it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, prefetch_related_objects

from partnerships.agreements import reports, rules
from partnerships.agreements.models import Agreement, Obligation
from partnerships.agreements.models.obligations import number_in_words
from partnerships.common.direction import Figure, directions


@dataclass
class Counted:
    """What the directions counted of one figure under an agreement."""

    value: Decimal = Decimal(0)
    by_year: dict[int, Decimal] = field(default_factory=dict)
    url: str = ""

    def add(self, figure: Figure) -> None:
        self.value += figure.value
        self.url = self.url or figure.url
        for year, number in figure.by_year.items():
            self.by_year[year] = self.by_year.get(year, Decimal(0)) + number


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

    def get_absolute_url(self) -> str:
        return self.obligation.get_absolute_url()


def counted_under(agreement: Agreement) -> dict[str, Counted]:
    """Every figure of the directions for this agreement and its amendments: counts, no names."""
    return counted_by_chain([agreement.first_id])[agreement.first_id]


def counted_by_chain(firsts: Collection[int]) -> dict[int, dict[str, Counted]]:
    """The same for several chains at once, each named by the key of its first agreement."""
    rows = Agreement.objects.filter(Q(pk__in=firsts) | Q(root_id__in=firsts)).order_by()
    chains = {key: root or key for key, root in rows.values_list("pk", "root_id")}
    found: dict[int, dict[str, Counted]] = {first: {} for first in firsts}
    for direction in directions():
        for first, figures in direction.figures(chains).items():
            for figure in figures:
                found[first].setdefault(figure.key, Counted()).add(figure)
    return found


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
    return [_line(row, counted, user) for row in rows]


def lines_of(rows: Sequence[Obligation]) -> list[ObligationLine]:
    """Of whatever agreements, to be read; what the directions count is asked for once for all of them."""
    firsts = {row.agreement.first_id for row in rows if row.figure}
    counted = counted_by_chain(firsts) if firsts else {}
    return [_line(row, counted.get(row.agreement.first_id, {}), None) for row in rows]


def settled_by_count(user: Any) -> list[int]:
    """Keys of what the directions have counted in full though people have not entered it, of all that this
    user sees. Their counts stand in no column; they are asked for once and kept on the instance."""
    kept: list[int] | None = user.__dict__.get("_settled")
    if kept is None:
        rows = Obligation.objects.visible_to(user).exclude(figure="").undone()
        waiting = list(rows.select_related("agreement"))
        counted = counted_by_chain({row.agreement.first_id for row in waiting}) if waiting else {}
        kept = [row.pk for row in waiting if _settles(row, counted[row.agreement.first_id])]
        user.__dict__["_settled"] = kept
    return kept


def _settles(row: Any, counted: Mapping[str, Counted]) -> bool:
    return row.figure in counted and counted[row.figure].value + row.hand >= row.whole


def late_of(rows: Sequence[Obligation]) -> list[Obligation]:
    """Of rows that are overdue, those that the directions have not counted in full either."""
    figured = [row for row in rows if row.figure]
    prefetch_related_objects(figured, "fulfilments")
    done = {line.obligation.pk for line in lines_of(figured) if line.finished}
    return [row for row in rows if row.pk not in done]


def _line(row: Obligation, counted: Mapping[str, Counted], user: Any) -> ObligationLine:
    number = counted[row.figure].value if row.figure in counted else None
    finished = row.is_done(number)
    may = user is not None and not finished and rules.owes(user, row)
    done = row.done_by_hand + (number or Decimal(0))
    return ObligationLine(row, done, finished, row.is_late(number), may)
