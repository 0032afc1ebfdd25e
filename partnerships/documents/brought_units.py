"""The units of an organisation from a table: faculties and departments, enterprises and substations.

The directory stands below this app, so its own kinds of import live here. Rights and writes are the
directory's: who may draw the tree of an organisation may bring it as a table.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import OneOf
from partnerships.common.text import fold
from partnerships.common.told import spoken
from partnerships.directory import actions, rules
from partnerships.directory.enums import ROOT_KINDS, Kind, NameKind
from partnerships.directory.models import Organization
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, OrganizationImporter, importer
from partnerships.documents.known import (
    KnownOrganizations,
    acronym_column,
    city_column,
    english_name_column,
    name_column,
)
from partnerships.documents.models import ImportRun

KIND = "directory.units"
UNIT_KINDS = [kind for kind in Kind if kind not in ROOT_KINDS]
_WORDS = {
    "kafedra": Kind.DEPARTMENT,
    "sobe": Kind.OFFICE,
    "idare": Kind.OFFICE,
    "retsi": Kind.NETWORK,
    "sebeke": Kind.NETWORK,
    "institut": Kind.CENTRE,
    "merkez": Kind.CENTRE,
    "zavod": Kind.ENTERPRISE,
    "muessise": Kind.ENTERPRISE,
    "yarimstansiya": Kind.SUBSTATION,
}


COLUMNS = (
    name_column(
        "Bölmə",
        "Bölmənin adı",
        "Fakültə",
        "Müəssisə",
        "Struktur bölməsi",
        "Unit",
        example="Energetika fakültəsi",
    ),
    english_name_column("Faculty of Power Engineering"),
    acronym_column("EF"),
    Column(
        "kind",
        pgettext_lazy("of a unit", "Kind"),
        ("Növ", "Növü", "Tip", "Bölmənin növü", "Type"),
        example="Fakültə",
        clean=OneOf(lambda: [(kind.value, kind.label) for kind in UNIT_KINDS], _WORDS),
        help=gettext_lazy("Without it: a faculty of a university, an enterprise of a company."),
    ),
    Column(
        "parent",
        gettext_lazy("Part of"),
        ("Tabe olduğu bölmə", "Tabeliyi", "Yuxarı bölmə", "Aid olduğu bölmə", "Parent"),
        help=gettext_lazy(
            "A unit that is there already or stands in a row above. Without it: right below the organisation."
        ),
    ),
    city_column("Rayon"),
)


@dataclass
class Plan:
    """What a row comes to."""

    found: Organization | None = None
    parent: Organization | None = None
    changes: dict[str, str] = field(default_factory=dict)


@importer(KIND)
class UnitsImport(OrganizationImporter):
    """`context`: organization (key)."""

    heading = gettext_lazy("Import units: %(organization)s")
    table = Sheet(gettext_lazy("Units"), COLUMNS, gettext_lazy("One row for each unit."))

    @classmethod
    def allows(cls, user: Any, organization: Organization) -> bool:
        return organization.parent_id is None and rules.manages_organizations(user, organization)

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        return reverse("import_units", args=[_root(context).slug])

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:
        return reverse("partner_detail", args=[_root(context).slug])

    @classmethod
    def result_label(cls, context: dict[str, Any]) -> str:
        return _root(context).display_name

    def prepare(self, run: ImportRun) -> None:
        super().prepare(run)
        self.root = self.organization
        rows = Organization.objects.below(self.root).select_related("root", "parent").order_by("path")
        self.units = KnownOrganizations(rows)
        self.ahead: dict[str, int] = {}  # name -> row of a unit that this table will add

    def fate(self, row: Row) -> Fate:
        plan = self._plan(row)
        name = fold(row.cleaned.get("name") or "")
        first = self.ahead.setdefault(name, row.number)
        if first != row.number:
            row.refuse("name", _("The same unit stands in row %(row)d.") % {"row": first})
        if row.errors:
            return REFUSED
        if plan.found is None:
            above = row.cleaned.get("parent") or spoken(lambda: self.root.short_name)
            return Fate(FateKind.ADD, _("Will stand below: %(unit)s.") % {"unit": above})
        if plan.changes:
            return Fate(FateKind.CHANGE, _("Will be brought up to date."))
        return Fate(FateKind.NOTHING, _("Is there already."))

    def _plan(self, row: Row) -> Plan:
        plan = Plan()
        values = row.cleaned
        if not values.get("name"):
            return plan
        plan.parent = self._parent(row)
        same = [unit for unit in self.units.called(values["name"]) if unit.pk != self.root.pk]
        if len(same) > 1 and plan.parent is not None:
            same = [unit for unit in same if unit.parent_id == plan.parent.pk]
        if len(same) > 1:
            row.refuse("name", _("Several units have this name: write its full name."))
            return plan
        plan.found = same[0] if same else None
        if plan.found is not None:
            self._compare(row, plan, plan.found)
        return plan

    def _parent(self, row: Row) -> Organization | None:
        """The unit above; None for one that this table itself adds in a row above."""
        text = row.cleaned.get("parent")
        if not text:
            return self.root
        found = self.units.called(text)
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            row.refuse("parent", _("Several units have this name: write its full name."))
        elif fold(text) not in self.ahead:
            row.refuse("parent", _("There is no such unit, and no row above adds it."))
        return None

    def _compare(self, row: Row, plan: Plan, found: Organization) -> None:
        above = plan.parent
        if row.cleaned.get("parent") and (above is None or above.pk != found.parent_id):
            stands = spoken(lambda: found.parent.display_name if found.parent else "")
            row.refuse(
                "parent", _("Stands below another unit: %(unit)s. It is moved by hand.") % {"unit": stands}
            )
        for name in ("name_en", "acronym", "kind", "city"):
            value = row.cleaned.get(name)
            if value and value != getattr(found, name):
                plan.changes[name] = value

    def write(self, run: ImportRun, row: Row) -> Fate:
        plan = self._plan(row)
        if row.errors:
            raise ValidationError(row.errors)
        values = {name: row.cleaned.get(name) or "" for name in ("name_en", "acronym", "city")}
        if plan.found is not None:
            if not plan.changes:
                return Fate(FateKind.NOTHING, _("Was there already."))
            self._change(run, plan.found, plan.changes)
            return Fate(FateKind.CHANGE, _("Brought up to date."))
        if plan.parent is None:
            raise ValidationError({"parent": [_("There is no such unit, and no row above adds it.")]})
        usual = Kind.FACULTY if self.root.kind == Kind.UNIVERSITY else Kind.ENTERPRISE
        made = actions.add_unit(
            plan.parent,
            row.cleaned.get("kind") or usual,
            row.cleaned["name"],
            actor=run.owner,
            **values,
        )
        self.units.know(made)
        return Fate(FateKind.ADD, _("Added."))

    def _change(self, run: ImportRun, unit: Organization, changes: dict[str, str]) -> None:
        plain = {name: value for name, value in changes.items() if name in ("kind", "city")}
        if plain:
            actions.update_organization(unit, actor=run.owner, **plain)
        named = {"name_en": ("en", NameKind.LABEL), "acronym": ("az", NameKind.ACRONYM)}
        new = {named[name]: text for name, text in changes.items() if name in named}
        if new:
            kept = [
                (row.language, row.kind, row.text)
                for row in unit.names.all()
                if (row.language, row.kind) not in new
            ]
            kept += [(language, str(kind), text) for (language, kind), text in new.items()]
            actions.set_names(unit, kept, actor=run.owner)


def _root(context: dict[str, Any]) -> Organization:
    return Organization.objects.get(pk=context["organization"])
