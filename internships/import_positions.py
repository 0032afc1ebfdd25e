"""The places of a company's programme from a table: what students do, where, how many of them, when.

A place that the programme has already (same title, same unit) keeps its texts; its seats follow the table.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from internships import actions, reports
from internships.import_columns import clean_gpa, clean_year
from internships.import_lookups import specialties_by_name
from internships.models import Period, Position, Programme
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.text import fold
from partnerships.common.told import joined, spoken
from partnerships.directory.access import access_of
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Organization, Person, Specialty
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, Importer, importer
from partnerships.documents.known import KnownOrganizations, KnownPeople, clean_length, clean_whole
from partnerships.documents.models import ImportRun

KIND = "internships.positions"
MOST_SEATS = 1000
_HOW_TO_NAME = {
    "specialties": lazy("Write the code or the name of a specialty as it stands in the portal."),
    "mentors": lazy(
        "Write the e-mail address or the name of a mentor of your company as it stands in the portal."
    ),
}


COLUMNS = (
    Column(
        "title_az",
        lazy("Title in Azerbaijani"),
        ("Ad", "Adı", "Yer", "Təcrübə yeri", "Vakansiya", "Title", "Place"),
        required=True,
        example="Yarımstansiyada rele mühafizəsi",
        clean=clean_length(200),
    ),
    Column(
        "title_en",
        lazy("Title in English"),
        ("İngiliscə adı", "English title"),
        example="Relay protection at a substation",
        clean=clean_length(200),
    ),
    Column(
        "unit",
        lazy("Unit"),
        ("Bölmə", "Müəssisə", "Struktur bölməsi", "RETSİ", "Yarımstansiya", "Enterprise"),
        required=True,
        example="Bakı RETSİ",
        help=lazy("As it is named in the portal."),
    ),
    Column(
        "period",
        lazy("Period"),
        ("Dövr", "Müddət"),
        example="Yay 2027",
        help=lazy("The name of a period of the programme; may be left empty where there is one."),
    ),
    Column(
        "seats",
        lazy("Seats"),
        ("Yerlərin sayı", "Yer sayı", "Say", "Sayı", "Kvota"),
        required=True,
        example="4",
        clean=clean_whole(1, MOST_SEATS),
    ),
    Column("tasks_az", lazy("What the student does"), ("Tapşırıqlar", "Görüləcək işlər", "Təsvir", "Tasks")),
    Column(
        "specialties",
        lazy("Specialties"),
        ("İxtisas", "İxtisaslar", "İxtisasın şifri", "Specialty"),
        example="050608; 050606",
        help=lazy("Codes or names, parted by semicolons. Empty: any."),
    ),
    Column(
        "min_year",
        lazy("From year of study"),
        ("Kurs", "Minimal kurs", "Year"),
        example="3",
        clean=clean_year,
    ),
    Column("min_gpa", lazy("GPA from"), ("ÜOMG", "Minimal ÜOMG"), example="70", clean=clean_gpa),
    Column(
        "mentors",
        lazy("Mentors"),
        ("Mentor", "Rəhbər", "Müəssisə üzrə rəhbər"),
        example="ad.soyad@azerishiq.az",
        help=lazy("E-mail addresses or names of mentors of the company, parted by semicolons."),
    ),
)


@dataclass
class Plan:
    """What a row comes to."""

    unit: Organization | None = None
    period: Period | None = None
    found: Position | None = None
    seats: int = 0  # that the place has in this period now
    specialties: list[Specialty] = field(default_factory=list)
    mentors: list[Person] = field(default_factory=list)


@importer(KIND)
class PositionsImport(Importer):
    """`context`: programme (key)."""

    table = Sheet(lazy("Places"), COLUMNS, lazy("One row for each place in each period."))

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        if not access_of(user).has(Role.HR):
            return False
        found = reports.own_programmes(user).filter(pk=context["programme"]).first()
        return found is not None and not found.has_ended

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        return _("Import places: %(programme)s") % {"programme": _programme(context).title}

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        return reverse("internships:import_positions", args=[_programme(context).slug])

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:
        return reverse("internships:manage_programme", args=[_programme(context).slug])

    @classmethod
    def result_label(cls, context: dict[str, Any]) -> str:
        return _programme(context).title

    def prepare(self, run: ImportRun) -> None:
        self.programme = _programme(run.context)
        self.periods = list(self.programme.periods.all())
        host = self.programme.host
        units = Organization.objects.filter(path__startswith=host.path, is_active=True)
        self.units = KnownOrganizations(units.exclude(kind=Kind.OFFICE))
        self.people = KnownPeople(reports.people_of(host, Role.MENTOR, Role.UNIT_HEAD))
        self.specialties = specialties_by_name()
        self.positions = {
            (fold(position.title_az), position.unit_id): position
            for position in reports.positions_of(self.programme)
        }

    def fate(self, row: Row) -> Fate:
        plan = self._plan(row)
        if row.errors or plan.unit is None or plan.period is None:
            return REFUSED
        key = (fold(row.cleaned["title_az"]), plan.unit.pk, plan.period.pk)
        self.refuse_twice(row, "title_az", key, _("The same place stands in row %(row)d."))
        if row.errors:
            return REFUSED
        words = {
            "period": spoken(partial(getattr, plan.period, "name")),
            "seats": row.cleaned["seats"],
            "before": plan.seats,
        }
        if plan.found is None:
            return Fate(FateKind.ADD, _("%(period)s, seats: %(seats)s") % words)
        if plan.seats == row.cleaned["seats"]:
            return Fate(FateKind.NOTHING, _("Is there already."))
        return Fate(FateKind.CHANGE, _("%(period)s, seats: %(seats)s instead of %(before)s") % words)

    def _plan(self, row: Row) -> Plan:
        plan = Plan(unit=self._unit(row), period=self._period(row))
        plan.specialties = self._named(row, "specialties", self._specialty)
        plan.mentors = self._named(row, "mentors", self._mentor)
        if plan.unit is not None and row.cleaned.get("title_az"):
            plan.found = self.positions.get((fold(row.cleaned["title_az"]), plan.unit.pk))
        if plan.found is not None and plan.period is not None:
            vacancy = next((v for v in plan.found.vacancies.all() if v.period_id == plan.period.pk), None)
            plan.seats = vacancy.pool.capacity if vacancy else 0
        return plan

    def _unit(self, row: Row) -> Organization | None:
        return self.units.unit(row, "unit", _("Your company has no unit of this name in the portal."))

    def _period(self, row: Row) -> Period | None:
        text = row.cleaned.get("period")
        if not text and len(self.periods) == 1:
            return self.periods[0]
        named = [
            period
            for period in self.periods
            if text and fold(text) in (fold(period.name_az), fold(period.name))
        ]
        if len(named) == 1:
            return named[0]
        offered = joined((spoken(partial(getattr, one, "name")) for one in self.periods), ", ") or "–"
        row.refuse("period", _("Write the period, one of these: %(words)s.") % {"words": offered})
        return None

    def _named(self, row: Row, key: str, find: Any) -> list[Any]:
        found = []
        for text in (row.cleaned.get(key) or "").replace("\n", ";").split(";"):
            if word := text.strip():
                one = find(word)
                if one is None:
                    missing = _("Not found: %(word)s") % {"word": word}
                    row.refuse(key, joined((missing, _HOW_TO_NAME[key]), ". "))
                else:
                    found.append(one)
        return list(dict.fromkeys(found))

    def _specialty(self, word: str) -> Specialty | None:
        code = word.split(" ", maxsplit=1)[0].strip(".,:-–")
        found = self.specialties.get(code.zfill(6) if code.isdigit() else fold(code))
        found = found or self.specialties.get(fold(word)) or []
        return found[0] if len(found) == 1 else None

    def _mentor(self, word: str) -> Person | None:
        found = self.people.called(word)
        return found[0] if len(found) == 1 else None

    def write(self, run: ImportRun, row: Row) -> Fate:
        plan = self._plan(row)
        if row.errors or plan.unit is None or plan.period is None:
            raise ValidationError(row.errors)
        values, position = row.cleaned, plan.found
        if position is not None and plan.seats == values["seats"]:
            return Fate(FateKind.NOTHING, _("Was there already."))
        if position is None:
            position = actions.add_position(
                self.programme,
                actor=run.owner,
                unit=plan.unit,
                specialties=plan.specialties,
                mentors=plan.mentors,
                title_az=values["title_az"],
                title_en=values["title_en"] or "",
                tasks_az=values["tasks_az"] or "",
                min_year=values["min_year"] or 1,
                min_gpa=values["min_gpa"] if values["min_gpa"] != Decimal(0) else None,
            )
        quotas = {}
        only = False
        vacancy = next((v for v in position.vacancies.all() if v.period_id == plan.period.pk), None)
        if vacancy is not None:  # what each university has been promised stays
            quotas = {quota.organization_id: quota.places for quota in vacancy.pool.quotas.all()}
            only = vacancy.pool.quota_only
        actions.set_seats(
            position, plan.period, values["seats"], actor=run.owner, quotas=quotas, quota_only=only
        )
        if plan.found is None:
            self.positions[fold(values["title_az"]), plan.unit.pk] = position
            return Fate(FateKind.ADD, _("Added."))
        return Fate(FateKind.CHANGE, _("Brought up to date."))


def _programme(context: dict[str, Any]) -> Programme:
    return Programme.objects.select_related("host").get(pk=context["programme"])
