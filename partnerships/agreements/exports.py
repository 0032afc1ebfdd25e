"""Lists of agreements that may be taken away: all, those on the line of years, those that sleep,
what has none that holds, what one gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from partnerships.agreements import places, standing
from partnerships.agreements.brought import ObligationLine
from partnerships.agreements.given import Row, given_by
from partnerships.agreements.lists import AGREEMENTS, in_table, lines
from partnerships.agreements.models import Agreement
from partnerships.agreements.owed import OBLIGATIONS
from partnerships.agreements.timeline import timeline_rows
from partnerships.agreements.whole import whole_agreement
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.lists import offer, table_columns
from partnerships.directory.door import key_seen
from partnerships.directory.maps import atlas

offer(AGREEMENTS)
offer(OBLIGATIONS)


@listing("agreements.sleeping")
def sleeping(user: Any, params: QueryDict) -> Listed:
    return Listed(
        _("Sleeping agreements"),
        in_table(standing.asleep(user)),
        table_columns(AGREEMENTS),
        order=("in_force_since", "pk"),
        lines=lambda rows: lines(rows, user),
    )


@listing("agreements.timeline")
def timeline(user: Any, params: QueryDict) -> Listed:
    """What stands on the line of years, those too that are more than are drawn."""
    return Listed(
        _("Agreements on a line of years"),
        in_table(timeline_rows(user)),
        table_columns(AGREEMENTS),
        order=("-starts", "-pk"),
        lines=lambda rows: lines(rows, user),
    )


@listing("agreements.places")
def on_map(user: Any, params: QueryDict) -> Listed:
    """How many agreements there are with whom where, as the map tells it."""
    found = atlas(places.by_place(user, places.show_of(params)))
    return Listed(_("Agreements on a map"), found.spots, PLACES)


PLACES = [
    ExportColumn(pgettext_lazy("where", "Place"), lambda spot: spot.label, 30),
    ExportColumn(gettext_lazy("Agreements"), lambda spot: spot.count, 12),
]


@listing("agreements.uncovered", people=True)
def uncovered(user: Any, params: QueryDict) -> Listed:
    """Every activity without an agreement that holds, kind after kind."""
    rows = [
        (kind.label, line)
        for kind in standing.all_activities()
        for line in standing.lines_of(kind, standing.uncovered(kind, user))
    ]
    return Listed(_("Without an agreement that holds"), rows, UNCOVERED)


UNCOVERED = [
    ExportColumn(gettext_lazy("Kind"), lambda pair: pair[0], 24),
    ExportColumn(gettext_lazy("Title"), lambda pair: pair[1].title, 50),
    ExportColumn(gettext_lazy("Details"), lambda pair: pair[1].detail, 50),
    ExportColumn(gettext_lazy("From"), lambda pair: pair[1].starts, 12),
    ExportColumn(gettext_lazy("Until"), lambda pair: pair[1].ends, 12),
    ExportColumn(
        gettext_lazy("Agreement"), lambda pair: pair[1].agreement.number if pair[1].agreement else "", 20
    ),
]


@listing("agreements.given")
def given(user: Any, params: QueryDict) -> Listed:
    """What one agreement gave: promised and done, whole and by year, and the obligations without a number."""
    try:
        uid = UUID(params.get("of", ""))
    except ValueError as error:
        raise Http404 from error
    agreement = whole_agreement(key_seen(Agreement, uid, user))
    told = given_by(agreement)
    columns = [*GIVEN, *(_of_year(year) for year in sorted({y for row in told.rows for y in row.by_year}))]
    name = _("What the agreement gave: %(number)s") % {"number": agreement.number}
    return Listed(name, [*told.rows, *(_without_number(line) for line in told.others)], columns)


@dataclass(frozen=True)
class Owed:
    """An obligation without a number, in the place of a figure."""

    label: str
    late: bool
    finished: bool
    promised: Decimal | None = None
    done: Decimal | None = None
    by_year: Mapping[int, Decimal] = field(default_factory=dict)


def _without_number(line: ObligationLine) -> Owed:
    what = f"{line.obligation.what} ({line.obligation.party.name})"
    return Owed(what, line.late, line.finished)


def _standing(row: Row | Owed) -> str:
    if row.late:
        return _("Late")
    reached = row.finished if isinstance(row, Owed) else row.share is not None and row.share >= 100
    if reached:
        return _("Fulfilled")
    promised = isinstance(row, Owed) or row.promised is not None
    return pgettext("obligation", "Open") if promised else ""


def _of_year(year: int) -> ExportColumn:
    return ExportColumn(str(year), lambda row: row.by_year.get(year), 10)


GIVEN = [
    ExportColumn(gettext_lazy("Figure"), lambda row: str(row.label), 60),
    ExportColumn(gettext_lazy("Promised"), lambda row: row.promised, 12),
    ExportColumn(pgettext_lazy("figure", "Done"), lambda row: row.done, 12),
    ExportColumn(gettext_lazy("State"), _standing, 16),
]
