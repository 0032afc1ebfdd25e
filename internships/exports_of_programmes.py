"""A company's programmes, the places of one and under which agreements it stands, to be taken away."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from internships import reports
from internships.models import Programme
from internships.views import partners as partners_page
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role


@listing("internships.programmes")
def programmes(user: Any, params: QueryDict) -> Listed:
    """A company's own programmes."""
    _hr_only(user)
    return Listed(_("Programmes"), reports.managed(user), PROGRAMMES)


def _hr_only(user: Any) -> None:
    if not access_of(user).has(Role.HR):
        raise Refused(_("Only human resources of a company keep its programmes."))


PROGRAMMES = [
    ExportColumn(gettext_lazy("Programme"), lambda row: row.title, 44),
    ExportColumn(gettext_lazy("Kind"), lambda row: row.get_kind_display(), 16),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 18),
    ExportColumn(gettext_lazy("Seats taken"), lambda row: row.taken, 12),
    ExportColumn(gettext_lazy("Seats"), lambda row: row.seats, 12),
    ExportColumn(gettext_lazy("Applications"), lambda row: row.sent, 14),
    ExportColumn(gettext_lazy("To decide"), lambda row: row.to_decide, 12),
]


@listing("internships.positions")
def positions(user: Any, params: QueryDict) -> Listed:
    """The places of one of the company's programmes, a line for each period. What is taken away here has the
    headings under which places are brought (internships.positions of the imports)."""
    _hr_only(user)
    found: Programme | None = reports.own_programmes(user).filter(slug=params.get("of", "")).first()
    if found is None:
        raise Http404
    lines = [
        (position, vacancy)
        for position in reports.positions_of(found)
        for vacancy in (list(position.vacancies.all()) or [None])
    ]
    return Listed(_("Places: %(programme)s") % {"programme": found.title}, lines, POSITIONS)


POSITIONS = [
    ExportColumn(gettext_lazy("Title in Azerbaijani"), lambda pair: pair[0].title_az, 40),
    ExportColumn(gettext_lazy("Title in English"), lambda pair: pair[0].title_en, 40),
    ExportColumn(gettext_lazy("Unit"), lambda pair: pair[0].unit.name, 32),
    ExportColumn(gettext_lazy("Period"), lambda pair: pair[1] and pair[1].period.name, 24),
    ExportColumn(gettext_lazy("Seats"), lambda pair: pair[1] and pair[1].pool.capacity, 10),
    ExportColumn(gettext_lazy("Seats taken"), lambda pair: pair[1] and pair[1].pool.taken, 12),
    ExportColumn(
        gettext_lazy("Mentors"),
        lambda pair: "; ".join(person.name for person in pair[0].mentors.all()),
        36,
    ),
]


@listing("internships.partners")
def partners(user: Any, params: QueryDict) -> Listed:
    """The universities of a programme, each with the agreement under which it takes part."""
    programme = partners_page.settled(user, params.get("of", ""))
    rows = partners_page.rows_of(programme, user, most=None)
    return Listed(_("Agreements: %(programme)s") % {"programme": programme.title}, rows, PARTNERS)


PARTNERS = [
    ExportColumn(gettext_lazy("University"), lambda row: row.partner.university.display_name, 50),
    ExportColumn(gettext_lazy("State"), lambda row: row.state, 30),
    ExportColumn(gettext_lazy("Agreement"), lambda row: _agreed(row, "number"), 20),
    ExportColumn(gettext_lazy("Term"), lambda row: _agreed(row, "term"), 30),
    ExportColumn(gettext_lazy("Chosen by hand"), lambda row: row.partner.chosen or None, 14),
    ExportColumn(gettext_lazy("The programme runs past its end"), lambda row: row.past or None, 16),
]


def _agreed(row: partners_page.Row, name: str) -> str:
    return str(getattr(row.partner.agreement, name)) if row.partner.agreement else ""
