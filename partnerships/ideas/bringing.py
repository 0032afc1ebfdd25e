"""Cooperation ideas from a table, as they were written down at a meeting."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.common.clock import today
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import OneOf, clean_day
from partnerships.common.text import fold
from partnerships.directory.models import Organization, Person
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, OrganizationImporter, importer
from partnerships.documents.known import KnownOrganizations, KnownPeople, clean_length
from partnerships.documents.models import ImportRun
from partnerships.ideas import actions, rules
from partnerships.ideas.enums import CameUp
from partnerships.ideas.models import Idea

KIND = "ideas.ideas"
_WORDS = {
    "gorus": CameUp.MEETING,
    "iclas": CameUp.MEETING,
    "iclasda": CameUp.MEETING,
    "sefer": CameUp.VISIT,
    "seferde": CameUp.VISIT,
    "tedbir": CameUp.EVENT,
    "konfransda": CameUp.EVENT,
    "seminarda": CameUp.EVENT,
    "sohbetde": CameUp.TALK,
    "mektubda": CameUp.TALK,
    "telefonla": CameUp.TALK,
    "letter": CameUp.TALK,
}


def clean_coming(text: str) -> date:
    day: date = clean_day(text)
    if day < today():
        raise ValidationError(_("This day has gone by."))
    return day


def clean_said(text: str) -> date:
    day: date = clean_day(text)
    if day > today():
        raise ValidationError(_("This date lies in the future."))
    return day


COLUMNS = (
    Column(
        "title",
        gettext_lazy("Idea"),
        ("Təklif", "Əməkdaşlıq təklifi", "İdeya", "Mövzu"),
        required=True,
        example="Transformator yağının onlayn diaqnostikası",
        clean=clean_length(200),
    ),
    Column("text", gettext_lazy("Details"), ("Təfərrüat", "Təsvir", "İzah"), clean=clean_length(4000)),
    Column("partner", gettext_lazy("Partner"), ("Tərəfdaş", "Universitet", "Təşkilat"), example="AzTU"),
    Column(
        "next_step",
        gettext_lazy("Next step"),
        ("Növbəti addım", "Addım", "Görüləcək iş"),
        required=True,
        example="Kafedra ilə görüş təyin etmək",
        clean=clean_length(200),
    ),
    Column(
        "next_on",
        gettext_lazy("To be done by"),
        ("Son tarix", "Müddət", "Nə vaxtadək", "Deadline"),
        required=True,
        example="20.03.2027",
        clean=clean_coming,
    ),
    Column(
        "owner",
        gettext_lazy("Looked after by"),
        ("Məsul", "Məsul şəxs", "Cavabdeh", "Owner"),
        help=gettext_lazy("A colleague by name or mail; left empty it is you."),
    ),
    Column(
        "came_up",
        gettext_lazy("Where it came up"),
        ("Harada deyilib", "Harada yaranıb"),
        example="Görüşdə",
        clean=OneOf(lambda: CameUp.choices, _WORDS),
    ),
    Column(
        "said_on",
        gettext_lazy("Day"),
        ("Tarix", "Gün", "Date"),
        example="20.11.2026",
        clean=clean_said,
        help=gettext_lazy("The day on which it was said."),
    ),
)


@importer(KIND)
class IdeasImport(OrganizationImporter):
    """`context`: {"organization": key}, where they are kept."""

    heading = gettext_lazy("Import ideas")
    table = Sheet(gettext_lazy("Cooperation ideas"), COLUMNS, gettext_lazy("One row for each idea."))
    upload_page, result_page = "ideas:import", "ideas:list"
    result_name = gettext_lazy("Cooperation ideas")

    @classmethod
    def allows(cls, user: Any, organization: Organization) -> bool:
        return rules.notes_ideas(user) and actions.home_of(user) == organization

    def prepare(self, run: ImportRun) -> None:
        super().prepare(run)
        self.known = KnownOrganizations(Organization.objects.partners())
        self.people = KnownPeople(actions.colleagues(self.organization))
        open_ones = Idea.objects.open().filter(home=self.organization)
        self.there = {fold(title) for title in open_ones.values_list("title", flat=True)}

    def _owner(self, row: Row) -> Person | None:
        nobody = _("Only somebody of the same organisation can look after it.")
        return self.people.only(row, "owner", nobody, _("Several people have this name: write the mail."))

    def fate(self, row: Row) -> Fate:
        self._owner(row)
        self.known.of(row, "partner")
        title = fold(row.cleaned.get("title") or "")
        if title:
            self.refuse_twice(row, "title", title, _("The same idea stands in row %(row)d."))
        if row.errors:
            return REFUSED
        if title in self.there:
            return Fate(FateKind.NOTHING, _("Is there already."))
        return Fate(FateKind.ADD, _("Will be noted."))

    def write(self, run: ImportRun, row: Row) -> Fate:
        owner, partner, values = self._owner(row), self.known.of(row, "partner"), row.cleaned
        if row.errors:
            raise ValidationError(row.errors)
        if fold(values["title"]) in self.there:
            return Fate(FateKind.NOTHING, _("Was there already."))
        more = {name: values[name] for name in ("text", "came_up", "said_on") if values.get(name)}
        actions.note(
            actor=run.owner,
            title=values["title"],
            next_step=values["next_step"],
            next_on=values["next_on"],
            owner=owner,
            partner=partner,
            **more,
        )
        self.there.add(fold(values["title"]))
        return Fate(FateKind.ADD, _("Noted."))
