"""Sites, buildings, rooms and equipment from a table, brought by who looks after them."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.bookings import actions
from partnerships.bookings.enums import KEEPERS, ThingKind
from partnerships.bookings.models import Thing
from partnerships.common.importer import Column, Row, Sheet
from partnerships.common.importer.cleaning import OneOf, clean_yes
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.directory.models import Organization
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import REFUSED, Fate, OrganizationImporter, importer
from partnerships.documents.known import clean_length, clean_whole, english_name_column, name_column
from partnerships.documents.models import ImportRun

KIND = "bookings.things"
STEP = "›"  # between the names of a way: “Tədris mərkəzi › 2-ci mərtəbə”
NAME_LENGTH, MOST_PEOPLE = 120, 32_767
# Kinds that may stand by themselves, and those that are not booked unless the table says so.
ALONE = (ThingKind.SITE, ThingKind.BUILDING)
AROUND = (*ALONE, ThingKind.FLOOR)
_WORDS = {
    "merkez": ThingKind.SITE,
    "korpus": ThingKind.BUILDING,
    "bina": ThingKind.BUILDING,
    "kabinet": ThingKind.ROOM,
    "auditoriya": ThingKind.ROOM,
    "sinif otagi": ThingKind.ROOM,
    "iclas zali": ThingKind.HALL,
    "akt zali": ThingKind.HALL,
    "cihaz": ThingKind.EQUIPMENT,
    "qurgu": ThingKind.EQUIPMENT,
}


COLUMNS = (
    name_column(
        "Otaq",
        "Otağın adı",
        "Avadanlıq",
        "Avadanlığın adı",
        "Cihaz",
        "Məkan",
        "Room",
        example="Relə laboratoriyası",
        most=NAME_LENGTH,
    ),
    english_name_column("Relay laboratory", NAME_LENGTH),
    Column(
        "kind",
        gettext_lazy("Kind"),
        ("Növü", "Tip", "Tipi", "Type"),
        example="Laboratoriya",
        clean=OneOf(lambda: ThingKind.choices, _WORDS),
        help=gettext_lazy("Without it: a room."),
    ),
    Column(
        "parent",
        gettext_lazy("Stands in"),
        ("Yerləşdiyi yer", "Yer", "Bina", "Korpus", "Mərtəbə", "Ərazi", "Part of", "Building", "Floor"),
        example="Tədris mərkəzi › 2-ci mərtəbə",
        help=gettext_lazy(
            "A place that is there already or stands in a row above; where several have its name, the way to "
            "it with › between. Without it: a site or a building of its own, anything else in the only one."
        ),
    ),
    Column(
        "capacity",
        gettext_lazy("How many people"),
        ("Nəfər", "Tutum", "Tutumu", "Yerlərin sayı", "Yer sayı", "Capacity", "Seats"),
        example="12",
        clean=clean_whole(1, MOST_PEOPLE),
    ),
    Column(
        "about",
        gettext_lazy("What is there"),
        ("Təsvir", "Təchizat", "Təchizatı", "Qeyd", "Description"),
        example="Proyektor, 6 stend",
        clean=clean_length(1000),
    ),
    Column(
        "is_bookable",
        gettext_lazy("Can be booked"),
        ("Rezerv edilir", "Rezervasiya", "Bookable"),
        example="bəli",
        clean=clean_yes,
        help=gettext_lazy("Without it: yes, but not sites, buildings and floors."),
    ),
    Column(
        "approval",
        gettext_lazy("Needs approval"),
        ("Təsdiq", "Təsdiqlə", "Approval"),
        example="xeyr",
        clean=clean_yes,
        help=gettext_lazy("Without it: as the place in which it stands."),
    ),
)
CHANGED = ("name_en", "kind", "capacity", "about", "is_bookable", "approval")


@dataclass
class Place:
    """A node that is there, or that a row above adds: the names of the way to it, from the root."""

    way: tuple[frozenset[str], ...]
    thing: Thing | None
    row: int = 0

    def ends_in(self, names: list[str]) -> bool:
        tail = self.way[-len(names) :]
        return len(tail) == len(names) and all(name in known for name, known in zip(names, tail, strict=True))


@dataclass
class Plan:
    """What a row comes to."""

    above: Place | None = None
    found: Place | None = None
    changes: dict[str, Any] = field(default_factory=dict)


@importer(KIND)
class ThingsImport(OrganizationImporter):
    """`context`: organization (key of whose they are)."""

    heading = gettext_lazy("Import rooms and equipment: %(organization)s")
    table = Sheet(
        gettext_lazy("Rooms and equipment"),
        COLUMNS,
        gettext_lazy("One row for each site, building, room or piece of equipment."),
    )
    upload_page, result_page = "bookings:import", "bookings:things"
    result_name = gettext_lazy("What I look after")

    @classmethod
    def allows(cls, user: Any, organization: Organization) -> bool:
        access = access_of(user)
        return access.administers or access.covers(organization.path, *KEEPERS)

    def prepare(self, run: ImportRun) -> None:
        super().prepare(run)
        self.places: dict[str, list[Place]] = {}
        self.roots: list[Place] = []
        ways: dict[int, tuple[frozenset[str], ...]] = {}
        rows = Thing.objects.filter(owner=self.organization)
        for thing in sorted(rows, key=lambda one: len(one.above)):
            above = ways.get(thing.parent_id, ()) if thing.parent_id else ()
            ways[thing.pk] = (*above, names_of(thing.name, thing.name_en))
            self._know(Place(ways[thing.pk], thing))

    def _know(self, place: Place) -> None:
        for name in place.way[-1]:
            self.places.setdefault(name, []).append(place)
        if len(place.way) == 1:
            self.roots.append(place)

    def fate(self, row: Row) -> Fate:
        plan = self._plan(row)
        if row.errors:
            return REFUSED
        if plan.found is not None and plan.found.thing is None:
            row.refuse("name", _("The same stands in row %(row)d.") % {"row": plan.found.row})
            return REFUSED
        if plan.found is None:
            way = plan.above.way if plan.above else ()
            self._know(
                Place((*way, names_of(row.cleaned["name"], row.cleaned["name_en"] or "")), None, row.number)
            )
            if not row.cleaned.get("parent"):
                return Fate(FateKind.ADD, _("Will be added."))
            return Fate(FateKind.ADD, _("Will stand in: %(place)s.") % {"place": row.cleaned["parent"]})
        if plan.changes:
            return Fate(FateKind.CHANGE, _("Will be brought up to date."))
        return Fate(FateKind.NOTHING, _("Is there already."))

    def _plan(self, row: Row) -> Plan:
        plan, values = Plan(), row.cleaned
        if not values.get("name"):
            return plan
        plan.above = self._above(row)
        if row.errors:
            return plan
        depth, name = len(plan.above.way) + 1 if plan.above else 1, fold(values["name"])
        same = [
            place
            for place in self.places.get(name, [])
            if len(place.way) == depth and (plan.above is None or place.way[:-1] == plan.above.way)
        ]
        plan.found = same[0] if same else None
        if plan.above is not None and values.get("kind") == ThingKind.SITE:
            row.refuse("kind", _("A site stands in nothing else."))
        if plan.found is not None and plan.found.thing is not None:
            known = plan.found.thing
            given = {name: values[name] for name in CHANGED if values.get(name) is not None}
            plan.changes = {name: value for name, value in given.items() if value != getattr(known, name)}
        return plan

    def _above(self, row: Row) -> Place | None:
        """What it stands in; None for what stands alone, and where the row is refused."""
        text = row.cleaned.get("parent") or ""
        names = [fold(part) for part in text.replace(">", STEP).split(STEP) if part.strip()]
        if not names:
            return self._only(row)
        found = [place for place in self.places.get(names[-1], []) if place.ends_in(names)]
        if len(found) == 1:
            return found[0]
        if found:
            words = _("Several places have this name: write the way to it, such as “Building › Floor”.")
        else:
            words = _("There is no such place, and no row above adds it.")
        row.refuse("parent", words)
        return None

    def _only(self, row: Row) -> Place | None:
        kind = row.cleaned.get("kind")
        if "kind" in row.errors or kind in ALONE:
            return None
        if any(fold(row.cleaned["name"]) in place.way[0] for place in self.roots):
            return None  # one that is there: to be brought up to date
        if len(self.roots) == 1:
            return self.roots[0]
        row.refuse("parent", _("Write in what it stands: a site or a building of this table or the portal."))
        return None

    def write(self, run: ImportRun, row: Row) -> Fate:
        plan, values = self._plan(row), row.cleaned
        if row.errors:
            raise ValidationError(row.errors)
        if plan.found is not None and plan.found.thing is not None:
            if not plan.changes:
                return Fate(FateKind.NOTHING, _("Was there already."))
            plan.found.thing = actions.change_thing(plan.found.thing, actor=run.owner, **plan.changes)
            return Fate(FateKind.CHANGE, _("Brought up to date."))
        kind = values.get("kind") or ThingKind.ROOM
        bookable = values.get("is_bookable")
        made = actions.add_thing(
            actor=run.owner,
            kind=kind,
            name=values["name"],
            owner=self.organization,
            parent=plan.above.thing if plan.above else None,
            name_en=values.get("name_en") or "",
            about=values.get("about") or "",
            capacity=values.get("capacity"),
            is_bookable=kind not in AROUND if bookable is None else bookable,
            approval=values.get("approval"),
        )
        way = plan.above.way if plan.above else ()
        self._know(Place((*way, names_of(made.name, made.name_en)), made))
        return Fate(FateKind.ADD, _("Added."))


def names_of(name: str, name_en: str) -> frozenset[str]:
    """What people may write for it, folded."""
    return frozenset({fold(name), fold(name_en)} - {""})
