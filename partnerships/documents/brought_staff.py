"""Mentors, supervisors and other staff from a table, listed by who looks after the people of a place."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.text import fold
from partnerships.common.told import joined, spoken
from partnerships.directory import actions, rules
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.directory.name_columns import JOINED_NAMES, NAME_COLUMNS, clean_email
from partnerships.directory.validators import clean_phone
from partnerships.documents.enums import FateKind
from partnerships.documents.imports import Fate, Importer, importer
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


def clean_role(text: str) -> str:
    words: dict[str, str] = {word: role.value for word, role in _WORDS.items()}
    for language in ("az", "en"):
        with override(language):
            words |= {fold(str(role.label)): role.value for role in actions.STAFF_ROLES}
    found = words.get(fold(text))
    if found is None:
        offered = joined((role.label for role in actions.STAFF_ROLES), ", ")
        raise ValidationError(_("Write one of these: %(words)s.") % {"words": offered})
    return found


def clean_position(text: str) -> str:
    if len(text) > POSITION_LENGTH:
        raise ValidationError(_("At most %(most)d characters.") % {"most": POSITION_LENGTH})
    return text


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
    Column(
        "phone", gettext_lazy("Phone"), ("Telefon", "Mobil"), example="+994 50 123 45 67", clean=clean_phone
    ),
    Column(
        "role",
        gettext_lazy("Role"),
        ("Rol", "Rolu"),
        example="Mentor",
        clean=clean_role,
        help=gettext_lazy("Without it: a mentor of a company, a supervisor of a university."),
    ),
    Column(
        "position",
        pgettext_lazy("job", "Position"),
        ("Vəzifə", "Vəzifəsi", "Position", "Job title"),
        example="Baş mühəndis",
        clean=clean_position,
    ),
    Column(
        "unit",
        gettext_lazy("Unit"),
        ("Bölmə", "Struktur bölməsi", "Müəssisə", "Fakültə", "Kafedra", "RETSİ", "Department"),
        help=gettext_lazy("As it is named in the portal. Without it, the whole of what you look after."),
    ),
)


@importer(KIND)
class StaffImport(Importer):
    """`context`: organization (key of the node that the importer looks after)."""

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        node = _node(context)
        return node is not None and any(rules.keeps(user, node, role) for role in actions.STAFF_ROLES)

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        node = _node(context)
        return _("Import staff: %(organization)s") % {"organization": node.short_name if node else ""}

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:  # noqa: ARG003 - the same for all
        return Sheet(gettext_lazy("Staff"), COLUMNS, gettext_lazy("One row for each person."), JOINED_NAMES)

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        node = _node(context)
        return f"{reverse('import_staff')}?at={node.slug if node else ''}"

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:  # noqa: ARG003 - one list of people
        return reverse("people")

    def prepare(self, run: ImportRun) -> None:
        node = _node(run.context)
        assert node is not None
        self.node = node
        self.units: dict[str, list[Organization]] = {}
        for unit in Organization.objects.below(node).select_related("root"):
            for name in {fold(text) for text in (unit.name, unit.name_en, unit.acronym)} - {""}:
                self.units.setdefault(name, []).append(unit)
        self.seen: dict[tuple[str, str], int] = {}
        self.usual = Role.SUPERVISOR if node.root.kind == Kind.UNIVERSITY else Role.MENTOR  # type: ignore[union-attr]

    def check(self, run: ImportRun, rows: Sequence[Row]) -> Sequence[Fate]:
        emails = {row.cleaned["email"] for row in rows if row.cleaned.get("email")}
        people = Person.objects.filter(email__in=emails, erased_at=None)
        there = set(
            Affiliation.objects.filter(
                person__in=people,
                organization__root_id=self.node.root_id,
                state=AffiliationState.VERIFIED,
                ends=None,
            ).values_list("person__email", "role")
        )
        return [self._fate(run, row, there) for row in rows]

    def _fate(self, run: ImportRun, row: Row, there: set[tuple[str, str]]) -> Fate:
        role, unit = self._place(run, row)
        email = row.cleaned.get("email")
        if email:
            first = self.seen.setdefault((email, role), row.number)
            if first != row.number:
                row.refuse("email", _("The same person stands in row %(row)d.") % {"row": first})
        if row.errors or unit is None:
            return Fate(FateKind.REFUSE)
        if (email, role) in there:
            return Fate(FateKind.NOTHING, _("On your list already."))
        words = {"role": Role(role).label, "unit": spoken(lambda: unit.short_name)}
        return Fate(FateKind.ADD, _("%(role)s: %(unit)s") % words)

    def _place(self, run: ImportRun, row: Row) -> tuple[str, Organization | None]:
        """The role and where; refused on the row where the owner may not give it there."""
        role, text = row.cleaned.get("role") or self.usual, row.cleaned.get("unit")
        found = self.units.get(fold(text), []) if text else [self.node]
        if len(found) != 1:
            row.refuse(
                "unit",
                _("Several units have this name: write its full name.")
                if found
                else _("There is no such unit among those that you look after."),
            )
            return role, None
        if not rules.keeps(run.owner, found[0], role):
            row.refuse("role", _("You may not give this role here."))
        return role, found[0]

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


def _node(context: dict[str, Any]) -> Organization | None:
    return Organization.objects.select_related("root").filter(pk=context["organization"]).first()
