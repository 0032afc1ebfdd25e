"""Agreements from before the portal, brought as a table by who prepares an organisation's agreements."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.agreements import actions
from partnerships.agreements.models import Agreement, AgreementType
from partnerships.agreements.rules import manages_for
from partnerships.common.clock import today
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import clean_day
from partnerships.common.text import fold
from partnerships.common.told import joined, spoken
from partnerships.directory.models import Organization
from partnerships.documents.enums import FateKind
from partnerships.documents.imports import Fate, Importer, importer
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
        example="Çərçivə sazişi",
        help=gettext_lazy("Without it: a framework agreement."),
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
        clean=clean_day,
    ),
)


@importer(KIND)
class PastImport(Importer):
    """`context`: organization (key of whose agreements they are)."""

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        owner = Organization.objects.filter(pk=context["organization"], parent=None).first()
        return owner is not None and manages_for(user, owner)

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        return _("Import past agreements: %(organization)s") % {"organization": _owner(context).short_name}

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:  # noqa: ARG003 - the same for all
        note = gettext_lazy("One row for each agreement that was signed on paper before the portal.")
        return Sheet(gettext_lazy("Past agreements"), COLUMNS, note)

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        return f"{reverse('agreements:import')}?at={_owner(context).slug}"

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:  # noqa: ARG003 - one list of agreements
        return reverse("agreements:timeline")

    def prepare(self, run: ImportRun) -> None:
        self.owner = _owner(run.context)
        self.known: dict[str, set[int]] = {}
        roots = Organization.objects.filter(parent=None).prefetch_related("names")
        self.partners = {one.pk: one for one in roots}
        for one in roots:
            names = [one.name, one.name_en, one.acronym, *(name.text for name in one.names.all())]
            for name in {fold(text) for text in names} - {""}:
                self.known.setdefault(name, set()).add(one.pk)
        self.types: dict[str, AgreementType] = {}
        for of_type in AgreementType.objects.offered():
            for name in (of_type.name_az, of_type.name_en):
                self.types.setdefault(fold(name), of_type)
        self.usual = actions.type_of("agreements.framework")
        self.seen: dict[str, int] = {}

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        numbers = {row.cleaned["number"] for row in rows if row.cleaned.get("number")}
        there = dict(Agreement.objects.filter(number__in=numbers).values_list("number", "owner_id"))
        return [self._fate(row, there) for row in rows]

    def _fate(self, row: Row, there: dict[str, int]) -> Fate:
        number = row.cleaned.get("number")
        partners, of_type = self._partners(row), self._type(row)
        if number:
            first = self.seen.setdefault(number, row.number)
            if first != row.number:
                row.refuse("number", _("The same number stands in row %(row)d.") % {"row": first})
            elif number in there and there[number] != self.owner.pk:
                row.refuse("number", _("An agreement with this number is here already."))
        if row.errors:
            return Fate(FateKind.REFUSE)
        if number in there:
            return Fate(FateKind.NOTHING, _("Is there already."))
        try:
            actions.check_past(of_type, self.owner, partners, **_values(row))
        except ValidationError as error:
            for key, reasons in error.message_dict.items():
                row.refuse(key, *reasons)
            return Fate(FateKind.REFUSE)
        ends = row.cleaned.get("ended_on") or row.cleaned.get("ends")
        over = ends is not None and ends < today()
        words = {
            "type": spoken(lambda: of_type.name),
            "partners": joined((spoken(partial(getattr, one, "short_name")) for one in partners), ", "),
        }
        told = _("%(type)s, over: %(partners)s") if over else _("%(type)s, in force: %(partners)s")
        return Fate(FateKind.ADD, told % words)

    def _partners(self, row: Row) -> list[Organization]:
        found = []
        for name in filter(None, (part.strip() for part in (row.cleaned.get("partner") or "").split(";"))):
            keys = self.known.get(fold(name), set())
            if len(keys) == 1:
                found.append(self.partners[next(iter(keys))])
            elif keys:
                row.refuse("partner", _("Several organisations have this name: %(name)s.") % {"name": name})
            else:
                words = _(
                    "The portal does not know this organisation: %(name)s. Add it to the partners first."
                )
                row.refuse("partner", words % {"name": name})
        return found

    def _type(self, row: Row) -> AgreementType:
        text = row.cleaned.get("type")
        if not text:
            return self.usual
        found = self.types.get(fold(text))
        if found is None:
            types = {one.pk: one for one in self.types.values()}.values()
            offered = joined((spoken(partial(getattr, one, "name")) for one in types), ", ")
            row.refuse("type", _("Write one of these: %(words)s.") % {"words": offered})
        return found or self.usual

    def write(self, run: ImportRun, row: Row) -> Fate:
        partners, of_type = self._partners(row), self._type(row)
        if row.errors:
            raise ValidationError(row.errors)
        if Agreement.objects.filter(Q(number=row.cleaned["number"]), owner=self.owner).exists():
            return Fate(FateKind.NOTHING, _("Was there already."))
        actions.bring_past(of_type, self.owner, partners, actor=run.owner, **_values(row))
        return Fate(FateKind.ADD, _("Added."))


def _values(row: Row) -> dict[str, Any]:
    return {name: row.cleaned.get(name) for name in ("number", "starts", "ends", "signed_on", "ended_on")}


def _owner(context: dict[str, Any]) -> Organization:
    return Organization.objects.get(pk=context["organization"])
