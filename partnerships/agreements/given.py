"""What an agreement gave, for the leadership of both sides: promised and done, year by year, what is late.

Counts only, so that it may be read without training and by who sees none of the people behind it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from partnerships.agreements.brought import Counted, ObligationLine, counted_under, obligation_lines
from partnerships.agreements.directions import figure_labels
from partnerships.agreements.models import Agreement
from partnerships.agreements.models.obligations import number_in_words
from partnerships.common.clock import today

YEARS = 6  # of the trend, the last ones


@dataclass(frozen=True)
class Row:
    """One thing that is counted: what was promised of it (None: nothing), what was done."""

    label: Any
    promised: Decimal | None
    done: Decimal
    late: bool
    by_year: dict[int, Decimal]
    url: str = ""

    @property
    def share(self) -> int | None:
        """Of a hundred; None where nothing was promised."""
        return min(100, int(self.done * 100 / self.promised)) if self.promised else None

    @property
    def done_in_words(self) -> str:
        return number_in_words(self.done)

    @property
    def promised_in_words(self) -> str:
        return number_in_words(self.promised) if self.promised is not None else ""


@dataclass(frozen=True)
class Year:
    year: int
    value: Decimal
    share: int  # of the largest year, for the bar
    words: str


@dataclass(frozen=True)
class Trend:
    label: Any
    years: list[Year]


@dataclass
class Given:
    """All that the page and the sheet of paper say."""

    rows: list[Row] = field(default_factory=list)
    trends: list[Trend] = field(default_factory=list)
    others: list[ObligationLine] = field(default_factory=list)  # obligations without a number of their own
    late: list[ObligationLine] = field(default_factory=list)
    of: int = 0
    fulfilled: int = 0
    day: date = field(default_factory=today)

    @property
    def is_empty(self) -> bool:
        return not self.of and not any(row.done for row in self.rows)


def given_by(agreement: Agreement) -> Given:
    """What was promised and done under it and its amendments."""
    counted = counted_under(agreement)
    lines = obligation_lines(agreement, None, counted)
    found = Given(of=len(lines), fulfilled=len([one for one in lines if one.finished]))
    found.late = [one for one in lines if one.late]
    found.rows = [*_figures(counted, lines), *_by_hand(lines)]
    found.others = [one for one in lines if one.obligation.amount is None]
    found.trends = [_trend(row) for row in found.rows if len(row.by_year) > 1 and row.done]
    return found


def _figures(counted: dict[str, Counted], lines: list[ObligationLine]) -> list[Row]:
    """What the directions count, with what was promised of it, if anything was."""
    rows = []
    for key, label in figure_labels().items():
        own = [one for one in lines if one.obligation.figure == key]
        number = counted.get(key, Counted())
        promised = sum((one.obligation.amount or Decimal(0) for one in own), Decimal(0))
        if not own and not number.value:
            continue
        extra = sum((one.obligation.done_by_hand for one in own), Decimal(0))
        rows.append(
            Row(
                label,
                promised or None,
                number.value + extra,
                any(one.late for one in own),
                number.by_year,
                number.url,
            )
        )
    return rows


def _by_hand(lines: list[ObligationLine]) -> list[Row]:
    """What the parties enter themselves: materials, events, effect."""
    rows = []
    for one in lines:
        row = one.obligation
        if row.figure or row.amount is None:
            continue
        by_year: dict[int, Decimal] = defaultdict(Decimal)
        for part in row.fulfilments.all():
            by_year[part.done_on.year] += part.amount or Decimal(0)
        label = f"{row.what} ({row.unit})" if row.unit else row.what
        rows.append(Row(label, row.amount, row.done_by_hand, one.late, dict(sorted(by_year.items()))))
    return rows


def _trend(row: Row) -> Trend:
    years = sorted(row.by_year)[-YEARS:]
    most = max(row.by_year[year] for year in years) or Decimal(1)
    return Trend(
        row.label,
        [
            Year(
                year,
                row.by_year[year],
                int(row.by_year[year] * 100 / most),
                number_in_words(row.by_year[year]),
            )
            for year in years
        ],
    )
