"""The logs of personal data and the table of what is kept, to be taken away by who may read them."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.refusals import Refused
from partnerships.privacy import reports, rules
from partnerships.privacy.models import RetentionRun
from partnerships.privacy.views_logs import LOGS

WHEN, WHO, WHAT = gettext_lazy("When"), gettext_lazy("Who"), gettext_lazy("What")


@listing("privacy.logs", people=True)
def logs(user: Any, params: QueryDict) -> Listed:
    """The log that the page shows, with what it says of each entry."""
    if not rules.reads_logs(user):
        raise Refused(_("This page is for the person responsible for data protection."))
    shown = params.get("show", "")
    shown = shown if shown in LOGS else "keeping"
    label, rows, order = LOGS[shown]
    lines = _of_nights if shown == "keeping" else None
    return Listed(str(label), rows(user), COLUMNS[shown], order=order, lines=lines)


def _of_nights(runs: list[RetentionRun]) -> Iterable[Any]:
    """Each rule of each night, with the words of the rule."""
    names = reports.rule_names()
    return [(run, line, names.get(line.key, line.key)) for run in runs for line in run.lines.all()]


COLUMNS: dict[str, list[ExportColumn]] = {
    "keeping": [
        ExportColumn(WHEN, lambda row: row[0].started, 18),
        ExportColumn(WHAT, lambda row: row[2], 50),
        ExportColumn(gettext_lazy("Kept for days"), lambda row: row[1].days, 12),
        ExportColumn(pgettext_lazy("retention", "Due"), lambda row: row[1].due, 12),
        ExportColumn(pgettext_lazy("retention", "Removed"), lambda row: row[1].removed, 12),
        ExportColumn(pgettext_lazy("retention", "Failed"), lambda row: row[1].error, 40),
    ],
    "looks": [
        ExportColumn(WHEN, lambda row: row.at, 18),
        ExportColumn(WHO, lambda row: row.user.display_name, 30),
        ExportColumn(gettext_lazy("Role"), lambda row: row.whence, 50),
        ExportColumn(gettext_lazy("Kind"), lambda row: row.document.get_kind_display(), 24),
        ExportColumn(gettext_lazy("Whose it is"), lambda row: row.document.owner.name, 30),
    ],
    "codes": [
        ExportColumn(WHEN, lambda row: row.at, 18),
        ExportColumn(WHO, lambda row: row.who, 40),
        ExportColumn(gettext_lazy("Whose it is"), lambda row: row.whose or "", 30),
        ExportColumn(gettext_lazy("What for"), lambda row: row.note, 40),
    ],
    "copies": [
        ExportColumn(WHEN, lambda row: row.at, 18),
        ExportColumn(WHO, lambda row: row.who, 40),
    ],
    "erasures": [
        ExportColumn(WHEN, lambda row: row.created, 18),
        ExportColumn(WHO, lambda row: row.person.name, 30),
        ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 24),
        ExportColumn(gettext_lazy("Deadline"), lambda row: row.due, 18),
    ],
    "consents": [
        ExportColumn(WHEN, lambda row: row.at, 18),
        ExportColumn(WHO, lambda row: row.user.display_name, 30),
        ExportColumn(gettext_lazy("Version"), lambda row: row.text.number, 10),
        ExportColumn(pgettext_lazy("consent", "Withdrawn"), lambda row: row.withdrawn_at, 18),
    ],
}


@listing("privacy.kept")
def kept(user: Any, params: QueryDict) -> Listed:
    """The register: each kind of data, what for, on what basis, who sees it, until when."""
    return Listed(_("What is kept and why"), reports.kept_kinds(), KEPT)


KEPT = [
    ExportColumn(gettext_lazy("What is kept"), lambda kind: str(kind.label), 30),
    ExportColumn(gettext_lazy("Details"), lambda kind: str(kind.what), 50),
    ExportColumn(gettext_lazy("What for"), lambda kind: str(kind.purpose), 40),
    ExportColumn(gettext_lazy("Basis"), lambda kind: str(kind.basis.label), 24),
    ExportColumn(gettext_lazy("Who sees it"), lambda kind: str(kind.seen_by), 50),
    ExportColumn(gettext_lazy("Until when"), lambda kind: str(kind.until), 50),
]
