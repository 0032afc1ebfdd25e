"""Agreements from before the portal, brought as a table by who prepares an organisation's agreements."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.agreements import actions
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.agreements.rules import manages_for
from partnerships.common.clock import today
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import clean_day, one_of
from partnerships.common.text import fold
from partnerships.common.told import joined, spoken
from partnerships.directory.models import Organization
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, OrganizationImporter, importer
from partnerships.documents.known import KnownOrganizations
from partnerships.documents.models import ImportRun

KIND = "agreements.past"

COLUMNS = (
    Column(
        "number",
        gettext_lazy("Number"),
        ("Nömrə", "Sazişin nömrəsi", "Müqavilənin nömrəsi", "Saziş №", "Müqavilə №", "Agreement number"),
        required=True,
        example="12/2019",
        help=gettext_lazy("As it stands on the paper."),
    ),
    Column(
        "partner",
        gettext_lazy("Partner"),
        ("Tərəfdaş", "Universitet", "Qarşı tərəf", "Tərəf", "Tərəflər", "Təşkilat", "University"),
        required=True,
        example="AzTU",
        help=gettext_lazy("As it is named in the portal; several are parted by a semicolon."),
    ),
    Column(
        "type",
        gettext_lazy("Type of agreement"),
        ("Növ", "Növü", "Sazişin növü", "Sənədin növü", "Type"),
        example=gettext_lazy("Framework agreement"),
        help=gettext_lazy("Without it: a framework agreement."),
        offers=lambda: [of_type.name for of_type in AgreementType.objects.offered()],
    ),
    Column(
        "signed_on",
        gettext_lazy("Signed on"),
        ("İmzalanma tarixi", "İmzalandığı tarix", "Bağlanma tarixi", "Date of signature"),
        example="10.09.2019",
        clean=clean_day,
    ),
    Column(
        "starts",
        gettext_lazy("Effective date"),
        ("Qüvvəyə minmə tarixi", "Başlanma tarixi", "Başlama tarixi", "Start"),
        required=True,
        example="15.09.2019",
        clean=clean_day,
    ),
    Column(
        "ends",
        gettext_lazy("Expiry date"),
        ("Bitmə tarixi", "Bitdiyi tarix", "Son tarix", "Qüvvədə olduğu tarix", "End"),
        example="14.09.2024",
        clean=clean_day,
        help=gettext_lazy("Empty: without an end."),
    ),
    Column(
        "ended_on",
        pgettext_lazy("agreement", "Ended early on"),
        ("Xitam tarixi", "Xitam verildiyi tarix", "Xitam", "Terminated on"),
        example="01.03.2023",
        clean=clean_day,
    ),
)


@importer(KIND)
class PastImport(OrganizationImporter):
    """`context`: organization (key of whose agreements they are)."""

    heading = gettext_lazy("Import past agreements: %(organization)s")
    table = Sheet(
        gettext_lazy("Past agreements"),
        COLUMNS,
        gettext_lazy("One row for each agreement that was signed on paper before the portal."),
    )
    upload_page, result_page = "agreements:import", "agreements:timeline"
    result_name = gettext_lazy("Agreements on a line of years")

    @classmethod
    def allows(cls, user: Any, organization: Organization) -> bool:
        return organization.parent_id is None and manages_for(user, organization)

    def prepare(self, run: ImportRun) -> None:
        super().prepare(run)
        self.known = KnownOrganizations(Organization.objects.filter(parent=None))
        self.types: dict[str, AgreementType] = {}
        for of_type in AgreementType.objects.offered():
            for name in (of_type.name_az, of_type.name_en):
                self.types.setdefault(fold(name), of_type)
        self.usual = actions.type_of("agreements.framework")

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        numbers = {row.cleaned["number"] for row in rows if row.cleaned.get("number")}
        there = dict(Agreement.objects.filter(number__in=numbers).values_list("number", "owner_id"))
        return [self._fate(row, there) for row in rows]

    def _fate(self, row: Row, there: dict[str, int]) -> Fate:
        number = row.cleaned.get("number")
        partners, of_type = self._partners(row), self._type(row)
        if number:
            self.refuse_twice(row, "number", number, _("The same number stands in row %(row)d."))
            if number in there and there[number] != self.organization.pk:
                row.refuse("number", _("An agreement with this number is here already."))
        if row.errors:
            return REFUSED
        if number in there:
            return Fate(FateKind.NOTHING, _("Is there already."))
        try:
            actions.check_past(of_type, self.organization, partners, **_values(row))
        except ValidationError as error:
            for key, reasons in error.message_dict.items():
                row.refuse(key, *reasons)
            return REFUSED
        ends = row.cleaned.get("ended_on") or row.cleaned.get("ends")
        over = ends is not None and ends < today()
        words = {
            "type": spoken(lambda: of_type.name),
            "partners": joined((spoken(partial(getattr, one, "short_name")) for one in partners), ", "),
        }
        told = _("%(type)s, over: %(partners)s") if over else _("%(type)s, in force: %(partners)s")
        return Fate(FateKind.ADD, told % words)

    def _partners(self, row: Row) -> list[Organization]:
        parts = (part.strip() for part in (row.cleaned.get("partner") or "").split(";"))
        nobody = _("The portal does not know this organisation: %(name)s. Add it to the partners first.")
        several = _("Several organisations have this name: %(name)s.")
        found = [self.known.only(row, "partner", nobody, several, part) for part in parts if part]
        return [one for one in found if one is not None]

    def _type(self, row: Row) -> AgreementType:
        text = row.cleaned.get("type")
        if not text:
            return self.usual
        found = self.types.get(fold(text))
        if found is None:
            types = {one.pk: one for one in self.types.values()}.values()
            offered = [spoken(partial(getattr, one, "name")) for one in types]
            row.refuse("type", one_of(offered))
        return found or self.usual

    def write(self, run: ImportRun, row: Row) -> Fate:
        partners, of_type = self._partners(row), self._type(row)
        if row.errors:
            raise ValidationError(row.errors)
        if Agreement.objects.filter(Q(number=row.cleaned["number"]), owner=self.organization).exists():
            return Fate(FateKind.NOTHING, _("Was there already."))
        actions.bring_past(of_type, self.organization, partners, actor=run.owner, **_values(row))
        return Fate(FateKind.ADD, _("Added."))


def _values(row: Row) -> dict[str, Any]:
    return {name: row.cleaned.get(name) for name in ("number", "starts", "ends", "signed_on", "ended_on")}
