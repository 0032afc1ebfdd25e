"""The named cast: two companies, two universities, and everybody who lives in the portal."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from django.test import Client

from partnerships.accounts.models import User
from partnerships.directory.enums import Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person, Study
from partnerships.testing import factories as make
from partnerships.testing.worlds import ground, world

Login = Callable[[str], Client]  # the fixture `login`: a client signed in as this one of the cast


@dataclass
class Cast:
    """Organisations and people by name; `cast.hr` is a Person, `cast.user("hr")` the account."""

    azerisiq: Organization = field(init=False)  # the operator
    baki: Organization = field(init=False)  # its enterprise, with a substation below
    substation: Organization = field(init=False)
    aran: Organization = field(init=False)
    other_company: Organization = field(init=False)  # private
    other_plant: Organization = field(init=False)
    aztu: Organization = field(init=False)
    energy: Organization = field(init=False)  # faculty of aztu
    adnsu: Organization = field(init=False)
    oil: Organization = field(init=False)  # faculty of adnsu
    student: Person = field(init=False)  # aztu
    colleague: Person = field(init=False)  # another student of aztu
    student2: Person = field(init=False)  # adnsu
    coordinator: Person = field(init=False)
    coordinator2: Person = field(init=False)
    supervisor: Person = field(init=False)
    hr: Person = field(init=False)
    hr2: Person = field(init=False)
    mentor: Person = field(init=False)
    mentor2: Person = field(init=False)
    partnerships: Person = field(init=False)
    rector: Person = field(init=False)
    expert: Person = field(init=False)
    organiser: Person = field(init=False)
    trainer: Person = field(init=False)
    founder: Person = field(init=False)
    admin: Person = field(init=False)
    stranger: Person = field(init=False)  # an account without any affiliation

    def user(self, name: str) -> User:
        """A fresh instance of the account, as a new request would load it."""
        return User.objects.get(pk=getattr(self, name).user_id)

    def study(self, name: str) -> Study:
        return Study.objects.get(affiliation__person=getattr(self, name))

    def affiliation(self, name: str) -> Affiliation:
        return Affiliation.objects.get(person=getattr(self, name))

    def people(self) -> dict[str, Person]:
        found: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in found.items() if isinstance(value, Person)}


def build() -> Cast:
    """Write the whole cast to the database."""
    ground.cast = made = _build()
    return made


@world
def all_read(cast: Cast, language: str) -> None:
    """Everybody's account reads, and is written to, in this language."""
    User.objects.update(language=language)


@world
def _build() -> Cast:
    c = Cast()
    _organisations(c)
    students = {
        "student": ("Nigar Məmmədova", "nigar@aztu.example", c.energy, Role.STUDENT),
        "colleague": ("Kənan Əhmədli", "kenan@aztu.example", c.energy, Role.STUDENT),
        "student2": ("Elnur Qarabağlı", "elnur@adnsu.example", c.oil, Role.STUDENT),
    }
    workers = {
        "coordinator": ("Sevinc Quliyeva", c.aztu, Role.COORDINATOR),
        "coordinator2": ("Rauf İbrahimov", c.adnsu, Role.COORDINATOR),
        "supervisor": ("Tofiq Abbasov", c.energy, Role.SUPERVISOR),
        "hr": ("Leyla Rəhimova", c.azerisiq, Role.HR),
        "hr2": ("Orxan Vəliyev", c.other_company, Role.HR),
        "mentor": ("Rəşad Səfərov", c.substation, Role.MENTOR),
        "mentor2": ("Aydın Mustafayev", c.other_plant, Role.MENTOR),
        "partnerships": ("Günel Hacıyeva", c.azerisiq, Role.PARTNERSHIPS),
        "rector": ("Vilayət Əliyev", c.aztu, Role.LEADERSHIP),
        "expert": ("Samir Nəsirov", c.azerisiq, Role.EXPERT),
        "organiser": ("Aynur Kərimova", c.azerisiq, Role.ORGANISER),
        "trainer": ("İlqar Babayev", c.azerisiq, Role.TRAINER),
        "founder": ("Cavid Rzayev", c.azerisiq, Role.FOUNDER),
        "admin": ("Xəyalə Hacızadə", c.azerisiq, Role.ADMINISTRATOR),
    }
    everybody = {
        **students,
        **{key: (name, f"{key}@cast.example", where, role) for key, (name, where, role) in workers.items()},
        "stranger": ("Zaur Yad", "zaur@else.example", None, ""),
    }
    people = make.crowd(*everybody.values(), staff=Role.ADMINISTRATOR)
    for key, who in zip(everybody, people, strict=True):
        setattr(c, key, who)
    return c


def _organisations(c: Cast) -> None:
    def company(name: str, **values: Any) -> Organization:
        return Organization(name=name, kind=Kind.COMPANY, **values)

    def university(name: str, acronym: str, **values: Any) -> Organization:
        return Organization(name=name, kind=Kind.UNIVERSITY, acronym=acronym, **values)

    def unit(name: str, kind: str, parent: Organization) -> Organization:
        return Organization(name=name, kind=kind, parent=parent)

    c.azerisiq = company("“Azərişıq” ASC", acronym="Azərişıq", is_operator=True, ownership="state")
    c.baki = unit("Bakı RETSİ", Kind.ENTERPRISE, c.azerisiq)
    c.substation = unit("“Yasamal” yarımstansiyası", Kind.SUBSTATION, c.baki)
    c.aran = unit("Aran RETSİ", Kind.ENTERPRISE, c.azerisiq)
    c.other_company = company("“Xəzər Kabel” MMC", ownership="private")
    c.other_plant = unit("Sumqayıt kabel zavodu", Kind.ENTERPRISE, c.other_company)
    c.aztu = university("Azərbaycan Texniki Universiteti", "AzTU", name_en="Azerbaijan Technical University")
    c.energy = unit("Energetika fakültəsi", Kind.FACULTY, c.aztu)
    c.adnsu = university("Azərbaycan Dövlət Neft və Sənaye Universiteti", "ADNSU")
    c.oil = unit("Energetika və avtomatika fakültəsi", Kind.FACULTY, c.adnsu)
    make.forest(*(node for node in vars(c).values() if isinstance(node, Organization)))
