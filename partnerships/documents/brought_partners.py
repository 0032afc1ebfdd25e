"""Partners from a table: universities, companies and others with whom the operator works together."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import OneOf
from partnerships.common.text import fold
from partnerships.directory import actions, rules
from partnerships.directory.enums import ROOT_KINDS, Kind
from partnerships.directory.models import Organization
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, Importer, importer
from partnerships.documents.known import (
    KnownOrganizations,
    acronym_column,
    city_column,
    clean_length,
    english_name_column,
    name_column,
)
from partnerships.documents.models import ImportRun

KIND = "directory.partners"
WEBSITE_LENGTH = 200
_WORDS = {
    "ali mekteb": Kind.UNIVERSITY,
    "ali tehsil muessisesi": Kind.UNIVERSITY,
    "muessise": Kind.COMPANY,
    "basqa": Kind.PARTNER,
    "teskilat": Kind.PARTNER,
}


def clean_website(text: str) -> str:
    """An address as people write it, with or without https://."""
    url = text if "://" in text else f"https://{text}"
    URLValidator(schemes=("http", "https"))(url)
    return clean_length(WEBSITE_LENGTH)(url)


COLUMNS = (
    name_column(
        "Təşkilat",
        "Təşkilatın adı",
        "Tərəfdaş",
        "Universitet",
        "Şirkət",
        "Organisation",
        example="Azərbaycan Texniki Universiteti",
    ),
    english_name_column("Azerbaijan Technical University"),
    acronym_column("AzTU"),
    Column(
        "kind",
        pgettext_lazy("of a unit", "Kind"),
        ("Növ", "Növü", "Tip", "Type"),
        required=True,
        example="Universitet",
        clean=OneOf(lambda: [(kind.value, kind.label) for kind in ROOT_KINDS], _WORDS),
    ),
    city_column(),
    Column(
        "website",
        gettext_lazy("Website"),
        ("Sayt", "Veb-sayt", "Vebsayt", "Site"),
        example="aztu.edu.az",
        clean=clean_website,
    ),
)
FIELDS = ("city", "website")


@importer(KIND)
class PartnersImport(Importer):
    """`context`: nothing; there is one list of partners."""

    heading = gettext_lazy("Import partners")
    table = Sheet(gettext_lazy("Partners"), COLUMNS, gettext_lazy("One row for each organisation."))
    upload_page, result_page = "import_partners", "partners"
    result_name = gettext_lazy("Partners")

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:  # noqa: ARG003 - one list
        return rules.manages_organizations(user, None)

    def prepare(self, run: ImportRun) -> None:
        self.known = KnownOrganizations(Organization.objects.filter(parent=None))

    def fate(self, row: Row) -> Fate:
        found, name = self._found(row), fold(row.cleaned.get("name") or "")
        if name:
            self.refuse_twice(row, "name", name, _("The same organisation stands in row %(row)d."))
        if row.errors:
            return REFUSED
        if found is None:
            return Fate(FateKind.ADD, _("Will be added to the partners."))
        if not found.is_partner:
            return Fate(FateKind.CHANGE, _("Is known; will be a partner."))
        if self._changes(row, found):
            return Fate(FateKind.CHANGE, _("Will be brought up to date."))
        return Fate(FateKind.NOTHING, _("Is there already."))

    def _found(self, row: Row) -> Organization | None:
        """The organisation of this name in whatever spelling, a former one too."""
        found = self.known.called(row.cleaned.get("name"), row.cleaned.get("name_en"))
        if len(found) > 1:
            row.refuse(
                "name", _("Several organisations have this name: %(name)s.") % {"name": row.cleaned["name"]}
            )
            return None
        one = found[0] if found else None
        if one is not None and not one.is_active:
            row.refuse("name", _("This organisation is no longer there."))
        if one is not None and row.cleaned.get("kind") not in (None, one.kind):
            row.refuse("kind", _("The portal knows it as: %(kind)s.") % {"kind": Kind(one.kind).label})
        return one

    def _changes(self, row: Row, found: Organization) -> dict[str, Any]:
        given = {name: row.cleaned[name] for name in FIELDS if row.cleaned.get(name)}
        return {name: value for name, value in given.items() if value != getattr(found, name)}

    def write(self, run: ImportRun, row: Row) -> Fate:
        found, values = self._found(row), row.cleaned
        if row.errors:
            raise ValidationError(row.errors)
        if found is None:
            texts = {name: values.get(name) or "" for name in ("name_en", "acronym", *FIELDS)}
            made = actions.create_organization(
                values["kind"], values["name"], actor=run.owner, is_partner=True, **texts
            )
            self.known.know(made)
            return Fate(FateKind.ADD, _("Added."))
        changes = self._changes(row, found) | ({} if found.is_partner else {"is_partner": True})
        if not changes:
            return Fate(FateKind.NOTHING, _("Was there already."))
        actions.update_organization(found, actor=run.owner, **changes)
        return Fate(FateKind.CHANGE, _("Brought up to date."))
