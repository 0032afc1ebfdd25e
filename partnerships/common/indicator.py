"""A number by which the cooperation is measured, declared as data: apps give them, `indicators` "
"counts them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet, Sum, TextChoices
from django.utils.translation import gettext_lazy as _

EVERY_ROW, ROWS = Q(), Count("pk", distinct=True)
REPORTED = "indicators.ReportedValue"


class Benefit(TextChoices):
    """What the cooperation promises: four benefits and its wider aim."""

    SCIENCE = "science", _("Science and technology")
    PRODUCTION = "production", _("Production efficiency")
    EDUCATION = "education", _("Quality of education")
    PERSONNEL = "personnel", _("Personnel")
    ECONOMY = "economy", _("Economy and competitiveness")


@dataclass(frozen=True)
class Unit:
    """What is counted, in lazy words: of one, and of many, which stand above columns and beside titles."""

    one: Any
    many: Any

    def __str__(self) -> str:
        return str(self.many)


def unit_of(value: Any, unit: Any) -> str:
    """The unit behind this number: 1 product, 2 products."""
    return str(unit.one if isinstance(unit, Unit) and value == 1 else unit)


@dataclass(frozen=True)
class Indicator:
    """One number, what it means and how it is counted.

    key      "internships.completed", the app first; it is kept with targets and must stay the same
    title, unit, formula  lazy words (or a Unit); the formula says what is counted, in which year, what is
             left out
    model    "internships.Placement": what is counted
    where    Q of the rows that count; lookups alone, so that the page can show it as it stands
    when     field whose year a row counts in: a date, a moment (as Baku's clock shows it) or a year
    on       instead of `when`: day -> Q of the rows that count on that day; it is read on the year's last
    value    aggregate over the rows, their number unless said; digits  of its decimals
    sides    relations to the organisations that have part in a row: once in the whole, once for each
    person   path to the person that a row is about: few people are then shown within the organisation alone
    heads    the value itself is a number of people; in place of `person`
    guarded  few people are not even shown there: what they say of others
    part_of  key of the indicator of which these people are a part: the others are looked after likewise
    seen     user -> queryset of rows that they may open; `Model.objects.visible_to` unless said
    opens    whether the number leads on to its rows at all
    line     row -> (title, what stands below it); the row has a page (get_absolute_url)
    rows     () -> queryset to count in, where sides need annotations
    up       more of it is better; owner  role that answers for it
    """

    key: str
    title: Any
    unit: Any
    formula: Any
    benefit: str
    model: str
    owner: str
    where: Q = EVERY_ROW
    when: str = ""
    on: Callable[[date], Q] | None = None
    value: Any = ROWS
    digits: int = 0
    sides: tuple[str, ...] = ()
    person: str = ""
    heads: bool = False
    guarded: bool = False
    part_of: str = ""
    seen: Callable[[Any], QuerySet[Any]] | None = None
    opens: bool = True
    line: Callable[[Any], tuple[str, str]] = lambda row: (str(row), "")
    rows: Callable[[], QuerySet[Any]] | None = None
    up: bool = True

    @property
    def source(self) -> QuerySet[Any]:
        """Every row that it looks at."""
        if self.rows is not None:
            return self.rows()
        return apps.get_model(self.model)._default_manager.all()

    def seen_by(self, user: Any) -> QuerySet[Any]:
        """The rows behind it that this user may open, whatever their year."""
        if not self.opens:
            return self.source.none()
        if self.seen is not None:
            return self.seen(user)
        return apps.get_model(self.model)._default_manager.all().visible_to(user)  # type: ignore[attr-defined]

    @property
    def is_reported(self) -> bool:
        """Entered by hand with its source, since nothing in the portal could count it."""
        return self.model == REPORTED


def reported(
    key: str, title: Any, unit: Any, formula: Any, benefit: str, owner: str, **values: Any
) -> Indicator:
    """An indicator for which the portal has nothing to count yet: people report it with its source, somebody
    else confirms it, and the confirmed values of a year are added up."""
    return Indicator(
        key=key,
        title=title,
        unit=unit,
        formula=formula,
        benefit=benefit,
        model=REPORTED,
        owner=owner,
        where=Q(indicator=key, state="confirmed"),
        when="year",
        value=Sum("amount"),
        sides=("organization", "partner"),
        line=lambda row: (row.source, str(row.organization)),
        **values,
    )
