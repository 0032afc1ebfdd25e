"""Charts as data: columns of years for an SVG. No numbers are in the drawing that the table does not have."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from partnerships.common.markup import markup
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
