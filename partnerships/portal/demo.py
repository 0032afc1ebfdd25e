"""The people and organisations of the demonstration. Invented people; partner universities are real ones."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from partnerships.accounts.models import Consent, ConsentText, User
from partnerships.directory.actions import add_unit, create_organization
from partnerships.directory.enums import AffiliationState, Kind, Ownership, Role
from partnerships.directory.models import Affiliation, Organization, Person, Specialty, Study
from partnerships.workflow.actors import SYSTEM

SINCE = date(2024, 9, 1)


@dataclass
class Demo:
    """What the directions build their demonstration on: people and organisations by a short name."""

    people: dict[str, Person] = field(default_factory=dict)
    nodes: dict[str, Organization] = field(default_factory=dict)
    students: list[Person] = field(default_factory=list)
    rooms: dict[str, Any] = field(default_factory=dict)  # bookings.Thing, which the portal does not name

    def user(self, name: str) -> User:
        user = self.people[name].user
        assert user is not None, name
        return user


UNITS = [
    ("baki", "azerisiq", Kind.ENTERPRISE, "Bakı RETSİ", "Baku regional network", "Bakı"),
    ("aran", "azerisiq", Kind.ENTERPRISE, "Aran RETSİ", "Aran regional network", "Mingəçevir"),
    ("gence", "azerisiq", Kind.NETWORK, "Gəncə şəbəkəsi", "Ganja network", "Gəncə"),
    ("sirvan", "azerisiq", Kind.NETWORK, "Şirvan şəbəkəsi", "Shirvan network", "Şirvan"),
    (
        "centre",
        "azerisiq",
        Kind.CENTRE,
        "Tədris və İnnovasiyalar Mərkəzi",
        "Training and Innovation Centre",
        "Bakı",
    ),
    (
        "yasamal",
        "baki",
        Kind.SUBSTATION,
        "110/35/10 kV “Yasamal” yarımstansiyası",
        "Yasamal substation",
        "Bakı",
    ),
    ("dispatch", "baki", Kind.CENTRE, "Dispetçer idarəetmə mərkəzi", "Dispatch centre", "Bakı"),
    ("kes", "company2", Kind.ENTERPRISE, "Sumqayıt istehsalat sahəsi", "Sumgait production site", "Sumqayıt"),
    (
        "energy",
        "aztu",
        Kind.FACULTY,
        "Energetika və avtomatika fakültəsi",
        "Faculty of Energy and Automation",
        "Bakı",
    ),
    (
        "it",
        "aztu",
        Kind.FACULTY,
        "İnformasiya texnologiyaları fakültəsi",
        "Faculty of Information Technology",
        "Bakı",
    ),
    ("oil", "adnsu", Kind.FACULTY, "Energetika fakültəsi", "Faculty of Energy", "Bakı"),
]

# account, given, family, patronymic, node, role, position
PEOPLE = [
    ("coordinator", "Sevinc", "Quliyeva", "Rafiq", "aztu", Role.COORDINATOR, "Təcrübə şöbəsinin müdiri"),
    ("coordinator2", "Rauf", "İbrahimov", "Tahir", "adnsu", Role.COORDINATOR, "Karyera mərkəzinin rəhbəri"),
    ("supervisor", "Tofiq", "Abbasov", "Məmməd", "energy", Role.SUPERVISOR, "Dosent"),
    ("hr", "Leyla", "Rəhimova", "Vaqif", "azerisiq", Role.HR, "İnsan resursları üzrə aparıcı mütəxəssis"),
    ("hr2", "Orxan", "Vəliyev", "Şahin", "company2", Role.HR, "İnsan resursları meneceri"),
    ("mentor", "Rəşad", "Səfərov", "Əli", "yasamal", Role.MENTOR, "Yarımstansiya rəisi"),
    ("mentor2", "Aydın", "Mustafayev", "Nazim", "kes", Role.MENTOR, "Baş mühəndis"),
    ("partnerships", "Günel", "Hacıyeva", "Elxan", "azerisiq", Role.PARTNERSHIPS, "Əməkdaşlıq üzrə menecer"),
    ("legal", "Aqil", "Məlikov", "Sahib", "azerisiq", Role.LEGAL, "Aparıcı hüquqşünas"),
    ("director", "Elşad", "Nuriyev", "Kərim", "azerisiq", Role.LEADERSHIP, "İdarə Heyətinin üzvü"),
    (
        "protection",
        "Aydan",
        "Sultanova",
        "İlham",
        "azerisiq",
        Role.DATA_PROTECTION,
        "Fərdi məlumatlar üzrə məsul",
    ),
    ("lecturer", "Nailə", "Həsənova", "Ramiz", "energy", Role.LECTURER, "Baş müəllim"),
    ("rector", "Vilayət", "Əliyev", "Həsən", "aztu", Role.LEADERSHIP, "Rektor"),
    ("expert", "Samir", "Nəsirov", "Kamal", "azerisiq", Role.EXPERT, "Relə mühafizəsi üzrə ekspert"),
    ("organiser", "Aynur", "Kərimova", "Fikrət", "azerisiq", Role.ORGANISER, "Tədbirlər üzrə mütəxəssis"),
    ("trainer", "İlqar", "Babayev", "Sabir", "centre", Role.TRAINER, "Baş təlimçi"),
    ("founder", "Cavid", "Rzayev", "Natiq", "centre", Role.FOUNDER, "Startap təsisçisi"),
    ("admin", "Xəyalə", "Hacızadə", "Akif", "azerisiq", Role.ADMINISTRATOR, "Portalın administratoru"),
]

STUDENTS = [
    ("Elnur", "Qarabağlı", "adnsu", "050608", 4, "88.40"),
    ("Sürəyya", "İsgəndərli", "sdu", "050608", 3, "85.10"),
    ("Fərid", "Əlibəyli", "bmu", "050631", 4, "81.00"),
    ("Tamara", "Məhərrəmli", "energy", "050608", 3, "79.50"),
    ("Xəyalə", "Hacıyeva", "energy", "050608", 4, "74.25"),
    ("Kənan", "Əhmədli", "energy", "050608", 4, "92.00"),
    ("Aytən", "Bağırova", "it", "050631", 4, "90.30"),
    ("Murad", "Cəfərov", "oil", "050608", 4, "76.80"),
    ("Günay", "Şükürlü", "oil", "050608", 3, "83.60"),
    ("Ömər", "Ağazadə", "energy", "050608", 4, "68.90"),
    ("Zəhra", "Ələsgərova", "energy", "050608", 3, "95.20"),
    ("İbrahim", "Xəlilov", "oil", "050608", 4, "71.40"),
    ("Lalə", "Nağıyeva", "it", "050631", 3, "87.75"),
    ("Rüfət", "Səlimov", "energy", "050608", 4, "80.00"),
    ("Nərmin", "Çələbiyeva", "sdu", "050608", 4, "89.90"),
    ("Toğrul", "Məlikov", "bmu", "050631", 4, "77.30"),
    ("Ülviyyə", "Qəhrəmanova", "oil", "050608", 4, "91.10"),
    ("Həsən", "Dadaşov", "energy", "050608", 4, "66.00"),
    ("Fidan", "Rəhimli", "energy", "050608", 4, "86.40"),
]


def build() -> Demo:
    """Write organisations and people; reference data is there already. Call once on an empty portal."""
    demo = Demo()
    _organizations(demo)
    for account, given, family, patronymic, node, role, position in PEOPLE:
        person = _person(demo, given, family, patronymic, account=account)
        _affiliate(person, demo.nodes[node], role, position)
    _named_students(demo)
    _more_students(demo)
    return demo


def _organizations(demo: Demo) -> None:
    demo.nodes["azerisiq"] = create_organization(
        Kind.COMPANY,
        "“Azərişıq” ASC",
        actor=SYSTEM,
        name_en="Azerishig OJSC",
        acronym="Azərişıq",
        is_operator=True,
        is_partner=True,
        ownership=Ownership.STATE,
        city="Bakı",
        website="https://www.azerishiq.az/",
    )
    demo.nodes["company2"] = create_organization(
        Kind.COMPANY,
        "“Kür Enerji Servis” MMC",
        actor=SYSTEM,
        name_en="Kur Energy Service LLC",
        is_partner=True,
        ownership=Ownership.PRIVATE,
        city="Sumqayıt",
    )
    for key, acronym in (("aztu", "AzTU"), ("adnsu", "ADNSU"), ("sdu", "SDU"), ("bmu", "BMU")):
        demo.nodes[key] = Organization.objects.get(kind=Kind.UNIVERSITY, acronym=acronym)
    Organization.objects.filter(
        pk__in=[demo.nodes[key].pk for key in ("aztu", "adnsu", "sdu", "bmu")]
    ).update(is_partner=True)
    for key, parent, kind, name, name_en, city in UNITS:
        demo.nodes[key] = add_unit(demo.nodes[parent], kind, name, actor=SYSTEM, name_en=name_en, city=city)


def _person(demo: Demo, given: str, family: str, patronymic: str = "", *, account: str) -> Person:
    email = f"{account}@demo.example"
    user = User.objects.create_user(email, settings.DEMO_PASSWORD, is_staff=account == "admin")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if text := ConsentText.objects.order_by("-number").first():
        Consent.objects.create(user=user, text=text)
    person = Person.objects.create(
        user=user, given_name=given, family_name=family, patronymic=patronymic, email=email
    )
    demo.people[account] = person
    return person


def _affiliate(person: Person, node: Organization, role: str, position: str = "") -> Affiliation:
    return Affiliation.objects.create(
        person=person,
        organization=node,
        role=role,
        position=position,
        starts=SINCE,
        state=AffiliationState.VERIFIED,
        verified_at=timezone.now(),
    )


def _study(affiliation: Affiliation, code: str, year: int, gpa: str, **values: Any) -> None:
    specialty = Specialty.objects.get(code=code)
    Study.objects.create(affiliation=affiliation, specialty=specialty, year=year, gpa=gpa, **values)


def _named_students(demo: Demo) -> None:
    first = _person(demo, "Nigar", "Məmmədova", "Elşən", account="student")
    _study(
        _affiliate(first, demo.nodes["energy"], Role.STUDENT),
        "050608",
        4,
        "92.00",
        student_number="E-2023-014",
    )
    second = _person(demo, "Rəvan", "Tağıyev", "Azər", account="student2")
    _study(
        _affiliate(second, demo.nodes["oil"], Role.STUDENT), "050608", 4, "84.50", student_number="N-2023-107"
    )


def _more_students(demo: Demo) -> None:
    """Students without an account of their own, as a coordinator lists them."""
    for number, (given, family, node, code, year, gpa) in enumerate(STUDENTS, start=1):
        person = Person.objects.create(
            given_name=given, family_name=family, email=f"telebe{number:02d}@telebe.example"
        )
        affiliation = _affiliate(person, demo.nodes[node], Role.STUDENT)
        _study(affiliation, code, year, gpa, student_number=f"T-2023-{number:03d}")
        demo.students.append(person)
