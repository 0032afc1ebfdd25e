"""Mentors, supervisors and other staff from a table, listed by who looks after the people of a place."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import OneOf
from partnerships.common.text import fold
from partnerships.common.told import spoken
from partnerships.directory import actions, rules
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.directory.name_columns import JOINED_NAMES, NAME_COLUMNS, PHONE_COLUMN, clean_email
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, OrganizationImporter, importer
from partnerships.documents.known import KnownOrganizations, clean_length
from partnerships.documents.models import ImportRun

KIND = "directory.staff"
POSITION_LENGTH = 160
_WORDS = {
    "rehber": Role.SUPERVISOR,
    "elmi rehber": Role.SUPERVISOR,
    "tecrube rehberi": Role.SUPERVISOR,
    "muellim": Role.LECTURER,
    "muessise uzre rehber": Role.MENTOR,
    "bolme rehberi": Role.UNIT_HEAD,
    "rais": Role.UNIT_HEAD,
    "reis": Role.UNIT_HEAD,
    "tehlukesizlik muhendisi": Role.SAFETY,
    "ekspert": Role.EXPERT,
    "telimci": Role.TRAINER,
}


STAFF = [(role.value, role.label) for role in actions.STAFF_ROLES]

COLUMNS = (
    *NAME_COLUMNS,
    Column(
        "email",
        gettext_lazy("E-mail"),
        ("E-poçt", "E-poçt ünvanı", "Elektron poçt", "Elektron ünvan", "Email", "Mail", "E-mail address"),
        required=True,
        example="ad.soyad@azerishiq.az",
        clean=clean_email,
        help=gettext_lazy("Whoever signs up with this address is the person; letters go to it."),
    ),
    PHONE_COLUMN,
    Column(
        "role",
        gettext_lazy("Role"),
        ("Rol", "Rolu"),
        example="Mentor",
        clean=OneOf(lambda: STAFF, _WORDS),
        help=gettext_lazy("Without it: a mentor of a company, a supervisor of a university."),
    ),
    Column(
        "position",
        pgettext_lazy("job", "Position"),
        ("Vəzifə", "Vəzifəsi", "Tutduğu vəzifə", "Position", "Job title"),
        example="Baş mühəndis",
        clean=clean_length(POSITION_LENGTH),
    ),
    Column(
        "unit",
        gettext_lazy("Unit"),
        ("Bölmə", "Struktur bölməsi", "Müəssisə", "Fakültə", "Kafedra", "RETSİ", "Department"),
        help=gettext_lazy("As it is named in the portal. Without it, the whole of what you look after."),
    ),
)


@importer(KIND)
class StaffImport(OrganizationImporter):
    """`context`: organization (key of the node that the importer looks after)."""

    heading = gettext_lazy("Import staff: %(organization)s")
    table = Sheet(gettext_lazy("Staff"), COLUMNS, gettext_lazy("One row for each person."), JOINED_NAMES)
    upload_page, result_page = "import_staff", "people"
    result_name = gettext_lazy("People")

    @classmethod
    def allows(cls, user: Any, organization: Organization) -> bool:
        return any(rules.keeps(user, organization, role) for role in actions.STAFF_ROLES)

    def prepare(self, run: ImportRun) -> None:
        super().prepare(run)
        self.units = KnownOrganizations(Organization.objects.below(self.organization).select_related("root"))
        root: Any = self.organization.root
        self.usual = Role.SUPERVISOR if root.kind == Kind.UNIVERSITY else Role.MENTOR

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        emails = {row.cleaned["email"] for row in rows if row.cleaned.get("email")}
        people = Person.objects.filter(email__in=emails, erased_at=None)
        held = Affiliation.objects.filter(
            person__in=people,
            organization__root_id=self.organization.root_id,
            state=AffiliationState.VERIFIED,
            ends=None,
        )
        there = {(one.person.email, one.role): one for one in held.select_related("person", "organization")}
        return [self._fate(run, row, there) for row in rows]

    def _fate(self, run: ImportRun, row: Row, there: dict[tuple[str, str], Affiliation]) -> Fate:
        role, unit = self._place(run, row)
        email = row.cleaned.get("email")
        if email:
            self.refuse_twice(row, "email", (email, role), _("The same person stands in row %(row)d."))
        if row.errors or unit is None:
            return REFUSED
        if (email, role) in there:
            return Fate(FateKind.NOTHING, self._listed(row, there[email, role]))
        words = {"role": Role(role).label, "unit": spoken(lambda: unit.short_name)}
        return Fate(FateKind.ADD, _("%(role)s: %(unit)s") % words)

    def _listed(self, row: Row, held: Affiliation) -> str:
        """That they are listed already; under which name, where the table has another and the importer looks
        after them: the address may be wrong."""
        person, cleaned = held.person, row.cleaned
        named = [cleaned.get("family_name") or "", cleaned.get("given_name") or ""]
        alike = [fold(name) for name in named] == [fold(person.family_name), fold(person.given_name)]
        if alike or not held.organization.path.startswith(self.organization.path):
            return _("On your list already.")
        words = _("On your list already, under another name: %(name)s. Look whether the address is theirs.")
        return words % {"name": person.full_name}

    def _place(self, run: ImportRun, row: Row) -> tuple[str, Organization | None]:
        """The role and where; refused on the row where the owner may not give it there."""
        role = row.cleaned.get("role") or self.usual
        unit = self.organization
        if row.cleaned.get("unit"):
            nobody = _("There is no such unit among those that you look after.")
            found = self.units.unit(row, "unit", nobody)
            if found is None:
                return role, None
            unit = found
        if not rules.keeps(run.owner, unit, role):
            row.refuse("role", _("You may not give this role here."))
        return role, unit

    def write(self, run: ImportRun, row: Row) -> Fate:
        role, unit = self._place(run, row)
        if row.errors or unit is None:
            raise ValidationError(row.errors)
        values = {name: row.cleaned.get(name) or "" for name in ("patronymic", "phone", "position")}
        _row, made = actions.enlist_staff(
            unit,
            actor=run.owner,
            role=role,
            given_name=row.cleaned["given_name"],
            family_name=row.cleaned["family_name"],
            email=row.cleaned["email"],
            **values,
        )
        if not made:
            return Fate(FateKind.NOTHING, _("Was there already."))
        return Fate(FateKind.ADD, _("Added to your list."))
