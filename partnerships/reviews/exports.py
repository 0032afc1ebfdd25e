"""The rounds that one marks in or leads, the table of a round, and rubrics, to be taken away."""

from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from partnerships.common.access import access
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.lists import offer
from partnerships.common.refusals import Refused
from partnerships.reviews import reports, whole_round
from partnerships.reviews.lists import ROUNDS
from partnerships.reviews.models import ReviewMember, ReviewRound, Rubric
from partnerships.reviews.views import rubrics

offer(ROUNDS)


@listing("reviews.round", people=True)
def round_table(user: Any, params: QueryDict) -> Listed:
    """The marks of a round as its page shows them in this phase: who is hidden there is hidden here."""
    try:
        uid = UUID(params.get("of", ""))
    except ValueError as error:
        raise Http404 from error
    found = access(ReviewRound, uid, user)
    if not reports.sees_results(user, found):
        raise Refused(_("Marks are not shown in this phase."))
    named, kind = reports.names_items(user, found), found.reviewed
    columns = [
        ExportColumn(_("Rank"), lambda row: row.rank, 8),
        ExportColumn(_("Candidate"), lambda row: kind.name(row.item) if named else kind.code(row.item), 32),
        ExportColumn(_("Mean"), lambda row: row.result.mean, 10),
        ExportColumn(_("Median"), lambda row: row.result.median, 10),
        ExportColumn(_("Spread"), lambda row: row.result.spread, 10),
        ExportColumn(_("Handed in"), lambda row: row.result.given, 10),
        ExportColumn(_("Asked"), lambda row: row.result.asked, 10),
    ]
    if reports.names_reviewers(user, found):
        people = found.members.select_related("person").order_by("person__sort_key", "pk")
        columns += [ExportColumn(one.person.name, _score_by(one), 14) for one in people]
    return Listed(found.display_title, whole_round.rows_of(found, user, scores=True), columns)


def _score_by(one: ReviewMember) -> Any:
    def score(row: whole_round.Row) -> Any:
        return next((r.value for r in row.reviews if r.member_id == one.pk), None)

    return score


@listing("reviews.rubrics")
def rubrics_written(user: Any, params: QueryDict) -> Listed:
    """Rubrics of one's organisation, a line for each criterion of the present version."""
    rows = rubrics.rubrics_of(user)
    return Listed(pgettext("of a review", "Rubrics"), rows, CRITERIA, order=rubrics.ORDER, lines=_criteria_of)


def _criteria_of(found: list[Rubric]) -> list[Any]:
    written = [(rubric, rubric.current) for rubric in found]
    return [(rubric, version, one) for rubric, version in written for one in version.scale.criteria]


def _values(row: Any) -> str:
    return "; ".join(f"{value} {label}".strip() for value, label in enumerate(row[2].labels, start=1))


CRITERIA = [
    ExportColumn(gettext_lazy("Name"), lambda row: str(row[0]), 40),
    ExportColumn(gettext_lazy("Version"), lambda row: row[1].number, 9),
    ExportColumn(gettext_lazy("Criterion"), lambda row: row[2].title, 40),
    ExportColumn(gettext_lazy("Weight"), lambda row: row[2].weight, 9),
    ExportColumn(gettext_lazy("Values"), _values, 60),
    ExportColumn(gettext_lazy("No longer offered"), lambda row: row[0].archived or None, 12),
]
