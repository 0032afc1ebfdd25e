"""Reported values from a table: what the portal cannot count, each with the paper in which it stands."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from partnerships.common.clock import today
from partnerships.common.forms import EitherDecimalField
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import OneOf
from partnerships.common.text import fold
from partnerships.directory.models import Organization
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, OrganizationImporter, importer
from partnerships.documents.known import KnownOrganizations, clean_length
from partnerships.documents.models import ImportRun
from partnerships.indicators import actions, catalogue, rules
from partnerships.indicators.collecting import every_year
from partnerships.indicators.enums import Grade, ValueState
from partnerships.indicators.models import ReportedValue

KIND = "indicators.values"


def _reported() -> list[tuple[str, Any]]:
    return [(one.key, one.title) for one in catalogue.reported_ones()]


def clean_year(text: str) -> int:
    years = every_year()
    if not text.isdecimal() or not years[0] <= int(text) <= today().year:
        raise ValidationError(_("No numbers are kept for this year."))
    return int(text)


def clean_amount(text: str) -> Decimal:
    field = EitherDecimalField(max_digits=16, decimal_places=2, min_value=Decimal("0.01"))
    amount: Decimal = field.clean("".join(text.split()))
    return amount


COLUMNS = (
    Column(
        "indicator",
        gettext_lazy("Indicator"),
        ("Göstəricinin adı", "Göstəricilər"),
        required=True,
        example="İqtisadi səmərə",
        clean=OneOf(_reported),
    ),
    Column(
        "year", gettext_lazy("Year"), ("İl", "Hesabat ili"), required=True, example="2026", clean=clean_year
    ),
    Column(
        "amount",
        gettext_lazy("Value"),
        ("Dəyər", "Qiymət", "Məbləğ", "Rəqəm", "Miqdar", "Amount"),
        required=True,
        example="12500,50",
        clean=clean_amount,
    ),
    Column(
        "source",
        gettext_lazy("Source"),
        ("Mənbə", "Əsas", "Sənəd", "Paper"),
        required=True,
        example="Hesabat № 14, 20.01.2026",
        clean=clean_length(200),
        help=gettext_lazy("The paper in which it stands: kind, number and date."),
    ),
    Column(
        "grade",
        gettext_lazy("How it was found"),
        ("Necə tapılıb", "Üsul", "Method"),
        example="Hesablanıb",
        clean=OneOf(lambda: Grade.choices),
    ),
    Column("partner", gettext_lazy("Partner"), ("Tərəfdaş", "Universitet"), example="AzTU"),
    Column("note", gettext_lazy("How it was worked out"), ("Qeyd", "Note"), clean=clean_length(2000)),
)


@importer(KIND)
class ValuesImport(OrganizationImporter):
    """`context`: {"organization": key}, whose numbers they are."""

    heading = gettext_lazy("Import reported values")
    table = Sheet(
        gettext_lazy("Reported values"),
        COLUMNS,
        gettext_lazy("One row for each number. It counts once somebody else has confirmed it."),
    )
    upload_page, result_page = "indicators:import", "indicators:values"
    result_name = gettext_lazy("Reported values")

    @classmethod
    def allows(cls, user: Any, organization: Organization) -> bool:
        return organization.pk in rules.own_roots(user)

    def prepare(self, run: ImportRun) -> None:
        super().prepare(run)
        self.known = KnownOrganizations(Organization.objects.partners())
        rows = ReportedValue.objects.filter(organization=self.organization).exclude(
            state=ValueState.WITHDRAWN
        )
        self.there = {_same(row.indicator, row.year, row.amount, row.source, row.partner_id) for row in rows}

    def _key(self, row: Row) -> Any:
        """What tells it from others, with its partner; the row is refused where that is nobody."""
        partner = self.known.of(row, "partner")
        if partner is not None and partner.pk == self.organization.pk:
            row.refuse("partner", _("The partner is another organisation."))
        if row.errors:
            return None
        given, whose = row.cleaned, partner.pk if partner else None
        return _same(given["indicator"], given["year"], given["amount"], given["source"], whose)

    def fate(self, row: Row) -> Fate:
        key = self._key(row)
        if key is None:
            return REFUSED
        if key in self.there:
            return Fate(FateKind.NOTHING, _("Is there already."))
        self.refuse_twice(row, "", key, _("The same number stands in row %(row)d."))
        return Fate(FateKind.ADD, _("Will be reported; somebody else confirms it."))

    def write(self, run: ImportRun, row: Row) -> Fate:
        key = self._key(row)
        if key is None:
            raise ValidationError(row.errors)
        if key in self.there:
            return Fate(FateKind.NOTHING, _("Was there already."))
        values = row.cleaned
        actions.report(
            values["indicator"],
            self.organization,
            actor=run.owner,
            year=values["year"],
            amount=values["amount"],
            source=values["source"],
            grade=values.get("grade") or Grade.MEASURED,
            note=values.get("note") or "",
            partner=self.known.of(row, "partner"),
        )
        self.there.add(key)
        return Fate(FateKind.ADD, pgettext("value", "Reported"))


def _same(indicator: str, year: int, amount: Decimal, source: str, partner_id: int | None) -> Any:
    return indicator, year, amount, fold(source), partner_id
