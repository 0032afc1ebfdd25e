"""Lists about one's own files that may be taken away: who looked at them, what tables one brought and took
away."""

from typing import Any
from urllib.parse import unquote_plus

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.documents.enums import ImportState
from partnerships.documents.imports import state_words
from partnerships.documents.models import DocumentView, ExportRun, ImportRun


@listing("documents.looks", people=True)
def looks(user: Any, params: QueryDict) -> Listed:
    rows = DocumentView.objects.visible_to(user).select_related("document", "user__person")
    return Listed(_("Who looked at my files"), rows, LOOKS, order=("-at", "-pk"))


LOOKS = [
    ExportColumn(gettext_lazy("File"), lambda row: row.document.name, 44),
    ExportColumn(gettext_lazy("Who"), lambda row: row.user.display_name, 30),
    ExportColumn(gettext_lazy("When"), lambda row: row.at, 18),
]


@listing("documents.imports")
def imports(user: Any, params: QueryDict) -> Listed:
    rows = ImportRun.objects.visible_to(user).exclude(state=ImportState.DISCARDED)
    return Listed(_("My imports"), rows, IMPORTS, order=("-created", "-pk"))


IMPORTS = [
    ExportColumn(gettext_lazy("File"), lambda row: row.file_name, 44),
    ExportColumn(gettext_lazy("State"), state_words, 24),
    ExportColumn(gettext_lazy("Rows"), lambda row: row.summary.get("rows"), 10),
    ExportColumn(gettext_lazy("Uploaded"), lambda row: row.created, 18),
]


@listing("documents.exports")
def taken_away(user: Any, params: QueryDict) -> Listed:
    """What one took away, with the filters by which it was narrowed."""
    rows = ExportRun.objects.visible_to(user)
    return Listed(_("My exports"), rows, EXPORTS, order=("-created", "-pk"))


EXPORTS = [
    ExportColumn(gettext_lazy("List"), lambda row: row.name, 50),
    ExportColumn(gettext_lazy("Narrowed by"), lambda row: unquote_plus(row.query), 40),
    ExportColumn(gettext_lazy("Rows"), lambda row: row.rows, 10),
    ExportColumn(gettext_lazy("Taken away"), lambda row: row.created, 18),
    ExportColumn(gettext_lazy("Format"), lambda row: row.format, 10),
]
