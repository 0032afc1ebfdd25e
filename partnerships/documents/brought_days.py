"""Days off, and days worked instead, of a year as they are announced: brought by an administrator."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.days_off import set_day
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import clean_day, clean_yes
from partnerships.common.models import DayOff
from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import NOT_YOURS, REFUSED, Fate, Importer, importer
from partnerships.documents.known import clean_length
from partnerships.documents.models import ImportRun

KIND = "common.days_off"
NAME_LENGTH = 120


COLUMNS = (
    Column(
        "date",
        gettext_lazy("Date"),
        ("Tarix", "Gün", "Bayram günü", "İstirahət günü", "Day"),
        required=True,
        example="20.03.2027",
        clean=clean_day,
    ),
    Column(
        "name",
        gettext_lazy("Name"),
        ("Ad", "Adı", "Bayramın adı", "Bayram", "Qeyd", "Holiday"),
        example="Novruz bayramı",
        clean=clean_length(NAME_LENGTH),
    ),
    Column(
        "working",
        gettext_lazy("Working day"),
        ("İş günü", "İş günüdür", "İşlənir", "Worked"),
        example="xeyr",
        clean=clean_yes,
        help=gettext_lazy("Yes for a day that is worked after all; without it the day is off."),
    ),
)


@importer(KIND)
class DaysOffImport(Importer):
    """`context`: nothing; there is one calendar."""

    heading = gettext_lazy("Import days off")
    table = Sheet(
        gettext_lazy("Days off"),
        COLUMNS,
        gettext_lazy("One row for each day off, or worked instead of another."),
    )
    upload_page, result_page = "import_days_off", "admin:common_dayoff_changelist"
    result_name = gettext_lazy("Days off")

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:  # noqa: ARG003 - one calendar
        return access_of(user).administers

    def prepare(self, run: ImportRun) -> None:
        self.there = {row.date: row for row in DayOff.objects.all()}

    def fate(self, row: Row) -> Fate:
        day = row.cleaned.get("date")
        if day is None:
            return REFUSED
        self.refuse_twice(row, "date", day, _("The same day stands in row %(row)d."))
        if row.errors:
            return REFUSED
        working, name = bool(row.cleaned.get("working")), row.cleaned.get("name") or ""
        words = _("will be a working day") if working else _("will be a day off")
        before = self.there.get(day)
        if before is None:
            return Fate(FateKind.ADD, words)
        if (before.working, before.name) == (working, name or before.name):
            return Fate(FateKind.NOTHING, _("Is there already."))
        return Fate(FateKind.CHANGE, words)

    def write(self, run: ImportRun, row: Row) -> Fate:
        if not access_of(run.owner).administers:
            raise Refused(NOT_YOURS)
        done = set_day(
            row.cleaned["date"],
            working=bool(row.cleaned.get("working")),
            name=row.cleaned.get("name") or "",
        )
        if done == "added":
            return Fate(FateKind.ADD, _("Added."))
        if done == "changed":
            return Fate(FateKind.CHANGE, _("Brought up to date."))
        return Fate(FateKind.NOTHING, _("Was there already."))
