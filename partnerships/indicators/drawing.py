"""Charts as data: columns of years for an SVG, without a number that the table does not have; and the rows
of the page of a year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partnerships.common.addresses import kept_address
from partnerships.common.indicator import Indicator
from partnerships.common.markup import markup, text
from partnerships.common.tables import NOTHING
from partnerships.common.templatetags.ui import chip
from partnerships.indicators.reports import Cell, Row

WIDE, HIGH = 100, 40


@dataclass(frozen=True)
class Column:
    """In units of the drawing, from its left upper corner."""

    x: float
    y: float
    width: float
    height: float
    hidden: bool
    last: bool
    middle: float


@dataclass(frozen=True)
class Chart:
    columns: list[Column]
    target: float | None
    width: int = WIDE
    height: int = HIGH

    @property
    def is_blank(self) -> bool:
        """Nothing would be seen: all are nought and no target stands above them."""
        return self.target is None and not any(column.height for column in self.columns)

    def svg(self, css: str) -> SafeString:
        """As a page shows it. The numbers stand in the table beside it: readers are spared the drawing."""
        # Numbers alone are put into it; floats, as SVG writes them in every language.
        drawn = [
            f'<rect class="{_class(one)}" x="{one.x}" y="{one.y}" width="{one.width}"'
            f' height="{one.height}" rx="1"></rect>'
            for one in self.columns
        ]
        if self.target is not None:
            drawn.append(f'<line x1="0" x2="{self.width}" y1="{self.target}" y2="{self.target}"></line>')
        return SafeString(
            f'<svg class="years-chart {css}" viewBox="0 0 {self.width} {self.height}"'
            f' preserveAspectRatio="none" aria-hidden="true" focusable="false">{"".join(drawn)}</svg>'
        )


def _class(column: Column) -> str:
    return "veiled" if column.hidden else "now" if column.last else ""


def chart(
    cells: Sequence[Cell], target: Decimal | None = None, width: int = WIDE, height: int = HIGH
) -> Chart:
    """A column a year, all on one scale with the target; a hidden number is a low hatched one."""
    values = [cell.value or Decimal(0) for cell in cells]
    most = max([*values, target or Decimal(0), Decimal(1)])
    step = width / max(1, len(cells))
    columns = []
    for place, (cell, value) in enumerate(zip(cells, values, strict=True)):
        tall = 4.0 if cell.hidden else float(value / most) * (height - 2)
        tall = max(tall, 1.0 if value else 0.0)
        columns.append(
            Column(
                round(place * step + step * 0.15, 2),
                round(height - tall, 2),
                round(step * 0.7, 2),
                round(tall, 2),
                cell.hidden,
                place == len(cells) - 1,
                round(place * step + step / 2, 2),
            )
        )
    line = round(height - float(target / most) * (height - 2), 2) if target else None
    return Chart(columns, line, width, height)


# The page of a year -------------------------------------------------------------------------------------
class YearPage:
    """The cards of a year, one for each benefit; what is said in each of them is looked up once.

    place and year   as the captions say them
    query            keeps both in an address
    """

    def __init__(self, place: str, year: int, query: str) -> None:
        self.caption, self.query = text(f"{place}, {year}"), text(query)
        self.head = markup(
            '<thead><tr><th scope="col">{}</th><th scope="col" class="amount">{}</th>'
            '<th scope="col" class="amount">{}</th><th scope="col" class="target-cell">{}</th>'
            '<th scope="col" class="chart-cell"><span class="visually-hidden">{}</span></th></tr></thead>\n',
            *(_("Indicator"), year, _("Year before"), _("Target"), _("Five years")),
        )
        self.nothing_yet, self.target = text(_("Nothing yet:")), text(_("Target"))
        self.by_hand = markup(" · {}", _("reported by hand"))
        self.kept = markup(" {}", chip(pgettext("target", "kept"), "good"))
        self.passed = markup(" {}", chip(pgettext("target", "passed"), "bad"))

    def card(
        self, label: Any, rows: Iterable[tuple[Any, SafeString]], empty: Iterable[Indicator]
    ) -> SafeString:
        """The indicators of a benefit, each with its small chart, and those of which there is nothing yet."""
        label = text(label)
        lines, nothing = "".join(self._line(*one) for one in rows), " · ".join(map(self._link, empty))
        table = (
            f'<table class="list keep indicators-table"><caption class="visually-hidden">{label},'
            f" {self.caption}</caption>{self.head}<tbody>{lines}</tbody></table>"
        )
        below = f'<p class="small muted nothing-yet">{self.nothing_yet} {nothing}</p>'
        return SafeString(
            f'<section class="card-x"><header><h2>{label}</h2></header>'
            f"{table if lines else ''}{below if nothing else ''}</section>\n"
        )

    def _link(self, indicator: Indicator, css: str = "") -> str:
        url = kept_address("indicators:one", indicator.key)
        return f'<a{css} href="{url}{self.query}">{text(indicator.title)}</a>'

    def _line(self, row: Row, small: SafeString) -> str:
        indicator, now, before = row.indicator, row.now.drawn, row.before.drawn
        by_hand = self.by_hand if indicator.is_reported else ""
        target = f'<span class="small muted d-block on-phone">{self.target}: {row.target_words}</span>'
        name = self._link(indicator, ' class="name"')
        return (
            f'<tr><td><span>{name} <span class="small muted d-block">{text(indicator.unit)}{by_hand}</span>'
            f"{target if row.target else ''}</span></td>"
            f'<td class="num amount"><b>{now}</b></td><td class="num amount">{before}</td>'
            f'<td class="num target-cell"><span>{self._aimed_at(row)}</span></td>'
            f'<td class="chart-cell">{small}</td></tr>\n'
        )

    def _aimed_at(self, row: Row) -> str:
        """The target, and how far one is from it."""
        if not row.target:
            return NOTHING
        far = ""
        if row.reached:
            far = self.kept
        elif row.share is not None and row.indicator.up:
            far = f' <span class="small muted">{row.share}%</span>'
        elif row.reached is False:
            far = self.passed
        return f"{row.target_words}{far}"
