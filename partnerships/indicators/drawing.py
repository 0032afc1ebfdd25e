"""Charts as data: columns of years for an SVG, without a number that the table does not have; and the rows
of the page of a year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partnerships.common.markup import markup
from partnerships.common.tables import NOTHING
from partnerships.common.templatetags.ui import chip
from partnerships.indicators.reports import Cell

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
        columns = SafeString("".join(_RECT.format(_class(one), one) for one in self.columns))
        line = SafeString(_LINE.format(self)) if self.target is not None else ""
        return markup(_SVG, css, self.width, self.height, columns, line)


# Numbers alone are put into these; floats, as SVG writes them in every language.
_SVG = (
    '<svg class="years-chart {}" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true"'
    ' focusable="false">{}{}</svg>'
)
_RECT = '<rect class="{0}" x="{1.x}" y="{1.y}" width="{1.width}" height="{1.height}" rx="1"></rect>'
_LINE = '<line x1="0" x2="{0.width}" y1="{0.target}" y2="{0.target}"></line>'


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
def year_rows(rows: Iterable[tuple[Any, Any]], query: str) -> SafeString:
    """The indicators of a benefit, each (row, small chart), a `tr` each; `query` keeps place and year."""
    words = {
        "by hand": markup(" · {}", _("reported by hand")),
        "target": _("Target"),
        "kept": markup(" {}", chip(pgettext("target", "kept"), "good")),
        "passed": markup(" {}", chip(pgettext("target", "passed"), "bad")),
    }
    drawn = []
    for row, small in rows:
        indicator = row.indicator
        target = ""
        if row.target:
            target = markup(
                '<span class="small muted d-block on-phone">{}: {}</span>', words["target"], row.target_words
            )
        name = markup(
            '<span><a class="name" href="{}{}">{}</a> <span class="small muted d-block">{}{}</span>{}</span>',
            reverse("indicators:one", args=[indicator.key]),
            query,
            indicator.title,
            indicator.unit,
            words["by hand"] if indicator.is_reported else "",
            target,
        )
        drawn.append(
            markup(
                '<tr><td>{}</td><td class="num amount"><b>{}</b></td><td class="num amount">{}</td>'
                '<td class="num target-cell"><span>{}</span></td><td class="chart-cell">{}</td></tr>\n',
                name,
                row.now.drawn,
                row.before.drawn,
                _aimed_at(row, words),
                small,
            )
        )
    return SafeString("".join(drawn))


def _aimed_at(row: Any, words: dict[str, Any]) -> SafeString:
    """The target, and how far one is from it."""
    if not row.target:
        return NOTHING
    far: Any = ""
    if row.reached:
        far = words["kept"]
    elif row.share is not None and row.indicator.up:
        far = markup(' <span class="small muted">{}%</span>', row.share)
    elif row.reached is False:
        far = words["passed"]
    return markup("{}{}", row.target_words, far)
