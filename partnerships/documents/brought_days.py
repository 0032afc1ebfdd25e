"""Days off, and days worked instead, of a year as they are announced: brought by an administrator."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.days_off import set_day
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import clean_day, clean_yes
from partnerships.common.models import DayOff
from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.documents.enums import FateKind
from partnerships.documents.imports import Fate, Importer, importer
from partnerships.documents.models import ImportRun

KIND = "common.days_off"
NAME_LENGTH = 120


def clean_name(text: str) -> str:
    if len(text) > NAME_LENGTH:
        raise ValidationError(_("At most %(most)d characters.") % {"most": NAME_LENGTH})
    return text


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
        clean=clean_name,
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

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:  # noqa: ARG003 - one calendar
        return access_of(user).administers

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:  # noqa: ARG003
        return _("Import days off")

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:  # noqa: ARG003
        note = gettext_lazy("One row for each day off, or worked instead of another.")
        return Sheet(gettext_lazy("Days off"), COLUMNS, note)

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:  # noqa: ARG003
        return reverse("import_days_off")

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:  # noqa: ARG003
        return reverse("admin:common_dayoff_changelist")

    def prepare(self, run: ImportRun) -> None:
        self.there = {row.date: row for row in DayOff.objects.all()}
        self.seen: dict[Any, int] = {}

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        return [self._fate(row) for row in rows]

    def _fate(self, row: Row) -> Fate:
        day = row.cleaned.get("date")
        if day is None:
            return Fate(FateKind.REFUSE)
        first = self.seen.setdefault(day, row.number)
        if first != row.number:
            row.refuse("date", _("The same day stands in row %(row)d.") % {"row": first})
        if row.errors:
            return Fate(FateKind.REFUSE)
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
            raise Refused(_("Your role does not include this import."))
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
